/* Documents of OpenID Connect, by table. */
#include "crypto/openid.h"

#include "base/arena.h"
#include "base/buf.h"
#include "crypto/digest.h"
#include "crypto/jose.h"
#include "wire/base64.h"
#include "wire/form.h"
#include "wire/json.h"

#include <stdlib.h>
#include <string.h>

enum {
    URL_MOST = 2048,
    SUBJECT_MOST = 255, /* OpenID Connect Core 1.0, 2 */
    NAME_MOST = 200,
    KEYS_MOST = 50,
    KEY_ID_MOST = 255,
    FORM_MOST = 16 << 10
};

struct metadata {
    struct openid_metadata read;
    struct text_list methods;
    enum presence methods_are;
};

struct key_set {
    struct list keys;
};

// clang-format off
static const struct field metadata_fields[] = {
    FIELD(struct metadata, read.issuer,        "issuer",                 REQUIRED, .most = URL_MOST),
    FIELD(struct metadata, read.authorization, "authorization_endpoint", REQUIRED, .most = URL_MOST),
    FIELD(struct metadata, read.token,         "token_endpoint",         OPTIONAL, .most = URL_MOST),
    FIELD(struct metadata, read.keys,          "jwks_uri",               REQUIRED, .most = URL_MOST),
    FIELD(struct metadata, methods,            "token_endpoint_auth_methods_supported", OPTIONAL, PRESENCE(struct metadata, methods_are)),
};

static const struct field key_fields[] = {
    FIELD(struct jose_public, type,      "kty", REQUIRED),
    FIELD(struct jose_public, use,       "use", OPTIONAL),
    FIELD(struct jose_public, algorithm, "alg", OPTIONAL),
    FIELD(struct jose_public, key_id,    "kid", OPTIONAL, .most = KEY_ID_MOST),
    FIELD(struct jose_public, curve,     "crv", OPTIONAL),
    FIELD(struct jose_public, x,         "x",   OPTIONAL),
    FIELD(struct jose_public, y,         "y",   OPTIONAL),
    FIELD(struct jose_public, modulus,   "n",   OPTIONAL),
    FIELD(struct jose_public, exponent,  "e",   OPTIONAL),
};
static const struct shape key_shape = SHAPE(key_fields, MOMENT_SECONDS);

static const struct field key_set_fields[] = {
    LIST_READ_FIELD(struct key_set, keys, "keys", key_shape, struct jose_public, KEYS_MOST, REQUIRED),
};

static const struct field claims_fields[] = {
    FIELD(struct openid_claims, issuer,         "iss",            REQUIRED, .most = URL_MOST),
    FIELD(struct openid_claims, subject,        "sub",            REQUIRED, .most = SUBJECT_MOST),
    FIELD(struct openid_claims, audience,       "aud",            REQUIRED | ONE_TOO),
    FIELD(struct openid_claims, expires,        "exp",            REQUIRED),
    FIELD(struct openid_claims, issued,         "iat",            REQUIRED),
    FIELD(struct openid_claims, not_before,     "nbf",            OPTIONAL),
    FIELD(struct openid_claims, authorized,     "azp",            OPTIONAL),
    FIELD(struct openid_claims, nonce,          "nonce",          OPTIONAL),
    FIELD(struct openid_claims, access_hash,    "at_hash",        OPTIONAL),
    FIELD(struct openid_claims, tenant,         "tid",            OPTIONAL),
    FIELD(struct openid_claims, email,          "email",          OPTIONAL),
    FIELD(struct openid_claims, email_verified, "email_verified", TEXT_TOO),
    FIELD(struct openid_claims, first_name,     "given_name",     OPTIONAL, .most = NAME_MOST),
    FIELD(struct openid_claims, last_name,      "family_name",    OPTIONAL, .most = NAME_MOST),
};

static const struct field grant_fields[] = {
    FIELD(struct openid_grant, id_token,     "id_token",     REQUIRED, .most = FORM_MOST),
    FIELD(struct openid_grant, access_token, "access_token", OPTIONAL, .most = FORM_MOST),
};
// clang-format on
static const struct shape metadata_shape = SHAPE(metadata_fields, MOMENT_SECONDS);
static const struct shape key_set_shape = SHAPE(key_set_fields, MOMENT_SECONDS);
static const struct shape claims_shape = SHAPE(claims_fields, MOMENT_SECONDS);
static const struct shape grant_shape = SHAPE(grant_fields, MOMENT_SECONDS);

/* Whatever is wrong with a document makes it none; only we can be short of memory. */
static enum err read(struct arena *arena, struct str json, const struct shape *shape, void *ret)
{
    enum err e = json_read(arena, json, shape, ret, NULL);

    return e == ERR_OK || e == ERR_MEMORY ? e : ERR_FIELD_VALUE;
}

static bool has(struct text_list list, struct str text)
{
    bool found = false;

    for (size_t i = 0; i < list.count; i++) {
        found = found || str_eq(list.items[i], text);
    }
    return found;
}

/* Unless told otherwise, a token endpoint takes the header (Discovery 1.0, 3). */
enum err openid_metadata_parse(struct arena *arena, struct str json, struct openid_metadata *ret)
{
    struct metadata metadata = {0};

    TRY(read(arena, json, &metadata_shape, &metadata));
    metadata.read.posts_secret = metadata.methods_are == PRESENCE_VALUE &&
                                 !has(metadata.methods, STR("client_secret_basic")) &&
                                 has(metadata.methods, STR("client_secret_post"));
    *ret = metadata.read;
    return ERR_OK;
}

struct openid_keys {
    size_t count;
    struct openid_key {
        struct jose_key *key;
        size_t id_length; /* 0: it has none */
        char id[KEY_ID_MOST * 4];
    } keys[KEYS_MOST];
};

static enum err add_key(struct openid_keys *keys, const struct jose_public *public)
{
    struct openid_key *next = &keys->keys[keys->count];
    enum err e = jose_key_from_public(public, &next->key);

    if (e == ERR_MISSING) {
        return ERR_OK;
    }
    TRY(e);
    if (public->key_id.len > 0) {
        memcpy(next->id, public->key_id.ptr, public->key_id.len);
    }
    next->id_length = public->key_id.len;
    keys->count++;
    return ERR_OK;
}

static enum err add_keys(struct openid_keys *keys, const struct list *list)
{
    const struct jose_public *public = list->items;

    for (size_t i = 0; i < list->count; i++) {
        enum err e = add_key(keys, &public[i]);
        if (e != ERR_OK) {
            return e == ERR_MEMORY ? e : ERR_FIELD_VALUE;
        }
    }
    return ERR_OK;
}

enum err openid_keys_parse(struct arena *arena, struct str json, struct openid_keys **ret)
{
    CLEANUP(openid_keys_destroy_at) struct openid_keys *keys = NULL;
    struct key_set set = {0};

    TRY(read(arena, json, &key_set_shape, &set));
    keys = calloc(1, sizeof *keys);
    if (!keys) {
        return ERR_MEMORY;
    }
    TRY(add_keys(keys, &set.keys));
    *ret = keys;
    keys = NULL;
    return ERR_OK;
}

void openid_keys_destroy(struct openid_keys *keys)
{
    for (size_t i = 0; keys && i < keys->count; i++) {
        jose_key_destroy(keys->keys[i].key);
    }
    free(keys);
}

void openid_keys_destroy_at(struct openid_keys **keys)
{
    openid_keys_destroy(*keys);
}

size_t openid_keys_count(const struct openid_keys *keys)
{
    return keys->count;
}

/* By its name and algorithm; by the algorithm alone where the token names none and only one key has
 * that (Core 1.0, 10.1). */
static const struct jose_key *find_key(const struct openid_keys *keys,
                                       const struct jose_header *header)
{
    const struct jose_key *found = NULL;
    bool named = header->key_id.len > 0;

    for (size_t i = 0; i < keys->count; i++) {
        const struct openid_key *key = &keys->keys[i];
        struct str id = {key->id, key->id_length};
        if (jose_key_algorithm(key->key) != header->algorithm ||
            (named && !str_eq(id, header->key_id))) {
            continue;
        }
        if (found) {
            return NULL;
        }
        found = key->key;
    }
    return found;
}

enum err openid_token_open(struct arena *arena, const struct openid_keys *keys, struct str token,
                           struct openid_claims *ret)
{
    struct openid_claims claims = {0};
    struct jose_header header;
    struct str json;

    TRY(jose_inspect_foreign(arena, token, &header));
    const struct jose_key *key = find_key(keys, &header);
    if (!key) {
        return ERR_MISSING;
    }
    TRY(jose_verify(arena, key, token, &json));
    enum err e = read(arena, json, &claims_shape, &claims);
    if (e != ERR_OK) {
        return e == ERR_MEMORY ? e : ERR_TOKEN_INVALID;
    }
    *ret = claims;
    return ERR_OK;
}

enum err openid_hash_is_of(struct digester *digester, struct str access_hash, struct str token,
                           bool *ret)
{
    struct key32 digest;
    char text[64];
    struct buf half = buf_over(text, sizeof text);

    TRY(digest_sha256(digester, token, &digest));
    base64_put(&half, digest.bytes, sizeof digest.bytes / 2);
    *ret = secret_eq(buf_str(&half), access_hash);
    return ERR_OK;
}

enum err openid_grant_parse(struct arena *arena, struct str json, struct openid_grant *ret)
{
    struct openid_grant grant = {0};

    TRY(read(arena, json, &grant_shape, &grant));
    *ret = grant;
    return ERR_OK;
}

static void put_pair(struct buf *out, char before, const char *name, struct str value)
{
    if (str_is_set(value)) {
        buf_put_char(out, before);
        buf_put(out, str_of(name));
        buf_put_char(out, '=');
        percent_encode(out, value);
    }
}

void openid_request_put(struct buf *out, struct str endpoint, const struct openid_request *in)
{
    bool challenged = str_is_set(in->challenge);

    buf_put(out, endpoint);
    put_pair(out, str_contains(endpoint, '?') ? '&' : '?', "response_type", in->response_type);
    put_pair(out, '&', "client_id", in->client_id);
    put_pair(out, '&', "redirect_uri", in->redirect_uri);
    put_pair(out, '&', "scope", in->scope);
    put_pair(out, '&', "state", in->state);
    put_pair(out, '&', "nonce", in->nonce);
    put_pair(out, '&', "code_challenge", in->challenge);
    put_pair(out, '&', "code_challenge_method", challenged ? STR("S256") : (struct str){0});
}

enum err openid_challenge(struct arena *arena, struct digester *digester, struct str verifier,
                          struct str *ret)
{
    struct buf text = buf_in_arena(arena, 64);
    struct key32 digest;

    TRY(digest_sha256(digester, verifier, &digest));
    base64_put(&text, digest.bytes, sizeof digest.bytes);
    return buf_end(&text, ret);
}

/* "Authorization: Basic …" of both, encoded as in a form before they are joined (RFC 6749, 2.3.1);
 * with the other alphabet of base64, padded. */
static enum err put_authorization(struct arena *arena, const struct openid_exchange *in,
                                  struct str *ret)
{
    struct buf both = buf_in_arena(arena, FORM_MOST), line = buf_in_arena(arena, 2 * FORM_MOST);

    percent_encode(&both, in->client_id);
    buf_put_char(&both, ':');
    percent_encode(&both, in->client_secret.hidden);
    buf_put(&line, STR("Authorization: Basic "));
    base64_put_padded(&line, both.data, both.len);
    if (both.failed) {
        return ERR_MEMORY;
    }
    return buf_end(&line, ret);
}

enum err openid_exchange_print(struct arena *arena, const struct openid_exchange *in,
                               struct str *ret_form, struct str *ret_authorization)
{
    struct buf form = buf_in_arena(arena, FORM_MOST);
    struct str authorization = {0};

    buf_put(&form, STR("grant_type=authorization_code"));
    put_pair(&form, '&', "code", in->code);
    put_pair(&form, '&', "redirect_uri", in->redirect_uri);
    put_pair(&form, '&', "code_verifier", in->verifier);
    if (in->posts_secret) {
        put_pair(&form, '&', "client_id", in->client_id);
        put_pair(&form, '&', "client_secret", in->client_secret.hidden);
    } else {
        TRY(put_authorization(arena, in, &authorization));
    }
    TRY(buf_end(&form, ret_form));
    *ret_authorization = authorization;
    return ERR_OK;
}
