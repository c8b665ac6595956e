#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "wire/fields.h"
#include "wire/form.h"

static void escapes_are_decoded_once(void **state)
{
    (void)state;
    static const struct {
        const char *text, *path, *query;
    } good[] = {
        {"",                   "",                 ""                },
        {"plain",              "plain",            "plain"           },
        {"a+b",                "a+b",              "a b"             },
        {"a%2Bb",              "a+b",              "a+b"             },
        {"a%20b",              "a b",              "a b"             },
        {"%41%7a%2f%2F",       "Az//",             "Az//"            },
        {"%2541",              "%41",              "%41"             },
        {"%25",                "%",                "%"               },
        {"user%40example.com", "user@example.com", "user@example.com"},
        {"%C3%A9",             "\u00e9",           "\u00e9"          },
        {"\u00e9",             "\u00e9",           "\u00e9"          },
    };
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);

    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct str decoded;
        assert_ok(
            percent_decode(arena, str_of(good[i].text), /* plus_is_space= */ false, &decoded));
        assert_string_equal(decoded.ptr, good[i].path);
        assert_ok(percent_decode(arena, str_of(good[i].text), /* plus_is_space= */ true, &decoded));
        assert_string_equal(decoded.ptr, good[i].query);
    }
}

static void broken_escapes_controls_and_bytes_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "%",    "a%",     "%4",   "a%4",   "%zz", "%4z",    "%%41",      "%u0041", "%-1",
        "%+1",  "% 1",    "%00",  "a%00b", "%0a", "%0D%0A", "%09",       "%1f",    "%7F",
        "\x01", "a\r\nb", "\x7f", "%ff",   "%c3", "%c0%af", "%ed%a0%80", "\xff",   "%C3\xc3",
    };
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);
    struct str decoded;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_err(percent_decode(arena, str_of(bad[i]), /* plus_is_space= */ false, &decoded),
                   ERR_FIELD_VALUE);
        assert_err(percent_decode(arena, str_of(bad[i]), /* plus_is_space= */ true, &decoded),
                   ERR_FIELD_VALUE);
    }
    assert_err(percent_decode(arena, (struct str){"%4\0", 3}, false, &decoded), ERR_FIELD_VALUE);
    assert_err(percent_decode(arena, (struct str){"a\0b", 3}, false, &decoded), ERR_FIELD_VALUE);
    /* an escape that only the bytes behind the text would make whole */
    assert_err(percent_decode(arena, (struct str){"%41", 2}, false, &decoded), ERR_FIELD_VALUE);
}

static void values_are_found_by_their_decoded_name(void **state)
{
    (void)state;
    static const struct {
        const char *query, *value;
    } found[] = {
        {"name=x",                   "x"    },
        {"a=1&name=x&b=2",           "x"    },
        {"name=",                    ""     },
        {"name",                     ""     },
        {"&&name=x&",                "x"    },
        {"name=a=b",                 "a=b"  },
        {"name=a+b%26c",             "a b&c"},
        {"n%61me=x",                 "x"    },
        {"names=1&nam=2&name=x",     "x"    },
        {"Name=1&name=x",            "x"    }, /* names have case */
        {"other=%zz&other=1&name=x", "x"    }, /* the values of others are not looked at */
        {"=1&name=x",                "x"    },
    };
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);
    struct str value;

    for (size_t i = 0; i < ARRAY_LEN(found); i++) {
        assert_ok(form_value(arena, str_of(found[i].query), STR("name"), &value));
        assert_true(str_is_set(value));
        assert_str(value, found[i].value);
    }
    static const char *const absent[] = {"", "&", "a=1", "names=1", "NAME=1", "=name", "n=ame"};
    for (size_t i = 0; i < ARRAY_LEN(absent); i++) {
        value = STR("left over");
        assert_ok(form_value(arena, str_of(absent[i]), STR("name"), &value));
        assert_false(str_is_set(value));
    }
    assert_ok(form_value(arena, (struct str){0}, STR("name"), &value));
    assert_false(str_is_set(value));
}

static void what_is_not_clear_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "name=1&name=2", "name=1&n%61me=1", "name&name",   "name=&name=", "name=%",
        "name=%0a",      "name=\xff",       "n%=1&name=x", "name=x&%zz",  "name=x&a%00=1",
    };
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);
    struct str value;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_err(form_value(arena, str_of(bad[i]), STR("name"), &value), ERR_FIELD_VALUE);
    }
}

static void no_room_is_no_memory(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(0, 4);
    struct str value;

    assert_err(percent_decode(arena, STR("twelve bytes"), false, &value), ERR_MEMORY);
    assert_err(form_value(arena, STR("name=twelve+bytes"), STR("name"), &value), ERR_MEMORY);
    assert_err(form_value(arena, STR("twelve+bytes=1"), STR("name"), &value), ERR_MEMORY);
}

struct filter {
    struct str name;
    int64_t page;
    bool open;
    struct id owner;
    enum presence name_is;
};
static const struct field filter_fields[] = {
    FIELD(struct filter, name, "name", OPTIONAL, .most = 4, PRESENCE(struct filter, name_is)),
    FIELD(struct filter, page, "page", OPTIONAL),
    FIELD(struct filter, open, "open", OPTIONAL),
    FIELD(struct filter, owner, "owner", REQUIRED),
};
static const struct shape filter_shape = SHAPE(filter_fields, MOMENT_SECONDS);

#define OWNER "owner=00000000-0000-7000-8000-000000000001"

static void a_query_is_read_by_table(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);
    struct filter filter = {.page = 1};

    assert_ok(form_read(arena, STR("more=1&name=a%20b&page=-3&open=true&" OWNER), &filter_shape,
                        &filter, NULL));
    assert_str(filter.name, "a b");
    assert_int_equal(filter.name_is, PRESENCE_VALUE);
    assert_int_equal(filter.page, -3);
    assert_true(filter.open);
    assert_true(id_is_set(filter.owner));

    struct filter plain = {.page = 1};
    assert_ok(form_read(arena, STR("name=&" OWNER), &filter_shape, &plain, NULL));
    assert_int_equal(plain.page, 1); /* as it was: nothing was said */
    assert_int_equal(plain.name_is, PRESENCE_ABSENT);
}

static void what_a_query_may_not_say_names_the_parameter(void **state)
{
    (void)state;
    static const struct {
        const char *query, *name;
        enum err error;
    } bad[] = {
        {"page=1",                          "owner", ERR_FIELD_MISSING},
        {"owner=",                          "owner", ERR_FIELD_MISSING},
        {"owner=7",                         "owner", ERR_FIELD_VALUE  },
        {OWNER "&page=",                    "page",  ERR_FIELD_TYPE   },
        {OWNER "&open=",                    "open",  ERR_FIELD_TYPE   },
        {OWNER "&page=1.0",                 "page",  ERR_FIELD_TYPE   },
        {OWNER "&page=abc",                 "page",  ERR_FIELD_TYPE   },
        {OWNER "&page=1&page=1",            "page",  ERR_FIELD_VALUE  },
        {OWNER "&open=yes",                 "open",  ERR_FIELD_TYPE   },
        {OWNER "&name=abcde",               "name",  ERR_FIELD_VALUE  },
        {OWNER "&name=%00",                 "name",  ERR_FIELD_VALUE  },
        {OWNER "&page=9223372036854775808", "page",  ERR_FIELD_TYPE   },
    };
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct filter filter = {0};
        struct reason reason = {0};
        assert_int_equal(form_read(arena, str_of(bad[i].query), &filter_shape, &filter, &reason),
                         bad[i].error);
        assert_str(reason.field, bad[i].name);
    }
}

static void what_is_encoded_is_decoded_to_the_same(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);
    struct buf out = buf_in_arena(arena, 256);
    struct str back, text = STR("a/b?c=d&e+f g%~._-\xc3\xbc");

    percent_encode(&out, text);
    assert_str(buf_str(&out), "a%2Fb%3Fc%3Dd%26e%2Bf%20g%25~._-%C3%BC");
    assert_ok(percent_decode(arena, buf_str(&out), /* plus_is_space= */ true, &back));
    assert_true(str_eq(back, text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_are_decoded_once),
        cmocka_unit_test(broken_escapes_controls_and_bytes_are_refused),
        cmocka_unit_test(values_are_found_by_their_decoded_name),
        cmocka_unit_test(what_is_not_clear_is_refused),
        cmocka_unit_test(no_room_is_no_memory),
        cmocka_unit_test(a_query_is_read_by_table),
        cmocka_unit_test(what_is_encoded_is_decoded_to_the_same),
        cmocka_unit_test(what_a_query_may_not_say_names_the_parameter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
