/* Tokens: signing and verifying JWTs, and the published key set. The only file that knows cjose.
 *
 * A verifier takes nothing from a token's header but `kid`, `alg` and `typ`, and those only to pick
 * one of its own keys: header key material (jwk, jku, x5u, x5c) is never looked at. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct arena;
struct buf;

enum jose_algorithm {
    JOSE_ES256,
    JOSE_HS256,
    JOSE_RS256, /* this and the next are never ours: others sign with them, and with ES256 */
    JOSE_PS256
};

/* Once, before the first thread: cjose, and jansson below it, are given all the memory that a token
 * takes before they work on it, as they do not bear to run out in the middle. */
void jose_start(void);

/* One key, ready for use by any number of threads. */
struct jose_key;

/* A new ES256 key pair. */
enum err jose_key_make(struct jose_key **ret);
/* The private JWK, for sealing, and the way back. `kid` is the RFC 7638 thumbprint in base64url.
 * ERR_CRYPTO for a shared secret, and for what is no whole private key of P-256. */
enum err jose_key_private(struct arena *arena, const struct jose_key *key, struct str *ret_jwk);
enum err jose_key_from_jwk(struct str jwk, struct jose_key **ret);
/* A shared secret for HS256, 32 to 1024 bytes; ERR_CONFIG otherwise. */
enum err jose_key_from_secret(struct str secret, struct jose_key **ret);
void jose_key_destroy(struct jose_key *key); /* NULL is fine */

/* A public key of somebody else's, as a key set has it (RFC 7517); texts may be absent. */
struct jose_public {
    struct str type, use, algorithm, key_id;
    struct str curve, x, y;       /* EC */
    struct str modulus, exponent; /* RSA */
};
/* One that verifies with a single algorithm: the one it names, otherwise ES256 for P-256 and RS256
 * for RSA of 2048 to 4096 bits. It has no id of its own. ERR_MISSING for a key of a kind or for a
 * use that is none of ours, ERR_CRYPTO for one that is broken. */
enum err jose_key_from_public(const struct jose_public *in, struct jose_key **ret);

struct str jose_key_id(const struct jose_key *key);
enum jose_algorithm jose_key_algorithm(const struct jose_key *key);
/* The public JWK with kid, alg, use; nothing for a shared secret. */
void jose_key_public(struct buf *out, const struct jose_key *key);

/* Signs `claims` (JSON) under the header {"alg","kid","typ":`type`}. */
enum err jose_sign(struct arena *arena, const struct jose_key *key, struct str type,
                   struct str claims, struct str *ret_token);

/* Looks at the header alone: which key does it ask for? ERR_TOKEN_INVALID for what is no JWT with
 * exactly three parts, longer than 16 KiB, with an `alg` we do not know, a `crit`, or another
 * `typ` than `type`. */
struct jose_header {
    struct str key_id; /* no text when it names none */
    enum jose_algorithm algorithm;
};
enum err jose_inspect(struct arena *arena, struct str token, struct str type,
                      struct jose_header *ret);

/* The same for tokens of others, in which `typ` is absent or JWT: that it is no access token of
 * theirs is said by nothing else. ERR_TOKEN_INVALID for HS256 too: nobody shares a secret with us.
 */
enum err jose_inspect_foreign(struct arena *arena, struct str token, struct jose_header *ret);

/* The claims of a token that this very key signed, with this key's algorithm; ERR_TOKEN_INVALID
 * for every other. Says nothing of times and audiences: domain/token does. */
enum err jose_verify(struct arena *arena, const struct jose_key *key, struct str token,
                     struct str *ret_claims);

/* The versions that were loaded: of cjose, and of jansson, on which it lives. */
const char *jose_library(void);
const char *jose_json_library(void);
