/* The jobs. Each runs in units of its own, small enough that nobody waits for them. */
#include "jobs/jobs.h"

#include "domain/feed.h"
#include "domain/housekeeping.h"
#include "domain/keyring.h"
#include "domain/unit.h"

enum {
    SECOND = 1000,
    MINUTE = 60 * SECOND
};

static enum err keep_keys(struct ctx *ctx, void *with)
{
    bool made;

    (void)with;
    return keyring_keep(ctx, &made);
}

static enum err run_feed(struct ctx *ctx, bool *ret_more)
{
    *ret_more = false;
    return feed_read(ctx);
}

static enum err run_keys(struct ctx *ctx, bool *ret_more)
{
    *ret_more = false;
    return unit_run(ctx, TX_WRITE, keep_keys, NULL);
}

/* clang-format off */
const struct job jobs[JOBS] = {
    {"feed",         200,         run_feed,           feed_wait, feed_wake},
    {"keys",         10 * MINUTE, run_keys,           NULL,      NULL     },
    {"housekeeping", MINUTE,      housekeeping_step,  NULL,      NULL     },
    {"upkeep",       250,         housekeeping_often, NULL,      NULL     },
};
/* clang-format on */
