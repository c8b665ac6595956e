/* Access tokens: issued for a session, told apart from everything else that looks like one, and
 * remembered once verified. */
#pragma once

#include "domain/ctx.h"
#include "model/session.h"
#include "model/user.h"

struct token_cache;

/* Remembers what `entries` tokens said, for one thread. */
enum err token_cache_create(int64_t entries, struct token_cache **ret);
void token_cache_destroy(struct token_cache *cache); /* NULL is fine */

struct token {
    struct str text;
    int64_t seconds; /* how long it lives */
};

/* For the life that the face gives its tokens, or what the session has left. */
enum err token_issue(struct ctx *ctx, const struct user *user, const struct session *session,
                     struct token *ret);

/* Who shows this token: fills ctx->actor, or ERR_TOKEN_INVALID; ERR_STORE_DOWN when this node has
 * not heard of the others' changes for too long to say yes. From memory alone. */
enum err token_accept(struct ctx *ctx, struct str token);
