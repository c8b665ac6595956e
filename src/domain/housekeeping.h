/* Removing what has served its time, in units so small that nobody waits for one. */
#pragma once

#include "domain/ctx.h"

/* One unit of removing; *ret_more when there is more to remove, for which this is to be called
 * again after a rest. Of several nodes on one store one removes, and the others have nothing to do.
 */
enum err housekeeping_step(struct ctx *ctx, bool *ret_more);

/* What cannot wait for a minute: what the store leaves to others than its writers, and places for
 * new users (domain/roster.h). */
enum err housekeeping_often(struct ctx *ctx, bool *ret_more);
