/* Removing what has served its time, in units so small that nobody waits for one. */
#pragma once

#include "domain/ctx.h"

/* What there is, up to a bound; the rest waits for the next step. */
enum err housekeeping_step(struct ctx *ctx);
