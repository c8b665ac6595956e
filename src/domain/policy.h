/* The one place that decides what somebody may do. */
#pragma once

#include "domain/ctx.h"
#include "model/role.h"
#include "model/user.h"

/* What a route asks of its caller. The rows of the route tables are made of these. */
enum requirement {
    MAY_ANYONE,       /* no credential is looked at */
    MAY_ANYONE_KNOWN, /* none is needed, but a token that is shown says who it is, or is refused */
    MAY_SIGNED_IN,    /* any valid token: a user, and no service key */
    MAY_EVERYTHING,   /* every permission: super administrators alone */
    MAY_SCRAPE,       /* metrics:read, or an address that the settings allow to read the metrics */
    /* From here on a permission is added. */
    MAY_PERMISSIONS,                                  /* held everywhere */
    MAY_SOMEWHERE_PERMISSIONS = MAY_PERMISSIONS + 64, /* or in some organization; the domain asks
                                                       * in which */
    MAY_SELF_PERMISSIONS = MAY_PERMISSIONS + 128      /* or any valid token, since it may be about
                                                       * its user; the domain asks whom */
};
#define MAY(permission)           ((enum requirement)(MAY_PERMISSIONS + (permission)))
#define MAY_SOMEWHERE(permission) ((enum requirement)(MAY_SOMEWHERE_PERMISSIONS + (permission)))
#define MAY_SELF_OR(permission)   ((enum requirement)(MAY_SELF_PERMISSIONS + (permission)))

/* ERR_OK; ERR_TOKEN_MISSING when nobody asks, or no user where it takes one; ERR_FORBIDDEN. */
enum err policy_requires(const struct actor *actor, enum requirement requirement);

/* The permission that a requirement is about, in whichever way; no text when it is about none. */
struct str policy_permission(enum requirement requirement);

/* Who shows no token at a face that was opened: from here on the actor holds what ADMIN holds. */
void policy_open(struct ctx *ctx);

/* Does the actor hold this permission, the service's own or anybody's, in an organization (none:
 * everywhere)? */
bool policy_holds(const struct ctx *ctx, struct str permission, struct id organization);

/* May the actor do with this user what the permission is about? Not asked of one who does it to
 * themself. ERR_FORBIDDEN; ERR_MISSING when they may do it to others, but not across organizations,
 * where nobody is told that there is somebody. */
enum err policy_user(struct ctx *ctx, enum permission permission, const struct user *user);

/* May the actor do with this organization what the permission is about, because they hold it there
 * or everywhere? ERR_FORBIDDEN; ERR_MISSING when they hold it in others alone. */
enum err policy_organization(struct ctx *ctx, enum permission permission, struct id organization);

/* The organizations in which the actor was given a role that holds this permission, by their ids.
 */
enum err policy_places(struct ctx *ctx, enum permission permission, struct id **ret,
                       size_t *ret_count);

/* May the actor act upon this user? Only when holding everything that the user holds. */
enum err policy_over(struct ctx *ctx, struct id user);

/* May the actor act upon all who are members of an organization or hold a role in it? As
 * policy_over of each, but of the actor themself. */
enum err policy_over_members(struct ctx *ctx, struct id organization);

/* May the actor grant this role, or take it away, in an organization (none: everywhere)? Nobody
 * grants what they do not hold. */
enum err policy_grant(struct ctx *ctx, const struct role_entry *role, struct id organization);

/* May the actor make, change or delete a role that allows what this one does? Of the service's own
 * permissions only with those they hold; others' are asked for when it is granted. */
enum err policy_compose(struct ctx *ctx, const struct role_entry *role);

/* ERR_LAST_ADMIN if, without this user, no active super administrator with a password would be
 * left. Called when a user is stopped, demoted or deleted, in the unit that does it and after its
 * first write, but while they still hold their roles: then no other unit takes the rest away
 * meanwhile. */
enum err policy_keeps_an_admin(struct ctx *ctx, struct id without);

/* The same of an organization whose members are to be kept out, after the write that does it. */
enum err policy_keeps_an_admin_outside(struct ctx *ctx, struct id organization);
