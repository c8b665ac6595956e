/* A token in, its session ended. */
#include "domain/logout.h"

#include "crypto/claims.h"
#include "domain/family.h"
#include "domain/refresh.h"
#include "domain/service.h"
#include "domain/session.h"
#include "domain/token.h"

/* The one that has ended because another took its place, by a token that counts once: what was
 * logged in goes on there. ERR_MISSING when it ended otherwise. */
static enum err find_followed(struct ctx *ctx, struct id id, struct session *ret)
{
    TRY(session_get(ctx, id, ret));
    return ret->followed ? ERR_OK : ERR_MISSING;
}

static enum err end_what_followed(struct ctx *ctx, struct id id)
{
    struct session session = {0};

    TRY(find_followed(ctx, id, &session));
    return session_end_family(ctx, session.family);
}

static enum err refuse_followed(struct ctx *ctx, struct id id)
{
    struct session session = {0};

    TRY(find_followed(ctx, id, &session));
    return family_reused(ctx, &session);
}

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
    e = e == ERR_MISSING ? end_what_followed(ctx, claims.session) : e;
    return e == ERR_MISSING ? ERR_OK : e;
}

enum err logout_self(struct ctx *ctx, struct secret refresh)
{
    TRY(refresh_end(ctx, refresh));
    enum err e = session_end(ctx, ctx->actor.session);
    e = e == ERR_MISSING ? refuse_followed(ctx, ctx->actor.session) : e;
    return e == ERR_MISSING ? ERR_OK : e;
}
