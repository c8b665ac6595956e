/* Telling what happened: one row, in the unit of work that makes it happen. */
#pragma once

#include "domain/ctx.h"

enum err event(struct ctx *ctx, enum event_verb verb, struct id subject);

/* When the newest event happened. ERR_MISSING when there is none. */
enum err event_last(struct ctx *ctx, struct moment *ret);
