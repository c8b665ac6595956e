/* Administrators: accounts that hold ADMIN or SUPER_ADMIN, numbered in order of making. */
#include "domain/admin.h"

#include "domain/attempt.h"
#include "domain/event.h"
#include "domain/note.h"
#include "domain/password.h"
#include "domain/policy.h"
#include "domain/role.h"
#include "domain/session.h"
#include "store/queries.h"

enum err admin_create(struct ctx *ctx, const struct new_user *in, enum role role, struct user *ret)
{
    struct role_entry entry;

    TRY(role_find(ctx, role_name(role), &entry));
    TRY(policy_grant(ctx, &entry, (struct id){0})); /* before anything is hashed for it */
    TRY(user_create(ctx, in, ret));
    return role_grant(ctx, ret->id, &entry, (struct id){0});
}

enum err admin_list(struct ctx *ctx, struct admin **ret, size_t *ret_count)
{
    return q_admin_list(ctx->tx, ret, ret_count);
}

/* The account of that name, if it is an administrator's. */
static enum err admin_find(struct ctx *ctx, struct str name, struct user *ret)
{
    struct is_admin_row row;

    TRY(user_find(ctx, name, ret));
    return q_is_admin(ctx->tx, ret->id, &row);
}

enum err admin_stop(struct ctx *ctx, struct str name)
{
    struct user user;

    TRY(admin_find(ctx, name, &user));
    return user_stop(ctx, &user);
}

enum err admin_resume(struct ctx *ctx, struct str name)
{
    struct user user;

    TRY(admin_find(ctx, name, &user));
    return user_resume(ctx, &user);
}

static bool is_super(const struct actor *actor)
{
    return permission_covers(actor->permissions, permission_all());
}

enum err admin_change_password(struct ctx *ctx, const struct new_password *in)
{
    struct user user;

    enum err found = admin_find(ctx, in->username, &user);
    if (found != ERR_OK && found != ERR_MISSING) {
        return found;
    }
    bool own = found == ERR_OK && id_eq(user.id, ctx->actor.user);
    if (!own && !is_super(&ctx->actor)) {
        return ctx_fail(ctx, ERR_FORBIDDEN, STR(""), "only a super administrator may");
    }
    TRY(found);
    return user_change_password(ctx, &user, &in->change);
}

enum err admin_reset_password(struct ctx *ctx, struct str name, struct secret chosen)
{
    struct user user;

    TRY(admin_find(ctx, name, &user));
    return user_set_password(ctx, &user, chosen);
}
