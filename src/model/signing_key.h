/* A signing key as it is stored. */
#pragma once

#include "base/moment.h"
#include "base/str.h"

struct signing_key {
    struct str id;     /* the thumbprint, `kid` in tokens */
    struct str sealed; /* the private JWK under the master key */
    struct moment created;
    struct moment signs_from;  /* published before, so that everyone knows it by then */
    struct moment verifies_to; /* not set while nothing has followed it */
};
