/* Accounts. */
#pragma once

#include "base/secret.h"
#include "domain/ctx.h"
#include "model/user.h"

struct new_user {
    struct username username;
    struct email email;
    struct secret password;
};

/* ERR_USERNAME_TAKEN, ERR_EMAIL_TAKEN, ERR_PASSWORD_…; a username that is an address has to be the
 * account's own. */
enum err user_create(struct ctx *ctx, const struct new_user *in, struct user *ret);

/* By username or by address, in any case. ERR_MISSING. */
enum err user_find(struct ctx *ctx, struct str name, struct user *ret);

/* ERR_MISSING. */
enum err user_get(struct ctx *ctx, struct id id, struct user *ret);

/* ERR_MISSING for a role that there is not; ERR_FORBIDDEN. */
enum err user_grant(struct ctx *ctx, struct id user, struct str role);

/* Sets them inactive and ends all their sessions. Nothing happens to one who is inactive already.
 */
enum err user_stop(struct ctx *ctx, const struct user *user);
/* Sets them active. Nothing happens to one who may come in already. */
enum err user_resume(struct ctx *ctx, const struct user *user);

/* For operators: names of roles, strongest first, with spaces between. */
enum err user_roles(struct ctx *ctx, struct id user, struct str *ret);
