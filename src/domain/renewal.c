/* One turn of a family of sessions. */
#include "domain/renewal.h"

#include "crypto/claims.h"
#include "domain/note.h"
#include "domain/service.h"
#include "domain/session.h"
#include "domain/standing.h"
#include "domain/user.h"

static enum err refuse_reuse(struct ctx *ctx, const struct session *session)
{
    TRY(note_reuse(ctx, session->family, session->user));
    return ctx_fail(ctx, ERR_TOKEN_INVALID, STR(""), "it was renewed before: its sessions end");
}

static enum err still_lasts(struct ctx *ctx, const struct session *session, int64_t issued)
{
    if (session->followed) {
        return refuse_reuse(ctx, session);
    }
    if (moment_is_set(session->ended) || !moment_before(ctx->now, session->expires) ||
        standing_session_ended(ctx->service->standing, session->id, issued)) {
        return ctx_fail(ctx, ERR_TOKEN_INVALID, STR(""), "the session has ended");
    }
    return ERR_OK;
}

static enum err may_enter(struct ctx *ctx, const struct user *user)
{
    if (user_state_may_enter(user->state)) {
        return ERR_OK;
    }
    return ctx_fail(ctx, ERR_ACCOUNT_STATE, STR(""), "%.*s", STR_ARG(user_state_name(user->state)));
}

static enum err missing_is_invalid(struct ctx *ctx, enum err e)
{
    return e == ERR_MISSING ? ctx_fail(ctx, ERR_TOKEN_INVALID, STR(""), "it is gone") : e;
}

enum err renewal(struct ctx *ctx, struct str token, struct logged_in *ret)
{
    struct claims claims;
    struct session old;

    *ret = (struct logged_in){0};
    TRY(token_read(ctx, token, ctx->service->settings->renewal_seconds, &claims));
    TRY(missing_is_invalid(ctx, session_get(ctx, claims.session, &old)));
    TRY(still_lasts(ctx, &old, claims.issued));
    TRY(missing_is_invalid(ctx, user_get(ctx, old.user, &ret->user)));
    TRY(may_enter(ctx, &ret->user));
    ctx->actor = (struct actor){.kind = ACTOR_USER, .user = ret->user.id};
    enum err e = session_follow(ctx, &old, &ret->session);
    if (e == ERR_MISSING) { /* another took it between the look and the write */
        return ctx_fail(ctx, ERR_STORE_RETRY, STR(""), "renewed meanwhile");
    }
    TRY(e);
    return token_issue(ctx, &ret->user, &ret->session, &ret->token);
}
