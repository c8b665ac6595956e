/* What is written although the request fails: a failed attempt, the audit of a refusal. Noted while
 * the request runs, written after its unit of work has been rolled back, in a unit of its own. */
#pragma once

#include "base/secret.h"
#include "domain/ctx.h"

enum err note_event(struct ctx *ctx, enum event_verb verb, struct id subject);
enum err note_failure(struct ctx *ctx, const struct key32 *attempt_subject);

/* Writes all notes into the open unit. */
enum err notes_write(struct ctx *ctx);
