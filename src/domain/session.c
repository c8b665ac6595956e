/* Opening and ending logins. */
#include "domain/session.h"

#include "domain/event.h"
#include "domain/service.h"
#include "store/queries.h"

enum err session_open(struct ctx *ctx, struct id user, struct session *ret)
{
    struct session session = {
        .user = user,
        .face = ctx->face,
        .peer = ctx->source,
        .created = ctx->now,
        .expires = moment_plus(ctx->now, ctx->service->settings->session_seconds),
    };

    TRY(id_make(ctx->now, &session.id));
    TRY(q_session_insert(ctx->tx, &session));
    *ret = session;
    return ERR_OK;
}

enum err session_end(struct ctx *ctx, struct id id)
{
    struct session ended;

    TRY(q_session_end(ctx->tx, ctx->now, id, &ended));
    return event(ctx, EVENT_SESSION_ENDED, id);
}

enum err session_end_others(struct ctx *ctx, struct id user, struct id except)
{
    struct session *ended;
    size_t count;

    TRY(q_sessions_end_of(ctx->tx, ctx->now, user, except, &ended, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(event(ctx, EVENT_SESSION_ENDED, ended[i].id));
    }
    return ERR_OK;
}

enum err session_list(struct ctx *ctx, struct id user, struct session **ret, size_t *ret_count)
{
    return q_sessions_of(ctx->tx, user, ctx->now, ret, ret_count);
}
