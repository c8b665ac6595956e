/* Whom other services vouch for. A noun: who may link and whom is let in is domain/federation's. */
#pragma once

#include "domain/ctx.h"
#include "model/identity.h"
#include "model/user.h"

/* ERR_MISSING. */
enum err identity_find(struct ctx *ctx, struct str issuer, struct str subject,
                       struct identity *ret);

/* `in` without id and times. ERR_TAKEN when somebody has it. */
enum err identity_add(struct ctx *ctx, const struct identity *in, struct identity *ret);

/* It has let somebody in. */
enum err identity_touch(struct ctx *ctx, const struct identity *identity);

/* In the order in which they were linked. */
enum err identity_list(struct ctx *ctx, struct id user, struct identity **ret, size_t *ret_count);

/* ERR_MISSING when the user has none of that id; ERR_IN_USE when nothing else would lead into the
 * account: no password, and no address to send a link to. */
enum err identity_remove(struct ctx *ctx, const struct user *user, struct id id);

/* All of a user's, whatever else there is: who made the account turned out not to be its owner. */
enum err identity_forget(struct ctx *ctx, struct id user);

/* "google", and the way back: PROVIDERS for none. */
struct str provider_name(enum provider provider);
enum provider provider_of(struct str name);
