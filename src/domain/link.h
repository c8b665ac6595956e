/* Single-use links: whoever shows one has read what was mailed to an account's address.
 *
 * There is at most one of a kind for each account, and a newer one takes the older one's place. The
 * store has the token's digest alone; in clear it is in the letter, which is sealed, and with
 * whoever made it. A link counts once, until it expires, and while the account still has the
 * address that it was mailed to. */
#pragma once

#include "domain/ctx.h"
#include "model/letter.h"
#include "model/link.h"
#include "model/user.h"

enum {
    LINK_TOKEN = 64, /* hexadecimal digits: 256 bits */
    LINK_CODE = 8    /* digits, for those who cannot follow a link where they are */
};

struct link {
    struct secret token, code; /* in the arena; a code with LINK_MAGIC alone */
    struct moment expires;
};

/* Makes one in the unit at hand, for those who hand it over themselves; the letter of the older one
 * is taken back if it still waits. An account without an address is ERR_FIELD_VALUE. */
enum err link_make(struct ctx *ctx, enum link_kind kind, const struct user *user, struct link *ret);

struct link_letter {
    enum link_kind kind;
    const struct user *user; /* as it is stored: to this address it goes */
    struct str path;         /* where the link leads, below http.public_url: "/verify"; behind it
                                comes "?token=…" */
    struct brand brand;
};

/* Makes one and puts the letter with it into the outbox, all in the unit at hand: kept with it, or
 * never sent. ERR_BUSY when too many letters wait (outbox_has_room tells before). */
enum err link_mail(struct ctx *ctx, const struct link_letter *in, struct link *ret);

/* Whose link it is, if it still counts; it is not used up. What the state of the account allows is
 * for the caller to say. ERR_LINK for everything that is no link of this kind, or no longer one. */
enum err link_find(struct ctx *ctx, enum link_kind kind, struct str token, struct user *ret);

/* The same, and uses it up, in the unit at hand: of however many try at once, one succeeds. It
 * writes, so that whoever chooses a password is found first (link_find), then given it
 * (password_set, which is slow and must hold nobody up), and only then is the link used. */
enum err link_use(struct ctx *ctx, enum link_kind kind, struct str token, struct user *ret);

/* The same by the code of the link that this account has. Wrong ones are counted although the unit
 * is not kept; after five the code counts no more, and the link alone does. An account without a
 * link, and one that there is not (of no id), is refused with as much work. */
enum err link_use_code(struct ctx *ctx, enum link_kind kind, const struct user *user,
                       struct str code);

/* Those that lead into the account (all but LINK_VERIFY_EMAIL) count no more: its password was
 * changed. */
enum err link_void(struct ctx *ctx, struct id user);
