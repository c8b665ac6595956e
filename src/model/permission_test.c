#include "base/check.h"
#include "model/permission.h"

static struct permission_set set_of(const char *name)
{
    struct permission_set set = {0};

    permission_add(&set, str_of(name));
    return set;
}

static void a_star_grants_all_of_a_kind(void **state)
{
    (void)state;
    struct permission_set set = set_of("users:*");

    assert_true(permission_held(set, PERMIT_USERS_READ));
    assert_true(permission_held(set, PERMIT_USERS_WRITE));
    assert_false(permission_held(set, PERMIT_ROLES_READ));
    assert_true(permission_covers(set_of("*"), permission_all()));
    assert_false(permission_covers(set, permission_all()));
}

static void what_is_not_a_name_grants_nothing(void **state)
{
    (void)state;
    static const char *const bad[] = {"",         "users",      "users:",    "user*",
                                      "users:r*", "USERS:READ", "READ_DATA", "users:read:x"};

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(set_of(bad[i]).bits, 0);
    }
}

static void a_permission_is_granted_by_its_name_alone(void **state)
{
    (void)state;

    for (unsigned i = 0; i < PERMISSIONS; i++) {
        struct permission_set set = {0};
        permission_add(&set, permission_name((enum permission)i));
        assert_int_equal(set.bits, (uint64_t)1 << i);
        assert_true(permission_covers(permission_all(), set));
    }
}

static void a_set_covers_what_it_holds_and_no_more(void **state)
{
    (void)state;
    struct permission_set users = set_of("users:*"), reading = set_of("users:read"), none = {0};

    assert_true(permission_covers(users, reading));
    assert_false(permission_covers(reading, users));
    assert_true(permission_covers(reading, reading));
    assert_true(permission_covers(none, none));
    assert_true(permission_covers(reading, none));
    assert_false(permission_covers(none, reading));
}

static void names_are_checked(void **state)
{
    (void)state;
    static const char *const fine[] = {"*", "users:*", "READ_DATA", "a.b-c:d:e", "x"};
    static const char *const bad[] = {"",    ":*x", "users*", "us*:read", "a b",
                                      "a\n", "**",  "ä",      "a,b"};

    for (size_t i = 0; i < ARRAY_LEN(fine); i++) {
        assert_true(permission_name_is_fine(str_of(fine[i])));
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_false(permission_name_is_fine(str_of(bad[i])));
    }
}

static void a_name_grants_itself_and_a_star_what_is_behind_it(void **state)
{
    (void)state;

    assert_true(permission_grants(STR("a:b"), STR("a:b")));
    assert_true(permission_grants(STR("a:*"), STR("a:b")));
    assert_true(permission_grants(STR("a:*"), STR("a:b:c")));
    assert_true(permission_grants(STR("*"), STR("a")));
    assert_true(permission_grants(STR("*"), STR("a:*")));
    assert_false(permission_grants(STR("a:*"), STR("a:")));
    assert_false(permission_grants(STR("a:*"), STR("ab:c")));
    assert_false(permission_grants(STR("a:b"), STR("a:*")));
    assert_false(permission_grants(STR("a*"), STR("ab")));
    assert_false(permission_grants(STR(""), STR("a")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_star_grants_all_of_a_kind),
        cmocka_unit_test(what_is_not_a_name_grants_nothing),
        cmocka_unit_test(a_permission_is_granted_by_its_name_alone),
        cmocka_unit_test(a_set_covers_what_it_holds_and_no_more),
        cmocka_unit_test(names_are_checked),
        cmocka_unit_test(a_name_grants_itself_and_a_star_what_is_behind_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
