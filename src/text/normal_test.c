#include "base/arena.h"
#include "base/check.h"
#include "text/normal.h"

typedef enum err changing(struct arena *arena, struct str text, struct str *ret);

struct pair {
    const char *from, *to;
};

static void assert_pairs(changing *change, const struct pair *pairs, size_t count)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);

    for (size_t i = 0; i < count; i++) {
        struct str changed, again;
        assert_ok(change(arena, str_of(pairs[i].from), &changed));
        assert_string_equal(changed.ptr, pairs[i].to);
        assert_int_equal(changed.len, strlen(pairs[i].to));
        assert_ok(change(arena, changed, &again));
        assert_true(str_eq(changed, again)); /* what has the form keeps it */
    }
}

static void nfc_composes(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"",              ""            },
        {"Plain ASCII.",  "Plain ASCII."},
        {"e\u0301",       "\u00e9"      },
        {"\u212b",        "\u00c5"      }, /* the sign for angstrom is a letter */
        {"a\u0323\u0307", "\u1ea1\u0307"}, /* marks have an order */
        {"a\u0307\u0323", "\u1ea1\u0307"},
        {"\u1100\u1161",  "\uac00"      },
        {"\ufb01",        "\ufb01"      },
    };

    assert_pairs(text_nfc, pairs, ARRAY_LEN(pairs));
}

static void nfkc_also_gives_up_what_is_only_looks(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"correct horse",            "correct horse"},
        {"\ufb01n",                  "fin"          },
        {"\uff50\uff41\uff53\uff53", "pass"         },
        {"x\u00b2",                  "x2"           },
        {"e\u0301",                  "\u00e9"       },
 /* the one that grows most: three bytes become thirty-three */
        {"\ufdfa",
         "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064a\u0647 \u0648\u0633\u0644"
         "\u0645"                                   },
    };

    assert_pairs(text_nfkc, pairs, ARRAY_LEN(pairs));
}

static void nfkd_sets_marks_apart(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 12, 1 << 20);
    struct str changed;

    assert_ok(text_nfkd(arena, STR("caf\u00e9 \ufb01"), &changed));
    assert_str(changed, "cafe\u0301 fi");
    assert_ok(text_nfkd(arena, STR("\ufdfa"), &changed)); /* what grows most */
    assert_int_equal(changed.len, 33);
    assert_err(text_nfkd(arena, STR("\xff"), &changed), ERR_FIELD_VALUE);
}

static void folding_forgets_case_and_nothing_else(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"",             ""            },
        {"ABC-xyz_09@[", "abc-xyz_09@["},
        {"STRASSE",      "strasse"     },
        {"Stra\u00dfe",  "strasse"     },
        {"E\u0301COLE",  "\u00e9cole"  },
        {"\u0130",       "i\u0307"     }, /* no language is assumed, Turkish neither */
        {"\u03a3\u03c2", "\u03c3\u03c3"},
        {"\u1fb3\u0301", "\u03ac\u03b9"}, /* the iota below becomes a letter */
        {"\u0390",       "\u0390"      },
    };

    assert_pairs(text_fold, pairs, ARRAY_LEN(pairs));
}

static void the_short_way_for_ascii_folds_as_unicode_does(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);
    char text[130];
    struct str folded_short, folded_long;

    for (size_t i = 0; i < 128; i++) {
        text[i] = (char)i;
    }
    text[128] = '\xc3'; /* with an é at its end all of it takes the long way */
    text[129] = '\xa9';
    assert_ok(text_fold(arena, (struct str){text, 128}, &folded_short));
    assert_ok(text_fold(arena, (struct str){text, 130}, &folded_long));
    assert_int_equal(folded_long.len, 130);
    assert_memory_equal(folded_short.ptr, folded_long.ptr, 128);
}

static void lengths_are_in_code_points(void **state)
{
    (void)state;
    size_t length;

    assert_ok(text_length(STR(""), &length));
    assert_int_equal(length, 0);
    assert_ok(text_length((struct str){0}, &length));
    assert_int_equal(length, 0);
    assert_ok(text_length(STR("password"), &length));
    assert_int_equal(length, 8);
    assert_ok(text_length(STR("p\u00e4ssw\u00f6rd\U0001f511"), &length));
    assert_int_equal(length, 9);
}

static const struct {
    const char *text;
    size_t well_formed;
} malformed[] = {
    {"\x80",                     0 }, /* a continuation of nothing */
    {"abc\xff",                  3 },
    {"\xc3",                     0 }, /* cut short */
    {"12345678\xe2\x82",         8 },
    {"\u00e9\u00e9\xf0\x9f\x98", 4 },
    {"\xc0\xaf",                 0 }, /* longer than need be */
    {"\xe0\x80\xaf",             0 },
    {"\xf0\x80\x80\xaf",         0 },
    {"\xed\xa0\x80",             0 }, /* half of a surrogate pair */
    {"\xf4\x90\x80\x80",         0 }, /* beyond U+10FFFF */
    {"\xf8\x88\x80\x80\x80",     0 },
    {"sixteen bytes...\xfe",     16},
};

static void what_is_not_utf_8_is_refused(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);
    struct str changed;
    size_t length;

    for (size_t i = 0; i < ARRAY_LEN(malformed); i++) {
        struct str text = str_of(malformed[i].text);
        assert_int_equal(text_well_formed(text), malformed[i].well_formed);
        assert_err(text_length(text, &length), ERR_FIELD_VALUE);
        assert_err(text_nfc(arena, text, &changed), ERR_FIELD_VALUE);
        assert_err(text_nfkc(arena, text, &changed), ERR_FIELD_VALUE);
        assert_err(text_fold(arena, text, &changed), ERR_FIELD_VALUE);
        assert_false(text_is_visible(text));
        assert_false(text_is_ascii(text));
    }
    assert_int_equal(text_well_formed(STR("all \u00e9 of it")), 12);
}

static void only_what_can_be_seen_is_visible(void **state)
{
    (void)state;
    static const char *const seen[] = {
        "",           "Plain",  "\u00e9", "e\u0301", "\u0623\u062d\u0645\u062f", "\u7530\u4e2d",
        "\U0001f600", "\u20ac", "\u0967", "(!)",
    };
    static const char *const unseen[] = {
        " ",          "a b",      "\t",         "a\nb",   "\r",     "\x7f",
        "\x1b[0m",    "\xc2\x85", /* a control beyond ASCII */
        "\u00a0",     "\u2003",   "\u3000",     "\u2028", "\u2029", "\u00ad",
        "\u200b",     "\u200d",   "\u202e",     "\u2066", "\ufeff", "\u034f",
        "\u115f",     "\u3164",   "\ufe0f",     /* letters and marks that nobody sees */
        "\ue000",                               /* private */
        "\u0378",     "\uffff",   "\U0010ffff", /* not assigned, and never */
        "\U000e0041",                           /* tags */
    };

    for (size_t i = 0; i < ARRAY_LEN(seen); i++) {
        assert_true(text_is_visible(str_of(seen[i])));
    }
    for (size_t i = 0; i < ARRAY_LEN(unseen); i++) {
        assert_false(text_is_visible(str_of(unseen[i])));
    }
    assert_false(text_is_visible((struct str){"a\0b", 3}));
}

static void one_line_has_no_control_in_it(void **state)
{
    (void)state;

    assert_true(text_is_one_line(STR("")));
    assert_true(text_is_one_line(STR("Gold's Gym, K\u00f6ln")));
    assert_false(text_is_one_line(STR("a\nb")));
    assert_false(text_is_one_line(STR("a\tb")));
    assert_false(text_is_one_line(STR("a\x7f")));
    assert_false(text_is_one_line((struct str){"a\0b", 3}));
    assert_false(text_is_one_line(STR("\xc3")));
    assert_false(text_is_one_line(STR("a\xc2")));
    assert_true(text_is_one_line(STR("\u00a0\u00ad\u200d\u2027\u202a")));
    assert_false(text_is_one_line(STR("Gold\xc2\x80")));
    assert_false(text_is_one_line(STR("\xc2\x85Gold")));
    assert_false(text_is_one_line(STR("Gold\xc2\x9f")));
    assert_false(text_is_one_line(STR("Gold\u2028Gym")));
    assert_false(text_is_one_line(STR("Gold\u2029")));
}

static void what_is_not_for_one_line_can_be_blanked(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 4096);
    struct str line;

    (void)state;
    assert_ok(text_as_one_line(arena,
                               STR("K\u00f6ln\xc2\x85"
                                   "a\r\nb\u2028\u2029\x7f!"),
                               &line));
    assert_str(line, "K\u00f6ln a  b   !");
    assert_true(text_is_one_line(line));
    assert_ok(text_as_one_line(arena, STR("Gold"), &line));
    assert_str(line, "Gold");
    assert_ok(text_as_one_line(arena, (struct str){0}, &line));
    assert_false(str_is_set(line));
    assert_err(text_as_one_line(arena, STR("\xc2\x85\xff"), &line), ERR_FIELD_VALUE);
}

static void no_room_is_no_memory(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 8);
    struct str changed;

    assert_err(text_nfc(arena, STR("nine byte"), &changed), ERR_MEMORY);
    assert_err(text_fold(arena, STR("nine byte"), &changed), ERR_MEMORY);
    assert_err(text_nfkc(arena, STR("\u00e9"), &changed), ERR_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nfc_composes),
        cmocka_unit_test(nfkc_also_gives_up_what_is_only_looks),
        cmocka_unit_test(nfkd_sets_marks_apart),
        cmocka_unit_test(folding_forgets_case_and_nothing_else),
        cmocka_unit_test(the_short_way_for_ascii_folds_as_unicode_does),
        cmocka_unit_test(lengths_are_in_code_points),
        cmocka_unit_test(what_is_not_utf_8_is_refused),
        cmocka_unit_test(only_what_can_be_seen_is_visible),
        cmocka_unit_test(one_line_has_no_control_in_it),
        cmocka_unit_test(what_is_not_for_one_line_can_be_blanked),
        cmocka_unit_test(no_room_is_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
