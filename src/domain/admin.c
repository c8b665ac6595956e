/* Administrators: accounts that hold ADMIN or SUPER_ADMIN, numbered in order of making. */
#include "domain/admin.h"

#include "domain/attempt.h"
#include "domain/event.h"
#include "domain/note.h"
#include "domain/password.h"
#include "domain/policy.h"
#include "domain/session.h"
#include "store/queries.h"

enum err admin_create(struct ctx *ctx, const struct new_user *in, enum role role, struct user *ret)
{
    TRY(policy_grant(ctx, role_name(role)));
    TRY(user_create(ctx, in, ret));
    TRY(user_grant(ctx, ret->id, role_name(role)));
    return q_admin_number(ctx->tx, ret->id);
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

/* Wrong current passwords are counted like wrong logins, in the same place. */
static enum err current_is_right(struct ctx *ctx, const struct user *user, struct secret current,
                                 struct attempt *ret)
{
    bool right;

    TRY(attempt_look(ctx, user->id, STR(""), STR(""), ret));
    TRY(password_check(ctx, ret->delayed ? (struct id){0} : user->id, current, &right));
    if (right) {
        return ERR_OK;
    }
    if (!ret->delayed) {
        TRY(note_failure(ctx, &ret->subject));
    }
    TRY(note_event(ctx, EVENT_PASSWORD_REFUSED, user->id));
    return ctx_fail(ctx, ERR_CURRENT_PASSWORD, STR("current_password"),
                    ret->delayed ? "delayed" : "wrong");
}

static bool is_super(const struct actor *actor)
{
    return permission_covers(actor->permissions, permission_all());
}

enum err admin_change_password(struct ctx *ctx, const struct new_password *in)
{
    struct attempt attempt;
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
    TRY(current_is_right(ctx, &user, in->current, &attempt));
    TRY(password_replace(ctx, &user, in->chosen, attempt.password_set));
    TRY(attempt_forgive(ctx, &attempt));
    return session_end_others(ctx, user.id, own ? ctx->actor.session : (struct id){0});
}

enum err admin_reset_password(struct ctx *ctx, struct str name, struct secret chosen)
{
    struct user user;

    TRY(admin_find(ctx, name, &user));
    TRY(policy_over(ctx, user.id));
    TRY(password_set(ctx, &user, chosen)); /* with it begins a new count of failures */
    return session_end_others(ctx, user.id, (struct id){0});
}
