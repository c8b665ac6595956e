#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "crypto/jose.h"
#include "crypto/jose_fixture.h"
#include "wire/base64.h"

#include <pthread.h>

/* RFC 7515, A.3.1. */
#define RFC_X "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define RFC_Y "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define RFC_D "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"
#define JWK(x, y, d)                                                                               \
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" x "\",\"y\":\"" y "\",\"d\":\"" d "\"}"

static const char rfc_claims[] =
    "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";

struct fixture_state {
    struct arena *arena;
    struct jose_key *rfc_key;
};

static int set_up(void **state)
{
    static struct fixture_state fixture;

    fixture.arena = arena_create(4096, 64 << 20);
    *state = &fixture;
    return fixture.arena &&
                   jose_key_from_jwk(STR(JWK(RFC_X, RFC_Y, RFC_D)), &fixture.rfc_key) == ERR_OK
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    struct fixture_state *fixture = *state;

    jose_key_destroy(fixture->rfc_key);
    arena_destroy(fixture->arena);
    return 0;
}

static struct arena *arena_of(void **state)
{
    return ((struct fixture_state *)*state)->arena;
}

static const struct jose_key *rfc_key_of(void **state)
{
    return ((struct fixture_state *)*state)->rfc_key;
}

static void key_destroy_at(struct jose_key **key)
{
    jose_key_destroy(*key);
}

static struct jose_key *new_key(void)
{
    struct jose_key *key = NULL;

    assert_ok(jose_key_make(&key));
    return key;
}

static struct jose_key *secret_key(struct str secret)
{
    struct jose_key *key = NULL;

    assert_ok(jose_key_from_secret(secret, &key));
    return key;
}

static struct str public_of(const struct jose_key *key, char *memory, size_t size)
{
    struct buf out = buf_over(memory, size);
    struct str text = {0};

    jose_key_public(&out, key);
    assert_ok(buf_end(&out, &text));
    return text;
}

/* The first of all tests: OpenSSL fetches an algorithm when it is first asked for, and keeps it. */
static void what_openssl_keeps_outlives_the_arena_of_a_call(void **state)
{
    CLEANUP(key_destroy_at)
    struct jose_key *secret = secret_key(STR("0123456789abcdef0123456789abcdef"));
    const struct jose_key *const keys[] = {rfc_key_of(state), secret};

    for (size_t i = 0; i < 2 * ARRAY_LEN(keys); i++) {
        CLEANUP(arena_destroy_at) struct arena *arena = arena_create(0, 1 << 20);
        struct str token, claims;
        assert_non_null(arena);
        assert_ok(jose_sign(arena, keys[i / 2], STR("JWT"), STR("{}"), &token));
        assert_ok(jose_verify(arena, keys[i / 2], token, &claims));
    }
}

static void the_example_of_rfc_7515_a_3_verifies(void **state)
{
    struct str claims;

    assert_ok(jose_verify(
        arena_of(state), rfc_key_of(state),
        STR("eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
            "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5d"
            "jxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"),
        &claims));
    assert_str(claims, rfc_claims);
}

static void the_example_of_rfc_7515_a_1_verifies(void **state)
{
    const struct str token = STR(
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQog"
        "Imh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX"
        "k");
    struct str secret, claims;
    struct jose_header header;

    assert_ok(base64_parse(arena_of(state),
                           STR("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4"
                               "hcgUuTwjAzZr1Z9CAow"),
                           &secret));
    CLEANUP(key_destroy_at) struct jose_key *key = secret_key(secret);
    assert_ok(jose_inspect(arena_of(state), token, STR("JWT"), &header));
    assert_int_equal(header.algorithm, JOSE_HS256);
    assert_false(str_is_set(header.key_id));
    assert_ok(jose_verify(arena_of(state), key, token, &claims));
    assert_str(claims, rfc_claims);
}

static void every_odd_token_gets_the_answer_the_fixture_has_for_it(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(fixtures); i++) {
        struct str token = str_of(fixtures[i].token), claims = STR("untouched");
        struct jose_header header;

        enum err inspected = jose_inspect(arena_of(state), token, STR("at+jwt"), &header);
        enum err verified = jose_verify(arena_of(state), rfc_key_of(state), token, &claims);
        if (inspected != fixtures[i].inspected || verified != fixtures[i].verified) {
            fail_msg("%s: %s, %s", fixtures[i].what, err_name(inspected), err_name(verified));
        }
        assert_str(claims, verified == ERR_OK ? "{\"sub\":\"somebody\"}" : "untouched");
    }
}

static void what_we_sign_says_who_signed_it_and_verifies(void **state)
{
    CLEANUP(key_destroy_at) struct jose_key *pair = new_key();
    CLEANUP(key_destroy_at)
    struct jose_key *secret = secret_key(STR("0123456789abcdef0123456789abcdef"));
    const struct jose_key *keys[] = {pair, secret};

    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        struct jose_header header;
        struct str token, claims;

        assert_ok(jose_sign(arena_of(state), keys[i], STR("at+jwt"), str_of(rfc_claims), &token));
        assert_ok(jose_inspect(arena_of(state), token, STR("at+jwt"), &header));
        assert_true(str_eq(header.key_id, jose_key_id(keys[i])));
        assert_int_equal(header.algorithm, jose_key_algorithm(keys[i]));
        assert_err(jose_inspect(arena_of(state), token, STR("logout+jwt"), &header),
                   ERR_TOKEN_INVALID);
        assert_ok(jose_verify(arena_of(state), keys[i], token, &claims));
        assert_str(claims, rfc_claims);
        assert_err(jose_verify(arena_of(state), keys[1 - i], token, &claims), ERR_TOKEN_INVALID);
        assert_err(jose_verify(arena_of(state), rfc_key_of(state), token, &claims),
                   ERR_TOKEN_INVALID);
    }
}

static void the_header_has_three_members_and_no_more(void **state)
{
    struct str token, header, rest, json, expected;

    assert_ok(jose_sign(arena_of(state), rfc_key_of(state), STR("at+jwt"), STR("{}"), &token));
    assert_true(str_cut(token, '.', &header, &rest));
    assert_ok(base64_parse(arena_of(state), header, &json));
    assert_ok(arena_print(arena_of(state), &expected,
                          "{\"alg\":\"ES256\",\"kid\":\"%s\",\"typ\":\"at+jwt\"}", FIXTURE_KEY_ID));
    assert_true(str_eq(json, expected));
}

/* The key's own token and, in place of each of its characters, its neighbour in the alphabet. */
static void a_token_with_any_character_changed_is_invalid(void **state)
{
    CLEANUP(key_destroy_at)
    struct jose_key *secret = secret_key(STR("0123456789abcdef0123456789abcdef"));
    const struct jose_key *keys[] = {rfc_key_of(state), secret};

    for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
        struct str token, copy, claims;

        assert_ok(jose_sign(arena_of(state), keys[k], STR("JWT"), STR("{\"a\":1}"), &token));
        for (size_t i = 0; i < token.len; i++) {
            CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);
            char *changed = arena_alloc(arena, token.len);

            assert_non_null(changed);
            memcpy(changed, token.ptr, token.len);
            changed[i] = (char)(changed[i] ^ 1);
            copy = (struct str){changed, token.len};
            assert_err(jose_verify(arena, keys[k], copy, &claims), ERR_TOKEN_INVALID);
        }
    }
}

/* cjose would compare 32 bytes of an HMAC of any length: under ASan this test sees it read past. */
static void a_token_cut_short_is_invalid(void **state)
{
    CLEANUP(key_destroy_at)
    struct jose_key *secret = secret_key(STR("0123456789abcdef0123456789abcdef"));
    const struct jose_key *keys[] = {rfc_key_of(state), secret};

    for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
        struct str token, claims;

        assert_ok(jose_sign(arena_of(state), keys[k], STR("JWT"), STR("{\"a\":1}"), &token));
        for (size_t size = 0; size < token.len; size++) {
            assert_err(jose_verify(arena_of(state), keys[k], str_sub(token, 0, size), &claims),
                       ERR_TOKEN_INVALID);
        }
    }
}

static void a_token_longer_than_all_headers_is_invalid(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);
    char *claims = arena_alloc(arena, 14000);
    struct jose_header header;
    struct str token, read;

    assert_non_null(claims);
    memset(claims, 'x', 14000);
    assert_ok(jose_sign(arena, rfc_key_of(state), STR("JWT"), (struct str){claims, 12000}, &token));
    assert_ok(jose_verify(arena, rfc_key_of(state), token, &read));
    assert_int_equal(read.len, 12000);
    assert_ok(jose_sign(arena, rfc_key_of(state), STR("JWT"), (struct str){claims, 14000}, &token));
    assert_err(jose_verify(arena, rfc_key_of(state), token, &read), ERR_TOKEN_INVALID);
    assert_err(jose_inspect(arena, token, STR("JWT"), &header), ERR_TOKEN_INVALID);
}

static void being_short_of_memory_is_not_the_tokens_fault(void **state)
{
    struct jose_header header;
    struct str token, claims;

    assert_ok(jose_sign(arena_of(state), rfc_key_of(state), STR("JWT"), STR("{}"), &token));
    for (size_t limit = 0; limit < 64; limit += 8) {
        CLEANUP(arena_destroy_at) struct arena *small = arena_create(16, limit);
        assert_err(jose_verify(small, rfc_key_of(state), token, &claims), ERR_MEMORY);
        assert_err(jose_inspect(small, token, STR("JWT"), &header), ERR_MEMORY);
        assert_err(jose_sign(small, rfc_key_of(state), STR("JWT"), STR("{}"), &claims), ERR_MEMORY);
    }
}

/* The example of RFC 7638 is an RSA key; this name was computed by jose_fixture.mjs. */
static void a_key_is_named_by_its_thumbprint(void **state)
{
    char memory[512];

    assert_str(jose_key_id(rfc_key_of(state)), FIXTURE_KEY_ID);
    assert_int_equal(jose_key_algorithm(rfc_key_of(state)), JOSE_ES256);
    assert_str(public_of(rfc_key_of(state), memory, sizeof memory),
               "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" RFC_X "\",\"y\":\"" RFC_Y
               "\",\"kid\":\"" FIXTURE_KEY_ID "\",\"alg\":\"ES256\",\"use\":\"sig\"}");
}

static void a_key_comes_back_from_its_private_jwk(void **state)
{
    CLEANUP(key_destroy_at) struct jose_key *key = new_key(), *other = new_key();
    CLEANUP(key_destroy_at) struct jose_key *back = NULL;
    struct str jwk, token, claims;
    char one[512], two[512];

    assert_ok(jose_key_private(arena_of(state), key, &jwk));
    assert_ok(jose_key_from_jwk(jwk, &back));
    assert_true(str_eq(jose_key_id(back), jose_key_id(key)));
    assert_false(str_eq(jose_key_id(back), jose_key_id(other)));
    assert_true(str_eq(public_of(key, one, sizeof one), public_of(back, two, sizeof two)));
    assert_ok(jose_sign(arena_of(state), back, STR("JWT"), STR("{}"), &token));
    assert_ok(jose_verify(arena_of(state), key, token, &claims));
    assert_err(jose_verify(arena_of(state), other, token, &claims), ERR_TOKEN_INVALID);
}

/* Every coordinate and every half of a signature is 32 bytes, also the one in 256 that begins with
 * zeros; 600 keys and signatures meet some of them, whatever is drawn. */
static void numbers_that_begin_with_zeros_keep_their_length(void **state)
{
    (void)state;

    for (int i = 0; i < 600; i++) {
        CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);
        CLEANUP(key_destroy_at) struct jose_key *key = new_key();
        CLEANUP(key_destroy_at) struct jose_key *back = NULL;
        struct str jwk, token, claims, head, rest, signature;

        assert_ok(jose_key_private(arena, key, &jwk));
        assert_ok(jose_key_from_jwk(jwk, &back)); /* refuses any other length */
        assert_true(str_eq(jose_key_id(back), jose_key_id(key)));
        assert_ok(jose_sign(arena, key, STR("JWT"), STR("{}"), &token));
        assert_true(str_cut(token, '.', &head, &rest));
        assert_true(str_cut(rest, '.', &head, &signature));
        assert_int_equal(signature.len, 86);
        assert_ok(jose_verify(arena, back, token, &claims));
    }
}

static void what_is_no_private_key_of_ours_is_refused(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "",
        "{}",
        "null",
        JWK(RFC_X, RFC_Y, RFC_D) "x",
        /* only the public half */
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" RFC_X "\",\"y\":\"" RFC_Y "\"}",
        JWK(RFC_X, RFC_Y, ""),
        /* halves that do not belong together */
        JWK(RFC_Y, RFC_X, RFC_D),
        JWK(RFC_X, RFC_Y, "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"),
        JWK(RFC_X, RFC_Y, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        /* other lengths and spellings */
        JWK(RFC_X, RFC_Y, "AI6bEJ5xkJi_mASH3x9dd-nLKWBuvtImO19XwhPfhPSy"),
        JWK(RFC_X, RFC_Y, RFC_D "="),
        JWK("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEV", RFC_Y, RFC_D),
        /* other keys */
        "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"" RFC_X "\",\"y\":\"" RFC_Y "\",\"d\":\"" RFC_D
        "\"}",
        "{\"kty\":\"oct\",\"crv\":\"P-256\",\"x\":\"" RFC_X "\",\"y\":\"" RFC_Y "\",\"d\":\"" RFC_D
        "\"}",
        "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ\"}",
        "{\"kty\":\"EC\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" RFC_X "\",\"y\":\"" RFC_Y
        "\",\"d\":\"" RFC_D "\"}",
    };
    struct jose_key *key = NULL;

    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        assert_err(jose_key_from_jwk(str_of(refused[i]), &key), ERR_CRYPTO);
    }
    assert_null(key);
    jose_key_destroy(key);
}

static void a_secret_is_long_enough_and_never_published(void **state)
{
    char secret[1025], memory[64];
    struct jose_key *key = NULL;
    struct str jwk;

    memset(secret, 's', sizeof secret);
    assert_err(jose_key_from_secret((struct str){0}, &key), ERR_CONFIG);
    assert_err(jose_key_from_secret((struct str){secret, 31}, &key), ERR_CONFIG);
    assert_err(jose_key_from_secret((struct str){secret, 1025}, &key), ERR_CONFIG);
    assert_null(key);
    key = secret_key((struct str){secret, 1024});
    jose_key_destroy(key);
    key = secret_key((struct str){secret, 32});
    assert_int_equal(jose_key_algorithm(key), JOSE_HS256);
    assert_str(public_of(key, memory, sizeof memory), "");
    assert_err(jose_key_private(arena_of(state), key, &jwk), ERR_CRYPTO);
    /* Python: base64url(sha256('{"k":"' + base64url("s" * 32) + '","kty":"oct"}')) */
    assert_str(jose_key_id(key), "zxai4XGYwwBaiPvaJM-r09uFnC1Hy1_jkBDiHXsxR9E");
    jose_key_destroy(key);
}

/* Somebody who takes our public key for the secret of HS256, by our own signing. */
static void our_public_key_is_nobodys_secret(void **state)
{
    char memory[512];
    CLEANUP(key_destroy_at)
    struct jose_key *confused = secret_key(public_of(rfc_key_of(state), memory, sizeof memory));
    struct str token, claims;

    assert_ok(jose_sign(arena_of(state), confused, STR("JWT"), STR("{}"), &token));
    assert_ok(jose_verify(arena_of(state), confused, token, &claims));
    assert_err(jose_verify(arena_of(state), rfc_key_of(state), token, &claims), ERR_TOKEN_INVALID);
}

/* What one thread of the next test works with. */
struct worker {
    const struct jose_key *pair, *secret;
    struct str common; /* a token all of them verify */
    bool done;
};

static bool sign_and_verify(struct arena *arena, const struct worker *w, int i)
{
    const struct jose_key *key = i % 2 ? w->pair : w->secret;
    const struct jose_key *other = i % 2 ? w->secret : w->pair;
    struct jose_header header;
    struct str expected, token, claims;

    return arena_print(arena, &expected, "{\"n\":%d}", i) == ERR_OK &&
           jose_sign(arena, key, STR("JWT"), expected, &token) == ERR_OK &&
           jose_inspect(arena, token, STR("JWT"), &header) == ERR_OK &&
           str_eq(header.key_id, jose_key_id(key)) &&
           jose_verify(arena, key, token, &claims) == ERR_OK && str_eq(claims, expected) &&
           jose_verify(arena, other, token, &claims) == ERR_TOKEN_INVALID &&
           jose_verify(arena, w->pair, w->common, &claims) == ERR_OK;
}

static void *work(void *argument)
{
    struct worker *w = argument;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);
    bool right = arena != NULL;

    for (int i = 0; right && i < 100; i++) {
        right = sign_and_verify(arena, w, i);
        arena_reset(arena);
    }
    w->done = right;
    return NULL;
}

static void eight_threads_share_the_same_keys(void **state)
{
    CLEANUP(key_destroy_at) struct jose_key *pair = new_key();
    CLEANUP(key_destroy_at)
    struct jose_key *secret = secret_key(STR("0123456789abcdef0123456789abcdef"));
    struct worker workers[8];
    pthread_t threads[8];
    struct str common;

    assert_ok(jose_sign(arena_of(state), pair, STR("JWT"), STR("{}"), &common));
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        workers[i] = (struct worker){.pair = pair, .secret = secret, .common = common};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(workers[i].done);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_openssl_keeps_outlives_the_arena_of_a_call),
        cmocka_unit_test(the_example_of_rfc_7515_a_3_verifies),
        cmocka_unit_test(the_example_of_rfc_7515_a_1_verifies),
        cmocka_unit_test(every_odd_token_gets_the_answer_the_fixture_has_for_it),
        cmocka_unit_test(what_we_sign_says_who_signed_it_and_verifies),
        cmocka_unit_test(the_header_has_three_members_and_no_more),
        cmocka_unit_test(a_token_with_any_character_changed_is_invalid),
        cmocka_unit_test(a_token_cut_short_is_invalid),
        cmocka_unit_test(a_token_longer_than_all_headers_is_invalid),
        cmocka_unit_test(being_short_of_memory_is_not_the_tokens_fault),
        cmocka_unit_test(a_key_is_named_by_its_thumbprint),
        cmocka_unit_test(a_key_comes_back_from_its_private_jwk),
        cmocka_unit_test(numbers_that_begin_with_zeros_keep_their_length),
        cmocka_unit_test(what_is_no_private_key_of_ours_is_refused),
        cmocka_unit_test(a_secret_is_long_enough_and_never_published),
        cmocka_unit_test(our_public_key_is_nobodys_secret),
        cmocka_unit_test(eight_threads_share_the_same_keys),
    };
    jose_start();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
