/* What is written although the request fails: a failed attempt, the audit of a refusal. Noted while
 * the request runs, written after its unit of work has been rolled back, in a unit of its own. */
#pragma once

#include "base/secret.h"
#include "domain/ctx.h"

enum err note_event(struct ctx *ctx, enum event_verb verb, struct id subject);
enum err note_failure(struct ctx *ctx, const struct key32 *attempt_subject);

/* A token that was used up has been shown again: its whole family of sessions is to end. */
enum err note_reuse(struct ctx *ctx, struct id family, struct id user);

/* Writes all notes into the open unit. */
enum err notes_write(struct ctx *ctx);

/* One more failure of `subject`, which had so many when it was looked at: whoever answers
 * ERR_STORE_RETRY after this has it written down before they are run again, in a unit of its own.
 */
enum err note_claim(struct ctx *ctx, const struct key32 *subject, int64_t failures,
                    struct moment last);

/* Whether that has been done for it in this run; *ret_granted: there was no other since. */
bool note_is_claimed(const struct ctx *ctx, const struct key32 *subject, bool *ret_granted);

/* Whether a claim waits; and writes it into the open unit. */
bool claim_waits(const struct claim *claim);
enum err claim_write(struct ctx *ctx, struct claim *claim);
