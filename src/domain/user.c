/* Accounts: made, found, stopped. */
#include "domain/user.h"

#include "base/buf.h"
#include "crypto/hasher.h"
#include "domain/event.h"
#include "domain/password.h"
#include "domain/policy.h"
#include "domain/session.h"
#include "store/queries.h"
#include "store/store.h"

/* The two kinds of name share one space when people log in, so that a username that looks like an
 * address must not be somebody else's. */
static enum err names_agree(struct ctx *ctx, const struct new_user *in)
{
    if (username_is_address(&in->username) && !str_eq(in->username.key, in->email.key)) {
        return ctx_fail(ctx, ERR_FIELD_VALUE, STR("username"),
                        "an address as username has to be the account's own");
    }
    return ERR_OK;
}

/* The store decides, and this may come too early to see it. It is asked only so that of two taken
 * names the same one is told whatever the engine. */
static enum err username_is_free(struct ctx *ctx, const struct username *username)
{
    struct user other;

    enum err e = q_user_by_login(ctx->tx, username->key, (struct str){0}, &other);
    if (e == ERR_OK) {
        return ctx_fail(ctx, ERR_USERNAME_TAKEN, STR("username"), "username in use");
    }
    return e == ERR_MISSING ? ERR_OK : e;
}

static enum err which_is_taken(struct ctx *ctx)
{
    if (str_eq(tx_conflict(ctx->tx), STR("users_email_key"))) {
        return ctx_fail(ctx, ERR_EMAIL_TAKEN, STR("email"), "address in use");
    }
    return ctx_fail(ctx, ERR_USERNAME_TAKEN, STR("username"), "username in use");
}

enum err user_create(struct ctx *ctx, const struct new_user *in, struct user *ret)
{
    struct password_hash hash;
    struct user user = {
        .username = in->username,
        .email = in->email,
        .state = USER_ACTIVE,
        .created = ctx->now,
        .updated = ctx->now,
    };

    TRY(names_agree(ctx, in));
    TRY(password_prepare(ctx, &user, in->password, &hash)); /* slow: no lock is held yet */
    TRY(id_make(ctx->now, &user.id));

    TRY(username_is_free(ctx, &user.username));
    enum err e = q_user_insert(ctx->tx, &user);
    if (e == ERR_TAKEN) {
        return which_is_taken(ctx);
    }
    TRY(e);
    TRY(password_store(ctx, user.id, &hash));
    TRY(event(ctx, EVENT_USER_CREATED, user.id));
    *ret = user;
    return ERR_OK;
}

enum err user_find(struct ctx *ctx, struct str name, struct user *ret)
{
    struct username username = {0};
    struct email email = {0};
    enum err as_name = username_parse(ctx->arena, name, &username);
    enum err as_address = email_parse(ctx->arena, name, &email);

    if (as_name != ERR_OK && as_address != ERR_OK) {
        return as_name == ERR_MEMORY || as_address == ERR_MEMORY ? ERR_MEMORY : ERR_MISSING;
    }
    return q_user_by_login(ctx->tx, username.key, email.key, ret);
}

enum err user_get(struct ctx *ctx, struct id id, struct user *ret)
{
    return q_user_by_id(ctx->tx, id, ret);
}

enum err user_grant(struct ctx *ctx, struct id user, struct str role)
{
    struct role_by_name_row row;

    enum err e = q_role_by_name(ctx->tx, role, &row);
    if (e == ERR_MISSING) {
        return ctx_fail(ctx, ERR_MISSING, STR("role"), "no such role");
    }
    TRY(e);
    TRY(policy_grant(ctx, role));
    TRY(q_role_grant(ctx->tx, user, ctx->now, role));
    return event(ctx, EVENT_ROLE_GRANTED, user);
}

enum err user_stop(struct ctx *ctx, const struct user *user)
{
    TRY(policy_over(ctx, user->id));
    if (user->state == USER_INACTIVE) {
        return ERR_OK;
    }
    TRY(q_user_set_state(ctx->tx, USER_INACTIVE, ctx->now, user->id));
    /* After the write: from here on nobody else stops another. */
    TRY(policy_keeps_an_admin(ctx, user->id));
    TRY(session_end_others(ctx, user->id, (struct id){0}));
    return event(ctx, EVENT_USER_STOPPED, user->id);
}

enum err user_resume(struct ctx *ctx, const struct user *user)
{
    TRY(policy_over(ctx, user->id));
    if (user_state_may_enter(user->state)) {
        return ERR_OK;
    }
    TRY(q_user_set_state(ctx->tx, USER_ACTIVE, ctx->now, user->id));
    return event(ctx, EVENT_USER_RESUMED, user->id);
}

enum err user_roles(struct ctx *ctx, struct id user, struct str *ret)
{
    struct buf names = buf_in_arena(ctx->arena, 65536);
    struct roles_of_row *rows;
    size_t count;

    TRY(q_roles_of(ctx->tx, user, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        buf_put(&names, i ? STR(" ") : STR(""));
        buf_put(&names, rows[i].name);
    }
    return buf_end(&names, ret);
}
