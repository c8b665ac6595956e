#include "base/check.h"
#include "bench/asking.h"

static struct str printed(const char *request, const char *line, char *room)
{
    struct buf out = buf_over(room, 1024);
    struct asking asking;

    assert_ok(asking_parse(str_of(request), &asking));
    asking_print(&asking, str_of(line), &out);
    return buf_str(&out);
}

static void a_request_without_a_line_is_sent_as_given(void **state)
{
    (void)state;
    char room[1024];
    static const char request[] = "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
    struct asking asking;

    assert_str(printed(request, "x", room), request);
    assert_ok(asking_parse(str_of(request), &asking));
    assert_false(asking.varies);
}

static void the_line_stands_in_head_and_body_and_is_counted(void **state)
{
    (void)state;
    char room[1024];

    assert_str(printed("POST /{line} HTTP/1.1\r\nContent-Length: {length}\r\n\r\n<{line}{line}>",
                       "abc", room),
               "POST /abc HTTP/1.1\r\nContent-Length: 8\r\n\r\n<abcabc>");
    assert_str(printed("POST / HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{line}", "", room),
               "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
}

static void a_head_that_does_not_end_is_refused(void **state)
{
    (void)state;
    struct asking asking;

    assert_err(asking_parse(STR("GET / HTTP/1.1\r\n"), &asking), ERR_REQUEST_MALFORMED);
    assert_err(asking_parse(STR(""), &asking), ERR_REQUEST_MALFORMED);
}

static void a_member_is_found_by_its_whole_name(void **state)
{
    (void)state;
    struct str text;

    assert_true(asking_member(STR("{\"my_token\":\"no\",\"token\":\"yes\"}"), STR("token"), &text));
    assert_str(text, "yes");
    assert_false(asking_member(STR("{\"token\":\"\"}"), STR("token"), &text));
    assert_false(asking_member(STR("{\"token\":\"cut"), STR("token"), &text));
    assert_false(asking_member(STR("{\"tokens\":\"no\"}"), STR("token"), &text));
    assert_false(asking_member(STR(""), STR("token"), &text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_without_a_line_is_sent_as_given),
        cmocka_unit_test(the_line_stands_in_head_and_body_and_is_counted),
        cmocka_unit_test(a_head_that_does_not_end_is_refused),
        cmocka_unit_test(a_member_is_found_by_its_whole_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
