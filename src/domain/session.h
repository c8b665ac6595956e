/* Sessions: every login opens one, every access token names one, ending it refuses them all. */
#pragma once

#include "domain/ctx.h"
#include "model/session.h"

enum err session_open(struct ctx *ctx, struct id user, struct session *ret);

/* Opens one in the place of another, which ends: of its family, and for no longer than that would
 * have lasted. ERR_MISSING when it has ended already. */
enum err session_follow(struct ctx *ctx, const struct session *old, struct session *ret);

/* ERR_MISSING when there is none. */
enum err session_get(struct ctx *ctx, struct id id, struct session *ret);

/* Ends whatever followed on one another. */
enum err session_end_family(struct ctx *ctx, struct id family);

/* ERR_MISSING when there is none that lasts. */
enum err session_end(struct ctx *ctx, struct id id);

/* The same for one of the actor's; others' are ERR_MISSING. */
enum err session_end_own(struct ctx *ctx, struct id id);

/* Ends all sessions of a user but `except` (which may be none): those that last by any node's
 * clock. */
enum err session_end_others(struct ctx *ctx, struct id user, struct id except);

/* Those that can go on, the newest first. */
enum err session_list(struct ctx *ctx, struct id user, struct session **ret, size_t *ret_count);
