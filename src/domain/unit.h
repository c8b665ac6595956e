/* One unit of work. Only the pipeline, the jobs and the command line run one. */
#pragma once

#include "domain/ctx.h"
#include "model/unit.h"

/* Runs `work` in a unit of its own: committed if it answers ERR_OK, else rolled back; then its
 * notes are written. When the store asks for it, it is run again from the start, a few times: so
 * `work` has no effect but through the unit and the arena. What it changed is known to standing
 * when this returns. */
enum err unit_run(struct ctx *ctx, enum unit_kind kind,
                  enum err (*work)(struct ctx *ctx, void *with), void *with);
