/* Administrators of a gym: made for somebody, who takes the account by a link (domain/activation).
 */
#pragma once

#include "domain/activation.h"
#include "domain/user.h"

struct new_gym_admin {
    struct new_user user; /* but for its state and its organization */
    struct str gym;       /* the id, slug or name of one; what no gym is called is made one */
    bool mail;            /* the link goes to their address too */
};

struct gym_admin {
    struct user user;
    struct link link;
};

/* Holds GYM_ADMIN in the gym, and waits for their activation. By who holds everywhere what that
 * role allows: ERR_FORBIDDEN. ERR_MISSING for an id that is no gym's; otherwise as user_create.
 *
 * Who is that already, and still waits, gets a new link in the place of the old one, and the names
 * and the password of this call where it has any: by who may act upon them, for the link leads in.
 * Every other account with this address is ERR_EMAIL_TAKEN. */
enum err gym_admin_create(struct ctx *ctx, const struct new_gym_admin *in, struct gym_admin *ret);
