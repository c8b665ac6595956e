/* What followed on one another since a login, by tokens that count once, is a family with one head.
 *
 * Whoever shows a token that was used up has stolen it, or has been robbed of it: then all of the
 * family ends, wherever it is. */
#pragma once

#include "domain/ctx.h"
#include "model/session.h"
#include "model/user.h"

/* May it go on from this session of this user, of which something is shown that was issued then
 * (seconds since 1970)? ERR_TOKEN_INVALID when it has ended, and the family with it if another took
 * its place; ERR_ACCOUNT_STATE. */
enum err family_goes_on(struct ctx *ctx, const struct session *session, int64_t issued,
                        const struct user *user);

/* A token of this session has been used before: ERR_TOKEN_INVALID, and the family ends although the
 * request fails. */
enum err family_reused(struct ctx *ctx, const struct session *session);
