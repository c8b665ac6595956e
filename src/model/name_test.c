#include "base/check.h"
#include "model/name.h"

static void only_what_is_allowed_may_stand_in_a_name(void **state)
{
    (void)state;

    assert_true(name_is_fine(STR("aZ09"), ""));
    assert_false(name_is_fine(STR("a_b"), ""));
    assert_true(name_is_fine(STR("a_b"), "_"));
    assert_true(name_is_fine(STR("a b"), " "));
    assert_false(name_is_fine(STR(" b"), " "));
    assert_false(name_is_fine(STR("b "), " "));
    assert_false(name_is_fine(STR("a\0b"), ""));
    assert_false(name_is_fine(STR("\303\244"), "_"));
}

static void a_name_is_neither_empty_nor_too_long(void **state)
{
    (void)state;
    char text[NAME_MOST + 1];

    memset(text, 'a', sizeof text);
    assert_false(name_is_fine(STR(""), "_"));
    assert_true(name_is_fine((struct str){text, NAME_MOST}, ""));
    assert_false(name_is_fine((struct str){text, NAME_MOST + 1}, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_allowed_may_stand_in_a_name),
        cmocka_unit_test(a_name_is_neither_empty_nor_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
