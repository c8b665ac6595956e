/* One round: look, tidy, and claim, send, settle each letter in units of its own. */
#include "jobs/postman.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/rcu.h"
#include "domain/asking.h"
#include "domain/desk.h"
#include "domain/outbox.h"
#include "domain/service.h"
#include "domain/unit.h"
#include "jobs/letter.h"
#include "mail/transport.h"
#include "ops/metrics.h"

#include <stdatomic.h>
#include <stdlib.h>

enum {
    KEEP = 4096,
    LIMIT = 64 << 10,
    ROUND_MOST = 50,   /* letters; then the arena is emptied */
    LEASE_MARGIN = 10, /* seconds that a claim lasts longer than sending may take */
    AWAY_MS = 5000,    /* before a server that could not be reached is asked again */
    MEASURE_MS = 5000,
    REST_MS = 10000 /* without letters, after which connections are let go */
};

enum fate {
    FATE_SENT,
    FATE_AGAIN,
    FATE_DEAD,
    FATES
};

struct postman {
    struct arena *arena;
    struct letter_plan letters;
    struct post *post;
    int64_t lease;
    struct moment begun; /* the round; and by the other clock */
    int64_t begun_ms;
    int64_t away_until, measured, busy; /* monotonic ms; `busy`: when a letter was last claimed */
    _Atomic int64_t fates[FATES], queue, dead;
};

static struct str host_of(struct str url, struct str otherwise)
{
    struct str host, rest;

    if (!str_cut(url, ':', &host, &rest) || !str_starts(rest, STR("//"))) {
        return otherwise;
    }
    (void)str_cut(str_skip(rest, 2), '/', &host, &rest);
    if (str_starts(host, STR("["))) {
        return otherwise; /* no name for a Message-ID */
    }
    (void)str_cut(host, ':', &host, &rest);
    return host;
}

static enum err address_sender(struct postman *postman, const struct postman_plan *plan)
{
    struct letter_plan *letters = &postman->letters;
    struct str domain = STR("localhost"), local;

    letters->settings = plan->settings;
    letters->public_url = plan->public_url;
    while (str_ends(letters->public_url, STR("/"))) {
        letters->public_url.len--;
    }
    if (plan->settings->from.len > 0) {
        TRY(mailbox_parse(postman->arena, plan->settings->from, &letters->from));
        (void)str_cut(letters->from.address, '@', &local, &domain);
    }
    letters->host = host_of(letters->public_url, domain);
    return ERR_OK;
}

static enum err furnish(struct postman *postman, const struct postman_plan *plan,
                        struct reason *reason)
{
    postman->arena = arena_create(KEEP, LIMIT);
    if (!postman->arena) {
        return ERR_MEMORY;
    }
    TRY(mail_settings_agree(plan->settings, reason));
    TRY(address_sender(postman, plan));
    postman->lease = plan->settings->total_seconds + LEASE_MARGIN;
    struct post_plan post = {plan->settings, plan->folder, postman->letters.host};
    return post_create(&post, reason, &postman->post);
}

enum err postman_create(const struct postman_plan *plan, struct reason *reason,
                        struct postman **ret)
{
    struct postman *postman = calloc(1, sizeof *postman);

    if (!postman) {
        return ERR_MEMORY;
    }
    enum err e = furnish(postman, plan, reason);
    if (e != ERR_OK) {
        postman_destroy(postman);
        return e;
    }
    *ret = postman;
    return ERR_OK;
}

void postman_destroy(struct postman *postman)
{
    if (postman) {
        post_destroy(postman->post);
        arena_destroy(postman->arena);
        free(postman);
    }
}

/* One letter and what becomes of it. */
struct delivery {
    struct ctx *ctx;
    struct postman *postman;
    struct claimed claimed;
    bool found;
    enum outbox_end end;
    struct str error;
};

static enum err claim(struct ctx *ctx, void *with)
{
    struct delivery *delivery = with;

    return outbox_claim(ctx, delivery->postman->lease, &delivery->claimed, &delivery->found);
}

static enum err hand(struct ctx *ctx, void *with)
{
    const struct delivery *delivery = with;

    return outbox_hand(ctx, &delivery->claimed, delivery->postman->lease);
}

static enum err settle(struct ctx *ctx, void *with)
{
    const struct delivery *delivery = with;

    return outbox_settle(ctx, &delivery->claimed, delivery->end, delivery->error);
}

/* Sending takes long, so that each unit looks at the clock again. */
static enum err run(struct ctx *ctx, struct postman *postman, enum unit_kind kind,
                    enum err (*work)(struct ctx *ctx, void *with), void *with)
{
    ctx->now.ms = postman->begun.ms + monotonic_ms() - postman->begun_ms;
    return unit_run(ctx, kind, work, with);
}

/* Called in the middle of sending: what is read without a lock is not held on to meanwhile. */
static enum err hand_over(void *with)
{
    struct delivery *delivery = with;
    struct ctx *ctx = delivery->ctx;

    rcu_enter(ctx->desk->reader);
    enum err e = run(ctx, delivery->postman, TX_WRITE, hand, delivery);
    rcu_leave(ctx->desk->reader);
    return e;
}

static bool is_ending(void *with)
{
    const struct delivery *delivery = with;

    return outbox_is_ending(delivery->ctx->service->outbox);
}

static enum client_delivery send_message(struct delivery *delivery, const struct message *message,
                                         struct reason *reason)
{
    struct ctx *ctx = delivery->ctx;
    struct parcel parcel = {
        .from = message->from.address,
        .to = message->to.address,
        .before_end = hand_over,
        .give_up = is_ending,
        .with = delivery,
    };
    struct buf id = buf_in_arena(ctx->arena, ID_TEXT);

    id_print(&id, delivery->claimed.letter.id);
    if (buf_end(&id, &parcel.id) != ERR_OK ||
        message_write(ctx->arena, message, &parcel.text) != ERR_OK) {
        (void)!fail(reason, ERR_MEMORY, STR(""), "no memory");
        return CLIENT_DELAYED;
    }
    rcu_leave(ctx->desk->reader);
    enum client_delivery result = post_send(delivery->postman->post, &parcel, reason);
    rcu_enter(ctx->desk->reader);
    return result;
}

static enum client_delivery deliver(struct delivery *delivery, struct reason *reason)
{
    struct ctx *ctx = delivery->ctx;
    struct message message;

    enum err e = letter_compose(ctx->arena, &delivery->postman->letters, &delivery->claimed.letter,
                                reason, &message);
    if (e != ERR_OK) {
        (void)!fail(reason, e, STR(""), "it could not be written: %s", err_name(e));
        return CLIENT_DELAYED;
    }
    return send_message(delivery, &message, reason);
}

/* False when nothing is left to be settled. */
static bool conclude(struct delivery *delivery, enum client_delivery result,
                     const struct reason *reason)
{
    delivery->error = str_of(reason->detail);
    switch (result) {
    case CLIENT_DELIVERED:
        delivery->end = OUTBOX_SENT;
        return true;
    case CLIENT_REFUSED:
        delivery->end = OUTBOX_DEAD;
        return true;
    case CLIENT_UNCERTAIN:
        delivery->end = OUTBOX_UNKNOWN;
        return true;
    case CLIENT_DELAYED:
        delivery->end = OUTBOX_AGAIN;
        return true;
    case CLIENT_UNREACHABLE:
        delivery->end = OUTBOX_AWAY;
        return true;
    case CLIENT_WITHDRAWN:
        break;
    }
    return false; /* the claim is somebody else's by now, or the store is away and it lapses */
}

static enum fate fate_of(enum outbox_end end)
{
    switch (end) {
    case OUTBOX_SENT:
        return FATE_SENT;
    case OUTBOX_AGAIN:
    case OUTBOX_AWAY:
        return FATE_AGAIN;
    case OUTBOX_DEAD:
    case OUTBOX_UNKNOWN:
        break;
    }
    return FATE_DEAD;
}

/* *ret_on is false when there is nothing more to do in this round. */
static enum err send_next(struct ctx *ctx, struct postman *postman, bool *ret_on)
{
    struct delivery delivery = {.ctx = ctx, .postman = postman};
    struct reason reason = {0};

    *ret_on = false;
    TRY(run(ctx, postman, TX_WRITE, claim, &delivery));
    if (!delivery.found) {
        return ERR_OK;
    }
    postman->busy = monotonic_ms();
    enum client_delivery result = deliver(&delivery, &reason);
    if (result == CLIENT_UNREACHABLE) {
        postman->away_until = monotonic_ms() + AWAY_MS;
    }
    *ret_on = result != CLIENT_UNREACHABLE;
    if (!conclude(&delivery, result, &reason)) {
        return ERR_OK;
    }
    (void)atomic_fetch_add(&postman->fates[fate_of(delivery.end)], 1);
    enum err e = run(ctx, postman, TX_WRITE, settle, &delivery);
    return e == ERR_MISSING ? ERR_OK : e;
}

/* What there is to do. */
struct work {
    bool asked, due;
};

static enum err look(struct ctx *ctx, void *with)
{
    struct work *work = with;

    TRY(asking_look(ctx, &work->asked));
    return outbox_look(ctx, &work->due);
}

static enum err answer_asked(struct ctx *ctx, void *with)
{
    return asking_settle(ctx, with);
}

static enum err measure(struct ctx *ctx, void *with)
{
    (void)with;
    return outbox_measure(ctx);
}

static enum err tidy(struct ctx *ctx, void *with)
{
    (void)with;
    return outbox_tidy(ctx);
}

static enum err keep_count(struct ctx *ctx, struct postman *postman)
{
    int64_t now = monotonic_ms();

    if (postman->measured != 0 && now < postman->measured + MEASURE_MS) {
        return ERR_OK;
    }
    postman->measured = now;
    TRY(run(ctx, postman, TX_READ, measure, NULL));
    struct outbox_size size = outbox_size(ctx->service->outbox);
    atomic_store(&postman->queue, size.waiting);
    atomic_store(&postman->dead, size.dead);
    return ERR_OK;
}

enum err postman_round(struct ctx *ctx, struct postman *postman, bool *ret_more)
{
    struct work work = {0};

    *ret_more = false;
    postman->begun = ctx->now;
    postman->begun_ms = monotonic_ms();
    TRY(keep_count(ctx, postman));
    TRY(run(ctx, postman, TX_READ, look, &work));
    if (work.asked) {
        TRY(run(ctx, postman, TX_WRITE, answer_asked, ret_more));
    }
    bool on = work.asked || work.due;
    if (!on || monotonic_ms() < postman->away_until) {
        if (monotonic_ms() > postman->busy + REST_MS) {
            post_rest(postman->post);
        }
        return ERR_OK;
    }
    TRY(run(ctx, postman, TX_WRITE, tidy, NULL));
    for (size_t i = 0; on && i < ROUND_MOST; i++) {
        TRY(send_next(ctx, postman, &on));
        on = on && !outbox_is_ending(ctx->service->outbox);
    }
    *ret_more = *ret_more || on;
    return ERR_OK;
}

static enum err refuse(void *with)
{
    (void)with;
    return ERR_MISSING;
}

enum err postman_probe(struct postman *postman, struct reason *reason)
{
    struct parcel parcel = {.from = postman->letters.from.address, .before_end = refuse};

    if (postman->letters.settings->transport.len == 0) {
        return ERR_MISSING;
    }
    return post_send(postman->post, &parcel, reason) == CLIENT_DELIVERED ? ERR_OK : ERR_STORE_DOWN;
}

void postman_write_metrics(void *object, struct buf *out)
{
    static const char *const labels[FATES] = {"result=\"sent\"", "result=\"again\"",
                                              "result=\"dead\""};
    const struct postman *postman = object;

    metrics_write_help(out, "signet_mail_attempts_total", "counter",
                       "Attempts of this node to send a letter");
    for (size_t i = 0; i < FATES; i++) {
        metrics_write_value(out, "signet_mail_attempts_total", labels[i],
                            atomic_load(&postman->fates[i]));
    }
    metrics_write_help(out, "signet_mail_letters", "gauge", "Letters in the outbox");
    metrics_write_value(out, "signet_mail_letters", "state=\"waiting\"",
                        atomic_load(&postman->queue));
    metrics_write_value(out, "signet_mail_letters", "state=\"dead\"", atomic_load(&postman->dead));
}
