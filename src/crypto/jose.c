/* JWTs: reading strictly ourselves, signing and verifying by cjose, the one file that knows it.
 *
 * cjose does what a token's header says: it takes ES384 with a P-256 key, compares an HMAC before
 * it looks at its length, reads duplicate members. So a token reaches it only when it has been
 * read here and says exactly what the key says. Signing and verifying only read a cjose_jwk_t; what
 * writes to it (its reference count, which is not atomic) happens in creating and destroying alone,
 * so one key serves any number of threads without a lock. */
#include "crypto/jose.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/ration.h"
#include "crypto/digest.h"
#include "wire/base64.h"
#include "wire/json.h"

#include <cjose/cjose.h>
#include <jansson.h>
#include <openssl/crypto.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TOKEN_MOST = 16 * 1024, /* as long as all headers of a request may be */
    SECRET_LEAST = 32,      /* RFC 7518, 3.2: not shorter than the hash */
    SECRET_MOST = 1024,
    COORDINATE = 32,        /* RFC 7518, 6.2.1: all of them, leading zeros too */
    ID_SIZE = 43,           /* SHA-256 in base64url */
    SECRET_JWK_MOST = 2048, /* in base64url, and the members around it */
    PUBLIC_MOST = 256,
    MODULUS_LEAST = 256, /* bytes: RFC 7518, 3.3 */
    MODULUS_MOST = 512,  /* what a key of others may cost to verify with */
    EXPONENT_MOST = 4,
    KEY_ARENA_KEEP = 8 * 1024,
    KEY_ARENA_MOST = 64 * 1024
};

struct jose_key {
    cjose_jwk_t *jwk;
    enum jose_algorithm algorithm;
    char id[ID_SIZE + 1];
    char published[PUBLIC_MOST]; /* the public JWK, empty for a secret */
};

static const struct algorithm {
    enum jose_algorithm algorithm;
    const char *name;
    size_t signature; /* RFC 7518, 3.2 and 3.4: its only length in bytes; 0: that of the key */
    bool ours, theirs;
} algorithms[] = {
    {JOSE_ES256, "ES256", 64, true,  true },
    {JOSE_HS256, "HS256", 32, true,  false},
    {JOSE_RS256, "RS256", 0,  false, true },
    {JOSE_PS256, "PS256", 0,  false, true },
};

/* An EC key as JSON has it. */
struct ec_jwk {
    struct str type, curve, x, y, d;
};

// clang-format off
static const struct field ec_jwk_fields[] = {
    FIELD(struct ec_jwk, type,  "kty", REQUIRED),
    FIELD(struct ec_jwk, curve, "crv", REQUIRED),
    FIELD(struct ec_jwk, x,     "x",   REQUIRED),
    FIELD(struct ec_jwk, y,     "y",   REQUIRED),
    FIELD(struct ec_jwk, d,     "d",   OPTIONAL),
};
// clang-format on

static const struct shape ec_jwk_shape = SHAPE(ec_jwk_fields, MOMENT_SECONDS);

/* Cjose would give OpenSSL the same allocator, and what OpenSSL fetches it keeps for good. Whoever
 * has taken memory keeps the allocator it had (CRYPTO_set_mem_functions(3)), so OpenSSL takes some.
 * It does without the texts of its errors, a quarter of a megabyte that nobody here reads: what
 * libpq and libcurl say of TLS are mostly those of libssl, which it keeps. */
void jose_start(void)
{
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS, NULL);
    OPENSSL_free(OPENSSL_malloc(1));
    cjose_set_alloc_funcs(ration_allocate, ration_reallocate, ration_free); /* jansson's too */
    json_object_seed(0);                                                    /* the kernel's */
}

/* More than cjose and jansson take for a token: its parts, encoded and not, several times over. */
static enum err ration_for(struct arena *arena, size_t length)
{
    enum {
        BYTE_COST = 16,
        FIXED_COST = 16 << 10
    };
    return ration_open(arena, FIXED_COST + BYTE_COST * length);
}

static enum err failure(const cjose_err *why)
{
    return why->code == CJOSE_ERR_NO_MEMORY ? ERR_MEMORY : ERR_CRYPTO;
}

/* What cjose prints of a key, copied into the arena, and nowhere else any more. Its reason is not
 * asked: it calls it a shortage of memory too when the key is the point at infinity. */
static enum err jwk_print(struct arena *arena, const cjose_jwk_t *jwk, bool with_private,
                          struct str *ret)
{
    char *text = cjose_jwk_to_json(jwk, with_private, NULL);

    if (!text) {
        return ERR_CRYPTO;
    }
    enum err e = arena_copy(arena, str_of(text), ret);
    explicit_bzero(text, strlen(text));
    cjose_get_dealloc()(text);
    return e;
}

/* RFC 7638: SHA-256 over the members that make the key, in order of their names. */
static enum err key_name(struct jose_key *key, struct str members)
{
    CLEANUP(digester_destroy_at) struct digester *digester = NULL;
    struct key32 thumbprint;
    struct buf out = buf_over(key->id, ID_SIZE);
    cjose_err why = {0};

    TRY(digester_create(&digester));
    TRY(digest_sha256(digester, members, &thumbprint));
    base64_put(&out, thumbprint.bytes, sizeof thumbprint.bytes);
    if (!cjose_jwk_set_kid(key->jwk, key->id, ID_SIZE, &why)) {
        return failure(&why);
    }
    return ERR_OK;
}

static enum err jwk_read(struct arena *arena, struct str text, struct ec_jwk *ret)
{
    enum err e = json_read(arena, text, &ec_jwk_shape, ret, NULL);

    return e == ERR_OK || e == ERR_MEMORY ? e : ERR_CRYPTO;
}

/* Names a new EC key and writes down what is published of it. */
static enum err ec_key_finish(struct arena *arena, struct jose_key *key, struct ec_jwk *ret_public)
{
    struct ec_jwk jwk = {0};
    struct str text, members;

    TRY(jwk_print(arena, key->jwk, /* with_private= */ false, &text));
    TRY(jwk_read(arena, text, &jwk));
    TRY(arena_print(arena, &members,
                    "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%.*s\",\"y\":\"%.*s\"}",
                    STR_ARG(jwk.x), STR_ARG(jwk.y)));
    TRY(key_name(key, members));
    int length = snprintf(key->published, sizeof key->published,
                          "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%.*s\",\"y\":\"%.*s\","
                          "\"kid\":\"%s\",\"alg\":\"ES256\",\"use\":\"sig\"}",
                          STR_ARG(jwk.x), STR_ARG(jwk.y), key->id);
    if (length < 0 || (size_t)length >= sizeof key->published) {
        return ERR_CRYPTO;
    }
    *ret_public = jwk;
    return ERR_OK;
}

/* A key around a JWK, which is the key's from here on, and released with it. */
static enum err key_create(cjose_jwk_t *jwk, enum jose_algorithm algorithm, const cjose_err *why,
                           struct jose_key **ret)
{
    if (!jwk) {
        return failure(why);
    }
    struct jose_key *key = calloc(1, sizeof *key);
    if (!key) {
        (void)cjose_jwk_release(jwk);
        return ERR_MEMORY;
    }
    key->jwk = jwk;
    key->algorithm = algorithm;
    *ret = key;
    return ERR_OK;
}

/* Hands the key out if all went well with it, and otherwise destroys it. */
static enum err key_deliver(enum err e, struct jose_key *key, struct jose_key **ret)
{
    if (e != ERR_OK) {
        jose_key_destroy(key);
        return e;
    }
    *ret = key;
    return ERR_OK;
}

static enum err key_arena(struct arena **ret)
{
    *ret = arena_create(KEY_ARENA_KEEP, KEY_ARENA_MOST);
    return *ret ? ERR_OK : ERR_MEMORY;
}

enum err jose_key_make(struct jose_key **ret)
{
    CLEANUP(arena_destroy_at) struct arena *arena = NULL;
    struct jose_key *key;
    struct ec_jwk public;
    cjose_err why = {0};

    TRY(key_arena(&arena));
    TRY(key_create(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &why), JOSE_ES256, &why, &key));
    return key_deliver(ec_key_finish(arena, key, &public), key, ret);
}

enum err jose_key_private(struct arena *arena, const struct jose_key *key, struct str *ret_jwk)
{
    if (key->algorithm != JOSE_ES256) {
        return ERR_CRYPTO;
    }
    return jwk_print(arena, key->jwk, /* with_private= */ true, ret_jwk);
}

static enum err coordinate_check(struct arena *arena, struct str text)
{
    struct str bytes;
    enum err e = base64_parse(arena, text, &bytes);

    if (e == ERR_MEMORY) {
        return e;
    }
    return e == ERR_OK && bytes.len == COORDINATE ? ERR_OK : ERR_CRYPTO;
}

/* cjose computes the public half from the private one and ignores what was given. */
static enum err ec_key_finish_as(struct arena *arena, struct jose_key *key,
                                 const struct ec_jwk *given)
{
    struct ec_jwk public;

    TRY(ec_key_finish(arena, key, &public));
    return str_eq(given->x, public.x) && str_eq(given->y, public.y) ? ERR_OK : ERR_CRYPTO;
}

enum err jose_key_from_jwk(struct str jwk, struct jose_key **ret)
{
    CLEANUP(arena_destroy_at) struct arena *arena = NULL;
    struct jose_key *key;
    struct ec_jwk given = {0};
    cjose_err why = {0};

    TRY(key_arena(&arena));
    TRY(jwk_read(arena, jwk, &given));
    if (!str_eq(given.type, STR("EC")) || !str_eq(given.curve, STR("P-256"))) {
        return ERR_CRYPTO;
    }
    TRY(coordinate_check(arena, given.x));
    TRY(coordinate_check(arena, given.y));
    TRY(coordinate_check(arena, given.d));
    TRY(key_create(cjose_jwk_import(jwk.ptr, jwk.len, &why), JOSE_ES256, &why, &key));
    return key_deliver(ec_key_finish_as(arena, key, &given), key, ret);
}

static const struct algorithm *algorithm_of(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(algorithms); i++) {
        if (str_eq(name, str_of(algorithms[i].name))) {
            return &algorithms[i];
        }
    }
    return NULL;
}

/* The bytes of a number without a sign, which has one spelling: no zero in front. */
static enum err number_parse(struct arena *arena, struct str text, struct str *ret)
{
    struct str bytes = {0};
    enum err e = base64_parse(arena, text, &bytes);

    if (e == ERR_MEMORY) {
        return e;
    }
    if (e != ERR_OK || bytes.len == 0 || bytes.ptr[0] == '\0') {
        return ERR_CRYPTO;
    }
    *ret = bytes;
    return ERR_OK;
}

static uint8_t *number_bytes(struct str number)
{
    return (uint8_t *)(uintptr_t)number.ptr; /* cjose reads it, and says so nowhere */
}

static enum err rsa_from_public(struct arena *arena, const struct jose_public *in,
                                enum jose_algorithm algorithm, struct jose_key **ret)
{
    struct str modulus, exponent;
    cjose_err why = {0};

    TRY(number_parse(arena, in->modulus, &modulus));
    TRY(number_parse(arena, in->exponent, &exponent));
    bool odd = (exponent.ptr[exponent.len - 1] & 1) && (modulus.ptr[modulus.len - 1] & 1);
    if (modulus.len < MODULUS_LEAST || modulus.len > MODULUS_MOST || !odd ||
        exponent.len > EXPONENT_MOST || (exponent.len == 1 && exponent.ptr[0] == 1)) {
        return ERR_CRYPTO;
    }
    cjose_jwk_rsa_keyspec spec = {.e = number_bytes(exponent),
                                  .elen = exponent.len,
                                  .n = number_bytes(modulus),
                                  .nlen = modulus.len};
    return key_create(cjose_jwk_create_RSA_spec(&spec, &why), algorithm, &why, ret);
}

static enum err ec_from_public(struct arena *arena, const struct jose_public *in,
                               struct jose_key **ret)
{
    struct str x, y;
    cjose_err why = {0};

    TRY(coordinate_check(arena, in->x));
    TRY(coordinate_check(arena, in->y));
    TRY(base64_parse(arena, in->x, &x));
    TRY(base64_parse(arena, in->y, &y));
    cjose_jwk_ec_keyspec spec = {.crv = CJOSE_JWK_EC_P_256,
                                 .x = number_bytes(x),
                                 .xlen = x.len,
                                 .y = number_bytes(y),
                                 .ylen = y.len};
    errno = 0;
    enum err e = key_create(cjose_jwk_create_EC_spec(&spec, &why), JOSE_ES256, &why, ret);
    /* A point that is not on the curve is a shortage of memory too, says cjose; malloc does not. */
    return e == ERR_MEMORY && errno != ENOMEM ? ERR_CRYPTO : e;
}

/* A key verifies with one algorithm: whoever could choose might choose what it was not made for. */
enum err jose_key_from_public(const struct jose_public *in, struct jose_key **ret)
{
    CLEANUP(arena_destroy_at) struct arena *arena = NULL;
    const struct algorithm *named = algorithm_of(in->algorithm);
    bool is_rsa = str_eq(in->type, STR("RSA"));
    bool is_ec = str_eq(in->type, STR("EC")) && str_eq(in->curve, STR("P-256"));

    if ((!is_rsa && !is_ec) || (str_is_set(in->use) && !str_eq(in->use, STR("sig"))) ||
        (str_is_set(in->algorithm) && (!named || !named->theirs || is_rsa != !named->signature))) {
        return ERR_MISSING;
    }
    TRY(key_arena(&arena));
    if (is_rsa) {
        return rsa_from_public(arena, in, named ? named->algorithm : JOSE_RS256, ret);
    }
    return ec_from_public(arena, in, ret);
}

static enum err secret_key_finish(struct arena *arena, struct jose_key *key, struct str secret)
{
    struct buf out = buf_in_arena(arena, SECRET_JWK_MOST);
    struct str members;

    buf_put(&out, STR("{\"k\":\""));
    base64_put(&out, secret.ptr, secret.len);
    buf_put(&out, STR("\",\"kty\":\"oct\"}"));
    TRY(buf_end(&out, &members));
    return key_name(key, members);
}

enum err jose_key_from_secret(struct str secret, struct jose_key **ret)
{
    CLEANUP(arena_destroy_at) struct arena *arena = NULL;
    struct jose_key *key;
    cjose_err why = {0};

    if (secret.len < SECRET_LEAST || secret.len > SECRET_MOST) {
        return ERR_CONFIG;
    }
    TRY(key_arena(&arena));
    TRY(key_create(cjose_jwk_create_oct_spec((const uint8_t *)secret.ptr, secret.len, &why),
                   JOSE_HS256, &why, &key));
    return key_deliver(secret_key_finish(arena, key, secret), key, ret);
}

void jose_key_destroy(struct jose_key *key)
{
    if (!key) {
        return;
    }
    if (key->algorithm == JOSE_HS256) { /* OpenSSL wipes private keys, cjose no secrets */
        explicit_bzero(cjose_jwk_get_keydata(key->jwk, NULL),
                       cjose_jwk_get_keysize(key->jwk, NULL) / 8);
    }
    (void)cjose_jwk_release(key->jwk);
    free(key);
}

struct str jose_key_id(const struct jose_key *key)
{
    return (struct str){key->id, ID_SIZE};
}

enum jose_algorithm jose_key_algorithm(const struct jose_key *key)
{
    return key->algorithm;
}

void jose_key_public(struct buf *out, const struct jose_key *key)
{
    buf_put(out, str_of(key->published));
}

static void header_release_at(cjose_header_t **header)
{
    if (*header) {
        cjose_header_release(*header);
    }
}

static void jws_release_at(cjose_jws_t **jws)
{
    cjose_jws_release(*jws); /* takes NULL */
}

/* Everything of cjose's is let go of on the way out, before the ration is. */
static enum err sign(struct arena *arena, const struct jose_key *key, struct str type,
                     struct str claims, struct str *ret_token)
{
    cjose_err why = {0};
    CLEANUP(header_release_at) cjose_header_t *header = cjose_header_new(&why);
    CLEANUP(jws_release_at) cjose_jws_t *jws = NULL;
    const char *token = NULL;

    if (!header ||
        !cjose_header_set(header, CJOSE_HDR_ALG, algorithms[key->algorithm].name, &why) ||
        !cjose_header_set(header, CJOSE_HDR_KID, key->id, &why) ||
        !cjose_header_set(header, "typ", type.ptr, &why)) {
        return failure(&why);
    }
    jws = cjose_jws_sign(key->jwk, header, (const uint8_t *)claims.ptr, claims.len, &why);
    if (!jws || !cjose_jws_export(jws, &token, &why) || !token) {
        return failure(&why);
    }
    return arena_copy(arena, str_of(token), ret_token);
}

enum err jose_sign(struct arena *arena, const struct jose_key *key, struct str type,
                   struct str claims, struct str *ret_token)
{
    struct str typ;

    TRY(arena_copy(arena, type, &typ)); /* with a NUL behind it */
    TRY(ration_for(arena, claims.len));
    enum err e = sign(arena, key, typ, claims, ret_token);
    ration_close();
    return e;
}

/* What is read of a header. `crit` is there to be refused, whatever it holds. */
struct header {
    struct str algorithm, key_id, type, critical;
    enum presence has_critical;
};

// clang-format off
static const struct field header_fields[] = {
    FIELD(struct header, algorithm, "alg",  REQUIRED),
    FIELD(struct header, key_id,    "kid",  OPTIONAL),
    FIELD(struct header, type,      "typ",  OPTIONAL),
    FIELD(struct header, critical,  "crit", OPTIONAL, PRESENCE(struct header, has_critical)),
};
// clang-format on

static const struct shape header_shape = SHAPE(header_fields, MOMENT_SECONDS);

/* A token, taken apart and decoded, but not believed. */
struct opened {
    struct header header;
    const struct algorithm *algorithm;
    struct str claims;
};

/* Whatever is wrong with a token makes it an invalid one; only we can be short of memory. */
static enum err invalid(enum err e)
{
    return e == ERR_OK || e == ERR_MEMORY ? e : ERR_TOKEN_INVALID;
}

static enum err header_read(struct arena *arena, struct str part, struct header *ret)
{
    struct str json;

    TRY(invalid(base64_parse(arena, part, &json)));
    TRY(invalid(json_read(arena, json, &header_shape, ret, NULL)));
    return ret->has_critical == PRESENCE_ABSENT ? ERR_OK : ERR_TOKEN_INVALID;
}

static bool signature_fits(const struct algorithm *algorithm, size_t length)
{
    return algorithm->signature ? length == algorithm->signature
                                : length >= MODULUS_LEAST && length <= MODULUS_MOST;
}

static enum err token_open(struct arena *arena, struct str token, struct opened *ret)
{
    struct opened opened = {0};
    struct str parts[3], rest, signature;

    if (token.len > TOKEN_MOST || !str_cut(token, '.', &parts[0], &rest) ||
        !str_cut(rest, '.', &parts[1], &parts[2]) || parts[1].len == 0) {
        return ERR_TOKEN_INVALID;
    }
    TRY(header_read(arena, parts[0], &opened.header));
    TRY(invalid(base64_parse(arena, parts[1], &opened.claims)));
    TRY(invalid(base64_parse(arena, parts[2], &signature))); /* a fourth part is no base64url */
    opened.algorithm = algorithm_of(opened.header.algorithm);
    if (!opened.algorithm || !signature_fits(opened.algorithm, signature.len)) {
        return ERR_TOKEN_INVALID;
    }
    *ret = opened;
    return ERR_OK;
}

enum err jose_inspect(struct arena *arena, struct str token, struct str type,
                      struct jose_header *ret)
{
    struct opened opened;

    TRY(token_open(arena, token, &opened));
    if (!opened.algorithm->ours || !str_eq(opened.header.type, type)) {
        return ERR_TOKEN_INVALID;
    }
    *ret = (struct jose_header){
        .key_id = opened.header.key_id,
        .algorithm = opened.algorithm->algorithm,
    };
    return ERR_OK;
}

enum err jose_inspect_foreign(struct arena *arena, struct str token, struct jose_header *ret)
{
    struct opened opened;

    TRY(token_open(arena, token, &opened));
    bool named = str_is_set(opened.header.type);
    if (!opened.algorithm->theirs ||
        (named && !str_eq_nocase(opened.header.type, STR("JWT")))) { /* RFC 7519, 5.1 */
        return ERR_TOKEN_INVALID;
    }
    *ret = (struct jose_header){
        .key_id = opened.header.key_id,
        .algorithm = opened.algorithm->algorithm,
    };
    return ERR_OK;
}

/* What OpenSSL fails at for want of memory cjose takes for a wrong signature, but malloc has said
 * so. */
static enum err check_signature(const struct jose_key *key, struct str token)
{
    cjose_err why = {0};

    errno = 0;
    CLEANUP(jws_release_at) cjose_jws_t *jws = cjose_jws_import(token.ptr, token.len, &why);
    if (jws && cjose_jws_verify(jws, key->jwk, &why)) {
        return ERR_OK;
    }
    return errno == ENOMEM ? ERR_MEMORY : invalid(failure(&why));
}

enum err jose_verify(struct arena *arena, const struct jose_key *key, struct str token,
                     struct str *ret_claims)
{
    struct opened opened;

    TRY(token_open(arena, token, &opened));
    if (opened.algorithm->algorithm != key->algorithm) {
        return ERR_TOKEN_INVALID;
    }
    TRY(ration_for(arena, token.len));
    enum err e = check_signature(key, token);
    ration_close();
    TRY(e);
    *ret_claims = opened.claims;
    return ERR_OK;
}

const char *jose_library(void)
{
    return cjose_version();
}

const char *jose_json_library(void)
{
    return jansson_version_str();
}
