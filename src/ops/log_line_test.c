#include "base/check.h"
#include "ops/log_line.h"
#include "ops/log_text.h"

static struct log_request a_request(void)
{
    return (struct log_request){
        .id = STR("0197-abc"),
        .face = STR("edge"),
        .method = STR("GET"),
        .route = STR("/users/:id"),
        .path = STR("/users/7"),
        .peer = STR("192.0.2.1"),
        .status = 200,
        .microseconds = 1234,
    };
}

static struct str formed(enum log_form form, const struct log_request *line, char *memory)
{
    struct log_style style = {.form = form};
    struct log_text out = {memory, memory + LOG_LINE_MOST};

    log_line_request(&out, &style, STR("2025-06-01T10:30:00.123Z"), line);
    return (struct str){memory, (size_t)(out.at - memory)};
}

static void a_request_as_json_has_its_members_in_order(void **state)
{
    (void)state;
    char memory[LOG_LINE_MOST];
    struct log_request line = a_request();

    assert_str(formed(LOG_JSON, &line, memory),
               "{\"time\":\"2025-06-01T10:30:00.123Z\",\"level\":\"info\",\"msg\":\"request\","
               "\"id\":\"0197-abc\",\"face\":\"edge\",\"method\":\"GET\",\"route\":\"/users/:id\","
               "\"path\":\"/users/7\",\"status\":200,\"us\":1234,\"peer\":\"192.0.2.1\"}\n");
    line.actor.bytes[0] = 1;
    line.actor.bytes[15] = 0xfe;
    line.status = 503;
    line.error = "ERR_STORE_DOWN";
    line.detail = "disk \"x\" gone";
    line.face = (struct str){0};
    assert_str(formed(LOG_JSON, &line, memory),
               "{\"time\":\"2025-06-01T10:30:00.123Z\",\"level\":\"error\",\"msg\":\"request\","
               "\"id\":\"0197-abc\",\"method\":\"GET\",\"route\":\"/users/:id\","
               "\"path\":\"/users/7\",\"status\":503,\"us\":1234,\"peer\":\"192.0.2.1\","
               "\"actor\":\"01000000-0000-0000-0000-0000000000fe\",\"error\":\"ERR_STORE_DOWN\","
               "\"detail\":\"disk \\\"x\\\" gone\"}\n");
}

static void a_warning_makes_the_line_one(void **state)
{
    (void)state;
    char memory[LOG_LINE_MOST];
    struct log_request line = a_request();

    line.warning = "say \"when\"";
    assert_str(formed(LOG_JSON, &line, memory),
               "{\"time\":\"2025-06-01T10:30:00.123Z\",\"level\":\"warning\",\"msg\":\"request\","
               "\"id\":\"0197-abc\",\"face\":\"edge\",\"method\":\"GET\",\"route\":\"/users/:id\","
               "\"path\":\"/users/7\",\"status\":200,\"us\":1234,\"peer\":\"192.0.2.1\","
               "\"warning\":\"say \\\"when\\\"\"}\n");
    assert_str(formed(LOG_HUMAN, &line, memory),
               "2025-06-01T10:30:00.123Z  200      GET         1.234 ms  edge       "
               "/users/7                        192.0.2.1  id 0197-abc  warning: say \"when\"\n");
    line.status = 503;
    assert_int_equal(log_request_level(&line), LOG_ERROR);
}

static void a_request_for_the_eye_stands_in_columns(void **state)
{
    (void)state;
    char memory[LOG_LINE_MOST];
    struct log_request line = a_request();

    assert_str(formed(LOG_HUMAN, &line, memory),
               "2025-06-01T10:30:00.123Z  200      GET         1.234 ms  edge       "
               "/users/7                        192.0.2.1  id 0197-abc\n");
    line.status = 401;
    line.microseconds = 123456;
    line.method = STR("OPTIONS");
    line.face = STR("directory");
    line.error = "ERR_TOKEN_INVALID";
    line.detail = "expired";
    assert_str(
        formed(LOG_HUMAN, &line, memory),
        "2025-06-01T10:30:00.123Z  401      OPTIONS   123.456 ms  directory  "
        "/users/7                        192.0.2.1  id 0197-abc  ERR_TOKEN_INVALID  expired\n");
}

static struct str escaped(struct str text, enum log_escape escape, char *memory, size_t most)
{
    struct log_text out = {memory, memory + most};

    log_text_escaped(&out, text, most, escape);
    return (struct str){memory, (size_t)(out.at - memory)};
}

static void no_byte_of_any_text_ends_a_line_or_breaks_the_json(void **state)
{
    (void)state;
    char memory[256];

    assert_str(escaped(STR("a\r\nb\0c\x1b[31m\x7f"), ESCAPE_JSON, memory, sizeof memory),
               "a\\r\\nb\\u0000c\\u001b[31m\\u007f");
    assert_str(escaped(STR("say \"hi\" \\o/"), ESCAPE_JSON, memory, sizeof memory),
               "say \\\"hi\\\" \\\\o/");
    assert_str(escaped(STR("say \"hi\" \\n"), ESCAPE_HUMAN, memory, sizeof memory),
               "say \"hi\" \\\\n");
    /* half a character, an overlong slash, a surrogate, a lone continuation */
    assert_str(escaped(STR("\xc3|\xc0\xaf|\xed\xa0\x80|\x80"), ESCAPE_JSON, memory, sizeof memory),
               "\\ufffd|\\ufffd\\ufffd|\\ufffd\\ufffd\\ufffd|\\ufffd");
    assert_str(
        escaped(STR("gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80"), ESCAPE_JSON, memory, sizeof memory),
        "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80");
    /* C1's control sequence introducer, a line separator, a right-to-left override */
    assert_str(
        escaped(STR("\xc2\x9b|\xe2\x80\xa8|\xe2\x80\xae"), ESCAPE_HUMAN, memory, sizeof memory),
        "\\u009b|\\u2028|\\u202e");
}

/* The escaper copies eight bytes at a time: no place in a word may be a blind one. */
static void every_byte_is_judged_at_every_place(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        for (size_t place = 0; place < 20; place++) {
            char text[20], memory[64];
            memset(text, 'x', sizeof text);
            text[place] = (char)byte;
            struct str out =
                escaped((struct str){text, sizeof text}, ESCAPE_JSON, memory, sizeof memory);
            bool plain = byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
            assert_int_equal(out.len == sizeof text, plain);
            for (size_t i = 0; i < out.len; i++) {
                assert_true(out.ptr[i] >= 0x20 && out.ptr[i] < 0x7f);
            }
        }
    }
}

static void long_texts_are_cut_and_show_it(void **state)
{
    (void)state;
    char memory[16], all[LOG_LINE_MOST], path[2000];
    struct log_request line = a_request();

    assert_str(escaped(STR("0123456789"), ESCAPE_JSON, memory, 10), "0123456\xe2\x80\xa6");
    assert_str(escaped(STR("01234\n6789"), ESCAPE_JSON, memory, 9), "01234\xe2\x80\xa6");
    assert_str(escaped(STR("01234"), ESCAPE_JSON, memory, 8), "01234");
    assert_str(escaped(STR("01234"), ESCAPE_JSON, memory, 2), "");

    memset(path, 1, sizeof path);
    struct str hostile = {path, sizeof path};
    path[sizeof path - 1] = '\0';
    line = (struct log_request){.id = hostile,
                                .face = hostile,
                                .method = hostile,
                                .route = hostile,
                                .path = hostile,
                                .peer = hostile,
                                .actor = {{1}},
                                .status = 999999999,
                                .microseconds = INT64_MAX,
                                .error = path,
                                .detail = path};
    struct str out = formed(LOG_JSON, &line, all);
    assert_true(str_ends(out, STR("\"}\n"))); /* nothing had to be left out */
    assert_true(str_ends(formed(LOG_HUMAN, &line, all), STR("\xe2\x80\xa6\n")));
}

static void the_time_is_kept_for_a_second(void **state)
{
    (void)state;
    struct log_stamp stamp = {0};

    assert_str(log_stamp_at(&stamp, (struct moment){0}), "1970-01-01T00:00:00.000Z");
    assert_str(log_stamp_at(&stamp, (struct moment){1748773800007}), "2025-06-01T10:30:00.007Z");
    assert_str(log_stamp_at(&stamp, (struct moment){1748773800987}), "2025-06-01T10:30:00.987Z");
    assert_str(log_stamp_at(&stamp, (struct moment){1748773801000}), "2025-06-01T10:30:01.000Z");
    assert_str(log_stamp_at(&stamp, (struct moment){1748773799999}), "2025-06-01T10:29:59.999Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_as_json_has_its_members_in_order),
        cmocka_unit_test(a_warning_makes_the_line_one),
        cmocka_unit_test(a_request_for_the_eye_stands_in_columns),
        cmocka_unit_test(no_byte_of_any_text_ends_a_line_or_breaks_the_json),
        cmocka_unit_test(every_byte_is_judged_at_every_place),
        cmocka_unit_test(long_texts_are_cut_and_show_it),
        cmocka_unit_test(the_time_is_kept_for_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
