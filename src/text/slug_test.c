#include "base/arena.h"
#include "base/check.h"
#include "text/slug.h"

static void a_name_becomes_what_an_address_can_hold(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 12, 1 << 20);
    static const struct {
        const char *name, *slug;
    } table[] = {
        {"Iron Temple",              "iron-temple"},
        {"irontemple",               "irontemple" },
        {"  Gold's   Gym!  ",        "gold-s-gym" },
        {"K\u00e4se & S\u00f6hne",   "kase-sohne" },
        {"Stra\u00dfe 7",            "strasse-7"  },
        {"\uff29\uff32\uff2f\uff2e", "iron"       },
        {"\u00bd Price",             "12-price"   },
        {"\u7530\u4e2d Fitness",     "fitness"    },
        {"\u7530\u4e2d",             ""           },
        {"",                         ""           },
        {"---",                      ""           },
        {"A--B__C",                  "a-b-c"      },
    };
    struct str slug;

    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        assert_ok(slug_of(arena, str_of(table[i].name), &slug));
        assert_str(slug, table[i].slug);
        assert_true(slug.len == 0 || slug_is_fine(slug));
    }
    assert_err(slug_of(arena, STR("\xff"), &slug), ERR_FIELD_VALUE);
}

static void a_long_name_is_cut_where_no_hyphen_is_left_over(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 12, 1 << 20);
    char name[200];
    struct str slug;

    for (size_t i = 0; i < sizeof name; i++) {
        name[i] = i % 3 == 2 ? ' ' : 'x';
    }
    for (size_t from = 0; from < 3; from++) {
        assert_ok(slug_of(arena, (struct str){name + from, sizeof name - from}, &slug));
        assert_true(slug.len >= SLUG_MOST - 1 && slug_is_fine(slug));
    }
}

static void what_is_no_slug_is_told(void **state)
{
    (void)state;
    static const char *const fine[] = {"a", "7", "a-b", "iron-gym-2", "00000000-0000-7000-8000"};
    static const char *const wrong[] = {
        "",
        "-",
        "a-",
        "-a",
        "a--b",
        "A",
        "a b",
        "a_b",
        "\u00e4",
        "a.b",
        "00000000-0000-7000-8000-000000000001", /* an identifier */
        "0123456789012345678901234567890123456789012345678901234567890123",
    };

    for (size_t i = 0; i < ARRAY_LEN(fine); i++) {
        assert_true(slug_is_fine(str_of(fine[i])));
    }
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_false(slug_is_fine(str_of(wrong[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_becomes_what_an_address_can_hold),
        cmocka_unit_test(a_long_name_is_cut_where_no_hyphen_is_left_over),
        cmocka_unit_test(what_is_no_slug_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
