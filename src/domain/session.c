/* Opening and ending logins. */
#include "domain/session.h"

#include "domain/event.h"
#include "domain/service.h"
#include "store/queries.h"

static enum err open_in(struct ctx *ctx, struct id user, struct id family, struct moment expires,
                        struct session *ret)
{
    struct session session = {
        .user = user,
        .face = ctx->face,
        .peer = ctx->source,
        .created = ctx->now,
        .expires = expires,
    };

    TRY(id_make(ctx->now, &session.id));
    session.family = id_is_set(family) ? family : session.id;
    TRY(q_session_insert(ctx->tx, &session));
    *ret = session;
    return ERR_OK;
}

enum err session_open(struct ctx *ctx, struct id user, struct session *ret)
{
    return open_in(ctx, user, (struct id){0},
                   moment_plus(ctx->now, ctx->service->settings->session_seconds), ret);
}

enum err session_follow(struct ctx *ctx, const struct session *old, struct session *ret)
{
    TRY(q_session_follow(ctx->tx, ctx->now, old->id));
    TRY(event(ctx, EVENT_SESSION_ENDED, old->id));
    TRY(event(ctx, EVENT_SESSION_RENEWED, old->id));
    return open_in(ctx, old->user, old->family, old->expires, ret);
}

enum err session_get(struct ctx *ctx, struct id id, struct session *ret)
{
    return q_session_by_id(ctx->tx, id, ret);
}

enum err session_end(struct ctx *ctx, struct id id)
{
    struct session ended;

    TRY(q_session_end(ctx->tx, ctx->now, id, &ended));
    return event(ctx, EVENT_SESSION_ENDED, id);
}

enum err session_end_own(struct ctx *ctx, struct id id)
{
    struct session session;

    TRY(session_get(ctx, id, &session));
    if (!id_eq(session.user, ctx->actor.user)) {
        return ctx_fail(ctx, ERR_MISSING, STR(""), "somebody else's");
    }
    return session_end(ctx, id);
}

static enum err tell_ended(struct ctx *ctx, const struct session *ended, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        TRY(event(ctx, EVENT_SESSION_ENDED, ended[i].id));
    }
    return ERR_OK;
}

enum err session_end_family(struct ctx *ctx, struct id family)
{
    struct session *ended;
    size_t count;

    TRY(q_sessions_end_family(ctx->tx, ctx->now, family, &ended, &count));
    return tell_ended(ctx, ended, count);
}

enum err session_end_others(struct ctx *ctx, struct id user, struct id except)
{
    /* At a node whose clock is behind its tokens still count. */
    struct moment over = moment_plus(ctx->now, -CLOCKS_APART);
    struct session *ended;
    size_t count;

    TRY(q_sessions_end_of(ctx->tx, ctx->now, user, over, except, &ended, &count));
    return tell_ended(ctx, ended, count);
}

enum err session_list(struct ctx *ctx, struct id user, struct session **ret, size_t *ret_count)
{
    struct moment idle_since = moment_plus(ctx->now, -ctx->service->settings->refresh_idle);

    return q_sessions_of(ctx->tx, user, ctx->now, idle_since, ret, ret_count);
}
