/* Service keys: what other programs show to say which of them they are. */
#pragma once

#include "base/id.h"
#include "base/list.h"
#include "base/moment.h"
#include "base/secret.h"

/* A key as it is stored: of what is shown, a digest. */
struct service_key {
    struct id id;
    struct str name;
    struct key32 digest;
    struct id maker; /* none: the operator */
    struct moment created;
    struct moment expires;        /* not set: never */
    struct moment used;           /* lately, to the minute; not set: never */
    struct text_list permissions; /* by name */
};
