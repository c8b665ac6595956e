#include "base/check.h"
#include "http/answer.h"
#include "http/chars.h"
#include "http/work.h"

#include <ctype.h>
#include <stdlib.h>

static const struct request_limits limits = {.line = 8192, .headers = 16384, .body = 65536};
static const char date[] = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

/* All that is still to be sent, joined. */
static struct str joined(const struct answer *answer, char *memory, size_t size)
{
    struct buf all = buf_over(memory, size);

    for (unsigned i = answer->next; i < answer->count; i++) {
        buf_put(&all, (struct str){answer->parts[i].iov_base, answer->parts[i].iov_len});
    }
    assert_false(all.failed);
    return buf_str(&all);
}

static struct work *work_to_answer(void)
{
    struct work *work = work_create();

    if (!work) {
        abort();
    }
    work_begin(work, &limits);
    work->exchange.request.method = GET;
    work->exchange.status = 200;
    return work;
}

static void a_short_answer_is_one_part(void **state)
{
    (void)state;
    struct work *work = work_to_answer();
    struct exchange *x = &work->exchange;
    char memory[1024];

    exchange_header(x, STR("Content-Type"), STR("text/plain"));
    x->body = STR("hello");
    answer_build(&work->answer, x, str_of(date));
    assert_int_equal(work->answer.count, 1);
    assert_str(joined(&work->answer, memory, sizeof memory),
               "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 5\r\n"
               "Content-Type: text/plain\r\n\r\nhello");
    work_destroy(work);
}

static void what_was_sent_is_struck_off_byte_by_byte(void **state)
{
    (void)state;
    static char value[1400], body[1400];
    static char whole[4096], rest[4096];
    struct work *work = work_to_answer();

    memset(value, 'v', sizeof value);
    memset(body, 'b', sizeof body);
    exchange_header(&work->exchange, STR("A"), (struct str){value, sizeof value});
    work->exchange.body = (struct str){body, sizeof body};
    answer_build(&work->answer, &work->exchange, str_of(date));
    assert_true(work->answer.count > 1);
    struct str all = joined(&work->answer, whole, sizeof whole);
    for (size_t sent = 1; sent < all.len; sent++) {
        assert_false(answer_advance(&work->answer, 1));
        struct str left = joined(&work->answer, rest, sizeof rest);
        assert_true(str_eq(left, str_skip(all, sent)));
    }
    assert_true(answer_advance(&work->answer, 1));
    work_destroy(work);
}

static void headers_that_do_not_fit_make_an_empty_500(void **state)
{
    (void)state;
    static char value[40000];
    struct work *work = work_to_answer();
    char memory[1024];

    memset(value, 'v', sizeof value);
    exchange_header(&work->exchange, STR("A"), STR("b"));
    exchange_header(&work->exchange, STR("B"), (struct str){value, sizeof value});
    work->exchange.body = STR("secret");
    answer_build(&work->answer, &work->exchange, str_of(date));
    assert_str(joined(&work->answer, memory, sizeof memory),
               "HTTP/1.1 500 Internal Server Error\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
               "Content-Length: 0\r\nConnection: close\r\n\r\n");
    work_destroy(work);
}

static bool holds(const void *memory, size_t size, const char *text)
{
    return memmem(memory, size, text, strlen(text)) != NULL;
}

/* Passwords come in by requests, tokens go out by answers. */
static void nothing_of_an_answered_request_is_left_in_memory(void **state)
{
    (void)state;
    static const char sent[] =
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nPASSWORD"
        "GET /next HTTP/1.1\r\n";
    struct work *work = work_to_answer();

    memcpy(work->input, sent, sizeof sent - 1);
    work->input_len = work->input_touched = sizeof sent - 1;
    assert_int_equal(request_parser_read(&work->parser, work->input, work->input_len), PARSE_DONE);
    work->exchange.status = 200;
    exchange_header(&work->exchange, STR("Set-Cookie"), STR("TOKEN"));
    work->exchange.body = work->exchange.request.body;
    answer_build(&work->answer, &work->exchange, str_of(date));
    assert_true(holds(work->input, work->input_size, "PASSWORD"));
    assert_true(holds(work, sizeof *work, "TOKEN"));

    work_end(work);
    assert_false(holds(work->input, work->input_touched, "PASSWORD"));
    assert_false(holds(work, sizeof *work, "PASSWORD"));
    assert_false(holds(work, sizeof *work, "TOKEN"));
    assert_str(((struct str){work->input, work->input_len}), "GET /next HTTP/1.1\r\n");
    for (size_t i = work->input_len; i < sizeof sent - 1; i++) {
        assert_int_equal(work->input[i], 0);
    }
    work_destroy(work);
    work_destroy(NULL);
}

static void the_buffer_grows_with_what_came_and_shrinks_again(void **state)
{
    (void)state;
    struct work *work = work_to_answer();
    size_t first = work->input_size;

    while (work->input_size < request_parser_most(&limits)) {
        memset(work->input + work->input_len, 'x', work->input_size - work->input_len);
        work->input_len = work->input_touched = work->input_size;
        assert_true(work_make_room(work));
        assert_true(work->input_size > work->input_len);
    }
    work->input_len = work->input_size;
    assert_false(work_make_room(work)); /* nothing within the limits is longer */
    work->input_len = 0;
    work_end(work);
    assert_int_equal(work->input_size, first);
    work_destroy(work);
}

static void byte_classes_are_those_of_the_rfcs(void **state)
{
    (void)state;
    for (int i = 0; i < 256; i++) {
        char c = (char)i;
        struct str text = {&c, 1};
        bool letter = i < 128 && isalnum(i);
        bool visible = i > ' ' && i < 0x7f;
        assert_int_equal(chars_are(text, CHARS_TOKEN),
                         letter || (i && strchr("!#$%&'*+-.^_`|~", i)));
        assert_int_equal(chars_are(text, CHARS_PATH),
                         letter || (i && strchr("-._~!$&'()*+,;=:@/%", i)));
        assert_int_equal(chars_are(text, CHARS_QUERY), visible && i != '#');
        assert_int_equal(chars_are(text, CHARS_VALUE), i == ' ' || visible || i >= 0x80);
        assert_int_equal(chars_are(text, CHARS_HOST), letter || (i && strchr("-._", i)));
    }
    assert_true(chars_are(STR(""), CHARS_TOKEN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_answer_is_one_part),
        cmocka_unit_test(what_was_sent_is_struck_off_byte_by_byte),
        cmocka_unit_test(headers_that_do_not_fit_make_an_empty_500),
        cmocka_unit_test(nothing_of_an_answered_request_is_left_in_memory),
        cmocka_unit_test(the_buffer_grows_with_what_came_and_shrinks_again),
        cmocka_unit_test(byte_classes_are_those_of_the_rfcs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
