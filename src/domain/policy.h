/* The one place that decides what somebody may do. */
#pragma once

#include "domain/ctx.h"

/* What a route asks of its caller. The rows of the route tables are made of these. */
enum requirement {
    MAY_ANYONE,     /* no credential is looked at */
    MAY_SIGNED_IN,  /* any valid token */
    MAY_SCRAPE,     /* metrics:read, or an address that the settings allow to read the metrics */
    MAY_PERMISSIONS /* and from here on: MAY_PERMISSIONS + a permission */
};
#define MAY(permission) ((enum requirement)(MAY_PERMISSIONS + (permission)))

/* ERR_OK, ERR_TOKEN_MISSING when nobody asks, ERR_FORBIDDEN. */
enum err policy_requires(const struct actor *actor, enum requirement requirement);

/* May the actor act upon this user? Only when holding everything that the user holds. */
enum err policy_over(struct ctx *ctx, struct id user);

/* May the actor grant this role? Nobody grants what they do not hold. */
enum err policy_grant(struct ctx *ctx, struct str role);

/* ERR_LAST_ADMIN if, without this user, no active super administrator with a password would be
 * left. Called when a user is stopped, demoted or deleted, in the unit that does it and after its
 * first write: then no other unit takes the rest away meanwhile. */
enum err policy_keeps_an_admin(struct ctx *ctx, struct id without);
