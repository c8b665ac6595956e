/* Expired sessions, retired keys, old failures and events. What takes longer to find out is found
 * out once a round, by reading; a round is as many units of removing as there is something left. */
#include "domain/housekeeping.h"

#include "domain/desk.h"
#include "domain/keychain.h"
#include "domain/picture.h"
#include "domain/roster.h"
#include "domain/service.h"
#include "domain/standing.h"
#include "domain/unit.h"
#include "store/queries.h"
#include "store/store.h"

#include <stdatomic.h>

enum {
    AT_ONCE = 20, /* of a kind: a millisecond, and some 60 pages of log where they are scattered */
    DAY = 86400,
    MOST_COUNTED = 65536,     /* failures of somebody, and letters that were asked for */
    ATTEMPTS_LIVE = 30 * DAY, /* longer than any delay: what is older no longer holds anyone up */
    LETTERS_STAY = 7 * DAY,   /* the dead ones, for somebody to look at */
    ASKED_STAY = DAY,         /* the longest time in which they are counted (links.period) */
    SESSIONS_STAY = DAY,      /* after their end: for whoever asks what happened yesterday */
    EVENTS_LEAST = DAY /* a node that has not read for that long says no to everyone anyway */
};

/* What is too old goes, and so does what is too much: nobody is refused because others fill it. */
static enum err leave_out(enum err found, struct moment excess, struct moment *from)
{
    if (found == ERR_OK && excess.ms >= from->ms) {
        from->ms = excess.ms + 1;
    }
    return found == ERR_MISSING ? ERR_OK : found;
}

static enum err look(struct ctx *ctx, void *with)
{
    struct service *service = ctx->service;
    struct attempts_excess_row attempts = {0};
    struct asked_excess_row asked = {0};
    struct store_size_row size;

    (void)with;
    TRY(q_store_size(ctx->tx, &size));
    atomic_store(&service->store_bytes, size.bytes);
    atomic_store(&service->store_unused, size.free);
    service->throttle_from = moment_plus(ctx->now, -ATTEMPTS_LIVE);
    service->asked_from = moment_plus(ctx->now, -ASKED_STAY);
    enum err e = q_attempts_excess(ctx->tx, MOST_COUNTED, &attempts);
    TRY(leave_out(e, attempts.last, &service->throttle_from));
    e = q_asked_excess(ctx->tx, MOST_COUNTED, &asked);
    return leave_out(e, asked.at, &service->asked_from);
}

static enum err remove_events(struct ctx *ctx, int64_t *ret)
{
    int64_t keep = ctx->service->settings->events_keep;

    *ret = 0;
    if (keep == 0) {
        return ERR_OK;
    }
    keep = keep < EVENTS_LEAST ? EVENTS_LEAST : keep;
    return q_events_remove(ctx->tx, AT_ONCE, moment_plus(ctx->now, -keep), ret);
}

static enum err remove_some(struct ctx *ctx, void *ret_more)
{
    int64_t sessions, keys, attempts, events, letters, links, asked, spent;
    struct housekeeping_turn_row turn;
    bool *more = ret_more;

    *more = false;
    TRY(q_housekeeping_turn(ctx->tx, &turn));
    if (!turn.mine) {
        return ERR_OK;
    }
    TRY(q_sessions_remove(ctx->tx, moment_plus(ctx->now, -SESSIONS_STAY), AT_ONCE, &sessions));
    TRY(q_keys_remove(ctx->tx, ctx->now, &keys));
    TRY(q_attempts_remove(ctx->tx, ctx->service->throttle_from, AT_ONCE, &attempts));
    TRY(remove_events(ctx, &events));
    TRY(q_outbox_remove(ctx->tx, ctx->now, moment_plus(ctx->now, -LETTERS_STAY), AT_ONCE,
                        &letters));
    TRY(q_links_remove(ctx->tx, ctx->now, AT_ONCE, &links));
    TRY(q_asked_remove(ctx->tx, ctx->service->asked_from, AT_ONCE, &asked));
    TRY(q_spent_remove(ctx->tx, ctx->now, AT_ONCE, &spent));
    *more = sessions == AT_ONCE || attempts == AT_ONCE || events == AT_ONCE || letters == AT_ONCE ||
            links == AT_ONCE || asked == AT_ONCE || spent == AT_ONCE;
    return ERR_OK;
}

static enum err note_uses(struct ctx *ctx, void *with)
{
    (void)with;
    return keychain_note_uses(ctx);
}

static enum err tidy_pictures(struct ctx *ctx, void *with)
{
    (void)with;
    return picture_tidy(ctx);
}

static enum err settle_uses(struct ctx *ctx)
{
    if (!keychain_was_used(ctx)) {
        return ERR_OK;
    }
    TRY(unit_run(ctx, TX_WRITE, note_uses, NULL));
    keychain_uses_are_noted(ctx);
    return ERR_OK;
}

enum err housekeeping_step(struct ctx *ctx, bool *ret_more)
{
    struct service *service = ctx->service;

    if (service->throttle_from.ms == 0) {
        TRY(unit_run(ctx, TX_READ, look, NULL));
        TRY(standing_forget(service->standing, ctx->now));
        TRY(settle_uses(ctx));
        TRY(unit_run(ctx, TX_READ, tidy_pictures, NULL));
    }
    TRY(unit_run(ctx, TX_WRITE, remove_some, ret_more));
    if (!*ret_more) {
        service->throttle_from = (struct moment){0}; /* the round is over */
    }
    return ERR_OK;
}

enum err housekeeping_often(struct ctx *ctx, bool *ret_more)
{
    seat_tidy(ctx->desk->seat);
    return roster_settle(ctx, ret_more);
}
