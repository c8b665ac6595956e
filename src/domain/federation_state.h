/* The state of a login at a provider: made when it begins, judged when it comes back. For
 * domain/federation alone. */
#pragma once

#include "base/secret.h"
#include "domain/ctx.h"
#include "model/identity.h"

enum {
    STATE_RANDOM = 32,
    BROWSER_TEXT = 64 /* hexadecimal digits of the cookie */
};

/* What it is bound to. */
struct state_bounds {
    enum provider provider;
    struct str redirect_uri; /* no text where an id_token comes back, for that is bound to none */
    struct str browser;
};

struct state {
    uint8_t random[STATE_RANDOM];
    struct moment begun;
};

enum err state_make(struct ctx *ctx, struct state *ret);
enum err state_print(struct ctx *ctx, const struct state *state, const struct state_bounds *bounds,
                     struct str *ret);
/* ERR_FIELD_VALUE for a state that is not ours, or of other bounds, or too old. */
enum err state_read(struct ctx *ctx, struct str text, const struct state_bounds *bounds,
                    struct state *ret);

/* What goes with it and nobody else can know. */
enum err state_nonce(struct ctx *ctx, const struct state *state, struct str *ret);
enum err state_verifier(struct ctx *ctx, const struct state *state, struct str *ret);

/* The cookie: the one that was shown if it looks like one of ours, so that logins in two windows do
 * not get in each other's way; else a new one. */
enum err state_browser(struct ctx *ctx, struct str shown, struct str *ret);
