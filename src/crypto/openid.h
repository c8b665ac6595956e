/* What providers of OpenID Connect send: their metadata, their keys, what they say of somebody.
 * Every reader here is strict and bounded, and believes nothing: whether it is of the right issuer,
 * for us, and of now is the caller's to judge. */
#pragma once

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"
#include "wire/fields.h"

#include <stdint.h>

struct arena;
struct buf;
struct digester;
struct openid_keys;

/* OpenID Connect Discovery 1.0, 3: what is used of it. */
struct openid_metadata {
    struct str issuer, authorization, token, keys;
    bool posts_secret; /* the secret goes into the form, as its header is not taken */
};
/* ERR_FIELD_VALUE for what is no such document. */
enum err openid_metadata_parse(struct arena *arena, struct str json, struct openid_metadata *ret);

/* A key set: those keys of it that can be used here. ERR_FIELD_VALUE for what is none, or when a
 * key in it is broken. What it reads with lies in the arena, the keys themselves do not. */
enum err openid_keys_parse(struct arena *arena, struct str json, struct openid_keys **ret);
void openid_keys_destroy(struct openid_keys *keys);     /* NULL is fine */
void openid_keys_destroy_at(struct openid_keys **keys); /* for CLEANUP */
size_t openid_keys_count(const struct openid_keys *keys);

/* What an id_token says (OpenID Connect Core 1.0, 2). Texts are absent where it says nothing. */
struct openid_claims {
    struct str issuer, subject, authorized, nonce, access_hash, tenant;
    struct text_list audience;
    int64_t expires, issued, not_before; /* seconds since 1970; not_before: 0 for none */
    struct str email, first_name, last_name;
    bool email_verified;
};
/* ERR_MISSING when it names a key that is not among these; ERR_TOKEN_INVALID for all else that is
 * not signed by one of them, with the algorithm of that key. */
enum err openid_token_open(struct arena *arena, const struct openid_keys *keys, struct str token,
                           struct openid_claims *ret);

/* Whether `access_hash` is of this access token (OpenID Connect Core 1.0, 3.1.3.6). */
enum err openid_hash_is_of(struct digester *digester, struct str access_hash, struct str token,
                           bool *ret);

/* What the token endpoint answers. ERR_FIELD_VALUE when there is no id_token in it. */
struct openid_grant {
    struct str id_token, access_token;
};
enum err openid_grant_parse(struct arena *arena, struct str json, struct openid_grant *ret);

/* Where a browser is sent to ask. Texts that are absent are left out. */
struct openid_request {
    struct str response_type, client_id, redirect_uri, scope, state, nonce, challenge;
};
void openid_request_put(struct buf *out, struct str endpoint, const struct openid_request *in);

/* The S256 challenge of a PKCE verifier (RFC 7636, 4.2). */
enum err openid_challenge(struct arena *arena, struct digester *digester, struct str verifier,
                          struct str *ret);

/* The form that exchanges a code; and the Authorization that goes with it, where the secret is not
 * in the form. */
struct openid_exchange {
    struct str code, redirect_uri, client_id, verifier;
    struct secret client_secret;
    bool posts_secret;
};
enum err openid_exchange_print(struct arena *arena, const struct openid_exchange *in,
                               struct str *ret_form, struct str *ret_authorization);
