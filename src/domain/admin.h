/* Administrators, as document 002 manages them. */
#pragma once

#include "base/secret.h"
#include "domain/ctx.h"
#include "domain/user.h"
#include "model/admin.h"
#include "model/role.h"

/* A new account that holds `role` (ADMIN or SUPER_ADMIN). */
enum err admin_create(struct ctx *ctx, const struct new_user *in, enum role role, struct user *ret);

enum err admin_list(struct ctx *ctx, struct admin **ret, size_t *ret_count);

/* ERR_MISSING for one who is no administrator; ERR_LAST_ADMIN; ERR_FORBIDDEN. */
enum err admin_stop(struct ctx *ctx, struct str name);

/* Operators let one back in. */
enum err admin_resume(struct ctx *ctx, struct str name);

struct new_password {
    struct str username;
    struct password_change change;
};
/* One's own, or as a super administrator another's; the account's current password either way.
 * ERR_CURRENT_PASSWORD. Ends all other sessions of the account. */
enum err admin_change_password(struct ctx *ctx, const struct new_password *in);

/* Operators set it without the current one. Ends all sessions, forgives failures. */
enum err admin_reset_password(struct ctx *ctx, struct str name, struct secret chosen);
