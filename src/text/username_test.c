#include "base/arena.h"
#include "base/check.h"
#include "text/username.h"

static void usernames_are_compared_without_case(void **state)
{
    (void)state;
    static const struct {
        const char *text, *key;
        bool address;
    } good[] = {
        {"admin",               "admin",               false},
        {"Admin",               "admin",               false},
        {"a",                   "a",                   false},
        {"7",                   "7",                   false},
        {"new.admin_2-x+y",     "new.admin_2-x+y",     false},
        {"..a",                 "..a",                 false},
        {"User@Example.com",    "user@example.com",    true },
        {"a@XN--MNCHEN-3YA.de", "a@xn--mnchen-3ya.de", true },
    };
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);

    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct username name;
        assert_ok(username_parse(arena, str_of(good[i].text), &name));
        assert_string_equal(name.shown.ptr, good[i].text);
        assert_string_equal(name.key.ptr, good[i].key);
        assert_int_equal(username_is_address(&name), good[i].address);
    }
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        ".",
        "..",
        "...",
        "-",
        "_+_",
        "@",
        "a b",
        " a",
        "a ",
        "a\r\nX-User: b",
        "a\n",
        "a/b",
        "a\\b",
        "a:b",
        "a%b",
        "a?b",
        "a#b",
        "a\"b",
        "a'b",
        "<a>",
        "a,b",
        "j\u00f6rg",
        "\xff",
        "a@",
        "@a",
        "a@b",
        "a@b.com@",
        "a@b_c.com",
        "a..b@c.com",
        "a@xn--a.com",
    };
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);
    struct username name;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_err(username_parse(arena, str_of(bad[i]), &name), ERR_FIELD_VALUE);
    }
    assert_err(username_parse(arena, (struct str){"a\0", 2}, &name), ERR_FIELD_VALUE);
    assert_err(username_parse(arena, (struct str){0}, &name), ERR_FIELD_VALUE);
}

static void the_longest_has_254_characters(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);
    struct username name;
    char text[USERNAME_MOST + 1];

    memset(text, 'x', sizeof text);
    assert_ok(username_parse(arena, (struct str){text, USERNAME_MOST}, &name));
    assert_err(username_parse(arena, (struct str){text, USERNAME_MOST + 1}, &name),
               ERR_FIELD_VALUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usernames_are_compared_without_case),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(the_longest_has_254_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
