/* Passwords: what is acceptable, and whether one is right. */
#pragma once

#include "base/secret.h"
#include "domain/ctx.h"
#include "model/user.h"

/* Checks a new password, hashes it and stores it. The hashing comes before the first write.
 * ERR_PASSWORD_SHORT, _LONG, _COMMON; where common ones are not refused, a warning in ctx. */
enum err password_set(struct ctx *ctx, const struct user *user, struct secret password);

/* As password_set, in the place of the one that was set at `old`: ERR_STORE_RETRY when that is no
 * longer the one. */
enum err password_replace(struct ctx *ctx, const struct user *user, struct secret password,
                          struct moment old);

/* As password_set for a user that is not stored yet: the two halves of it. */
struct password_hash;
enum err password_prepare(struct ctx *ctx, const struct user *user, struct secret password,
                          struct password_hash *ret);
enum err password_store(struct ctx *ctx, struct id user, const struct password_hash *hash);

/* Whether it is this user's; takes the same time whatever the answer, and for nobody (a zero id)
 * too. Writes nothing. A unit that is run again does not hash again. */
enum err password_check(struct ctx *ctx, struct id user, struct secret password, bool *ret_right);

/* Hashes a right password anew if its stored hash was made at another cost than today's. The
 * hashing comes before the write. */
enum err password_renew(struct ctx *ctx, struct id user, struct secret password);
