/* The session and the key of who asks, as the store has them by now. */
#include "domain/asker.h"

#include "domain/session.h"
#include "model/service_key.h"
#include "store/queries.h"
#include "store/store.h"

static bool ended_here(const struct ctx *ctx, struct id subject)
{
    for (const struct told *told = ctx->told; told; told = told->next) {
        bool ends = told->verb == EVENT_SESSION_ENDED || told->verb == EVENT_SERVICE_KEY_REVOKED;
        if (ends && id_eq(told->subject, subject)) {
            return true;
        }
    }
    return false;
}

static enum err session_lasts(struct ctx *ctx, struct id id)
{
    struct session session;

    if (!id_is_set(id) || ended_here(ctx, id)) {
        return ERR_OK;
    }
    TRY(session_get(ctx, id, &session));
    return moment_is_set(session.ended) ? ERR_MISSING : ERR_OK;
}

static enum err key_lasts(struct ctx *ctx, struct id id)
{
    struct service_key key;

    return !id_is_set(id) || ended_here(ctx, id) ? ERR_OK : q_service_key_by_id(ctx->tx, id, &key);
}

enum err asker_confirm(struct ctx *ctx, const struct actor *asker)
{
    if (!tx_has_written(ctx->tx)) {
        return ERR_OK;
    }
    enum err e = session_lasts(ctx, asker->session);
    if (e == ERR_OK) {
        e = key_lasts(ctx, asker->service_key);
    }
    return e == ERR_MISSING
               ? ctx_fail(ctx, ERR_TOKEN_INVALID, STR(""), "it has ended before this was done")
               : e;
}
