#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "wire/json.h"

struct owner {
    struct str name;
    int64_t age;
};

struct sample {
    struct str text, brief;
    struct secret secret;
    struct email email;
    struct username username;
    struct id id;
    struct moment moment;
    int64_t number;
    bool yes;
    struct text_list texts;
    struct list rows;
    struct owner owner;
};

// clang-format off
static const struct field owner_fields[] = {
    FIELD(struct owner, name, "name", REQUIRED),
    FIELD(struct owner, age,  "age",  OPTIONAL),
};
static const struct shape owner_shape = SHAPE(owner_fields, MOMENT_MILLIS);

static const struct field sample_fields[] = {
    FIELD(struct sample, text,     "text",     OPTIONAL),
    FIELD(struct sample, brief,    "brief",    OPTIONAL, .most = 3),
    FIELD(struct sample, secret,   "secret",   OPTIONAL),
    FIELD(struct sample, email,    "email",    OPTIONAL),
    FIELD(struct sample, username, "username", OPTIONAL),
    FIELD(struct sample, id,       "id",       OPTIONAL),
    FIELD(struct sample, moment,   "moment",   OPTIONAL),
    FIELD(struct sample, number,   "number",   OPTIONAL),
    FIELD(struct sample, yes,      "yes",      OPTIONAL),
    FIELD(struct sample, texts,    "texts",    OPTIONAL, .most = 5),
    LIST_FIELD(struct sample, rows, "rows", owner_shape),
    OBJECT_FIELD(struct sample, owner, "owner", owner_shape, OPTIONAL),
};
static const struct shape sample_shape = SHAPE(sample_fields, MOMENT_MILLIS);
// clang-format on

/* What becomes of one member, and which name the reason gives. */
// clang-format off
static const struct {
    const char *json;
    enum err err;
    const char *field;
} members[] = {
    {"{\"text\":\"\"}",                            ERR_OK,                ""        },
    {"{\"text\":null,\"number\":null,\"yes\":null}", ERR_OK,              ""        },
    {"{\"email\":null,\"id\":null,\"owner\":null}", ERR_OK,               ""        },
    {"{\"unknown\":{\"text\":1},\"Text\":1}",      ERR_OK,                ""        },
    {"{\"text\":1}",                               ERR_FIELD_TYPE,        "text"    },
    {"{\"text\":true}",                            ERR_FIELD_TYPE,        "text"    },
    {"{\"text\":[\"a\"]}",                         ERR_FIELD_TYPE,        "text"    },
    {"{\"text\":{}}",                              ERR_FIELD_TYPE,        "text"    },
    {"{\"secret\":12345678}",                      ERR_FIELD_TYPE,        "secret"  },
    {"{\"brief\":\"abc\"}",                        ERR_OK,                ""        },
    {"{\"brief\":\"\u00e9\u20ac\U0001f511\"}",     ERR_OK,                ""        },
    {"{\"brief\":\"abcd\"}",                       ERR_FIELD_VALUE,       "brief"   },
    {"{\"number\":1}",                             ERR_OK,                ""        },
    {"{\"number\":1.0}",                           ERR_FIELD_TYPE,        "number"  },
    {"{\"number\":1e2}",                           ERR_FIELD_TYPE,        "number"  },
    {"{\"number\":\"1\"}",                         ERR_FIELD_TYPE,        "number"  },
    {"{\"number\":true}",                          ERR_FIELD_TYPE,        "number"  },
    {"{\"yes\":1}",                                ERR_FIELD_TYPE,        "yes"     },
    {"{\"yes\":\"true\"}",                         ERR_FIELD_TYPE,        "yes"     },
    {"{\"email\":\"a@b.c\"}",                      ERR_OK,                ""        },
    {"{\"email\":\"\"}",                           ERR_FIELD_VALUE,       "email"   },
    {"{\"email\":\"a@b\"}",                        ERR_FIELD_VALUE,       "email"   },
    {"{\"email\":\"a@b.c\\r\\nBcc: d@e.f\"}",      ERR_FIELD_VALUE,       "email"   },
    {"{\"email\":1}",                              ERR_FIELD_TYPE,        "email"   },
    {"{\"username\":\"a b\"}",                     ERR_FIELD_VALUE,       "username"},
    {"{\"id\":\"7\"}",                             ERR_FIELD_VALUE,       "id"      },
    {"{\"id\":7}",                                 ERR_FIELD_TYPE,        "id"      },
    {"{\"id\":\"00000000-0000-0000-0000-000000000000\"}", ERR_FIELD_VALUE, "id"     },
    {"{\"moment\":\"2025-06-01T10:30:00Z\"}",      ERR_OK,                ""        },
    {"{\"moment\":\"2025-06-01\"}",                ERR_FIELD_VALUE,       "moment"  },
    {"{\"moment\":\"1970-01-01T00:00:00Z\"}",      ERR_FIELD_VALUE,       "moment"  },
    {"{\"moment\":1748772000}",                    ERR_FIELD_TYPE,        "moment"  },
    {"{\"texts\":[]}",                             ERR_OK,                ""        },
    {"{\"texts\":[\"USER\",\"ADMIN\"]}",           ERR_OK,                ""        },
    {"{\"texts\":\"USER\"}",                       ERR_FIELD_TYPE,        "texts"   },
    {"{\"texts\":{\"0\":\"USER\"}}",               ERR_FIELD_TYPE,        "texts"   },
    {"{\"texts\":[\"USER\",1]}",                   ERR_FIELD_TYPE,        "texts"   },
    {"{\"texts\":[null]}",                         ERR_FIELD_TYPE,        "texts"   },
    {"{\"texts\":[\"USER\",\"longer\"]}",          ERR_FIELD_VALUE,       "texts"   },
    {"{\"rows\":7}",                               ERR_OK,                ""        },
    {"{\"owner\":{\"name\":\"x\",\"age\":-7}}",    ERR_OK,                ""        },
    {"{\"owner\":[]}",                             ERR_FIELD_TYPE,        "owner"   },
    {"{\"owner\":\"x\"}",                          ERR_FIELD_TYPE,        "owner"   },
    {"{\"owner\":{}}",                             ERR_FIELD_MISSING,     "name"    },
    {"{\"owner\":{\"name\":\"\"}}",                ERR_FIELD_MISSING,     "name"    },
    {"{\"owner\":{\"name\":null}}",                ERR_FIELD_MISSING,     "name"    },
    {"{\"owner\":{\"name\":1}}",                   ERR_FIELD_TYPE,        "name"    },
    {"{\"owner\":{\"name\":\"x\",\"age\":\"7\"}}", ERR_FIELD_TYPE,        "age"     },
    {"{\"yes\":0,\"text\":0}",                     ERR_FIELD_TYPE,        "text"    },
};
// clang-format on

static void a_member_that_is_wrong_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);
        struct sample sample = {0};
        struct reason reason = {0};
        enum err e = json_read(arena, str_of(members[i].json), &sample_shape, &sample, &reason);

        if (e != members[i].err || reason.err != e) {
            fail_msg("%s: %s", members[i].json, err_name(e));
        }
        assert_str(reason.field, members[i].field);
    }
}

static void values_arrive_as_they_were_sent(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);
    struct sample in = {0};
    struct reason reason = {0};
    const struct str body = STR(
        "{\"text\":\"\\u0065\\u0301\\n\\ud83d\\udd11\",\"secret\":\" pass \","
        "\"email\":\"J\u00d6RG@M\u00fcnchen.de\",\"username\":\"Admin\","
        "\"id\":\"018F0000-0000-7000-8000-0000000000ff\",\"moment\":\"2025-06-01T10:30:00.250Z\","
        "\"number\":-9223372036854775808,\"yes\":true,\"texts\":[\"USER\",\"\"],"
        "\"owner\":{\"age\":7,\"name\":\"Ann\"}}");

    assert_ok(json_read(arena, body, &sample_shape, &in, &reason));
    assert_str(in.text, "e\u0301\n\U0001f511"); /* not normalised */
    assert_false(str_is_set(in.brief));
    assert_str(in.secret.hidden, " pass ");
    assert_str(in.email.shown, "J\u00d6RG@M\u00fcnchen.de");
    assert_str(in.email.key, "j\u00f6rg@xn--mnchen-3ya.de");
    assert_str(in.username.shown, "Admin");
    assert_str(in.username.key, "admin");
    assert_int_equal(in.id.bytes[0], 0x01);
    assert_int_equal(in.id.bytes[15], 0xff);
    assert_int_equal(in.moment.ms, 1748773800250);
    assert_true(in.number == INT64_MIN);
    assert_true(in.yes);
    assert_int_equal(in.texts.count, 2);
    assert_str(in.texts.items[0], "USER");
    assert_str(in.texts.items[1], "");
    assert_int_equal(in.owner.age, 7);
    assert_str(in.owner.name, "Ann");
}

struct login {
    struct str name;
    struct secret password;
};

static const struct field login_fields[] = {
    FIELD(struct login, name, "username", REQUIRED),
    FIELD(struct login, password, "password", REQUIRED),
};
static const struct shape login_shape = SHAPE(login_fields, MOMENT_MILLIS);

static void what_is_required_has_to_say_something(void **state)
{
    (void)state;
    static const struct {
        const char *json, *field;
    } missing[] = {
        {"{}",                                          "username"},
        {"{\"username\":null,\"password\":\"secret\"}", "username"},
        {"{\"username\":\"\",\"password\":\"secret\"}", "username"},
        {"{\"username\":\"a\"}",                        "password"},
        {"{\"username\":\"a\",\"password\":\"\"}",      "password"},
        {"{\"username\":\"a\",\"Password\":\"x\"}",     "password"},
    };
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);

    for (size_t i = 0; i < ARRAY_LEN(missing); i++) {
        struct login in = {0};
        struct reason reason = {0};
        assert_err(json_read(arena, str_of(missing[i].json), &login_shape, &in, &reason),
                   ERR_FIELD_MISSING);
        assert_str(reason.field, missing[i].field);
    }
    struct login in = {0};
    assert_ok(
        json_read(arena, STR("{\"username\":\" \",\"password\":\" \"}"), &login_shape, &in, NULL));
}

static const struct field any_name_fields[] = {
    FIELD(struct login, name, "username", REQUIRED | EMPTY_TOO),
};
static const struct shape any_name_shape = SHAPE(any_name_fields, MOMENT_MILLIS);

static void an_empty_text_will_do_where_the_row_says_so(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);
    struct login in = {0};

    assert_ok(json_read(arena, STR("{\"username\":\"\"}"), &any_name_shape, &in, NULL));
    assert_true(str_is_set(in.name));
    assert_int_equal(in.name.len, 0);
    assert_err(json_read(arena, STR("{}"), &any_name_shape, &in, NULL), ERR_FIELD_MISSING);
    assert_err(json_read(arena, STR("{\"username\":null}"), &any_name_shape, &in, NULL),
               ERR_FIELD_MISSING);
}

static void what_was_sent_never_stands_in_a_detail(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "{\"username\":\"hunter2\",\"password\":hunter2}",
        "{\"password\":\"hunter2\",\"password\":\"hunter2\"}",
        "{\"username\":\"a\",\"password\":[\"hunter2\"]}",
        "\"hunter2\"",
        "{\"hunter2\"",
    };
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);

    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        struct login in = {0};
        struct reason reason = {0};
        enum err e = json_read(arena, str_of(bodies[i]), &login_shape, &in, &reason);
        assert_true(e != ERR_OK && reason.err == e);
        assert_true(reason.detail[0] != '\0');
        assert_null(strstr(reason.detail, "hunter2"));
    }
}

struct update {
    struct str phone;
    int64_t age;
    bool news;
    struct text_list roles;
    enum presence phone_is, age_is, news_is, roles_is;
};

// clang-format off
static const struct field update_fields[] = {
    FIELD(struct update, phone, "phone", OPTIONAL, PRESENCE(struct update, phone_is)),
    FIELD(struct update, age,   "age",   OPTIONAL, PRESENCE(struct update, age_is)),
    FIELD(struct update, news,  "news",  OPTIONAL, PRESENCE(struct update, news_is)),
    FIELD(struct update, roles, "roles", OPTIONAL, PRESENCE(struct update, roles_is)),
};
static const struct shape update_shape = SHAPE(update_fields, MOMENT_MILLIS);
// clang-format on

static void an_update_tells_absent_from_null(void **state)
{
    (void)state;
    enum {
        ABSENT = PRESENCE_ABSENT,
        CLEARED = PRESENCE_NULL,
        GIVEN = PRESENCE_VALUE
    };
    // clang-format off
    static const struct {
        const char *json;
        int phone, age, news, roles;
    } cases[] = {
        {"{}",                                    ABSENT,  ABSENT,  ABSENT,  ABSENT},
        {"{\"phone\":null,\"age\":null}",         CLEARED, CLEARED, ABSENT,  ABSENT},
        {"{\"phone\":\"\",\"news\":false}",       GIVEN,   ABSENT,  GIVEN,   ABSENT},
        {"{\"age\":0,\"roles\":[],\"news\":null}", ABSENT,  GIVEN,   CLEARED, GIVEN },
    };
    // clang-format on
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct update in = {.phone_is = PRESENCE_VALUE, .roles_is = PRESENCE_NULL};
        assert_ok(json_read(arena, str_of(cases[i].json), &update_shape, &in, NULL));
        assert_int_equal(in.phone_is, cases[i].phone);
        assert_int_equal(in.age_is, cases[i].age);
        assert_int_equal(in.news_is, cases[i].news);
        assert_int_equal(in.roles_is, cases[i].roles);
        char memory[64];
        struct buf out = buf_over(memory, sizeof memory);
        struct update again = {0};
        json_write(&out, &update_shape, &in);
        assert_ok(json_read(arena, buf_str(&out), &update_shape, &again, NULL));
        assert_int_equal(again.phone_is, cases[i].phone);
        assert_int_equal(again.roles_is, cases[i].roles);
    }
}

/* {"a": `before` × n, `inside`, `after` × n} */
static enum err read_repeated(const char *before, size_t count, const char *inside,
                              const char *after)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 16, 1 << 20);
    struct buf body = buf_in_arena(arena, 1 << 18);
    struct sample in = {0};

    buf_put(&body, STR("{\"a\":"));
    for (size_t i = 0; i < count; i++) {
        buf_put(&body, str_of(before));
    }
    buf_put(&body, str_of(inside));
    for (size_t i = 0; i < count; i++) {
        buf_put(&body, str_of(after));
    }
    buf_put(&body, STR("}"));
    return json_read(arena, buf_str(&body), &sample_shape, &in, NULL);
}

static void depth_and_number_are_bounded(void **state)
{
    (void)state;
    assert_ok(read_repeated("[", 31, "", "]"));
    assert_err(read_repeated("[", 32, "", "]"), ERR_BODY_MALFORMED);
    assert_ok(read_repeated("{\"a\":", 31, "1", "}"));
    assert_err(read_repeated("{\"a\":", 32, "1", "}"), ERR_BODY_MALFORMED);
    assert_err(read_repeated("[", 100000, "", "]"), ERR_BODY_MALFORMED);
    assert_err(read_repeated("[", 100000, "", ""), ERR_BODY_MALFORMED);
    assert_ok(read_repeated("", 1, "\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\"", ""));
}

static void the_thousandth_entry_is_the_last(void **state)
{
    (void)state;
    /* an object of members, and an array, itself an entry of the object around it */
    static const char *const heads[] = {"{", "{\"a\":["}, *const ends[] = {"}", "]}"};

    for (size_t i = 0; i < 4; i++) {
        CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 16, 1 << 20);
        struct buf body = buf_in_arena(arena, 1 << 18);
        struct sample in = {0};
        bool array = i % 2, over = i / 2;
        int count = (array ? 999 : 1000) + over;

        buf_put(&body, str_of(heads[array]));
        for (int entry = 0; entry < count; entry++) {
            buf_put(&body, entry > 0 ? STR(",") : STR(""));
            buf_print(&body, array ? "%d" : "\"m%d\":0", entry);
        }
        buf_put(&body, str_of(ends[array]));
        enum err e = json_read(arena, buf_str(&body), &sample_shape, &in, NULL);
        assert_string_equal(err_name(e), over ? "ERR_BODY_MALFORMED" : "ERR_OK");
    }
}

static enum err read_long(const char *name, size_t items, size_t length)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 16, 1 << 20);
    struct buf body = buf_in_arena(arena, 1 << 18);
    struct sample in = {0};

    buf_print(&body, "{\"%s\":%s", name, items ? "[" : "");
    for (size_t i = 0; i < (items ? items : 1); i++) {
        buf_put(&body, i == 0 ? STR("\"") : STR(",\""));
        for (size_t at = 0; at < length; at++) {
            buf_put_char(&body, 'x');
        }
        buf_put_char(&body, '"');
    }
    buf_put(&body, items ? STR("]}") : STR("}"));
    return json_read(arena, buf_str(&body), &sample_shape, &in, NULL);
}

static void texts_and_their_lists_are_bounded(void **state)
{
    (void)state;
    assert_ok(read_long("text", 0, 8192));
    assert_err(read_long("text", 0, 8193), ERR_FIELD_VALUE);
    assert_ok(read_long("secret", 0, 8192));
    assert_err(read_long("secret", 0, 8193), ERR_FIELD_VALUE);
    assert_ok(read_long("texts", 100, 5));
    assert_err(read_long("texts", 101, 5), ERR_FIELD_VALUE);
    assert_err(read_long("texts", 1, 6), ERR_FIELD_VALUE);
}

static void one_meaning_has_one_spelling(void **state)
{
    (void)state;
    static const char *const same[] = {
        "{\"a\":[1,1.5,\"\xc3\xa9\"],\"b\":{\"c\":null,\"d\":true}}",
        "{ \"b\": {\"d\": true, \"c\": null}, \"a\": [1, 1.50, \"\\u00e9\"] }\n",
    };
    static const char *const none[] = {"", "{", "{\"a\":1,\"a\":1}", "{} x"};
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 16);

    for (size_t i = 0; i < ARRAY_LEN(same); i++) {
        struct buf out = buf_in_arena(arena, 256);
        assert_true(json_normalise(arena, str_of(same[i]), &out));
        assert_str(buf_str(&out), same[0]);
    }
    for (size_t i = 0; i < ARRAY_LEN(none); i++) {
        struct buf out = buf_in_arena(arena, 256);
        assert_false(json_normalise(arena, str_of(none[i]), &out));
        assert_int_equal(out.len, 0);
    }
}

static void no_room_is_no_memory(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "{\"text\":\"more than eight bytes\"}",
        "{\"secret\":\"more than eight bytes\"}",
        "{\"email\":\"more@eight.bytes\"}",
        "{\"username\":\"more.than.eight.bytes\"}",
        "{\"texts\":[\"more\"]}",
    };

    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        CLEANUP(arena_destroy_at) struct arena *arena = arena_create(0, 8);
        struct sample in = {0};
        assert_err(json_read(arena, str_of(bodies[i]), &sample_shape, &in, NULL), ERR_MEMORY);
    }
}

static void a_member_is_there_when_it_has_a_value(void **state)
{
    (void)state;
    static const char *const with[] = {"{\"token\":\"\"}", "{\"a\":1,\"token\":7}",
                                       "{\"token\":{\"token\":null}}"};
    static const char *const without[] = {"",
                                          "{}",
                                          "[\"token\"]",
                                          "{\"token\":null}",
                                          "{\"Token\":\"x\"}",
                                          "{\"a\":{\"token\":1}}",
                                          "{\"token\":\"x\"",
                                          "token=x",
                                          "{\"token\":1,\"token\":2}"};
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);

    for (size_t i = 0; i < ARRAY_LEN(with); i++) {
        assert_true(json_has(arena, str_of(with[i]), "token"));
    }
    for (size_t i = 0; i < ARRAY_LEN(without); i++) {
        assert_false(json_has(arena, str_of(without[i]), "token"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_that_is_wrong_is_named),
        cmocka_unit_test(values_arrive_as_they_were_sent),
        cmocka_unit_test(what_is_required_has_to_say_something),
        cmocka_unit_test(an_empty_text_will_do_where_the_row_says_so),
        cmocka_unit_test(what_was_sent_never_stands_in_a_detail),
        cmocka_unit_test(an_update_tells_absent_from_null),
        cmocka_unit_test(depth_and_number_are_bounded),
        cmocka_unit_test(the_thousandth_entry_is_the_last),
        cmocka_unit_test(texts_and_their_lists_are_bounded),
        cmocka_unit_test(one_meaning_has_one_spelling),
        cmocka_unit_test(a_member_is_there_when_it_has_a_value),
        cmocka_unit_test(no_room_is_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
