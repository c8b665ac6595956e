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
        cmocka_unit_test(a_key_differs_by_any_one_bit),
        cmocka_unit_test(a_wiped_key_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
