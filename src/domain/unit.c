/* Begin, work, commit or roll back, tell standing, write the notes. */
#include "domain/unit.h"

#include "base/random.h"
#include "domain/changes.h"
#include "domain/desk.h"
#include "domain/note.h"
#include "domain/outbox.h"
#include "domain/picture.h"
#include "domain/service.h"
#include "domain/standing.h"
#include "store/store.h"

#include <unistd.h>

enum {
    TRIES = 10,
    PAUSE_MOST_US = 64000
};

/* Before another try, for a time that differs from everybody else's: longer the more often it
 * failed, since then there are many who want the same row. */
static void step_aside(int tries)
{
    uint32_t most = tries < 7 ? 500U << tries : PAUSE_MOST_US, chance = 0;

    (void)!random_fill(&chance, sizeof chance); /* without it they only meet again */
    (void)usleep(chance % most);
}

static void apply_all(struct ctx *ctx)
{
    if (tx_begin(ctx->desk->seat, TX_READ, ctx->arena, &ctx->tx) != ERR_OK) {
        return;
    }
    for (const struct told *told = ctx->told; told; told = told->next) {
        (void)!changes_apply(ctx, told);
    }
    tx_rollback(ctx->tx);
    ctx->tx = NULL;
}

/* What the unit changed, now that it is durable. What cannot be taken over here comes by the feed.
 */
static void tell_standing(struct ctx *ctx)
{
    if (ctx->told && ctx->service->standing) { /* the command line keeps none */
        standing_lock(ctx->service->standing);
        apply_all(ctx);
        standing_unlock(ctx->service->standing);
    }
}

static void wake_sender(const struct ctx *ctx)
{
    if (ctx->wrote_letter) {
        outbox_ring(ctx->service->outbox);
    }
}

static enum err work_in_unit(struct ctx *ctx, enum unit_kind kind,
                             enum err (*work)(struct ctx *ctx, void *with), void *with)
{
    TRY(tx_begin(ctx->desk->seat, kind, ctx->arena, &ctx->tx));

    enum err e = work(ctx, with);
    struct tx *tx = ctx->tx;
    ctx->tx = NULL;
    if (e != ERR_OK) {
        tx_rollback(tx);
        return e;
    }
    return tx_commit(tx);
}

static enum err run_once(struct ctx *ctx, enum unit_kind kind,
                         enum err (*work)(struct ctx *ctx, void *with), void *with)
{
    struct actor actor = ctx->actor;

    ctx->told = NULL;
    ctx->wrote_letter = false;
    ctx->picture_left = (struct str){0};
    ctx->reason = (struct reason){0};
    ctx->warning = NULL;
    enum err e = work_in_unit(ctx, kind, work, with);
    if (e == ERR_OK) {
        tell_standing(ctx);
        wake_sender(ctx);
        picture_forget(ctx);
        return ERR_OK;
    }
    ctx->actor = actor;  /* nobody has come in by a login that is not kept */
    ctx->warning = NULL; /* nor is there anything to be warned of */
    const struct reason *engine = seat_reason(ctx->desk->seat);
    return engine->detail[0] ? ctx_fail(ctx, e, STR(""), "%s", engine->detail) : e;
}

static enum err write_claim(struct ctx *ctx, void *with)
{
    return claim_write(ctx, with);
}

static enum err run_until_settled(struct ctx *ctx, enum unit_kind kind,
                                  enum err (*work)(struct ctx *ctx, void *with), void *with);

/* Before another try: what the last one wants to have counted first, or a while. */
static enum err before_again(struct ctx *ctx, int tries)
{
    struct claim *claim = ctx->claim;

    if (!claim_waits(claim)) {
        step_aside(tries);
        return ERR_OK;
    }
    ctx->claim = NULL; /* while this is written, nothing else waits */
    enum err e = run_until_settled(ctx, TX_WRITE, write_claim, claim);
    ctx->claim = claim;
    return e;
}

/* Runs it again while the store asks for it. What had been noted before stays; what a try that is
 * run again has noted does not. */
static enum err run_until_settled(struct ctx *ctx, enum unit_kind kind,
                                  enum err (*work)(struct ctx *ctx, void *with), void *with)
{
    enum err e = ERR_STORE_RETRY;
    struct note *notes = ctx->notes;

    for (int tries = 0; tries < TRIES && e == ERR_STORE_RETRY; tries++) {
        if (tries > 0) {
            TRY(before_again(ctx, tries));
        }
        ctx->notes = notes;
        e = run_once(ctx, kind, work, with);
    }
    return e;
}

static enum err write_notes(struct ctx *ctx, void *with)
{
    (void)with;
    return notes_write(ctx);
}

enum err unit_run(struct ctx *ctx, enum unit_kind kind,
                  enum err (*work)(struct ctx *ctx, void *with), void *with)
{
    ctx->notes = NULL;
    ctx->claim = NULL;
    enum err e = run_until_settled(ctx, kind, work, with);
    if (!ctx->notes) {
        return e;
    }
    struct reason first = ctx->reason;
    const char *warning = ctx->warning;
    enum err noted = run_until_settled(ctx, TX_WRITE, write_notes, NULL);
    ctx->notes = NULL;
    if (noted != ERR_OK) {
        return noted; /* a failure that cannot be counted is not told apart from an outage */
    }
    ctx->reason = first;
    ctx->warning = warning;
    return e;
}
