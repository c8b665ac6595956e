/* Refresh tokens: opaque, good for one use, by which a login goes on beyond its access token.
 *
 * A session has a chain of them, of which one counts. A token is a keyed digest of the session's
 * seed (256 random bits) and its place in the chain. The store has the seed and the place, but
 * not the key: neither a token nor a digest of one can be read there. So the place alone has to be
 * moved on, by one statement; a successor whose answer was lost is made again, the same as before,
 * without having been kept; and the oldest token of a chain is still known for one that was used,
 * although nothing is kept of it. */
#pragma once

#include "base/secret.h"
#include "domain/ctx.h"
#include "domain/token.h"
#include "model/session.h"
#include "model/user.h"

/* The first token of a session, in the unit that opened it; from there on the session lasts as the
 * settings say of those that have one, in the store and in *session: so before anything is issued
 * that ends with it. It lies in the arena. */
enum err refresh_issue(struct ctx *ctx, struct session *session, struct secret *ret);

struct refreshed {
    struct user user;
    struct session session;
    struct token token;    /* a new access token of the same session */
    struct secret refresh; /* the successor */
};

/* Uses a token up. The one just before the newest gives the same successor again for a few seconds,
 * to the address to which that was given. Any other that was used ends the family of its session,
 * although the request fails. ERR_TOKEN_INVALID, ERR_ACCOUNT_STATE. */
enum err refresh_use(struct ctx *ctx, struct secret token, struct refreshed *ret);

/* Ends the family of the session that this token is one of, used or not, if it is the actor's own.
 * Anything else is nobody's token: ERR_OK. */
enum err refresh_end(struct ctx *ctx, struct secret token);
