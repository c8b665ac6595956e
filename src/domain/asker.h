/* Who asks, looked at once more. Between being let in and the first write a request waits for its
 * turn, and a password is hashed: somebody whose sessions were ended meanwhile has set none. */
#pragma once

#include "domain/ctx.h"

/* After the work of a unit: ERR_TOKEN_INVALID if it wrote something and the session or the service
 * key that asked for it has ended, unless by this unit. Nothing is asked of one that only read. */
enum err asker_confirm(struct ctx *ctx, const struct actor *asker);
