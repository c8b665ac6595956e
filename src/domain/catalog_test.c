#include "base/check.h"
#include "domain/catalog.h"
#include "domain/fixture.h"
#include "domain/permission.h"
#include "domain/role.h"

static struct catalog *read_all(struct fixture *f)
{
    struct catalog *catalog;

    assert_ok(catalog_read(fixture_begin(f, TX_READ), &catalog));
    fixture_keep(f);
    return catalog;
}

static struct role_entry make(struct fixture *f, struct str name, struct text_list permissions)
{
    struct new_role in = {.name = name, .permissions = permissions};
    struct permission_entry entry;
    struct role_entry role;

    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    for (size_t i = 0; i < permissions.count; i++) {
        if (permission_find(ctx, permissions.items[i], &entry) == ERR_MISSING) {
            assert_ok(permission_create(ctx, permissions.items[i], STR(""), &entry));
        }
    }
    assert_ok(role_create(ctx, &in, &role));
    fixture_keep(f);
    return role;
}

static void the_roles_of_the_service_allow_what_they_say(void **state)
{
    struct fixture *f = *state;
    struct catalog *catalog = read_all(f);
    static const struct {
        enum role role;
        const char *permission;
        bool allowed;
    } table[] = {
        {ROLE_SUPER_ADMIN, "users:read",   true },
        {ROLE_SUPER_ADMIN, "anything",     true },
        {ROLE_SUPER_ADMIN, "*",            true },
        {ROLE_ADMIN,       "users:read",   true },
        {ROLE_ADMIN,       "users:*",      true },
        {ROLE_ADMIN,       "orgs:read",    false},
        {ROLE_ADMIN,       "*",            false},
        {ROLE_ADMIN,       "READ_DATA",    false},
        {ROLE_GYM_ADMIN,   "roles:assign", true },
        {ROLE_GYM_ADMIN,   "roles:write",  false},
        {ROLE_MEMBER,      "users:read",   false},
        {ROLE_USER,        "users:read",   false},
    };

    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        const struct catalog_role *role = catalog_by_name(catalog, role_name(table[i].role));
        assert_non_null(role);
        assert_int_equal(role->built_in, table[i].role);
        assert_int_equal(catalog_allows(role, str_of(table[i].permission)), table[i].allowed);
    }
    catalog_destroy(catalog);
}

static void others_permissions_are_allowed_by_name_and_by_kind(void **state)
{
    struct fixture *f = *state;
    const struct str names[] = {STR("READ_DATA"), STR("bills:*"), STR("a:b:*"), STR("users:read")};
    struct role_entry made = make(f, STR("MANAGER"), (struct text_list){names, ARRAY_LEN(names)});
    struct catalog *catalog = read_all(f);
    static const char *const allowed[] = {"READ_DATA", "bills:read", "bills:x:y", "bills:*",
                                          "a:b:c",     "a:b:*",      "users:read"};
    static const char *const refused[] = {"",    "READ",   "READ_DATA2", "bills",   "bills:",
                                          "a:c", "a:bc:d", "*",          "users:*", "users:write"};

    const struct catalog_role *role = catalog_by_id(catalog, made.id);
    assert_non_null(role);
    assert_int_equal(role->built_in, ROLES);
    for (size_t i = 0; i < ARRAY_LEN(allowed); i++) {
        assert_true(catalog_allows(role, str_of(allowed[i])));
    }
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        assert_false(catalog_allows(role, str_of(refused[i])));
    }
    assert_int_equal(role->held.bits, (uint64_t)1 << PERMIT_USERS_READ);
    catalog_destroy(catalog);
}

static void a_name_that_is_too_long_is_allowed_by_nobody(void **state)
{
    struct fixture *f = *state;
    struct catalog *catalog = read_all(f);
    char text[4096];

    memset(text, ':', sizeof text);
    assert_false(catalog_allows(catalog_by_name(catalog, role_name(ROLE_SUPER_ADMIN)),
                                (struct str){text, sizeof text}));
    catalog_destroy(catalog);
}

static void a_role_that_there_is_not_is_not_found(void **state)
{
    struct fixture *f = *state;
    struct catalog *catalog = read_all(f);

    assert_null(catalog_by_id(catalog, (struct id){0}));
    assert_null(catalog_by_name(catalog, STR("admin")));
    catalog_destroy(catalog);
    catalog_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(the_roles_of_the_service_allow_what_they_say),
        FIXTURE_TEST(others_permissions_are_allowed_by_name_and_by_kind),
        FIXTURE_TEST(a_name_that_is_too_long_is_allowed_by_nobody),
        FIXTURE_TEST(a_role_that_there_is_not_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
