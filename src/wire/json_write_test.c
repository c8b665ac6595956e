#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "wire/json.h"

static void assert_text(struct str text, const char *expected)
{
    char memory[256];
    struct buf out = buf_over(memory, sizeof memory);

    json_write_text(&out, text);
    assert_str(buf_str(&out), expected);
}

static void strings_are_escaped_where_they_must_be(void **state)
{
    (void)state;
    assert_text(STR(""), "\"\"");
    assert_text(STR("plain"), "\"plain\"");
    assert_text(STR("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"");
    assert_text(STR("\n\r\t\b\f"), "\"\\n\\r\\t\\u0008\\u000c\"");
    assert_text((struct str){"\0\x1f\x7f", 3}, "\"\\u0000\\u001f\x7f\"");
    assert_text(STR("\u00e9 \u2028 \U0001f511"), "\"\u00e9 \u2028 \U0001f511\"");
    assert_text((struct str){0}, "\"\"");
}

static void what_is_not_utf_8_is_replaced(void **state)
{
    (void)state;
    assert_text(STR("\xff"), "\"\uFFFD\"");
    assert_text(STR("a\xc3"), "\"a\uFFFD\"");
    assert_text(STR("\xc3\"\xa9"), "\"\uFFFD\\\"\uFFFD\"");
    assert_text(STR("\xed\xa0\x80z"), "\"\uFFFD\uFFFD\uFFFDz\"");
    assert_text(STR("caf\u00e9\xe2\x82 \u20ac"), "\"caf\u00e9\uFFFD\uFFFD \u20ac\"");
}

struct admin {
    int64_t number;
    struct username name;
    struct email email;
    bool active;
    struct moment created, last_login;
};

struct admin_page {
    struct list admins;
};

// clang-format off
static const struct field admin_fields[] = {
    FIELD(struct admin, number,     "id",            OPTIONAL),
    FIELD(struct admin, name,       "username",      OPTIONAL),
    FIELD(struct admin, email,      "email",         OPTIONAL),
    FIELD(struct admin, active,     "is_active",     OPTIONAL),
    FIELD(struct admin, created,    "created_at",    OPTIONAL),
    FIELD(struct admin, last_login, "last_login_at", EMPTY_IF_NONE),
};
static const struct shape admin_shape = SHAPE(admin_fields, MOMENT_SECONDS);

static const struct field admin_page_fields[] = {
    LIST_FIELD(struct admin_page, admins, "admins", admin_shape),
};
static const struct shape admin_page_shape = SHAPE(admin_page_fields, MOMENT_SECONDS);
// clang-format on

static void a_list_is_written_as_in_the_document_of_edge(void **state)
{
    (void)state;
    const struct admin admins[] = {
        {.number = 1,
         .name = {STR("admin"), STR("admin")},
         .email = {STR("admin@fitness-center.local"), STR("admin@fitness-center.local")},
         .active = true,
         .created = {1748772000000},
         .last_login = {1748791800000}},
        {.number = 2,
         .name = {STR("Admin2"), STR("admin2")},
         .email = {STR("Admin2@fitness-center.local"), STR("admin2@fitness-center.local")},
         .created = {1748775600000}},
    };
    struct admin_page page = {
        .admins = {admins, ARRAY_LEN(admins), sizeof *admins}
    };
    char memory[512];
    struct buf out = buf_over(memory, sizeof memory);

    json_write(&out, &admin_page_shape, &page);
    assert_str(
        buf_str(&out),
        "{\"admins\":[{\"id\":1,\"username\":\"admin\",\"email\":\"admin@fitness-center.local\","
        "\"is_active\":true,\"created_at\":\"2025-06-01T10:00:00Z\","
        "\"last_login_at\":\"2025-06-01T15:30:00Z\"},"
        "{\"id\":2,\"username\":\"Admin2\",\"email\":\"Admin2@fitness-center.local\","
        "\"is_active\":false,\"created_at\":\"2025-06-01T11:00:00Z\",\"last_login_at\":\"\"}]}");

    page.admins.count = 0;
    out = buf_over(memory, sizeof memory);
    json_write(&out, &admin_page_shape, &page);
    assert_str(buf_str(&out), "{\"admins\":[]}");
}

/* Every kind, each three times: left out, null, and "" where there is no value. */
struct inner {
    struct str text;
};

struct everything {
    struct str text;
    struct secret secret;
    struct email email;
    struct username username;
    struct id id;
    struct moment moment;
    int64_t number;
    bool yes;
    struct text_list texts;
    struct inner inner;
};

#define THREE(member)                                                                              \
    FIELD(struct everything, member, #member, OPTIONAL),                                           \
        FIELD(struct everything, member, #member "_null", NULL_IF_NONE),                           \
        FIELD(struct everything, member, #member "_empty", EMPTY_IF_NONE)

// clang-format off
static const struct field inner_fields[] = {
    FIELD(struct inner, text, "text", OPTIONAL),
};
static const struct shape inner_shape = SHAPE(inner_fields, MOMENT_MILLIS);

static const struct field everything_fields[] = {
    THREE(text), THREE(secret), THREE(email), THREE(username), THREE(id), THREE(moment),
    FIELD(struct everything, number, "number", NULL_IF_NONE),
    FIELD(struct everything, yes,    "yes",    NULL_IF_NONE),
    FIELD(struct everything, texts,  "texts",  NULL_IF_NONE),
    OBJECT_FIELD(struct everything, inner, "inner", inner_shape, NULL_IF_NONE),
};
static const struct shape everything_shape = SHAPE(everything_fields, MOMENT_SEVENTHS);
// clang-format on

static void members_without_a_value_follow_their_flag(void **state)
{
    (void)state;
    struct everything nothing = {0};
    char memory[512];
    struct buf out = buf_over(memory, sizeof memory);

    nothing.secret.hidden = STR("never seen");
    json_write(&out, &everything_shape, &nothing);
    assert_str(buf_str(&out),
               "{\"text_null\":null,\"text_empty\":\"\",\"email_null\":null,\"email_empty\":\"\","
               "\"username_null\":null,\"username_empty\":\"\",\"id_null\":null,\"id_empty\":\"\","
               "\"moment_null\":null,\"moment_empty\":\"\",\"number\":0,\"yes\":false,\"texts\":[],"
               "\"inner\":{}}");
}

static void members_with_a_value_are_written_whatever_their_flag(void **state)
{
    (void)state;
    static const struct str words[] = {
        {"USER", 4},
        {"A\"B", 3}
    };
    struct everything all = {
        .text = STR(""),
        .secret = {STR("never seen")        },
        .email = {STR("A@b.c"),              STR("a@b.c")},
        .username = {STR("Me"),                         STR("me")},
        .id = {{0x01, 0x8f, [15] = 0xff}},
        .moment = {1757017108708},
        .number = INT64_MIN,
        .yes = true,
        .texts = {words,             ARRAY_LEN(words)},
        .inner = {STR("deep")                    },
    };
    char memory[1024];
    struct buf out = buf_over(memory, sizeof memory);

    json_write(&out, &everything_shape, &all);
    assert_str(buf_str(&out),
               "{\"text\":\"\",\"text_null\":\"\",\"text_empty\":\"\","
               "\"email\":\"A@b.c\",\"email_null\":\"A@b.c\",\"email_empty\":\"A@b.c\","
               "\"username\":\"Me\",\"username_null\":\"Me\",\"username_empty\":\"Me\","
               "\"id\":\"018f0000-0000-0000-0000-0000000000ff\","
               "\"id_null\":\"018f0000-0000-0000-0000-0000000000ff\","
               "\"id_empty\":\"018f0000-0000-0000-0000-0000000000ff\","
               "\"moment\":\"2025-09-04T20:18:28.7080000\",\"moment_null\":\"2025-09-04T20:18:28."
               "7080000\","
               "\"moment_empty\":\"2025-09-04T20:18:28.7080000\","
               "\"number\":-9223372036854775808,\"yes\":true,\"texts\":[\"USER\",\"A\\\"B\"],"
               "\"inner\":{\"text\":\"deep\"}}");
}

struct update {
    struct str text;
    int64_t number;
    enum presence text_is, number_is;
};

static const struct field update_fields[] = {
    FIELD(struct update, text, "text", OPTIONAL, PRESENCE(struct update, text_is)),
    FIELD(struct update, number, "number", OPTIONAL, PRESENCE(struct update, number_is)),
};
static const struct shape update_shape = SHAPE(update_fields, MOMENT_MILLIS);

static void a_presence_decides_alone(void **state)
{
    (void)state;
    static const struct {
        enum presence presence;
        const char *json;
    } cases[] = {
        {PRESENCE_ABSENT, "{}"                             },
        {PRESENCE_NULL,   "{\"text\":null,\"number\":null}"},
        {PRESENCE_VALUE,  "{\"text\":\"x\",\"number\":7}"  },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct update update = {STR("x"), 7, cases[i].presence, cases[i].presence};
        char memory[64];
        struct buf out = buf_over(memory, sizeof memory);
        json_write(&out, &update_shape, &update);
        assert_str(buf_str(&out), cases[i].json);
    }
}

static void an_answer_that_does_not_fit_is_no_answer(void **state)
{
    (void)state;
    struct everything nothing = {0};
    char memory[64];
    struct buf out = buf_over(memory, sizeof memory);
    struct str text;

    json_write(&out, &everything_shape, &nothing);
    assert_err(buf_end(&out, &text), ERR_MEMORY);
}

struct always {
    struct str text;
    struct id id;
    struct moment moment;
    struct secret secret;
    struct str told;
    enum presence told_is;
};

// clang-format off
static const struct field always_fields[] = {
    FIELD(struct always, text,   "text",   REQUIRED),
    FIELD(struct always, id,     "id",     REQUIRED),
    FIELD(struct always, moment, "moment", REQUIRED),
    FIELD(struct always, secret, "secret", REQUIRED),
    FIELD(struct always, told,   "told",   REQUIRED, PRESENCE(struct always, told_is)),
};
// clang-format on
static const struct shape always_shape = SHAPE(always_fields, MOMENT_SECONDS);

static void what_is_required_is_always_there_but_for_secrets_and_what_a_presence_tells(void **state)
{
    (void)state;
    struct always none = {0};
    char memory[256];
    struct buf out = buf_over(memory, sizeof memory);

    none.secret.hidden = STR("hidden");
    json_write(&out, &always_shape, &none);
    assert_str(buf_str(&out),
               "{\"text\":\"\",\"id\":\"00000000-0000-0000-0000-000000000000\","
               "\"moment\":\"1970-01-01T00:00:00Z\"}");
}

static void a_shape_is_called_what_its_table_is_called(void **state)
{
    (void)state;
    assert_string_equal(always_shape.name, "always_fields");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_are_escaped_where_they_must_be),
        cmocka_unit_test(what_is_not_utf_8_is_replaced),
        cmocka_unit_test(a_list_is_written_as_in_the_document_of_edge),
        cmocka_unit_test(members_without_a_value_follow_their_flag),
        cmocka_unit_test(members_with_a_value_are_written_whatever_their_flag),
        cmocka_unit_test(a_presence_decides_alone),
        cmocka_unit_test(an_answer_that_does_not_fit_is_no_answer),
        cmocka_unit_test(
            what_is_required_is_always_there_but_for_secrets_and_what_a_presence_tells),
        cmocka_unit_test(a_shape_is_called_what_its_table_is_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
