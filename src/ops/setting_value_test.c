#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/secret.h"
#include "ops/setting_value.h"

/* A value of any kind. */
union value {
    struct str text;
    struct secret secret;
    int64_t amount;
    bool on;
};

static const struct setting seconds = {
    .kind = SETTING_SECONDS, .initial = "3600", .most = INT64_MAX};
static const struct setting bytes = {
    .kind = SETTING_BYTES, .initial = "1048577", .most = INT64_MAX};
static const struct setting number = {.kind = SETTING_NUMBER, .least = -5, .most = 5};
static const struct setting text = {.kind = SETTING_TEXT, .initial = "as it is"};
static const struct setting secret = {.kind = SETTING_SECRET, .initial = "never shown"};
static const struct setting onoff = {.kind = SETTING_SWITCH, .initial = "no"};

static enum err parse(struct arena *arena, const struct setting *row, const char *given,
                      union value *ret)
{
    char memory[256];
    struct buf complaint = buf_over(memory, sizeof memory);
    enum err e = setting_parse(arena, row, str_of(given), ret, &complaint);

    assert_int_equal(e == ERR_OK, complaint.len == 0); /* a refusal always says why */
    return e;
}

static void amounts_are_shown_in_the_friendliest_exact_form(void **state)
{
    (void)state;
    static const struct {
        const struct setting *row;
        const char *given, *shown;
    } table[] = {
        {&seconds, "90",     "90s"   },
        {&seconds, "90s",    "90s"   },
        {&seconds, "900",    "15m"   },
        {&seconds, "15m",    "15m"   },
        {&seconds, "43200s", "12h"   },
        {&seconds, "1440m",  "1d"    },
        {&seconds, "30d",    "30d"   },
        {&seconds, "0",      "0"     },
        {&seconds, "86401",  "86401s"},
        {&bytes,   "65536",  "64k"   },
        {&bytes,   "64k",    "64k"   },
        {&bytes,   "1024k",  "1m"    },
        {&bytes,   "1m",     "1m"    },
        {&bytes,   "2048m",  "2g"    },
        {&bytes,   "1000",   "1000"  },
        {&bytes,   "0k",     "0"     },
        {&number,  "-5",     "-5"    },
        {&number,  "0",      "0"     },
    };
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 65536);

    assert_non_null(arena);
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        char memory[64];
        struct buf out = buf_over(memory, sizeof memory);
        union value value;
        assert_ok(parse(arena, table[i].row, table[i].given, &value));
        setting_print(&out, table[i].row, &value);
        assert_str(buf_str(&out), table[i].shown);
    }
}

static void what_is_no_amount_is_refused(void **state)
{
    (void)state;
    static const char *const table[] = {"",
                                        "s",
                                        "1 s",
                                        "1S",
                                        "1.5h",
                                        "+1",
                                        "-1",
                                        "1w",
                                        "0x10",
                                        "15mm",
                                        "9223372036854775808",
                                        "106751991167301d"};
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 65536);
    union value value;

    assert_non_null(arena);
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        assert_err(parse(arena, &seconds, table[i], &value), ERR_CONFIG);
    }
    assert_err(parse(arena, &bytes, "1d", &value), ERR_CONFIG);
    assert_err(parse(arena, &number, "1k", &value), ERR_CONFIG);
    assert_err(parse(arena, &number, "-6", &value), ERR_CONFIG);
}

static void defaults_are_shown_likewise(void **state)
{
    (void)state;
    static const struct {
        const struct setting *row;
        const char *shown;
    } table[] = {
        {&seconds, "1h"      },
        {&bytes,   "1048577" },
        {&text,    "as it is"},
        {&secret,  ""        },
        {&onoff,   "no"      },
        {&number,  ""        }
    };

    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        char memory[64];
        struct buf out = buf_over(memory, sizeof memory);
        setting_print_initial(&out, table[i].row);
        assert_str(buf_str(&out), table[i].shown);
    }
}

static void values_are_compared_and_copied_by_their_kind(void **state)
{
    (void)state;
    static const struct {
        const struct setting *row;
        const char *one, *same, *other;
    } table[] = {
        {&seconds, "60",       "1m",       "61"      },
        {&bytes,   "1k",       "1024",     "1025"    },
        {&number,  "-1",       "-1",       "1"       },
        {&text,    "a",        "a",        "b"       },
        {&secret,  "abcdefgh", "abcdefgh", "abcdefgi"},
        {&onoff,   "yes",      "yes",      "no"      }
    };
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 65536);

    assert_non_null(arena);
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        union value one, same, other, copy;
        assert_ok(parse(arena, table[i].row, table[i].one, &one));
        assert_ok(parse(arena, table[i].row, table[i].same, &same));
        assert_ok(parse(arena, table[i].row, table[i].other, &other));
        assert_true(setting_same(table[i].row, &one, &same));
        assert_false(setting_same(table[i].row, &one, &other));
        assert_ok(setting_copy(arena, table[i].row, &one, &copy));
        assert_true(setting_same(table[i].row, &one, &copy));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_are_shown_in_the_friendliest_exact_form),
        cmocka_unit_test(what_is_no_amount_is_refused),
        cmocka_unit_test(defaults_are_shown_likewise),
        cmocka_unit_test(values_are_compared_and_copied_by_their_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
