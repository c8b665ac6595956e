#include "base/check.h"
#include "model/role.h"

static void every_role_is_found_by_its_name(void **state)
{
    (void)state;

    for (unsigned role = 0; role < ROLES; role++) {
        assert_int_equal(role_of(role_name((enum role)role)), role);
    }
}

static void the_strongest_comes_first(void **state)
{
    (void)state;
    static const char *const names[] = {"SUPER_ADMIN", "ADMIN", "GYM_ADMIN", "MEMBER", "USER"};

    assert_int_equal(ARRAY_LEN(names), ROLES);
    for (unsigned role = 0; role < ROLES; role++) {
        assert_str(role_name((enum role)role), names[role]);
    }
}

static void what_does_not_come_with_the_service_is_none_of_these(void **state)
{
    (void)state;
    static const char *const others[] = {"", "super_admin", "ADMIN ", "ADMI", "ADMINS", "ROLES"};

    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        assert_int_equal(role_of(str_of(others[i])), ROLES);
    }
    assert_int_equal(role_of((struct str){0}), ROLES);
}

static void a_set_has_a_bit_for_each(void **state)
{
    (void)state;

    assert_true(ROLES <= 8 * sizeof(((struct role_set *)0)->bits));
}

static void names_are_checked(void **state)
{
    (void)state;
    static const char *const bad[] = {"", " a", "a ", "a,b", "a\tb", "a:b", "*", "ä"};

    assert_true(role_name_is_fine(STR("MANAGER")));
    assert_true(role_name_is_fine(STR("Team Lead 2.0_x-y")));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_false(role_name_is_fine(str_of(bad[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_role_is_found_by_its_name),
        cmocka_unit_test(the_strongest_comes_first),
        cmocka_unit_test(what_does_not_come_with_the_service_is_none_of_these),
        cmocka_unit_test(a_set_has_a_bit_for_each),
        cmocka_unit_test(names_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
