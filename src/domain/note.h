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
