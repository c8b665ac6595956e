#include "base/buf.h"
#include "base/check.h"
#include "model/colour.h"

#include <stdio.h>

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

static const char *readable(const char *colour)
{
    static char text[16];
    struct buf out = buf_over(text, sizeof text);

    colour_print_readable(&out, str_of(colour));
    buf_put_char(&out, '\0');
    return text;
}

/* The figures are those of other tools: #767676 is the lightest grey that is read on white. */
static void what_is_too_light_gets_darker_and_nothing_else_does(void **state)
{
    (void)state;
    static const char *const light[] = {"#777", "#fff", "#ffee00", "#0f0", "#00ffff", "#ff8888"};

    assert_string_equal(readable("#2457c5"), "#2457c5");
    assert_string_equal(readable("#7A1F2B"), "#7a1f2b");
    assert_string_equal(readable("#00f"), "#0000ff");
    assert_string_equal(readable("#000"), "#000000");
    assert_string_equal(readable("#767676"), "#767676");
    assert_string_equal(readable("#fff"), "#757575");
    for (size_t i = 0; i < ARRAY_LEN(light); i++) {
        char once[16];
        (void)snprintf(once, sizeof once, "%s", readable(light[i]));
        assert_string_not_equal(once, light[i]);
        assert_string_equal(readable(once), once);
    }
    assert_string_equal(readable("#ff0000"), "#ed0000");
}

static void what_is_no_colour_is_black(void **state)
{
    (void)state;
    assert_string_equal(readable(""), "#000000");
    assert_string_equal(readable("red; } body { display: none"), "#000000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_or_six_digits_are_a_colour),
        cmocka_unit_test(what_is_too_light_gets_darker_and_nothing_else_does),
        cmocka_unit_test(what_is_no_colour_is_black),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
