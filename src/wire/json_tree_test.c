/* What is read of JSON, value by value, and where it says that something is none. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "wire/json.h"
#include "wire/json_tree.h"

#include <stdlib.h>

/* In memory of just its length, so that a sanitizer sees whoever reads on. */
static enum err parse(struct arena *arena, struct str text, struct reason *reason,
                      struct json_node *ret)
{
    char *copy = arena_alloc(arena, text.len);

    assert_non_null(copy);
    memcpy(copy, text.ptr, text.len);
    return json_tree_parse(arena, (struct str){copy, text.len}, reason, ret);
}

/* One value each, and how it is written when it has been read. */
// clang-format off
static const struct {
    const char *json, *written;
} values[] = {
    /* words */
    {"null",                                  "null"},
    {" true ",                                "true"},
    {"\t\r\nfalse",                           "false"},
    /* whole numbers */
    {"0",                                     "0"},
    {"-0",                                    "0"},
    {"-1",                                    "-1"},
    {"10",                                    "10"},
    {"9223372036854775807",                   "9223372036854775807"},
    {"-9223372036854775808",                  "-9223372036854775808"},
    /* others */
    {"1.0",                                   "1.0"},
    {"1e2",                                   "100.0"},
    {"1E+2",                                  "100.0"},
    {"-0.0",                                  "-0.0"},
    {"0e0",                                   "0.0"},
    {"0.5e1",                                 "5.0"},
    {"1e-2",                                  "0.01"},
    {"0.1",                                   "0.10000000000000001"},
    {"9223372036854775808.0",                 "9.2233720368547758e+18"},
    {"1.7976931348623157e308",                "1.7976931348623157e+308"},
    {"5e-324",                                "4.9406564584124654e-324"},
    {"1e-400",                                "0.0"},
    {"0.00000000000000000000000000000000000000000000000000001e52", "0.10000000000000001"},
    {"123456789012345678901234567890123456789012345678901234567890e-58", "12.345678901234567"},
    /* texts */
    {"\"\"",                                  "\"\""},
    {"\"a\"",                                 "\"a\""},
    {"\"{[:,]}\"",                            "\"{[:,]}\""},
    {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",        "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\""},
    {"\"a\\nb\\n\"",                          "\"a\\nb\\n\""},
    {"\"\\u0001\\u001F\\u007f\"",             "\"\\u0001\\u001f\x7f\""},
    {"\"\\u0041\\u00e9\\u20aC\"",             "\"A\u00e9\u20ac\""},
    {"\"\\u0080\\u07FF\\u0800\\uFFFF\"",      "\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\""},
    {"\"\\ud7ff\\ue000\"",                    "\"\xed\x9f\xbf\xee\x80\x80\""},
    {"\"\\ud800\\udc00\\uDBFF\\uDFFF\"",      "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\""},
    {"\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\"", "\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\""},
    {"\"\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"",
     "\"\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\""},
    {"\"\xe2\x80\xa8\\u2028\"",               "\"\xe2\x80\xa8\xe2\x80\xa8\""},
    {"\"\\\\u0000\"",                         "\"\\\\u0000\""},
    {"\"\\u005Cu0000\"",                      "\"\\\\u0000\""},
    /* arrays keep their order, members lose theirs */
    {"[]",                                    "[]"},
    {" [ ] ",                                 "[]"},
    {"[ 2 , 1 , [ ] ]",                       "[2,1,[]]"},
    {"[[[\"a\"],{}],null]",                   "[[[\"a\"],{}],null]"},
    {"{}",                                    "{}"},
    {" { } ",                                 "{}"},
    {"{ \"a\" : 1 }",                         "{\"a\":1}"},
    {"{\"\":0}",                              "{\"\":0}"},
    {"{\"b\":1,\"a\":[2,1],\"c\":{}}",        "{\"a\":[2,1],\"b\":1,\"c\":{}}"},
    {"{\"aa\":1,\"a\":2,\"B\":3,\"\":4}",     "{\"\":4,\"B\":3,\"a\":2,\"aa\":1}"},
    {"{\"\u00e9\":1,\"z\":2,\"\\u0061\":3}",  "{\"a\":3,\"z\":2,\"\u00e9\":1}"},
    {"{\"5\":0,\"4\":0,\"3\":0,\"2\":0,\"1\":0}", "{\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0}"},
    {"{\"a\":{\"a\":{\"a\":1}}}",             "{\"a\":{\"a\":{\"a\":1}}}"},
};
// clang-format on

static void a_value_is_read_as_it_was_meant(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 16);
        struct buf out = buf_in_arena(arena, 512);

        if (!json_normalise(arena, str_of(values[i].json), &out)) {
            fail_msg("%s is refused", values[i].json);
        }
        assert_str(buf_str(&out), values[i].written);
    }
}

/* What is no JSON, and at which byte it stops being it. */
// clang-format off
static const struct {
    const char *json;
    size_t at;
} refused[] = {
    {"",                        0},
    {" ",                       1},
    {"x",                       0},
    {"\xef\xbb\xbf{}",          0},
    {"nul",                     0},
    {"nulll",                   4},
    {"TRUE",                    0},
    {"\f1",                     0},
    {"1\v",                     1},
    {"\xc2\xa0",                0},
    {"{} {}",                   3},
    {"[1] ]",                   4},
    {"{\"a\":1}\xff",           7},
    /* numbers */
    {"-",                       1},
    {"+1",                      0},
    {"-a",                      1},
    {"01",                      1},
    {"-01",                     2},
    {"00",                      1},
    {"1.",                      2},
    {".5",                      0},
    {"1.e1",                    2},
    {"1e",                      2},
    {"1e+",                     3},
    {"1e1.5",                   3},
    {"0x1",                     1},
    {"1a",                      1},
    {"1 1",                     2},
    {"9223372036854775808",     19},
    {"-9223372036854775809",    20},
    {"1e309",                   5},
    {"-1e309",                  6},
    {"Infinity",                0},
    {"NaN",                     0},
    {"-NaN",                    1},
    /* arrays and objects */
    {"[",                       1},
    {"[1",                      2},
    {"[1,",                     3},
    {"[,",                      1},
    {"[1,]",                    3},
    {"[1,,2]",                  3},
    {"[1}",                     2},
    {"[1 2]",                   3},
    {"]",                       0},
    {"{",                       1},
    {"{1:1}",                   1},
    {"{\"a\"",                  4},
    {"{\"a\"}",                 4},
    {"{\"a\":",                 5},
    {"{\"a\":}",                5},
    {"{\"a\":1",                6},
    {"{\"a\":1,",               7},
    {"{\"a\":1,}",              7},
    {"{\"a\":1]",               6},
    {"{\"a\":1 \"b\":2}",       7},
    {"{\"a\"=1}",               4},
    {"{'a':1}",                 1},
    {"{\"a\":1,\"a\":1}",       13},
    {"{\"a\":1,\"b\":1,\"\\u0061\":1}", 24},
    {"[{\"a\":{},\"a\":[]}]",   16},
};
// clang-format on

static void what_is_none_is_told_by_the_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 16);
        struct json_node node = {.kind = NODE_TRUE};
        struct reason reason = {0};
        char where[32];
        struct buf out = buf_over(where, sizeof where);

        if (parse(arena, str_of(refused[i].json), &reason, &node) != ERR_BODY_MALFORMED) {
            fail_msg("%s is accepted", refused[i].json);
        }
        assert_int_equal(node.kind, NODE_TRUE); /* as it was */
        assert_int_equal(reason.err, ERR_BODY_MALFORMED);
        buf_print(&out, "byte %zu: ", refused[i].at);
        if (strncmp(reason.detail, where, out.len) != 0) {
            fail_msg("%s: %s instead of %s", refused[i].json, reason.detail, where);
        }
    }
}

/* Between quotation marks. */
// clang-format off
static const struct str bad_texts[] = {
    {"\0", 1}, {"a\0", 2}, {"\x01", 1}, {"\n", 1}, {"\t", 1}, {"\x1f", 1},
    /* escapes */
    {"\\", 1}, {"\\a", 2}, {"\\v", 2}, {"\\0", 2}, {"\\'", 2}, {"\\x41", 4}, {"\\U0041", 6}, {"\\\n", 2},
    {"\\u", 2}, {"\\u1", 3}, {"\\u12", 4}, {"\\u123", 5}, {"\\u12g4", 6}, {"\\u 123", 6}, {"\\u-123", 6}, {"\\u+123", 6},
    {"\\u0000", 6}, {"\\u0000x", 7}, {"\\uux", 4}, {"\\u{41}", 6}, {"\\\0", 2},
    /* halves of pairs */
    {"\\ud800", 6}, {"\\udbff", 6}, {"\\udc00", 6}, {"\\udfff", 6}, {"\\ud800x", 7}, {"\\ud800\\n", 8}, {"\\ud800\\u", 8},
    {"\\ud800\\u0041", 12}, {"\\ud800\\ud800", 12}, {"\\ud800\\ue000", 12}, {"\\udc00\\ud800", 12}, {"\\udc00\\udc00", 12}, {"\\ud800\\udc0", 11},
    {"\\ud800\\\\udc00", 13}, {"\\ud800u\\udc00", 13}, {"\\ud800\xed\xb0\x80", 9},
    /* no UTF-8: alone, cut off, overlong, a surrogate, beyond the last plane, behind an escape */
    {"\x80", 1}, {"\xbf", 1}, {"\xff", 1}, {"\xfe", 1}, {"\xc3", 1}, {"\xe2\x82", 2}, {"\xf0\x9f\x94", 3},
    {"\xc3\xc3", 2}, {"\xc3(", 2}, {"\xe2(\xa1", 3}, {"\xe2\x82(", 3}, {"\xf0\x9f\x94(", 4},
    {"\xc0\x80", 2}, {"\xc1\xbf", 2}, {"\xe0\x9f\xbf", 3}, {"\xf0\x8f\xbf\xbf", 4},
    {"\xed\xa0\x80", 3}, {"\xed\xbf\xbf", 3}, {"\xf4\x90\x80\x80", 4}, {"\xf5\x80\x80\x80", 4}, {"\xf8\x88\x80\x80\x80", 5},
    {"\\n\xff", 3}, {"\xff\\n", 3}, {"\xc3\\u00a9", 7}, {"\\u00c3\xa9", 7},
};
// clang-format on

static void a_text_is_unicode_or_none(void **state)
{
    (void)state;
    static const char *const around[][2] = {
        {"\"",           "\""   },
        {"[\"good\",\"", "\"]"  },
        {"{\"",          "\":1}"}
    };

    for (size_t i = 0; i < ARRAY_LEN(bad_texts) * ARRAY_LEN(around); i++) {
        CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 16);
        const char *const *sides = around[i / ARRAY_LEN(bad_texts)];
        struct buf json = buf_in_arena(arena, 256);
        struct json_node node = {0};

        buf_put(&json, str_of(sides[0]));
        buf_put(&json, bad_texts[i % ARRAY_LEN(bad_texts)]);
        buf_put(&json, str_of(sides[1]));
        if (parse(arena, buf_str(&json), NULL, &node) != ERR_BODY_MALFORMED) {
            fail_msg("%.*s is accepted", STR_ARG(buf_str(&json)));
        }
    }
}

static void what_was_cut_off_is_none(void **state)
{
    (void)state;
    const struct str whole =
        STR("{\"a\":[true,false,null,-1.5e+3,\"\\u00e9\\ud83d\\udd11\xf0\x9f\x94\x91\"],"
            "\"b\":{\"c\":{},\"d\":[]}}");
    struct json_node node = {0};

    for (size_t length = 0; length <= whole.len; length++) {
        CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 16);
        enum err e = parse(arena, str_sub(whole, 0, length), NULL, &node);
        assert_int_equal(e, length < whole.len ? ERR_BODY_MALFORMED : ERR_OK);
    }
}

static void a_text_without_escapes_stays_where_it_is(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 16);
    const struct str json = STR("[\"as it is\",\"by\\u0020escape\",\"\"]");
    struct json_node node = {0};

    assert_ok(json_tree_parse(arena, json, NULL, &node));
    assert_int_equal(node.count, 3);
    assert_ptr_equal(node.first->text.ptr, json.ptr + 2);
    assert_str(node.first->text, "as it is");
    assert_str(node.first->next->text, "by escape");
    assert_true(str_is_set(node.first->next->next->text));
    assert_null(node.first->next->next->next);
}

static void a_member_is_found_by_its_name(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 16);
    struct json_node node = {0}, array = {0};

    assert_ok(
        json_tree_parse(arena, STR("{\"b\":2,\"a\":{\"c\":3},\"n\\u0061me\":1}"), NULL, &node));
    assert_int_equal(json_tree_member(&node, "a")->kind, NODE_OBJECT);
    assert_int_equal(json_tree_member(&node, "b")->whole, 2);
    assert_int_equal(json_tree_member(&node, "name")->whole, 1);
    assert_null(json_tree_member(&node, "c"));
    assert_null(json_tree_member(&node, ""));
    assert_ok(json_tree_parse(arena, STR("[{\"a\":1}]"), NULL, &array));
    assert_null(json_tree_member(&array, "a"));
    assert_null(json_tree_member(&array, "")); /* items have no name */
}

static void what_stands_side_by_side_is_not_deep(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 16);
    struct buf json = buf_in_arena(arena, 1024);
    struct json_node node = {0};

    buf_put(&json, STR("[[]"));
    for (int i = 0; i < JSON_DEPTH_MOST; i++) {
        buf_put(&json, STR(",[{}]"));
    }
    buf_put(&json, STR("]"));
    assert_ok(json_tree_parse(arena, buf_str(&json), NULL, &node));
    assert_int_equal(node.count, JSON_DEPTH_MOST + 1);
}

/* An object of so many members, of which the one at `twin` has the name of the first. */
static enum err parse_many(size_t count, size_t twin)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 16, 1 << 20);
    struct buf json = buf_in_arena(arena, 1 << 16);
    struct json_node node = {0};

    for (size_t i = 0; i < count; i++) {
        size_t name = i == twin ? 0 : i * 7919 % 1009; /* each once, and in no order */
        buf_print(&json, "%c\"m%zu\":%zu", i == 0 ? '{' : ',', name, i);
    }
    buf_put(&json, STR("}"));
    enum err e = json_tree_parse(arena, buf_str(&json), NULL, &node);
    for (const struct json_node *one = node.first; one && one->next; one = one->next) {
        assert_true(str_compare(one->name, one->next->name) < 0);
    }
    return e;
}

static void no_name_comes_twice_among_however_many(void **state)
{
    (void)state;
    for (size_t count = 1; count <= 40; count++) {
        assert_ok(parse_many(count, count));
        for (size_t twin = 1; twin < count; twin++) {
            assert_err(parse_many(count, twin), ERR_BODY_MALFORMED);
        }
    }
    assert_ok(parse_many(JSON_NODES_MOST, JSON_NODES_MOST));
    assert_err(parse_many(JSON_NODES_MOST, 1), ERR_BODY_MALFORMED);
    assert_err(parse_many(JSON_NODES_MOST, JSON_NODES_MOST / 2), ERR_BODY_MALFORMED);
    assert_err(parse_many(JSON_NODES_MOST, JSON_NODES_MOST - 1), ERR_BODY_MALFORMED);
    assert_err(parse_many(JSON_NODES_MOST + 1, JSON_NODES_MOST + 1), ERR_BODY_MALFORMED);
}

static void being_short_of_memory_is_not_the_senders_fault(void **state)
{
    (void)state;
    static const char *const bodies[] = {"[1]", "{\"a\":1}", "1.5", "\"\\n\"", "[\"\\n\"]"};

    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        CLEANUP(arena_destroy_at) struct arena *arena = arena_create(0, 0);
        struct json_node node = {0};
        assert_err(json_tree_parse(arena, str_of(bodies[i]), NULL, &node), ERR_MEMORY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_read_as_it_was_meant),
        cmocka_unit_test(what_is_none_is_told_by_the_byte),
        cmocka_unit_test(a_text_is_unicode_or_none),
        cmocka_unit_test(what_was_cut_off_is_none),
        cmocka_unit_test(a_text_without_escapes_stays_where_it_is),
        cmocka_unit_test(a_member_is_found_by_its_name),
        cmocka_unit_test(what_stands_side_by_side_is_not_deep),
        cmocka_unit_test(no_name_comes_twice_among_however_many),
        cmocka_unit_test(being_short_of_memory_is_not_the_senders_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
