#include "base/check.h"
#include "text/date.h"

static void days_that_there_are_are_real(void **state)
{
    (void)state;
    static const char *const real[] = {"1990-01-01", "1999-12-31", "2000-02-29", "2024-02-29",
                                       "0001-01-01"};

    for (size_t i = 0; i < ARRAY_LEN(real); i++) {
        assert_true(date_is_real(str_of(real[i])));
    }
}

static void what_no_calendar_has_is_not(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",           "1990-1-1",   "1990-13-01", "1990-00-10",
                                        "1990-04-31", "1900-02-29", "2023-02-29", "1990/01/01",
                                        "01-01-1990", "1990-01-00", "0000-01-01", "1990-01-01 ",
                                        "199a-01-01", "-990-01-01"};

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_false(date_is_real(str_of(wrong[i])));
    }
    assert_false(date_is_real((struct str){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_that_there_are_are_real),
        cmocka_unit_test(what_no_calendar_has_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
