/* Whether a family of sessions goes on. */
#include "domain/family.h"

#include "domain/note.h"
#include "domain/service.h"
#include "domain/standing.h"
#include "domain/user.h"

enum err family_reused(struct ctx *ctx, const struct session *session)
{
    TRY(note_reuse(ctx, session->family, session->user));
    return ctx_fail(ctx, ERR_TOKEN_INVALID, STR(""), "it was used before: its sessions end");
}

static enum err still_lasts(struct ctx *ctx, const struct session *session, int64_t issued)
{
    if (session->followed) {
        return family_reused(ctx, session);
    }
    if (moment_is_set(session->ended) || !moment_before(ctx->now, session->expires) ||
        standing_session_ended(ctx->service->standing, session->id, issued)) {
        return ctx_fail(ctx, ERR_TOKEN_INVALID, STR(""), "the session has ended");
    }
    return ERR_OK;
}

enum err family_goes_on(struct ctx *ctx, const struct session *session, int64_t issued,
                        const struct user *user)
{
    TRY(still_lasts(ctx, session, issued));
    return user_may_enter(ctx, user);
}
