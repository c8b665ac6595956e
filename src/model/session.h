/* A login, from its opening to its end. Access tokens name it. */
#pragma once

#include "base/id.h"
#include "base/moment.h"
#include "base/str.h"

struct session {
    struct id id, user;
    struct str face, peer;
    struct moment created, expires, ended; /* ended is not set while it lasts */
    struct id family; /* the first of those that followed on one another; itself, if it is that */
    bool followed;    /* it ended because another took its place */
};
