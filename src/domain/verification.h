/* Whether an address is its account's, and one of a company: found out by a link that was mailed
 * there (LINK_VERIFY_EMAIL). */
#pragma once

#include "domain/ctx.h"
#include "model/user.h"

/* Whether the link still counts; it is not used up. ERR_LINK. */
enum err verification_look(struct ctx *ctx, struct str token);

/* Uses it up: from here on the address is verified, an account that waited for that is active, and
 * it is a corporate one unless its domain is of those where anybody has mail
 * (verification.public_mail_domains) and of no organization. ERR_LINK, also for an account that may
 * not come in. */
enum err verification_confirm(struct ctx *ctx, struct str token);

/* The same for one who has shown otherwise that the address is theirs: *user is as it is from here
 * on. */
enum err verification_mark(struct ctx *ctx, struct user *user);
