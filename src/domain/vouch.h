/* A user for whom a program speaks that shows a service key: from there on the call is the user's,
 * with what they may and no more, and its events name the key beside. */
#pragma once

#include "domain/ctx.h"

/* Makes this user ctx->actor. From memory alone, so that whether there ever was one is left open;
 * ERR_TOKEN_INVALID for one who may not come in. */
enum err vouch_accept(struct ctx *ctx, const struct actor *service, struct id user);

/* In a unit: that there is the user for whom somebody speaks, and their names, which memory does
 * not have. ERR_TOKEN_INVALID. Every other actor stays as it is. */
enum err vouch_confirm(struct ctx *ctx);
