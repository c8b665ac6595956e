/* Assignments: role.c knows what is granted, profile.c whom one may see; here both come together.
 */
#include "domain/assignment.h"

#include "domain/policy.h"
#include "domain/profile.h"
#include "domain/service.h"
#include "domain/standing.h"
#include "model/organization.h"
#include "store/queries.h"

static bool is_self(const struct ctx *ctx, struct id user)
{
    return ctx->actor.kind == ACTOR_USER && id_eq(ctx->actor.user, user);
}

static bool reads_users(const struct ctx *ctx, struct id organization)
{
    return policy_holds(ctx, permission_name(PERMIT_USERS_READ), organization);
}

enum err assignment_allows(struct ctx *ctx, struct id user, struct str permission,
                           struct id organization, bool *ret)
{
    if (!is_self(ctx, user) && !reads_users(ctx, organization)) {
        return permission_held(ctx->actor.somewhere, PERMIT_USERS_READ)
                   ? ctx_fail(ctx, ERR_MISSING, STR(""), "it is about another organization")
                   : ctx_fail(ctx, ERR_FORBIDDEN, STR(""), "it is about somebody else");
    }
    *ret = standing_holds(ctx->service->standing, user, permission, organization);
    return ERR_OK;
}

static bool may_see(const struct ctx *ctx, const struct held_role *held)
{
    return !id_is_set(held->organization) || reads_users(ctx, held->organization);
}

enum err assignment_list(struct ctx *ctx, struct id user, struct held_role **ret, size_t *ret_count)
{
    struct held_role *all;
    struct user whose;
    size_t count, kept = 0;

    TRY(profile_find(ctx, PERMIT_USERS_READ, user, &whose));
    TRY(role_held(ctx, user, &all, &count));
    for (size_t i = 0; i < count; i++) {
        if (is_self(ctx, user) || may_see(ctx, &all[i])) {
            all[kept++] = all[i];
        }
    }
    *ret = all;
    *ret_count = kept;
    return ERR_OK;
}

/* Who may assign nothing in an organization is not told whether there is one. */
static enum err may_assign_in(struct ctx *ctx, struct id organization)
{
    struct organization there;
    bool holds = policy_holds(ctx, permission_name(PERMIT_ROLES_ASSIGN), organization);

    if (!id_is_set(organization)) {
        return holds ? ERR_OK
                     : ctx_fail(ctx, ERR_FORBIDDEN, STR(""), "not theirs to assign everywhere");
    }
    return holds ? q_organization_by_id(ctx->tx, organization, &there)
                 : ctx_fail(ctx, ERR_MISSING, STR(""), "another organization");
}

static enum err may_assign(struct ctx *ctx, struct id user, struct id organization)
{
    struct user whose;

    TRY(profile_find(ctx, PERMIT_ROLES_ASSIGN, user, &whose));
    return may_assign_in(ctx, organization);
}

enum err assignment_grant(struct ctx *ctx, struct id user, const struct role_entry *role,
                          struct id organization)
{
    TRY(may_assign(ctx, user, organization));
    return role_grant(ctx, user, role, organization);
}

enum err assignment_revoke(struct ctx *ctx, struct id user, const struct role_entry *role,
                           struct id organization)
{
    TRY(may_assign(ctx, user, organization));
    return role_revoke(ctx, user, role, organization);
}
