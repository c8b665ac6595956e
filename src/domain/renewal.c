/* One turn of a family of sessions. */
#include "domain/renewal.h"

#include "crypto/claims.h"
#include "domain/family.h"
#include "domain/service.h"
#include "domain/session.h"
#include "domain/token.h"
#include "domain/user.h"

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
    TRY(missing_is_invalid(ctx, user_get(ctx, old.user, &ret->user)));
    TRY(family_goes_on(ctx, &old, claims.issued, &ret->user));
    ctx->actor = (struct actor){.kind = ACTOR_USER, .user = ret->user.id};
    enum err e = session_follow(ctx, &old, &ret->session);
    if (e == ERR_MISSING) { /* another took it between the look and the write */
        return ctx_fail(ctx, ERR_STORE_RETRY, STR(""), "renewed meanwhile");
    }
    TRY(e);
    return token_issue(ctx, &ret->user, &ret->session, &ret->token);
}
