/* Accounts that were made for somebody, who takes theirs by a link (LINK_ACTIVATION): it leads to
 * the page where they choose a password, unless whoever made the account has done so. */
#pragma once

#include "base/secret.h"
#include "domain/ctx.h"
#include "domain/link.h"
#include "model/user.h"

#define ACTIVATION_PATH "/activate" /* of the page, below http.public_url */

/* The link, in the unit that made the account, for those who hand it over themselves; or in a
 * letter to their address too. A newer one voids the older. ERR_FIELD_VALUE for one without an
 * address. */
enum err activation_make(struct ctx *ctx, const struct user *user, struct link *ret);
enum err activation_mail(struct ctx *ctx, const struct user *user, struct link *ret);

struct activation {
    struct user user;
    bool needs_password; /* they have none yet */
};
/* Whose link it is; it is not used up. ERR_LINK, also for an account that does not wait for it. */
enum err activation_look(struct ctx *ctx, struct str token, struct activation *ret);

/* Uses it up: from here on the account is active, and has this password, which may have no text for
 * one that has a password already. Of however many try at once, one succeeds. ERR_LINK;
 * ERR_FIELD_MISSING and ERR_PASSWORD_… before anything is written. */
enum err activation_use(struct ctx *ctx, struct str token, struct secret password,
                        struct user *ret);
