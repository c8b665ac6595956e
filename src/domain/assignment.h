/* Who holds which role where: seen, given and taken away by those who may, and never across
 * organizations. */
#pragma once

#include "domain/ctx.h"
#include "domain/role.h"

/* Does this user hold this permission, in an organization (none: everywhere)? From memory: no unit
 * is needed. A user asks about themself, and about others who reads users there. ERR_FORBIDDEN;
 * ERR_MISSING for one who reads users in other organizations alone. Whom there is not holds
 * nothing, so that nobody learns here who there is. */
enum err assignment_allows(struct ctx *ctx, struct id user, struct str permission,
                           struct id organization, bool *ret);

/* What a user holds, the strongest first: one's own, or that of others whom one may read, and of
 * theirs only what they hold everywhere or where one reads users. As profile_find. */
enum err assignment_list(struct ctx *ctx, struct id user, struct held_role **ret,
                         size_t *ret_count);

/* By who may assign roles there, to somebody over whom they may do so. ERR_MISSING, also for a user
 * and an organization of others; otherwise as role_grant and role_revoke. */
enum err assignment_grant(struct ctx *ctx, struct id user, const struct role_entry *role,
                          struct id organization);
enum err assignment_revoke(struct ctx *ctx, struct id user, const struct role_entry *role,
                           struct id organization);
