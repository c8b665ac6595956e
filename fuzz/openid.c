/* Metadata, key sets, grants and tokens of providers out of arbitrary bytes: nothing breaks, and
 * nothing opens that the key of the corpus did not sign. */
#include "crypto/openid.h"

#include "base/arena.h"
#include "base/buf.h"
#include "crypto/digest.h"
#include "crypto/jose.h"
#include "fuzz/harness.h"
#include "wire/base64.h"

/* RFC 7515, A.3.1: the key that tokens in the corpus are signed with. */
static const char known_keys[] =
    "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"e\","
    "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}";

static bool is_of_json(enum err e)
{
    return e == ERR_OK || e == ERR_FIELD_VALUE || e == ERR_MEMORY;
}

static void read_documents(struct arena *arena, struct str input)
{
    CLEANUP(openid_keys_destroy_at) struct openid_keys *keys = NULL;
    struct openid_metadata metadata;
    struct openid_grant grant;

    PROMISE(is_of_json(openid_metadata_parse(arena, input, &metadata)));
    PROMISE(is_of_json(openid_grant_parse(arena, input, &grant)));
    PROMISE(is_of_json(openid_keys_parse(arena, input, &keys)));
    PROMISE(!keys || openid_keys_count(keys) <= 50);
}

static void read_token(struct arena *arena, struct str input)
{
    CLEANUP(openid_keys_destroy_at) struct openid_keys *keys = NULL;
    struct openid_claims claims = {0};

    PROMISE(openid_keys_parse(arena, str_of(known_keys), &keys) == ERR_OK);
    enum err e = openid_token_open(arena, keys, input, &claims);
    PROMISE(e == ERR_OK || e == ERR_TOKEN_INVALID || e == ERR_MISSING);
    PROMISE(e != ERR_OK || (claims.issuer.len > 0 && claims.subject.len > 0 &&
                            claims.subject.len <= 255 * 4 && claims.audience.count <= 100));
}

/* A hash is of one token in one spelling alone. */
static void read_hash(struct arena *arena, struct str input)
{
    CLEANUP(digester_destroy_at) struct digester *digester = NULL;
    struct buf half = buf_in_arena(arena, 64);
    struct key32 digest;
    bool is_of;

    PROMISE(digester_create(&digester) == ERR_OK);
    PROMISE(openid_hash_is_of(digester, input, STR("token"), &is_of) == ERR_OK);
    PROMISE(!is_of || input.len == 22);
    PROMISE(digest_sha256(digester, input, &digest) == ERR_OK);
    base64_put(&half, digest.bytes, sizeof digest.bytes / 2);
    PROMISE(openid_hash_is_of(digester, buf_str(&half), input, &is_of) == ERR_OK && is_of);
    PROMISE(openid_hash_is_of(digester, str_skip(buf_str(&half), 1), input, &is_of) == ERR_OK);
    PROMISE(!is_of);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 14, 1 << 24);
    struct str input = {(const char *)data, size};

    read_documents(arena, input);
    read_token(arena, input);
    read_hash(arena, input);
    return 0;
}
