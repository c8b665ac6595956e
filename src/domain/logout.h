/* The way out, for whoever has a token and nothing else. */
#pragma once

#include "domain/ctx.h"

/* Ends the session that the token names, if it is one of ours and its session lasts; it may have
 * expired, as long as it could still be renewed. Anything else is nobody's token: ERR_OK. */
enum err logout(struct ctx *ctx, struct str token);
