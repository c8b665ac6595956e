/* Logging in by a letter: a link (LINK_MAGIC), or the digits beside it for those who cannot follow
 * it where they are. */
#pragma once

#include "base/secret.h"
#include "domain/login.h"
#include "text/email.h"

/* Where the links lead, below http.public_url. */
#define MAGIC_PATH "/magic-link"

/* Has one sent, if there is an account that may come in; see asking_put for what it answers. */
enum err magic_ask(struct ctx *ctx, const struct email *to);

/* What somebody shows: the token of a link, or an address and the code that was sent there. */
struct magic {
    struct secret token; /* no text: by the code */
    struct email email;
    struct secret code;
};

/* Uses it up, takes the address for verified from here on, and lets its owner in. What led into an
 * account whose address had still to be verified ends with that: whoever registered with it may
 * have been anybody. ERR_LINK alike for all that does not count, and whoever it is said to be;
 * ERR_ACCOUNT_STATE. */
enum err magic_enter(struct ctx *ctx, const struct magic *in, struct logged_in *ret);
