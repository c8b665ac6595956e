/* The jobs. Each runs in units of its own, small enough that nobody waits for them. */
#include "jobs/jobs.h"

#include "domain/feed.h"
#include "domain/housekeeping.h"
#include "domain/keyring.h"
#include "domain/outbox.h"
#include "domain/service.h"
#include "domain/unit.h"
#include "jobs/postman.h"

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

static enum err run_feed(struct ctx *ctx, const struct tools *tools, bool *ret_more)
{
    (void)tools;
    *ret_more = false;
    return feed_read(ctx);
}

static enum err run_keys(struct ctx *ctx, const struct tools *tools, bool *ret_more)
{
    (void)tools;
    *ret_more = false;
    return unit_run(ctx, TX_WRITE, keep_keys, NULL);
}

static enum err run_housekeeping(struct ctx *ctx, const struct tools *tools, bool *ret_more)
{
    (void)tools;
    return housekeeping_step(ctx, ret_more);
}

static enum err run_upkeep(struct ctx *ctx, const struct tools *tools, bool *ret_more)
{
    (void)tools;
    return housekeeping_often(ctx, ret_more);
}

static enum err run_mail(struct ctx *ctx, const struct tools *tools, bool *ret_more)
{
    return postman_round(ctx, tools->postman, ret_more);
}

static void wait_for_mail(struct service *service, int64_t ms)
{
    outbox_wait(service->outbox, ms);
}

static void end_mail(struct service *service)
{
    outbox_end(service->outbox);
}

/* clang-format off */
const struct job jobs[JOBS] = {
    {"feed",         200,         run_feed,         feed_wait,     feed_wake},
    {"keys",         10 * MINUTE, run_keys,         NULL,          NULL     },
    {"housekeeping", MINUTE,      run_housekeeping, NULL,          NULL     },
    {"upkeep",       250,         run_upkeep,       NULL,          NULL     },
    {"mail",         SECOND,      run_mail,         wait_for_mail, end_mail },
};
/* clang-format on */
