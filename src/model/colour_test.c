#include "base/check.h"
#include "model/colour.h"

static void three_or_six_digits_are_a_colour(void **state)
{
    (void)state;
    static const char *const fine[] = {"#000", "#fff", "#AbC", "#0a1b2c", "#FFFFFF"};
    static const char *const wrong[] = {
        "",    "#",    "#12",     "#1234",   "#12345", "#1234567",           "123456",
        "red", "#ggg", "#12 456", "##12345", "#00;a",  "#\u00e4\u00e4\u00e4"};

    for (size_t i = 0; i < ARRAY_LEN(fine); i++) {
        assert_true(colour_is_fine(str_of(fine[i])));
    }
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_false(colour_is_fine(str_of(wrong[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_or_six_digits_are_a_colour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
