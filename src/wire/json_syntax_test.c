/* Which texts are JSON as we take it. */
#include "base/arena.h"
#include "base/check.h"
#include "wire/json.h"

struct nothing {
    struct str text;
};

static const struct field nothing_fields[] = {
    FIELD(struct nothing, text, "text", OPTIONAL),
};
static const struct shape nothing_shape = SHAPE(nothing_fields, MOMENT_MILLIS);

/* Whether the text is JSON as we take it, as JSONTestSuite asks it of every parser. */
// clang-format off
static const struct {
    const char *json;
    bool accepted;
} syntax[] = {
    /* structure */
    {"{}",                               true },
    {" \t\r\n{ \t\r\n} \t\r\n",          true },
    {"{\"a\":1}",                        true },
    {"{\"a\":{\"b\":[[],{},[{}]]}}",     true },
    {"{\"\":0}",                         true },
    {"",                                 false},
    {" ",                                false},
    {"{",                                false},
    {"}",                                false},
    {"{}}",                              false},
    {"{}{}",                             false},
    {"{} x",                             false},
    {"{},",                              false},
    {"{}#",                              false},
    {"{}/**/",                           false},
    {"{/**/}",                           false},
    {"//\n{}",                           false},
    {"[]",                               false},
    {"[{}]",                             false},
    {"null",                             false},
    {"true",                             false},
    {"1",                                false},
    {"\"text\"",                         false},
    {"\xef\xbb\xbf{}",                   false}, /* byte order mark */
    {"{\"a\"}",                          false},
    {"{\"a\":}",                         false},
    {"{\"a\" 1}",                        false},
    {"{\"a\":1,}",                       false},
    {"{,\"a\":1}",                       false},
    {"{\"a\":1,,\"b\":2}",               false},
    {"{\"a\":1 \"b\":2}",                false},
    {"{\"a\"::1}",                       false},
    {"{\"a\":1;\"b\":2}",                false},
    {"{a:1}",                            false},
    {"{'a':1}",                          false},
    {"{1:1}",                            false},
    {"{null:1}",                         false},
    {"{[]:1}",                           false},
    {"{\"a\":[}",                        false},
    {"{\"a\":[1,]}",                     false},
    {"{\"a\":[,1]}",                     false},
    {"{\"a\":[1 2]}",                    false},
    {"{\"a\":[}]",                       false},
    {"{\"a\":(1)}",                      false},
    {"{\"a\":\x0b 1}",                   false}, /* a vertical tab is no space */
    {"{\"a\":\u00a0 1}",                 false},
    {"{\"a\":1}\x1a",                    false},
    /* duplicates */
    {"{\"a\":1,\"b\":1}",                true },
    {"{\"a\":1,\"A\":1}",                true },
    {"{\"a\":{\"a\":1},\"b\":{\"a\":1}}", true },
    {"{\"a\":1,\"a\":1}",                false},
    {"{\"a\":1,\"\\u0061\":2}",          false},
    {"{\"b\":{\"a\":1,\"a\":null}}",     false},
    /* words */
    {"{\"a\":true,\"b\":false,\"c\":null}", true },
    {"{\"a\":True}",                     false},
    {"{\"a\":nul}",                      false},
    {"{\"a\":truee}",                    false},
    {"{\"a\":undefined}",                false},
    {"{\"a\":NaN}",                      false},
    {"{\"a\":Infinity}",                 false},
    {"{\"a\":-Infinity}",                false},
    /* numbers */
    {"{\"a\":0}",                        true },
    {"{\"a\":-0}",                       true },
    {"{\"a\":1.5e+10}",                  true },
    {"{\"a\":1E5}",                      true },
    {"{\"a\":0.0e-0}",                   true },
    {"{\"a\":9223372036854775807}",      true },
    {"{\"a\":-9223372036854775808}",     true },
    {"{\"a\":1e-999}",                   true },
    {"{\"a\":9223372036854775808}",      false},
    {"{\"a\":1e999}",                    false},
    {"{\"a\":01}",                       false},
    {"{\"a\":-01}",                      false},
    {"{\"a\":+1}",                       false},
    {"{\"a\":1.}",                       false},
    {"{\"a\":.5}",                       false},
    {"{\"a\":-}",                        false},
    {"{\"a\":1e}",                       false},
    {"{\"a\":1e+}",                      false},
    {"{\"a\":1.e1}",                     false},
    {"{\"a\":0x10}",                     false},
    {"{\"a\":1_000}",                    false},
    {"{\"a\":--1}",                      false},
    {"{\"a\":1 000}",                    false},
    {"{\"a\":\uff11}",                   false},
    /* strings */
    {"{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", true },
    {"{\"a\":\"\\u00e9\\u20AC\\uD83D\\uDD11\"}", true },
    {"{\"a\":\"\u00e9\u20ac\U0001f511\x7f\"}", true },
    {"{\"a\":\"\\u0001\"}",              true },
    {"{\"a\":\"\\uFFFF\"}",              true },
    {"{\"a\":\"{[,:\"}",                 true },
    {"{\"a\":\"\\\\\"}",                 true },
    {"{\"a\":\"}",                       false},
    {"{\"a\":\"\\\"}",                   false},
    {"{\"a\":\"\n\"}",                   false},
    {"{\"a\":\"\t\"}",                   false},
    {"{\"a\":\"\\u0000\"}",              false},
    {"{\"\\u0000\":1}",                  false},
    {"{\"a\":\"\\x41\"}",                false},
    {"{\"a\":\"\\a\"}",                  false},
    {"{\"a\":\"\\'\"}",                  false},
    {"{\"a\":\"\\u00g0\"}",              false},
    {"{\"a\":\"\\u12\"}",                false},
    {"{\"a\":\"\\U0041\"}",              false},
    {"{\"a\":\"\\ud800\"}",              false},
    {"{\"a\":\"\\udc00\"}",              false},
    {"{\"a\":\"\\ud800\\u0041\"}",       false},
    {"{\"a\":\"\\ud800\\ud800\"}",       false},
    {"{\"a\":'x'}",                      false},
    {"{\"a\":\"x\" \"y\"}",              false},
    /* UTF-8 */
    {"{\"a\":\"\xff\"}",                 false},
    {"{\"a\":\"\xc3\"}",                 false},
    {"{\"a\":\"\xc0\xaf\"}",             false},
    {"{\"a\":\"\xed\xa0\x80\"}",         false},
    {"{\"a\":\"\xf4\x90\x80\x80\"}",     false},
    {"{\"\xff\":1}",                     false},
    {"\xff{}",                           false},
    {"{}\xff",                           false},
};
// clang-format on

static void syntax_is_strict(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(syntax); i++) {
        CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);
        struct nothing nothing = {0};
        struct reason reason = {0};
        enum err e = json_read(arena, str_of(syntax[i].json), &nothing_shape, &nothing, &reason);

        if ((e == ERR_OK) != syntax[i].accepted) {
            fail_msg("%s: %s", syntax[i].json, err_name(e));
        }
        assert_string_equal(err_name(reason.err),
                            syntax[i].accepted ? "ERR_OK" : "ERR_BODY_MALFORMED");
        assert_false(str_is_set(reason.field));
    }
}

static void bytes_of_zero_are_refused(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 16);
    struct nothing nothing = {0};
    static const struct str bodies[] = {
        {NULL,             0 },
        {"\0",             1 },
        {"{}\0",           3 },
        {"{\"a\":\"\0\"}", 9 },
        {"{\"\0\":1}",     7 },
        {"{\0}",           3 },
        {"{\"a\":1\0}",    8 },
        {"{\"a\":1.5\0}",  10},
    };

    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        assert_err(json_read(arena, bodies[i], &nothing_shape, &nothing, NULL), ERR_BODY_MALFORMED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(syntax_is_strict),
        cmocka_unit_test(bytes_of_zero_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
