/* The states of a user, and what each allows. */
#include "model/user.h"

struct str user_state_name(enum user_state state)
{
    switch (state) {
    case USER_PENDING_ACTIVATION:
        return STR("pending_activation");
    case USER_PENDING_VERIFICATION:
        return STR("pending_verification");
    case USER_ACTIVE:
        return STR("active");
    case USER_INACTIVE:
        return STR("inactive");
    case USER_SUSPENDED:
        return STR("suspended");
    }
    return STR("unknown");
}

bool user_state_may_enter(enum user_state state)
{
    return state == USER_ACTIVE || state == USER_PENDING_VERIFICATION;
}
