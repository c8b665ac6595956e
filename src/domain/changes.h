/* What an event changes in memory: who has to hear of it, and hears. */
#pragma once

#include "domain/ctx.h"

/* Takes over one event, as the store has its subject by now: so it does not matter in which order
 * events are heard, or how often. Needs a unit that reads, opened under standing's lock. */
enum err changes_apply(struct ctx *ctx, const struct told *event);
