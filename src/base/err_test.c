#include "base/check.h"
#include "base/err.h"

#undef fail /* here it is ours that is meant, not cmocka's */

static void every_error_has_a_class_and_a_public_text(void **state)
{
    (void)state;

#define X(name, class, text)                                                                       \
    assert_int_equal(err_class(name), class);                                                      \
    assert_string_equal(err_name(name), #name);                                                    \
    assert_string_equal(err_text(name), text);
    ERR_TABLE(X)
#undef X
}

static void what_is_our_fault_tells_a_client_nothing(void **state)
{
    (void)state;

    assert_string_equal(err_text(ERR_STORE), "internal error");
    assert_string_equal(err_text(ERR_CRYPTO), "internal error");
    assert_string_equal(err_text(ERR_SYSTEM), "internal error");
}

static void the_first_reason_wins(void **state)
{
    (void)state;
    struct reason reason = {0};

    assert_err(fail(&reason, ERR_FIELD_VALUE, STR("email"), "no %s in it", "@"), ERR_FIELD_VALUE);
    assert_err(fail(&reason, ERR_STORE, STR("other"), "while cleaning up"), ERR_STORE);
    assert_err(reason.err, ERR_FIELD_VALUE);
    assert_str(reason.field, "email");
    assert_string_equal(reason.detail, "no @ in it");
}

static void a_long_detail_is_cut_and_nobody_has_to_listen(void **state)
{
    (void)state;
    struct reason reason = {0};

    assert_err(fail(&reason, ERR_SYSTEM, (struct str){0}, "%0300d", 7), ERR_SYSTEM);
    assert_int_equal(strlen(reason.detail), sizeof reason.detail - 1);
    assert_err(fail(NULL, ERR_SYSTEM, (struct str){0}, "unheard"), ERR_SYSTEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_has_a_class_and_a_public_text),
        cmocka_unit_test(what_is_our_fault_tells_a_client_nothing),
        cmocka_unit_test(the_first_reason_wins),
        cmocka_unit_test(a_long_detail_is_cut_and_nobody_has_to_listen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
