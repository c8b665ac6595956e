/* Issuing access tokens, and taking them in: from the cache, or by their signature. */
#include "domain/token.h"

#include "base/arena.h"
#include "crypto/claims.h"
#include "crypto/digest.h"
#include "crypto/jose.h"
#include "domain/desk.h"
#include "domain/keyring.h"
#include "domain/member.h"
#include "domain/role.h"
#include "domain/service.h"
#include "domain/standing.h"

#include <stdlib.h>
#include <string.h>

enum {
    WAYS = 4,        /* places where a token may be kept; the one that expires first makes room */
    NAME_BYTES = 254 /* no username and no address is longer */
};

/* What a token that has been verified said. */
struct remembered {
    struct key32 digest; /* of the whole token, signature included */
    struct id user, session;
    int64_t issued, expires; /* 0: nothing here */
    uint8_t name_length;
    uint8_t email_length;
    char name[NAME_BYTES], email[NAME_BYTES];
};

struct token_cache {
    size_t sets; /* a power of two */
    struct remembered entries[];
};

enum err token_cache_create(int64_t entries, struct token_cache **ret)
{
    size_t sets = 1;

    while (sets * WAYS < (size_t)entries) {
        sets *= 2;
    }
    /* calloc: pages that no token has reached cost nothing. */
    struct token_cache *cache = calloc(1, sizeof *cache + sets * WAYS * sizeof(struct remembered));
    if (!cache) {
        return ERR_MEMORY;
    }
    cache->sets = sets;
    *ret = cache;
    return ERR_OK;
}

void token_cache_destroy(struct token_cache *cache)
{
    free(cache);
}

static enum err add_member(struct ctx *ctx, const struct user *user, struct claims *claims)
{
    struct member member;

    TRY(member_of(ctx, user, &member));
    claims->user = user->id;
    claims->email = user->email.shown;
    claims->role = role_name(member.role);
    claims->gym = member.gym;
    return ERR_OK;
}

enum err token_issue(struct ctx *ctx, const struct user *user, const struct session *session,
                     struct token *ret)
{
    const struct service *service = ctx->service;
    const struct jose_key *key = keyring_signer(service->keyring, ctx->face, ctx->now);
    const struct face_settings *face = service_face(service, ctx->face);
    int64_t left = moment_seconds(session->expires) - moment_seconds(ctx->now);
    int64_t seconds = left < face->token_seconds ? left : face->token_seconds;

    if (!key) {
        return ctx_fail(ctx, ERR_CRYPTO, STR(""), "no key signs now");
    }
    struct claims claims = {
        .issuer = service->settings->issuer,
        .username = str_is_set(user->username.shown) ? user->username.shown : user->email.shown,
        .email = face->identity_headers ? user->email.shown : (struct str){0},
        .face = ctx->face,
        .subject = user->id,
        .session = session->id,
        .issued = moment_seconds(ctx->now),
        .expires = moment_seconds(ctx->now) + seconds,
    };
    ret->seconds = seconds;
    if (face->token_roles) {
        TRY(role_names(ctx, user->id, &claims.roles));
        claims.has_roles = PRESENCE_VALUE;
    }
    if (face->token_member) {
        TRY(add_member(ctx, user, &claims));
    }
    return claims_sign(ctx->arena, key, &claims, &ret->text);
}

static struct remembered *set_of(struct token_cache *cache, const struct key32 *digest)
{
    size_t hash;

    memcpy(&hash, digest->bytes, sizeof hash);
    return &cache->entries[(hash & (cache->sets - 1)) * WAYS];
}

/* Not in constant time: a digest that matches in part tells nothing of a token that would. */
static struct remembered *recall(struct token_cache *cache, const struct key32 *digest)
{
    struct remembered *set = set_of(cache, digest);

    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].expires != 0 && memcmp(&set[i].digest, digest, sizeof *digest) == 0) {
            return &set[i];
        }
    }
    return NULL;
}

/* The length of what was copied; it was looked at before. */
static uint8_t copy_text(char to[NAME_BYTES], struct str text)
{
    if (text.len > 0) {
        memcpy(to, text.ptr, text.len);
    }
    return (uint8_t)text.len;
}

static struct remembered *remember(struct token_cache *cache, const struct key32 *digest,
                                   const struct claims *claims)
{
    struct remembered *set = set_of(cache, digest), *place = set;

    for (size_t i = 1; i < WAYS; i++) {
        if (set[i].expires < place->expires) {
            place = &set[i];
        }
    }
    place->digest = *digest;
    place->user = claims->subject;
    place->session = claims->session;
    place->issued = claims->issued;
    place->expires = claims->expires;
    place->name_length = copy_text(place->name, claims->username);
    place->email_length = copy_text(place->email, claims->email);
    return place;
}

/* Until when it counts. Standing forgets an ended session when the longest life is over: a token
 * that was to live longer, by older settings or by a holder of a shared secret, must not come back
 * then. */
static int64_t counts_until(const struct service *service, const struct claims *claims)
{
    int64_t longest = claims->issued + service_longest_token(service);

    return claims->expires < longest ? claims->expires : longest;
}

static enum err verify(struct ctx *ctx, struct str token, int64_t grace, struct claims *ret)
{
    struct jose_header header;

    TRY(jose_inspect(ctx->arena, token, STR(CLAIMS_ACCESS), &header));
    const struct jose_key *key = keyring_find(ctx->service->keyring, header.key_id, ctx->now);
    if (!key || jose_key_algorithm(key) != header.algorithm) {
        return ctx_fail(ctx, ERR_TOKEN_INVALID, STR(""), "signed by no key of ours");
    }
    TRY(claims_verify(ctx->arena, key, token, ret));
    int64_t soon = moment_seconds(ctx->now) + CLOCKS_APART;
    if (!str_eq(ret->issuer, ctx->service->settings->issuer) || ret->username.len > NAME_BYTES ||
        ret->email.len > NAME_BYTES || ret->issued > soon || ret->not_before > soon) {
        return ctx_fail(ctx, ERR_TOKEN_INVALID, STR(""), "wrong issuer or not yet valid");
    }
    ret->expires = counts_until(ctx->service, ret);
    if (ret->expires + grace <= moment_seconds(ctx->now)) {
        return ctx_fail(ctx, ERR_TOKEN_INVALID, STR(""), "expired");
    }
    return ERR_OK;
}

static enum err find_or_verify(struct ctx *ctx, struct str token, struct remembered **ret)
{
    struct desk *desk = ctx->desk;
    struct key32 digest;
    struct claims claims = {0};

    TRY(digest_sha256(desk->digester, token, &digest));
    *ret = recall(desk->tokens, &digest);
    if (*ret) {
        return ERR_OK;
    }
    TRY(verify(ctx, token, 0, &claims));
    *ret = remember(desk->tokens, &digest, &claims);
    return ERR_OK;
}

enum err token_look(struct ctx *ctx, struct str token, struct actor *ret)
{
    const struct standing *standing = ctx->service->standing;
    struct remembered *known;

    TRY(find_or_verify(ctx, token, &known));
    if (known->expires <= moment_seconds(ctx->now)) {
        return ctx_fail(ctx, ERR_TOKEN_INVALID, STR(""), "expired");
    }
    struct user_standing user = standing_user(standing, known->user);
    if (user.stopped || standing_session_ended(standing, known->session, known->issued)) {
        return ctx_fail(ctx, ERR_TOKEN_INVALID, STR(""), "session ended or user stopped");
    }
    if (!standing_is_fresh(standing, monotonic_ms())) {
        return ctx_fail(ctx, ERR_STORE_DOWN, STR(""), "the feed has not been read for too long");
    }
    *ret = (struct actor){
        .kind = ACTOR_USER,
        .user = known->user,
        .session = known->session,
        .roles = user.roles,
        .permissions = user.permissions,
        .somewhere = user.somewhere,
    };
    /* Copies: the request may go on in another thread while this place is taken by another token.
     */
    TRY(arena_copy(ctx->arena, (struct str){known->name, known->name_length}, &ret->username));
    return arena_copy(ctx->arena, (struct str){known->email, known->email_length}, &ret->email);
}

enum err token_accept(struct ctx *ctx, struct str token)
{
    struct actor actor;

    TRY(token_look(ctx, token, &actor));
    ctx->actor = actor;
    return ERR_OK;
}

enum err token_read(struct ctx *ctx, struct str token, int64_t grace, struct claims *ret)
{
    struct claims claims = {0};

    TRY(verify(ctx, token, grace, &claims));
    *ret = claims;
    return ERR_OK;
}
