/* An administrator, as document 002 lists them. */
#pragma once

#include "model/user.h"

#include <stdint.h>

/* An administrator and the number that document 002 gives them: in order of making, never reused.
 */
struct admin {
    struct id id;
    int64_t number;
    struct str username, email;
    bool active;
    struct moment created, last_login;
};
