/* The way out. */
#pragma once

#include "base/secret.h"
#include "domain/ctx.h"

/* Ends the session that the token names, if it is one of ours and its session lasts; it may have
 * expired, as long as it could still be renewed. Anything else is nobody's token: ERR_OK. */
enum err logout(struct ctx *ctx, struct str token);

/* Ends the actor's own session, and that of a refresh token of theirs (refresh_end), if there is
 * one. */
enum err logout_self(struct ctx *ctx, struct secret refresh);
