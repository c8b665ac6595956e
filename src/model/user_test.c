#include "base/check.h"
#include "model/user.h"

static void only_two_states_may_enter(void **state)
{
    (void)state;

    assert_true(user_state_may_enter(USER_ACTIVE));
    assert_true(user_state_may_enter(USER_PENDING_VERIFICATION));
    assert_false(user_state_may_enter(USER_PENDING_ACTIVATION));
    assert_false(user_state_may_enter(USER_INACTIVE));
    assert_false(user_state_may_enter(USER_SUSPENDED));
}

static void what_the_store_made_up_may_not_enter(void **state)
{
    (void)state;

    assert_false(user_state_may_enter((enum user_state)0));
    assert_false(user_state_may_enter((enum user_state)6));
    assert_str(user_state_name((enum user_state)6), "unknown");
}

static void states_have_the_names_that_operators_write(void **state)
{
    (void)state;

    assert_str(user_state_name(USER_PENDING_ACTIVATION), "pending_activation");
    assert_str(user_state_name(USER_PENDING_VERIFICATION), "pending_verification");
    assert_str(user_state_name(USER_ACTIVE), "active");
    assert_str(user_state_name(USER_INACTIVE), "inactive");
    assert_str(user_state_name(USER_SUSPENDED), "suspended");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_two_states_may_enter),
        cmocka_unit_test(what_the_store_made_up_may_not_enter),
        cmocka_unit_test(states_have_the_names_that_operators_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
