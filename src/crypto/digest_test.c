#include "base/arena.h"
#include "base/check.h"
#include "base/hex.h"
#include "crypto/digest.h"

#include <stdlib.h>

static int open_digester(void **state)
{
    struct digester *d = NULL;
    enum err e = digester_create(&d);

    *state = d;
    return e == ERR_OK ? 0 : -1;
}

static int close_digester(void **state)
{
    digester_destroy(*state);
    return 0;
}

static struct key32 key_of(const char *hex)
{
    struct key32 key = {0};

    assert_ok(hex_parse(str_of(hex), key.bytes, sizeof key.bytes));
    return key;
}

#define assert_key(actual, hex)                                                                    \
    do {                                                                                           \
        struct key32 expected_ = key_of(hex);                                                      \
        assert_memory_equal((actual).bytes, expected_.bytes, sizeof expected_.bytes);              \
    } while (0)

/* 00 01 02 … 1f */
static struct key32 counting_key(void)
{
    struct key32 key;

    for (size_t i = 0; i < sizeof key.bytes; i++) {
        key.bytes[i] = (uint8_t)i;
    }
    return key;
}

static void sha256_gives_the_answers_of_fips_180(void **state)
{
    static const struct {
        const char *text, *digest;
    } known[] = {
        {"",                                                         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc",                                                      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"                                                            },
    };
    struct key32 digest;

    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        assert_ok(digest_sha256(*state, str_of(known[i].text), &digest));
        assert_key(digest, known[i].digest);
    }
    char *million = malloc(1000000);
    assert_non_null(million);
    memset(million, 'a', 1000000);
    assert_ok(digest_sha256(*state, (struct str){million, 1000000}, &digest));
    assert_key(digest, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}

static void no_text_digests_like_empty_text(void **state)
{
    struct key32 digest;

    assert_ok(digest_sha256(*state, (struct str){0}, &digest));
    assert_key(digest, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* HMAC fills a key up with zeros, so the shorter keys of the RFC are keys of 32 bytes to us. */
static void keyed_digests_give_the_answers_of_rfc_4231(void **state)
{
    static const struct {
        const char *key, *data, *digest;
    } known[] = {
        {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b000000000000000000000000", "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"                                                                                },
        {"4a65666500000000000000000000000000000000000000000000000000000000",
         "what do ya want for nothing?",                                                 "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {"0102030405060708090a0b0c0d0e0f1011121314151617181900000000000000",
         "\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd"
         "\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd"
         "\xcd\xcd\xcd\xcd\xcd\xcd",                                                     "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
    };

    /* Twice round: each key is met both after another one and, in the inner loop, after itself. */
    for (size_t i = 0; i < 2 * ARRAY_LEN(known); i++) {
        size_t at = i % ARRAY_LEN(known);
        struct key32 key = key_of(known[at].key), digest;

        for (int again = 0; again < 3; again++) {
            assert_ok(digest_keyed(*state, &key, str_of(known[at].data), &digest));
            assert_key(digest, known[at].digest);
        }
    }
}

/* Expected values computed with Python's hmac and checked with its cryptography package. */
static void derived_keys_are_those_of_hkdf_expand(void **state)
{
    struct key32 master = counting_key(), key;

    assert_ok(key_derive(*state, &master, STR("device cookie"), &key));
    assert_key(key, "60843a76c2eae24303cca011dc6a3a0342cf386e0f36bbdccc8ba71461578d4e");
    assert_ok(key_derive(*state, &master, STR("signing keys"), &key));
    assert_key(key, "236d50242fc5398a3dbdc07efa98e675a9ee6671e22df361c2fdcf60afcbb741");
}

static void what_is_sealed_can_be_opened(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 20);
    struct key32 key = counting_key();
    char all[1000];
    struct str sealed, clear;

    memset(all, 'x', sizeof all);
    for (size_t size = 0; size <= sizeof all; size += 37) {
        struct str text = {all, size};
        assert_ok(seal_close(arena, &key, STR("column a"), text, &sealed));
        assert_int_equal(sealed.len, size + 29);
        assert_ok(seal_open(arena, &key, STR("column a"), sealed, &clear));
        assert_true(str_eq(clear, text));
    }
}

/* Made with AESGCM of Python's cryptography package: the form on disk, nailed down. */
static void a_seal_of_long_ago_can_be_opened(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 16);
    struct key32 key = counting_key();
    char sealed[43];
    struct str clear;

    assert_ok(hex_parse(STR("016465666768696a6b6c6d6e6f296faa071a8276ff4a423b89ad0b29382632644"
                            "82b043071b21fc12c6486"),
                        sealed, sizeof sealed));
    assert_ok(seal_open(arena, &key, STR("column a"), (struct str){sealed, 43}, &clear));
    assert_str(clear, "attack at dawn");
}

static void the_same_text_is_never_sealed_the_same_way(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 16);
    struct key32 key = counting_key();
    struct str one, other;

    assert_ok(seal_close(arena, &key, STR("c"), STR("text"), &one));
    assert_ok(seal_close(arena, &key, STR("c"), STR("text"), &other));
    assert_false(str_eq(str_sub(one, 1, 12), str_sub(other, 1, 12)));
    assert_false(str_eq(str_skip(one, 13), str_skip(other, 13)));
}

static void a_seal_with_any_bit_changed_stays_closed(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 20);
    struct key32 key = counting_key();
    struct str sealed, clear;
    char changed[64];

    assert_ok(seal_close(arena, &key, STR("column a"), STR("attack at dawn"), &sealed));
    assert_true(sealed.len <= sizeof changed);
    for (size_t bit = 0; bit < 8 * sealed.len; bit++) {
        memcpy(changed, sealed.ptr, sealed.len);
        changed[bit / 8] = (char)(changed[bit / 8] ^ (1 << bit % 8));
        assert_err(
            seal_open(arena, &key, STR("column a"), (struct str){changed, sealed.len}, &clear),
            ERR_CRYPTO);
    }
    for (size_t size = 0; size < sealed.len; size++) {
        assert_err(seal_open(arena, &key, STR("column a"), str_sub(sealed, 0, size), &clear),
                   ERR_CRYPTO);
    }
}

static void a_seal_opens_only_with_its_key_and_context(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 16);
    struct key32 key = counting_key(), other = counting_key();
    struct str sealed, clear = STR("untouched");

    other.bytes[31] ^= 1;
    assert_ok(seal_close(arena, &key, STR("column a"), STR("text"), &sealed));
    assert_err(seal_open(arena, &other, STR("column a"), sealed, &clear), ERR_CRYPTO);
    assert_err(seal_open(arena, &key, STR("column b"), sealed, &clear), ERR_CRYPTO);
    assert_err(seal_open(arena, &key, STR("column"), sealed, &clear), ERR_CRYPTO);
    assert_err(seal_open(arena, &key, (struct str){0}, sealed, &clear), ERR_CRYPTO);
    assert_str(clear, "untouched");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_answers_of_fips_180),
        cmocka_unit_test(no_text_digests_like_empty_text),
        cmocka_unit_test(keyed_digests_give_the_answers_of_rfc_4231),
        cmocka_unit_test(derived_keys_are_those_of_hkdf_expand),
        cmocka_unit_test(what_is_sealed_can_be_opened),
        cmocka_unit_test(a_seal_of_long_ago_can_be_opened),
        cmocka_unit_test(the_same_text_is_never_sealed_the_same_way),
        cmocka_unit_test(a_seal_with_any_bit_changed_stays_closed),
        cmocka_unit_test(a_seal_opens_only_with_its_key_and_context),
    };
    return cmocka_run_group_tests(tests, open_digester, close_digester);
}
