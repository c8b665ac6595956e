/* Administrators of a gym: made for somebody, who takes the account by a link (domain/activation).
 */
#pragma once

#include "domain/activation.h"
#include "domain/user.h"

struct new_gym_admin {
    struct new_user user; /* but for its state and its organization */
    struct str gym;       /* the id or the slug of one, or the name of one that is to be made */
    bool mail;            /* the link goes to their address too */
};

struct gym_admin {
    struct user user;
    struct link link;
};

/* Holds GYM_ADMIN in the gym, and waits for their activation. By who holds everywhere what that
 * role allows: ERR_FORBIDDEN. ERR_MISSING for an id that is no gym's; otherwise as user_create. */
enum err gym_admin_create(struct ctx *ctx, const struct new_gym_admin *in, struct gym_admin *ret);
