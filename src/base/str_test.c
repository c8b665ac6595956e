#include "base/check.h"
#include "base/str.h"

static void words_are_taken_one_by_one(void **state)
{
    (void)state;
    struct str rest = STR("  one two  three "), word;

    assert_true(str_next(&rest, ' ', &word));
    assert_str(word, "one");
    assert_true(str_next(&rest, ' ', &word));
    assert_str(word, "two");
    assert_true(str_next(&rest, ' ', &word));
    assert_str(word, "three");
    assert_false(str_next(&rest, ' ', &word));
}

static void cutting_without_a_separator_leaves_all_in_front(void **state)
{
    (void)state;
    struct str head, tail;

    assert_true(str_cut(STR("a=b=c"), '=', &head, &tail));
    assert_str(head, "a");
    assert_str(tail, "b=c");
    assert_false(str_cut(STR("abc"), '=', &head, &tail));
    assert_str(head, "abc");
    assert_false(str_is_set(tail));
}

static void absent_text_is_not_empty_text(void **state)
{
    (void)state;
    assert_false(str_is_set(str_of(NULL)));
    assert_true(str_is_set(STR("")));
    assert_true(str_eq(str_of(NULL), STR("")));
}

static void comparing(void **state)
{
    (void)state;
    assert_true(str_eq_nocase(STR("Content-Length"), STR("content-length")));
    assert_false(str_eq_nocase(STR("a["), STR("a{"))); /* letters only */
    assert_true(str_compare(STR("ab"), STR("abc")) < 0);
    assert_true(str_compare(STR("b"), STR("abc")) > 0);
    assert_true(str_starts(STR("Bearer x"), STR("Bearer ")));
    assert_false(str_starts(STR("Bear"), STR("Bearer ")));
    assert_true(str_ends(STR("a.eml"), STR(".eml")));
    assert_true(str_contains(STR("a b"), ' '));
    assert_false(str_contains(STR(""), ' '));
}

static void slices_stay_inside(void **state)
{
    (void)state;
    assert_str(str_sub(STR("abc"), 1, 99), "bc");
    assert_str(str_sub(STR("abc"), 9, 1), "");
    assert_str(str_trim(STR(" \t a b \t")), "a b");
    assert_str(str_trim(STR("   ")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_taken_one_by_one),
        cmocka_unit_test(cutting_without_a_separator_leaves_all_in_front),
        cmocka_unit_test(absent_text_is_not_empty_text),
        cmocka_unit_test(comparing),
        cmocka_unit_test(slices_stay_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
