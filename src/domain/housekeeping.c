/* Expired sessions, retired keys, old failures: a bounded number a unit, and a bounded number of
 * units a step. */
#include "domain/housekeeping.h"

#include "domain/service.h"
#include "domain/standing.h"
#include "domain/unit.h"
#include "store/queries.h"

enum {
    AT_ONCE = 500,
    UNITS = 40, /* more than a minute of logins can make; and the feed does not wait for long */
    MOST_ATTEMPTS = 65536,
    ATTEMPTS_LIVE = 30 * 86400, /* longer than any delay: what is older no longer holds anyone up */
    SESSIONS_STAY = 86400       /* after their end: for whoever asks what happened yesterday */
};

static enum err remove_some(struct ctx *ctx, void *ret_more)
{
    int64_t sessions, keys, old, excess;
    bool *more = ret_more;

    TRY(q_sessions_remove(ctx->tx, moment_plus(ctx->now, -SESSIONS_STAY), AT_ONCE, &sessions));
    TRY(q_keys_remove(ctx->tx, ctx->now, &keys));
    TRY(q_attempts_remove(ctx->tx, moment_plus(ctx->now, -ATTEMPTS_LIVE), AT_ONCE, &old));
    TRY(q_attempts_evict(ctx->tx, AT_ONCE, MOST_ATTEMPTS, &excess));
    *more = sessions == AT_ONCE || old == AT_ONCE || excess == AT_ONCE;
    return ERR_OK;
}

enum err housekeeping_step(struct ctx *ctx)
{
    bool more = true;

    for (size_t i = 0; more && i < UNITS; i++) {
        TRY(unit_run(ctx, TX_WRITE, remove_some, &more));
    }
    return standing_forget(ctx->service->standing, ctx->now);
}
