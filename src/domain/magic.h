/* Logging in by a letter: a link (LINK_MAGIC), or the digits beside it for those who cannot follow
 * it where they are. */
#pragma once

#include "base/secret.h"
#include "domain/login.h"
#include "text/email.h"

/* Where the links lead, below http.public_url. */
#define MAGIC_PATH "/magic-link"

enum {
    MAGIC_LIFE = 600 /* seconds that a browser is known for having asked */
};

/* Has one sent, if there is an account that may come in; see asking_put for what it answers. */
enum err magic_ask(struct ctx *ctx, const struct email *to);

/* What somebody shows: the token of a link, or an address and the code that was sent there. */
struct magic {
    struct secret token; /* no text: by the code */
    struct email email;
    struct secret code;
};

/* Uses it up, takes the address for verified from here on, and lets its owner in. What led into an
 * account whose address was claimed and no more ends with that: whoever wrote it there may have
 * been anybody. Of one that somebody else made for its owner all stays. ERR_LINK alike for all that
 * does not count, and whoever it is said to be; ERR_ACCOUNT_STATE. */
enum err magic_enter(struct ctx *ctx, const struct magic *in, struct logged_in *ret);

/* What a browser is given that asks for a link, alike for every address: it shows that the link is
 * followed where it was asked for. Nobody else can make one. */
enum err magic_browser(struct ctx *ctx, const struct email *to, struct str *ret);

/* Whose link it is, and whether this is of the browser that asked for it; nothing is used up.
 * ERR_LINK. */
struct magic_seen {
    struct user user;
    bool same_browser;
};
enum err magic_look(struct ctx *ctx, struct str token, struct str browser, struct magic_seen *ret);

/* For a page that leads on to an application: uses up what was shown, as magic_enter does, and
 * makes a new link of it, for the application to show. Nobody is let in yet. ERR_LINK,
 * ERR_ACCOUNT_STATE. */
struct link;
enum err magic_pass_on(struct ctx *ctx, const struct magic *in, struct link *ret);
