/* The installation as a whole: what holds for every user of it. */
#pragma once

#include "domain/ctx.h"

/* Nothing that was issued before then counts; zero when it was never restored. */
enum err installation_not_before(struct ctx *ctx, struct moment *ret);

/* It has just been brought back from a backup, in this unit, which writes. Whatever was issued up
 * to this second is void from here on; so it is with what was issued up to `newest`, should the
 * clock be behind. *ret is from when on tokens count. */
enum err installation_begin_anew(struct ctx *ctx, struct moment newest, struct moment *ret);
