/* The events table, read from where we left off. */
#include "domain/feed.h"

#include "base/buf.h"
#include "domain/changes.h"
#include "domain/keychain.h"
#include "domain/keyring.h"
#include "domain/service.h"
#include "domain/standing.h"
#include "domain/unit.h"
#include "store/queries.h"
#include "store/store.h"

enum {
    BATCH = 1000
};

static enum err first_key(struct ctx *ctx, void *with)
{
    bool made;

    (void)with;
    return keyring_keep(ctx, &made);
}

static enum err keep(struct str text, char *memory, size_t size)
{
    struct buf out = buf_over(memory, size);

    buf_put(&out, text);
    buf_put_char(&out, '\0');
    return out.failed ? ERR_MEMORY : ERR_OK;
}

static enum err keep_position(struct service *service, const struct events_position_row *end)
{
    TRY(keep(end->position, service->feed, sizeof service->feed));
    return keep(end->line, service->line, sizeof service->line);
}

/* One consistent view: what comes after `end` is newer than all of standing. */
static enum err load_all(struct ctx *ctx, const struct events_position_row *end)
{
    int64_t asked = monotonic_ms();

    TRY(standing_load(ctx));
    TRY(keyring_load(ctx));
    TRY(keychain_load(ctx));
    TRY(keep_position(ctx->service, end));
    standing_read_through(ctx->service->standing, asked);
    return ERR_OK;
}

static enum err load(struct ctx *ctx, void *with)
{
    struct events_position_row end;

    (void)with;
    TRY(q_events_position(ctx->tx, &end));
    return load_all(ctx, &end);
}

enum err feed_start(struct ctx *ctx)
{
    TRY(unit_run(ctx, TX_WRITE, first_key, NULL));
    return unit_run(ctx, TX_READ, load, NULL);
}

static enum err take_over(struct ctx *ctx, const struct event *event)
{
    struct told told = {
        .verb = event_verb_of(event->verb), .subject = event->subject, .at = event->at};

    return event_is_kept_in_memory(told.verb) ? changes_apply(ctx, &told) : ERR_OK;
}

static enum err read_events(struct ctx *ctx)
{
    struct str begin = str_of(ctx->service->feed);
    int64_t after = 0;
    struct event *events;
    size_t count;

    do {
        TRY(q_events_since(ctx->tx, begin, after, BATCH, &events, &count));
        for (size_t i = 0; i < count; i++) {
            TRY(take_over(ctx, &events[i]));
            after = events[i].sequence;
        }
    } while (count == BATCH);
    return ERR_OK;
}

static enum err read_on(struct ctx *ctx, void *with)
{
    struct service *service = ctx->service;
    int64_t asked = monotonic_ms();
    struct events_position_row end;

    (void)with;
    TRY(q_events_position(ctx->tx, &end));
    if (!str_eq(end.line, str_of(service->line))) {
        /* What was taken over from the other line may not have happened on this one. */
        standing_doubt(service->standing);
        return load_all(ctx, &end);
    }
    TRY(read_events(ctx));
    TRY(keep_position(service, &end));
    standing_read_through(service->standing, asked);
    return ERR_OK;
}

enum err feed_read(struct ctx *ctx)
{
    standing_lock(ctx->service->standing);
    enum err e = unit_run(ctx, TX_READ, read_on, NULL);
    standing_unlock(ctx->service->standing);
    return e;
}

void feed_wait(struct service *service, int64_t ms)
{
    (void)store_wait(service->store, ms); /* the next look is due either way */
}

void feed_wake(struct service *service)
{
    store_wake(service->store);
}
