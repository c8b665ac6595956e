/* Notes of what has to outlast a failure. */
#include "domain/note.h"

#include "base/arena.h"
#include "domain/event.h"
#include "domain/session.h"
#include "store/queries.h"

struct note {
    struct note *next;
    bool is_failure;  /* else an event */
    struct id family; /* of sessions that end with it */
    struct key32 attempt;
    enum event_verb verb;
    struct id subject;
};

struct claim {
    struct key32 subject;
    int64_t failures;
    struct moment last;
    bool written, granted;
};

static enum err note_add(struct ctx *ctx, struct note note)
{
    struct note *kept = arena_alloc(ctx->arena, sizeof *kept);

    if (!kept) {
        return ERR_MEMORY;
    }
    *kept = note;
    kept->next = ctx->notes;
    ctx->notes = kept;
    return ERR_OK;
}

enum err note_event(struct ctx *ctx, enum event_verb verb, struct id subject)
{
    return note_add(ctx, (struct note){.verb = verb, .subject = subject});
}

enum err note_failure(struct ctx *ctx, const struct key32 *attempt_subject)
{
    return note_add(ctx, (struct note){.is_failure = true, .attempt = *attempt_subject});
}

enum err note_reuse(struct ctx *ctx, struct id family, struct id user)
{
    return note_add(ctx,
                    (struct note){.verb = EVENT_SESSION_REUSED, .subject = user, .family = family});
}

enum err notes_write(struct ctx *ctx)
{
    for (const struct note *note = ctx->notes; note; note = note->next) {
        if (note->is_failure) {
            TRY(q_attempt_failed(ctx->tx, &note->attempt, ctx->now));
        } else {
            TRY(event(ctx, note->verb, note->subject));
            TRY(id_is_set(note->family) ? session_end_family(ctx, note->family) : ERR_OK);
        }
    }
    return ERR_OK;
}

enum err note_claim(struct ctx *ctx, const struct key32 *subject, int64_t failures,
                    struct moment last)
{
    struct claim *claim = arena_alloc(ctx->arena, sizeof *claim);

    if (!claim) {
        return ERR_MEMORY;
    }
    *claim = (struct claim){.subject = *subject, .failures = failures, .last = last};
    ctx->claim = claim;
    return ERR_OK;
}

bool note_is_claimed(const struct ctx *ctx, const struct key32 *subject, bool *ret_granted)
{
    const struct claim *claim = ctx->claim;

    if (!claim || !claim->written || !key32_eq(&claim->subject, subject)) {
        return false;
    }
    *ret_granted = claim->granted;
    return true;
}

bool claim_waits(const struct claim *claim)
{
    return claim && !claim->written;
}

enum err claim_write(struct ctx *ctx, struct claim *claim)
{
    int64_t claimed;

    TRY(q_attempt_claim(ctx->tx, ctx->now, &claim->subject, claim->failures, claim->last,
                        &claimed));
    claim->granted = claimed > 0;
    claim->written = true;
    return ERR_OK;
}
