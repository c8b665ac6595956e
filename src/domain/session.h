/* Sessions: every login opens one, every access token names one, ending it refuses them all. */
#pragma once

#include "domain/ctx.h"
#include "model/session.h"

enum err session_open(struct ctx *ctx, struct id user, struct session *ret);

/* ERR_MISSING when there is none that lasts. */
enum err session_end(struct ctx *ctx, struct id id);

/* Ends all sessions of a user but `except` (which may be none). */
enum err session_end_others(struct ctx *ctx, struct id user, struct id except);

enum err session_list(struct ctx *ctx, struct id user, struct session **ret, size_t *ret_count);
