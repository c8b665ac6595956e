/* The outbox: rows sealed at rest, claimed by one sender at a time. */
#include "domain/outbox.h"

#include "base/arena.h"
#include "base/buf.h"
#include "crypto/digest.h"
#include "domain/desk.h"
#include "domain/event.h"
#include "domain/service.h"
#include "store/queries.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    SEALED_MOST = 32 << 10,
    LIST_MOST = 10000,
    BUSY_SECONDS = 30
};

/* Seconds before the next attempt, by how many there have been. */
static const int64_t pauses[] = {5, 30, 120, 600};

/* Also how outbox_retry_all knows those that it must not touch. */
#define UNCERTAIN "nobody knows whether it arrived: its end was sent, and no answer was seen"

#define UNREADABLE "it cannot be opened: under another master key, or by a newer signet"

struct outbox {
    int64_t most;
    _Atomic int64_t waiting, dead; /* as last measured, and counted on since */
    pthread_mutex_t lock;
    pthread_cond_t bell;
    bool rung;
    _Atomic bool ending;
};

enum err outbox_create(int64_t most, struct outbox **ret)
{
    struct outbox *outbox = calloc(1, sizeof *outbox);
    pthread_condattr_t monotonic;

    if (!outbox) {
        return ERR_MEMORY;
    }
    outbox->most = most;
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&outbox->bell, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    (void)pthread_mutex_init(&outbox->lock, NULL);
    *ret = outbox;
    return ERR_OK;
}

void outbox_destroy(struct outbox *outbox)
{
    if (outbox) {
        (void)pthread_cond_destroy(&outbox->bell);
        (void)pthread_mutex_destroy(&outbox->lock);
        free(outbox);
    }
}

void outbox_ring(struct outbox *outbox)
{
    (void)pthread_mutex_lock(&outbox->lock);
    outbox->rung = true;
    (void)pthread_cond_signal(&outbox->bell);
    (void)pthread_mutex_unlock(&outbox->lock);
}

void outbox_wait(struct outbox *outbox, int64_t ms)
{
    int64_t until_ms = monotonic_ms() + ms;
    struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};

    (void)pthread_mutex_lock(&outbox->lock);
    while (!outbox->rung && !atomic_load(&outbox->ending) && monotonic_ms() < until_ms) {
        (void)pthread_cond_timedwait(&outbox->bell, &outbox->lock, &until);
    }
    outbox->rung = false;
    (void)pthread_mutex_unlock(&outbox->lock);
}

void outbox_end(struct outbox *outbox)
{
    atomic_store(&outbox->ending, true);
    outbox_ring(outbox);
}

bool outbox_is_ending(const struct outbox *outbox)
{
    return atomic_load(&outbox->ending);
}

/* Bound to the row, so that what one letter says cannot be moved into another. */
static enum err seal(struct ctx *ctx, const struct letter *letter, struct id id, struct str *ret)
{
    struct buf clear = buf_in_arena(ctx->arena, SEALED_MOST), context;
    char memory[ID_TEXT];
    struct str text;

    letter_print(&clear, letter);
    TRY(buf_end(&clear, &text));
    context = buf_over(memory, sizeof memory);
    id_print(&context, id);
    return seal_close(ctx->arena, &ctx->service->letters, buf_str(&context), text, ret);
}

static enum err unseal(struct ctx *ctx, const struct outbox_row *row, struct letter *letter)
{
    char memory[ID_TEXT];
    struct buf context = buf_over(memory, sizeof memory);
    struct str clear;

    id_print(&context, row->id);
    TRY(seal_open(ctx->arena, &ctx->service->letters, buf_str(&context), row->sealed, &clear));
    return letter_parse(clear, letter) == ERR_OK ? ERR_OK : ERR_CRYPTO;
}

/* Bounded by what was last counted: an exact count in each unit would make all of them wait for
 * one another. */
enum err outbox_has_room(struct ctx *ctx)
{
    const struct outbox *outbox = ctx->service->outbox;

    if (atomic_load(&outbox->waiting) < outbox->most) {
        return ERR_OK;
    }
    enum err e = ctx_fail(ctx, ERR_BUSY, STR(""), "%lld letters wait already (mail.queue)",
                          (long long)outbox->most);
    ctx->reason.retry_after = BUSY_SECONDS;
    return e;
}

enum err outbox_put(struct ctx *ctx, const struct letter *letter, struct id *ret)
{
    struct outbox_row row = {
        .kind = letter_kind_name(letter->kind),
        .recipient = letter->to.shown,
        .account = letter->account,
        .state = LETTER_WAITING,
        .due = ctx->now,
        .created = ctx->now,
        .expires = letter->expires,
    };

    if (letter_check(letter) != ERR_OK) {
        return ctx_fail(ctx, ERR_FIELD_VALUE, STR(""), "a text that has no place in a letter");
    }
    TRY(outbox_has_room(ctx));
    TRY(id_make(ctx->now, &row.id));
    TRY(seal(ctx, letter, row.id, &row.sealed));
    if (letter->token.hidden.len > 0) {
        TRY(digest_sha256(ctx->desk->digester, letter->token.hidden, &row.token));
    }
    TRY(q_outbox_insert(ctx->tx, &row));
    (void)atomic_fetch_add(&ctx->service->outbox->waiting, 1);
    ctx->wrote_letter = true;
    *ret = row.id;
    return ERR_OK;
}

/* About the account where there is one: the letter itself is gone some day. */
static enum err tell(struct ctx *ctx, enum event_verb verb, struct id account, struct id letter)
{
    return event(ctx, verb, id_is_set(account) ? account : letter);
}

static enum err open_letter(struct ctx *ctx, const struct outbox_row *row, struct claimed *ret)
{
    *ret = (struct claimed){
        .letter = {.id = row->id,
                   .kind = letter_kind_of(row->kind),
                   .account = row->account,
                   .created = row->created,
                   .expires = row->expires},
        .claim = row->claim,
        .attempts = row->attempts,
    };
    if (ret->letter.kind == LETTER_KINDS ||
        email_parse(ctx->arena, row->recipient, &ret->letter.to) != ERR_OK) {
        return ERR_CRYPTO;
    }
    return unseal(ctx, row, &ret->letter);
}

enum err outbox_claim(struct ctx *ctx, int64_t seconds, struct claimed *ret, bool *ret_found)
{
    struct outbox_row row;
    struct id claim;

    TRY(id_make(ctx->now, &claim));
    enum err e = q_outbox_claim(ctx->tx, claim, moment_plus(ctx->now, seconds), ctx->now, &row);
    *ret_found = e == ERR_OK;
    if (e != ERR_OK) {
        return e == ERR_MISSING ? ERR_OK : e;
    }
    e = open_letter(ctx, &row, ret);
    if (e == ERR_CRYPTO) {
        *ret_found = false;
        return outbox_settle(ctx, ret, OUTBOX_DEAD, STR(UNREADABLE));
    }
    return e;
}

enum err outbox_hand(struct ctx *ctx, const struct claimed *claimed, int64_t seconds)
{
    return q_outbox_hand(ctx->tx, moment_plus(ctx->now, seconds), claimed->letter.id,
                         claimed->claim);
}

static int64_t pause_after(int64_t attempts)
{
    size_t last = ARRAY_LEN(pauses) - 1;
    size_t at = attempts < 1 ? 0 : (size_t)attempts - 1;

    return pauses[at < last ? at : last];
}

enum err outbox_settle(struct ctx *ctx, const struct claimed *claimed, enum outbox_end end,
                       struct str error)
{
    const struct letter *letter = &claimed->letter;

    switch (end) {
    case OUTBOX_SENT:
        TRY(q_outbox_sent(ctx->tx, ctx->now, letter->id, claimed->claim));
        return tell(ctx, EVENT_MAIL_SENT, letter->account, letter->id);
    case OUTBOX_AWAY:
        return q_outbox_again(ctx->tx, moment_plus(ctx->now, pauses[0]), error, letter->id,
                              claimed->claim);
    case OUTBOX_AGAIN:
        return q_outbox_again(ctx->tx, moment_plus(ctx->now, pause_after(claimed->attempts)), error,
                              letter->id, claimed->claim);
    case OUTBOX_UNKNOWN:
    case OUTBOX_DEAD:
        error = end == OUTBOX_UNKNOWN ? STR(UNCERTAIN) : error;
        TRY(q_outbox_die(ctx->tx, error, letter->id, claimed->claim));
        return tell(ctx, EVENT_MAIL_DEAD, letter->account, letter->id);
    }
    return ERR_OK;
}

enum err outbox_tidy(struct ctx *ctx)
{
    struct outbox_lapse_row *lapsed;
    struct outbox_expire_row *expired;
    size_t count;

    TRY(q_outbox_lapse(ctx->tx, STR(UNCERTAIN), ctx->now, &lapsed, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(tell(ctx, EVENT_MAIL_DEAD, lapsed[i].account, lapsed[i].id));
    }
    TRY(q_outbox_expire(ctx->tx, STR("expired; before that: "), ctx->now, &expired, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(tell(ctx, EVENT_MAIL_DEAD, expired[i].account, expired[i].id));
    }
    return ERR_OK;
}

enum err outbox_look(struct ctx *ctx, bool *ret_due)
{
    struct outbox_due_row row;

    enum err e = q_outbox_due(ctx->tx, ctx->now, &row);
    *ret_due = e == ERR_OK;
    return e == ERR_MISSING ? ERR_OK : e;
}

enum err outbox_measure(struct ctx *ctx)
{
    struct outbox *outbox = ctx->service->outbox;
    struct outbox_count_row row;

    TRY(q_outbox_count(ctx->tx, &row));
    atomic_store(&outbox->waiting, row.waiting);
    atomic_store(&outbox->dead, row.dead);
    return ERR_OK;
}

struct outbox_size outbox_size(const struct outbox *outbox)
{
    return (struct outbox_size){atomic_load(&outbox->waiting), atomic_load(&outbox->dead)};
}

enum err outbox_list(struct ctx *ctx, struct outbox_row **ret, size_t *ret_count)
{
    return q_outbox_list(ctx->tx, LIST_MOST, ret, ret_count);
}

enum err outbox_retry(struct ctx *ctx, struct id id)
{
    struct outbox_revive_row row;

    TRY(q_outbox_revive(ctx->tx, ctx->now, id, &row));
    ctx->wrote_letter = true;
    return ERR_OK;
}

enum err outbox_retry_all(struct ctx *ctx, int64_t *ret_count)
{
    ctx->wrote_letter = true;
    return q_outbox_revive_all(ctx->tx, ctx->now, STR(UNCERTAIN), ret_count);
}

enum err outbox_drop(struct ctx *ctx, struct id id)
{
    struct outbox_drop_row row;

    return q_outbox_drop(ctx->tx, id, &row);
}
