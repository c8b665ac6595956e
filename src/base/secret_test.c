#include "base/check.h"
#include "base/secret.h"

static void secrets_are_equal_when_every_byte_is(void **state)
{
    (void)state;

    assert_true(secret_eq(STR("a\0b"), STR("a\0b")));
    assert_true(secret_eq(STR(""), (struct str){0}));
    assert_false(secret_eq(STR("a\0b"), STR("a\0c")));
    assert_false(secret_eq(STR("abc"), STR("Abc")));
    assert_false(secret_eq(STR("abc"), STR("ab")));
    assert_false(secret_eq(STR("abc"), STR("")));
}

static void what_repeats_itself_or_counts_was_not_drawn(void **state)
{
    (void)state;
    uint8_t counted[32];

    for (size_t i = 0; i < sizeof counted; i++) {
        counted[i] = (uint8_t)(250 + 3 * i);
    }
    assert_true(secret_is_pattern((struct str){(char *)counted, sizeof counted}));
    assert_true(secret_is_pattern(STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")));
    assert_true(secret_is_pattern(STR("0123456789abcdef0123456789abcdef")));
    assert_false(secret_is_pattern(STR("changemechangemechangemechangeme1")));
    assert_true(secret_is_pattern(STR("changemechangemechangemechangemech")));
    assert_false(secret_is_pattern(STR("0123456789abcdef0123456789abcdee")));
    assert_false(secret_is_pattern(STR("8c1f0e6bd27a9354c0ffb1a3e57d6802")));
    assert_false(secret_is_pattern(STR("")));
    assert_false(secret_is_pattern(STR("a")));
}

static void a_key_differs_by_any_one_bit(void **state)
{
    (void)state;
    struct key32 key = {
        {1, 2, 3}
    };

    for (size_t bit = 0; bit < 8 * sizeof key.bytes; bit++) {
        struct key32 other = key;
        assert_true(key32_eq(&key, &other));
        other.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_false(key32_eq(&key, &other));
    }
}

static void a_wiped_key_is_gone(void **state)
{
    (void)state;
    struct key32 key;

    memset(&key, 0xa5, sizeof key);
    key32_wipe(&key);
    assert_true(key32_eq(&key, &(struct key32){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_equal_when_every_byte_is),
        cmocka_unit_test(what_repeats_itself_or_counts_was_not_drawn),
        cmocka_unit_test(a_key_differs_by_any_one_bit),
        cmocka_unit_test(a_wiped_key_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
