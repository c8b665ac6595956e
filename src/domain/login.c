/* The way in. Every path through here does the same work before it says no. */
#include "domain/login.h"

#include "domain/attempt.h"
#include "domain/device.h"
#include "domain/event.h"
#include "domain/member.h"
#include "domain/note.h"
#include "domain/password.h"
#include "domain/refresh.h"
#include "domain/service.h"
#include "domain/session.h"
#include "domain/user.h"
#include "store/queries.h"

static enum err refuse(struct ctx *ctx, const struct attempt *attempt, struct id user)
{
    if (attempt->delayed) {
        TRY(note_event(ctx, EVENT_LOGIN_DELAYED, user));
        return ctx_fail(ctx, ERR_CREDENTIALS, STR(""), "logins of this account are delayed");
    }
    TRY(attempt->counted ? ERR_OK : note_failure(ctx, &attempt->subject));
    TRY(note_event(ctx, EVENT_LOGIN_FAILED, user));
    return ctx_fail(ctx, ERR_CREDENTIALS, STR(""),
                    id_is_set(user) ? "wrong password" : "no such account");
}

static enum err may_enter_there(struct ctx *ctx, const struct login *in, const struct user *user)
{
    enum err e = in->within.count == 0 ? ERR_OK : member_is_within(ctx, user, &in->within);

    if (e == ERR_ELSEWHERE) {
        TRY(note_event(ctx, EVENT_LOGIN_FAILED, user->id));
    }
    return e;
}

static enum err may_enter(struct ctx *ctx, const struct user *user)
{
    bool unverified = user->state == USER_PENDING_VERIFICATION;

    enum err e = user_may_enter(ctx, user);
    if (e == ERR_OK && unverified && ctx->service->settings->require_verified) {
        e = ctx_fail(ctx, ERR_ACCOUNT_STATE, STR(""), "the address is to be verified first");
    }
    if (e == ERR_ACCOUNT_STATE) {
        TRY(note_event(ctx, EVENT_LOGIN_FAILED, user->id));
    }
    return e;
}

/* Between the look at the password and the first write there was time for others: one who has been
 * stopped or given another password meanwhile is looked at again. */
static enum err still_the_same(struct ctx *ctx, const struct user *user, struct moment password_set)
{
    enum err e = q_user_logged_in(ctx->tx, ctx->now, user->id, user->state, password_set);

    return e == ERR_MISSING ? ctx_fail(ctx, ERR_STORE_RETRY, STR(""), "changed meanwhile") : e;
}

static enum err still_in_that_state(struct ctx *ctx, const struct user *user,
                                    struct moment *ret_password_set)
{
    struct user_entered_row row;

    enum err e = q_user_entered(ctx->tx, ctx->now, user->id, user->state, &row);
    if (e == ERR_MISSING) {
        return ctx_fail(ctx, ERR_STORE_RETRY, STR(""), "changed meanwhile");
    }
    TRY(e);
    *ret_password_set = row.password_set;
    return ERR_OK;
}

static enum err let_in(struct ctx *ctx, struct moment password_set, struct logged_in *ret)
{
    struct device_bond bond = {ret->user.id, password_set};

    ctx->actor = (struct actor){.kind = ACTOR_USER, .user = ret->user.id};
    TRY(session_open(ctx, ret->user.id, &ret->session));
    TRY(event(ctx, EVENT_LOGIN, ret->user.id));
    TRY(device_make(ctx, bond, &ret->device));
    if (service_refreshes(ctx->service, ctx->face)) {
        TRY(refresh_issue(ctx, &ret->session, &ret->refresh));
    }
    return token_issue(ctx, &ret->user, &ret->session, &ret->token);
}

enum err login(struct ctx *ctx, const struct login *in, struct logged_in *ret)
{
    struct attempt attempt;
    bool right;

    *ret = (struct logged_in){0};
    enum err found = user_find(ctx, in->name, &ret->user);
    if (found != ERR_OK && found != ERR_MISSING) {
        return found;
    }
    TRY(attempt_look(ctx, ret->user.id, in->name, in->device, &attempt));
    TRY(attempt_claim(ctx, &attempt));
    /* A delayed login is hashed like any other, for the same time, but not looked at. */
    struct id account = attempt.delayed ? (struct id){0} : ret->user.id;
    TRY(password_check(ctx, account, in->password, &right));
    if (!right) {
        return refuse(ctx, &attempt, ret->user.id);
    }
    TRY(may_enter(ctx, &ret->user));
    TRY(may_enter_there(ctx, in, &ret->user));
    TRY(password_renew(ctx, ret->user.id, in->password));
    TRY(still_the_same(ctx, &ret->user, attempt.password_set));
    TRY(attempt_forgive(ctx, &attempt));
    return let_in(ctx, attempt.password_set, ret);
}

enum err login_enter(struct ctx *ctx, const struct user *user, struct logged_in *ret)
{
    struct moment password_set = {0};

    *ret = (struct logged_in){.user = *user};
    TRY(may_enter(ctx, user));
    TRY(still_in_that_state(ctx, user, &password_set));
    return let_in(ctx, password_set, ret);
}
