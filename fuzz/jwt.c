/* Tokens, keys and claims out of arbitrary bytes: nothing breaks, nothing verifies that nobody
 * signed, and what was signed verifies. */
#include "base/arena.h"
#include "crypto/jose.h"
#include "fuzz/harness.h"

/* RFC 7515, A.3.1: a key that tokens in the corpus are signed with. */
static const char known_jwk[] =
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\","
    "\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"}";

static struct keys {
    struct jose_key *pair, *secret;
} keys;

static void keys_make(void)
{
    PROMISE(jose_key_from_jwk(str_of(known_jwk), &keys.pair) == ERR_OK);
    PROMISE(jose_key_from_secret(STR("0123456789abcdef0123456789abcdef"), &keys.secret) == ERR_OK);
}

static void keys_destroy(void)
{
    jose_key_destroy(keys.pair);
    jose_key_destroy(keys.secret);
}

/* No key verifies what another does, and inspecting agrees with verifying. */
static void read_token(struct arena *arena, struct str token)
{
    struct str claims = {0}, other = {0};
    struct jose_header header;
    enum err foreign = jose_inspect_foreign(arena, token, &header);
    PROMISE(foreign == ERR_TOKEN_INVALID || (foreign == ERR_OK && header.algorithm != JOSE_HS256));
    enum err inspected = jose_inspect(arena, token, STR("at+jwt"), &header);
    PROMISE(foreign != ERR_OK || inspected != ERR_OK); /* theirs is never taken for one of ours */
    enum err by_pair = jose_verify(arena, keys.pair, token, &claims);
    enum err by_secret = jose_verify(arena, keys.secret, token, &other);

    PROMISE(inspected == ERR_OK || inspected == ERR_TOKEN_INVALID);
    PROMISE(by_pair == ERR_OK || by_pair == ERR_TOKEN_INVALID);
    PROMISE(by_secret == ERR_OK || by_secret == ERR_TOKEN_INVALID);
    PROMISE(by_pair != ERR_OK || by_secret != ERR_OK);
    if (inspected == ERR_OK) {
        PROMISE(by_pair != ERR_OK || header.algorithm == JOSE_ES256);
        PROMISE(by_secret != ERR_OK || header.algorithm == JOSE_HS256);
    }
}

/* Whatever is accepted as a key prints itself as one that is accepted again under its name. */
static void read_key(struct arena *arena, struct str text)
{
    struct jose_key *key = NULL, *again = NULL;
    struct str printed;

    if (jose_key_from_jwk(text, &key) == ERR_OK) {
        PROMISE(jose_key_private(arena, key, &printed) == ERR_OK);
        PROMISE(jose_key_from_jwk(printed, &again) == ERR_OK);
        PROMISE(str_eq(jose_key_id(key), jose_key_id(again)));
    }
    jose_key_destroy(key);
    jose_key_destroy(again);
}

static void sign(struct arena *arena, const struct jose_key *key, struct str claims)
{
    struct jose_header header;
    struct str token, read;

    PROMISE(jose_sign(arena, key, STR("at+jwt"), claims, &token) == ERR_OK);
    PROMISE(jose_inspect(arena, token, STR("at+jwt"), &header) == ERR_OK);
    PROMISE(str_eq(header.key_id, jose_key_id(key)));
    PROMISE(jose_verify(arena, key, token, &read) == ERR_OK);
    PROMISE(str_eq(read, claims));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 14, 1 << 20);
    struct str input = {(const char *)data, size};

    if (!keys.pair) {
        keys_make();
        (void)atexit(keys_destroy);
    }
    read_token(arena, input);
    if (size > 0 && size < 4096 && data[0] == '{') { /* the shape of keys and claims */
        read_key(arena, input);
        sign(arena, keys.pair, input);
        sign(arena, keys.secret, input);
    }
    return 0;
}
