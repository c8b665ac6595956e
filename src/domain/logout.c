/* A token in, its session ended. */
#include "domain/logout.h"

#include "crypto/claims.h"
#include "domain/refresh.h"
#include "domain/service.h"
#include "domain/session.h"
#include "domain/token.h"

enum err logout(struct ctx *ctx, struct str token)
{
    struct claims claims;

    enum err e = token_read(ctx, token, ctx->service->settings->renewal_seconds, &claims);
    if (e == ERR_TOKEN_INVALID) {
        ctx->reason = (struct reason){0}; /* it is no failure, and the log need not say so */
        return ERR_OK;
    }
    TRY(e);
    ctx->actor = (struct actor){.kind = ACTOR_USER, .user = claims.subject};
    e = session_end(ctx, claims.session);
    return e == ERR_MISSING ? ERR_OK : e;
}

enum err logout_self(struct ctx *ctx, struct secret refresh)
{
    TRY(refresh_end(ctx, refresh));
    enum err e = session_end(ctx, ctx->actor.session);
    return e == ERR_MISSING ? ERR_OK : e;
}
