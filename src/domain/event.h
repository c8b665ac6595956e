/* Telling what happened: one row, in the unit of work that makes it happen. */
#pragma once

#include "domain/ctx.h"

enum err event(struct ctx *ctx, enum event_verb verb, struct id subject);

/* The same for each member of an organization: there may be very many, so that this process hears
 * of it by the feed, like all others. */
enum err event_members(struct ctx *ctx, enum event_verb verb, struct id organization);

/* When the newest event happened. ERR_MISSING when there is none. */
enum err event_last(struct ctx *ctx, struct moment *ret);
