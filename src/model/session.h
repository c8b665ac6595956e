/* A login, from its opening to its end. Access tokens name it. */
#pragma once

#include "base/id.h"
#include "base/moment.h"
#include "base/str.h"

struct session {
    struct id id, user;
    struct str face, peer;
    struct moment created, expires, ended; /* ended is not set while it lasts */
};
