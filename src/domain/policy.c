/* Decisions, in one place. */
#include "domain/policy.h"

#include "model/role.h"
#include "store/queries.h"

enum err policy_requires(const struct actor *actor, enum requirement requirement)
{
    if (requirement == MAY_ANYONE) {
        return ERR_OK;
    }
    if (actor->kind == ACTOR_NOBODY) {
        return ERR_TOKEN_MISSING;
    }
    if (requirement == MAY_SIGNED_IN) {
        return ERR_OK;
    }
    enum permission needed = requirement == MAY_SCRAPE
                                 ? PERMIT_METRICS_READ
                                 : (enum permission)(requirement - MAY_PERMISSIONS);
    return permission_held(actor->permissions, needed) ? ERR_OK : ERR_FORBIDDEN;
}

enum err policy_over(struct ctx *ctx, struct id user)
{
    struct permissions_of_row *rows;
    struct permission_set theirs = {0};
    size_t count;

    TRY(q_permissions_of(ctx->tx, user, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        permission_add(&theirs, rows[i].permission);
    }
    if (!permission_covers(ctx->actor.permissions, theirs)) {
        return ctx_fail(ctx, ERR_FORBIDDEN, STR(""), "the other holds more than the actor does");
    }
    return ERR_OK;
}

enum err policy_grant(struct ctx *ctx, struct str role)
{
    struct permissions_of_role_row *rows;
    struct permission_set granted = {0};
    size_t count;

    TRY(q_permissions_of_role(ctx->tx, role, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        permission_add(&granted, rows[i].permission);
    }
    if (!permission_covers(ctx->actor.permissions, granted)) {
        return ctx_fail(ctx, ERR_FORBIDDEN, STR(""), "the role holds more than the actor does");
    }
    return ERR_OK;
}

enum err policy_keeps_an_admin(struct ctx *ctx, struct id without)
{
    struct admins_left_row left;
    struct roles_of_row *roles;
    size_t count;

    TRY(q_roles_of(ctx->tx, without, &roles, &count));
    for (size_t i = 0; i < count; i++) {
        if (!str_eq(roles[i].name, role_name(ROLE_SUPER_ADMIN))) {
            continue;
        }
        TRY(q_admins_left(ctx->tx, role_name(ROLE_SUPER_ADMIN), without, &left));
        if (left.count == 0) {
            return ctx_fail(ctx, ERR_LAST_ADMIN, STR(""), "no other active super administrator");
        }
    }
    return ERR_OK;
}
