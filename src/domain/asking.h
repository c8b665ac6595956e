/* Letters with a link that anybody may ask for, by an address that may be an account's or not.
 *
 * Who asks has the same done for them, in the same time, whether there is an account or not: it is
 * written down and counted. Whether there is one is found out afterwards, by who sends. */
#pragma once

#include "domain/ctx.h"
#include "model/link.h"
#include "text/email.h"

struct asked_letter {
    enum link_kind kind;
    struct email to;
    struct str path; /* where the link leads, as in struct link_letter */
};

/* In the unit at hand, which may be a late one. ERR_TOO_MANY with the seconds to wait when this was
 * asked for as often as the settings allow (links.per_address): counted in the store, and so for
 * all nodes together. ERR_BUSY when too many letters wait. */
enum err asking_put(struct ctx *ctx, const struct asked_letter *in);

/* Whether anything was asked for that nobody has looked at. */
enum err asking_look(struct ctx *ctx, bool *ret_open);

/* Looks at the oldest, up to a bound, in a unit that writes: whoever has an account with that
 * address, and may come in, gets the letter. Where the outbox has no room they stay. *ret_more:
 * there may be others, and room for them. */
enum err asking_settle(struct ctx *ctx, bool *ret_more);
