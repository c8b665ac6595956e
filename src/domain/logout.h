/* The way out. */
#pragma once

#include "base/secret.h"
#include "domain/ctx.h"

/* Ends the session that the token names, if it is one of ours, and all that came of it where
 * another has taken its place; it may have expired, as long as it could still be renewed. Anything
 * else is nobody's token: ERR_OK. */
enum err logout(struct ctx *ctx, struct str token);

/* Ends the actor's own session, and that of a refresh token of theirs (refresh_end), if there is
 * one. ERR_TOKEN_INVALID when another has taken its place since they were let in: that family ends
 * all the same. */
enum err logout_self(struct ctx *ctx, struct secret refresh);
