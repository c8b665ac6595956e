/* Access tokens: issued for a session, told apart from everything else that looks like one, and
 * remembered once verified. */
#pragma once

#include "domain/ctx.h"
#include "model/session.h"
#include "model/user.h"

struct claims;
struct token_cache;

/* Remembers what `entries` tokens said, for one thread. */
enum err token_cache_create(int64_t entries, struct token_cache **ret);
void token_cache_destroy(struct token_cache *cache); /* NULL is fine */

struct token {
    struct str text;
    int64_t seconds; /* how long it lives */
};

/* For the life that the face gives its tokens, or what the session has left: none outlives it. When
 * the session ends is settled before. */
enum err token_issue(struct ctx *ctx, const struct user *user, const struct session *session,
                     struct token *ret);

/* Who it is that this token names, in *ret; otherwise as token_accept. */
enum err token_look(struct ctx *ctx, struct str token, struct actor *ret);

/* What a token of ours says, also `grace` seconds after it has expired; ERR_TOKEN_INVALID. Whether
 * its session lasts and its user may come in is for the store to say. */
enum err token_read(struct ctx *ctx, struct str token, int64_t grace, struct claims *ret);

/* Who shows this token: fills ctx->actor, or ERR_TOKEN_INVALID; ERR_STORE_DOWN when this node has
 * not heard of the others' changes for too long to say yes. From memory alone. */
enum err token_accept(struct ctx *ctx, struct str token);
