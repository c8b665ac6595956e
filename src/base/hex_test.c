#include "base/check.h"
#include "base/hex.h"

static void digits_of_either_case_are_read(void **state)
{
    (void)state;
    unsigned char bytes[4];

    assert_ok(hex_parse(STR("00fFa9Be"), bytes, sizeof bytes));
    assert_memory_equal(bytes, "\x00\xff\xa9\xbe", sizeof bytes);
    assert_ok(hex_parse(STR(""), bytes, 0));
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",     "0",    "000",  "00000", "0g00",
                                      "g000", "+100", " 100", "0x10"};
    unsigned char bytes[2];

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_err(hex_parse(str_of(bad[i]), bytes, sizeof bytes), ERR_FIELD_VALUE);
    }
}

static void of_all_characters_only_the_digits_count(void **state)
{
    (void)state;

    for (int c = -128; c < 128; c++) {
        const char *at = c > 0 ? strchr("0123456789abcdef0123456789ABCDEF", c) : NULL;
        long expected = at ? (at - strchr(at, '\0') + 32) % 16 : -1;
        assert_int_equal(hex_digit((char)c), expected);
    }
}

static void what_is_ours_is_in_lower_case(void **state)
{
    (void)state;
    unsigned char bytes[2];

    assert_ok(hex_parse_ours(STR("0a9f"), bytes, sizeof bytes));
    assert_memory_equal(bytes, "\x0a\x9f", sizeof bytes);
    assert_err(hex_parse_ours(STR("0A9f"), bytes, sizeof bytes), ERR_FIELD_VALUE);
    assert_err(hex_parse_ours(STR("0a9g"), bytes, sizeof bytes), ERR_FIELD_VALUE);
    assert_err(hex_parse_ours(STR("0a9"), bytes, sizeof bytes), ERR_FIELD_VALUE);
    assert_true(hex_is_ours(STR("0123456789abcdef")));
    assert_false(hex_is_ours(STR("F")));
    assert_false(hex_is_ours(STR("g")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_of_either_case_are_read),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(what_is_ours_is_in_lower_case),
        cmocka_unit_test(of_all_characters_only_the_digits_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
