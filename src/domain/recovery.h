/* A new password for one who has lost theirs, by a link that was mailed to them
 * (LINK_RESET_PASSWORD). */
#pragma once

#include "base/secret.h"
#include "domain/ctx.h"
#include "model/user.h"

#define RECOVERY_PATH "/reset-password" /* of the page, below http.public_url */

/* Asks for the letter: the same for an address that is nobody's. As asking_put. */
enum err recovery_ask(struct ctx *ctx, const struct email *to);

/* Whose link it is; it is not used up. ERR_LINK, also for an account that may not come in. */
enum err recovery_look(struct ctx *ctx, struct str token, struct user *ret);

/* Uses it up: from here on they have this password, and all their sessions have ended. A letter
 * tells them, unless too many wait. An address that was to be verified is from here on, and what
 * other services vouched for until then leads in no more. Of however many try at once, one
 * succeeds. ERR_LINK; ERR_PASSWORD_… before anything is written. */
enum err recovery_use(struct ctx *ctx, struct str token, struct secret password, struct user *ret);
