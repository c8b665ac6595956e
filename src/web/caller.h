/* Who asks: step 3 of the pipeline. */
#pragma once

#include "web/call.h"

/* Looks at what the request shows of its caller, and fills ctx.actor; nobody, where it shows
 * nothing. ERR_TOKEN_INVALID for what is there and not good, whatever stands beside it: it is never
 * treated as absent; ERR_STORE_DOWN as token_accept.
 *
 * A service key may stand beside a bearer token: gateways send theirs with every request they pass
 * on. Both have to be good, and then the token says who asks and what they may: the key adds
 * nothing, so that no user does through a gateway what only the gateway may.
 *
 * Without a token, X-User-Id beside a good key and from a trusted proxy says whom the call is for:
 * then that user asks, not the service. From anyone else the header is ignored. One of theirs that
 * is no id is ERR_REQUEST_MALFORMED. */
enum err caller_identify(struct call *c);
