#include "base/check.h"
#include "base/number.h"

static void within_the_range(void **state)
{
    (void)state;
    int64_t n;

    assert_ok(number_parse(STR("0"), 0, 9, &n));
    assert_int_equal(n, 0);
    assert_ok(number_parse(STR("9223372036854775807"), 0, INT64_MAX, &n));
    assert_int_equal(n, INT64_MAX);
    assert_ok(number_parse(STR("-9223372036854775808"), INT64_MIN, 0, &n));
    assert_int_equal(n, INT64_MIN);
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "-",
                                      "-1",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1x",
                                      "0x1",
                                      "10",
                                      "9223372036854775808",
                                      "99999999999999999999999"};
    int64_t n;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_err(number_parse(str_of(bad[i]), 0, 9, &n), ERR_FIELD_VALUE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(within_the_range),
        cmocka_unit_test(anything_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
