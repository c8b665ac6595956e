/* Decisions, in one place. */
#include "domain/policy.h"

#include "base/arena.h"
#include "domain/keychain.h"
#include "domain/service.h"
#include "domain/standing.h"
#include "store/queries.h"

static enum err held(struct permission_set set, unsigned permission)
{
    return permission_held(set, (enum permission)permission) ? ERR_OK : ERR_FORBIDDEN;
}

enum err policy_requires(const struct actor *actor, enum requirement requirement)
{
    if (requirement == MAY_ANYONE || requirement == MAY_ANYONE_KNOWN) {
        return ERR_OK;
    }
    if (actor->kind == ACTOR_NOBODY) {
        return ERR_TOKEN_MISSING;
    }
    if (requirement == MAY_SIGNED_IN) {
        return actor->kind == ACTOR_OPEN || actor->kind == ACTOR_SERVICE ? ERR_TOKEN_MISSING
                                                                         : ERR_OK;
    }
    if (requirement == MAY_EVERYTHING) {
        return permission_covers(actor->permissions, permission_all()) ? ERR_OK : ERR_FORBIDDEN;
    }
    if (requirement == MAY_SCRAPE) {
        return held(actor->permissions, PERMIT_METRICS_READ);
    }
    if (requirement >= MAY_SELF_PERMISSIONS) {
        return actor->kind == ACTOR_USER
                   ? ERR_OK
                   : held(actor->permissions, requirement - MAY_SELF_PERMISSIONS);
    }
    if (requirement >= MAY_SOMEWHERE_PERMISSIONS) {
        return held(actor->somewhere, requirement - MAY_SOMEWHERE_PERMISSIONS);
    }
    return held(actor->permissions, requirement - MAY_PERMISSIONS);
}

void policy_open(struct ctx *ctx)
{
    struct permission_set held = standing_role(ctx->service->standing, ROLE_ADMIN);

    ctx->actor = (struct actor){.kind = ACTOR_OPEN, .permissions = held, .somewhere = held};
}

struct str policy_permission(enum requirement requirement)
{
    static const unsigned bases[] = {MAY_SELF_PERMISSIONS, MAY_SOMEWHERE_PERMISSIONS,
                                     MAY_PERMISSIONS};

    if (requirement == MAY_EVERYTHING) {
        return STR("*");
    }
    for (size_t i = 0; i < ARRAY_LEN(bases); i++) {
        if (requirement >= bases[i]) {
            return permission_name((enum permission)(requirement - bases[i]));
        }
    }
    return requirement == MAY_SCRAPE ? permission_name(PERMIT_METRICS_READ) : (struct str){0};
}

bool policy_holds(const struct ctx *ctx, struct str permission, struct id organization)
{
    const struct standing *standing = ctx->service->standing;

    switch (ctx->actor.kind) {
    case ACTOR_OPERATOR:
        return true;
    case ACTOR_USER:
        return standing_holds(standing, ctx->actor.user, permission, organization);
    case ACTOR_SERVICE:
        return keychain_holds(ctx, ctx->actor.service_key, permission);
    case ACTOR_OPEN:
        return standing_role_allows(standing, ROLE_ADMIN, permission);
    case ACTOR_NOBODY:
        break;
    }
    return false;
}

enum err policy_user(struct ctx *ctx, enum permission permission, const struct user *user)
{
    bool self = ctx->actor.kind == ACTOR_USER && id_eq(ctx->actor.user, user->id);

    if (self || policy_holds(ctx, permission_name(permission), user->organization)) {
        return ERR_OK;
    }
    if (permission_held(ctx->actor.somewhere, permission)) {
        return ctx_fail(ctx, ERR_MISSING, STR(""), "the other is of another organization");
    }
    return ctx_fail(ctx, ERR_FORBIDDEN, STR(""), "it is about somebody else");
}

enum err policy_organization(struct ctx *ctx, enum permission permission, struct id organization)
{
    if (policy_holds(ctx, permission_name(permission), organization)) {
        return ERR_OK;
    }
    if (permission_held(ctx->actor.somewhere, permission)) {
        return ctx_fail(ctx, ERR_MISSING, STR(""), "it is another organization");
    }
    return ctx_fail(ctx, ERR_FORBIDDEN, STR(""), "not theirs in any organization");
}

static bool is_among(const struct id *places, size_t count, struct id place)
{
    for (size_t i = 0; i < count; i++) {
        if (id_eq(places[i], place)) {
            return true;
        }
    }
    return false;
}

enum err policy_places(struct ctx *ctx, enum permission permission, struct id **ret,
                       size_t *ret_count)
{
    struct permissions_of_row *rows;
    size_t count, kept = 0;

    TRY(q_permissions_of(ctx->tx, ctx->actor.user, &rows, &count));
    struct id *places = arena_array(ctx->arena, count + 1, sizeof *places);
    if (!places) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        struct id place = rows[i].organization;
        if (id_is_set(place) && !is_among(places, kept, place) &&
            permission_grants(rows[i].permission, permission_name(permission))) {
            places[kept++] = place;
        }
    }
    *ret = places;
    *ret_count = kept;
    return ERR_OK;
}

enum err policy_over(struct ctx *ctx, struct id user)
{
    struct permissions_of_row *rows;
    size_t count;

    TRY(q_permissions_of(ctx->tx, user, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        if (!policy_holds(ctx, rows[i].permission, rows[i].organization)) {
            return ctx_fail(ctx, ERR_FORBIDDEN, STR(""), "the other holds more than the actor");
        }
    }
    return ERR_OK;
}

enum err policy_over_members(struct ctx *ctx, struct id organization)
{
    struct organization_held_row *rows;
    size_t count;

    if (policy_holds(ctx, STR("*"), (struct id){0})) { /* there may be many members */
        return ERR_OK;
    }
    TRY(q_organization_held(ctx->tx, organization, ctx->actor.user, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        if (!policy_holds(ctx, rows[i].permission, rows[i].organization)) {
            return ctx_fail(ctx, ERR_FORBIDDEN, STR(""),
                            "somebody there holds more than the actor");
        }
    }
    return ERR_OK;
}

enum err policy_grant(struct ctx *ctx, const struct role_entry *role, struct id organization)
{
    struct permission_entry *rows;
    size_t count;

    TRY(q_permissions_of_role(ctx->tx, role->id, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        if (!policy_holds(ctx, rows[i].name, organization)) {
            return ctx_fail(ctx, ERR_FORBIDDEN, STR(""), "the role holds more than the actor");
        }
    }
    return ERR_OK;
}

enum err policy_compose(struct ctx *ctx, const struct role_entry *role)
{
    struct permission_entry *rows;
    struct permission_set allowed = {0};
    size_t count;

    TRY(q_permissions_of_role(ctx->tx, role->id, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        permission_add(&allowed, rows[i].name);
    }
    if (!permission_covers(ctx->actor.permissions, allowed)) {
        return ctx_fail(ctx, ERR_FORBIDDEN, STR(""), "the role allows more than the actor holds");
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
        if (role_of(roles[i].name) != ROLE_SUPER_ADMIN || id_is_set(roles[i].organization)) {
            continue;
        }
        TRY(q_admins_left(ctx->tx, role_name(ROLE_SUPER_ADMIN), without, &left));
        if (left.count == 0) {
            return ctx_fail(ctx, ERR_LAST_ADMIN, STR(""), "no other active super administrator");
        }
    }
    return ERR_OK;
}

enum err policy_keeps_an_admin_outside(struct ctx *ctx, struct id organization)
{
    struct str role = role_name(ROLE_SUPER_ADMIN);
    struct admin_in_organization_row member;
    struct admins_left_row left;

    enum err e = q_admin_in_organization(ctx->tx, role, organization, &member);
    if (e != ERR_OK) {
        return e == ERR_MISSING ? ERR_OK : e;
    }
    TRY(q_admins_left(ctx->tx, role, (struct id){0}, &left));
    return left.count > 0 ? ERR_OK
                          : ctx_fail(ctx, ERR_LAST_ADMIN, STR(""),
                                     "no active super administrator outside of it");
}
