#include "base/check.h"
#include "bench/answer.h"

static void a_whole_head_is_read(void **state)
{
    (void)state;
    struct str text =
        STR("HTTP/1.1 401 Unauthorized\r\nContent-Length: 24\r\n"
            "WWW-Authenticate: Bearer\r\n\r\n{\"error\"");
    struct answer answer;

    assert_int_equal(answer_read(text, false, &answer), ANSWER_READ);
    assert_int_equal(answer.status, 401);
    assert_int_equal(answer.head, text.len - strlen("{\"error\""));
    assert_int_equal(answer.body, 24);
    assert_false(answer.closes);
}

static void every_shorter_piece_of_it_is_partial(void **state)
{
    (void)state;
    struct str text = STR("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: Close\r\n\r\n");
    struct answer answer = {0};

    for (size_t length = 0; length < text.len; length++) {
        assert_int_equal(answer_read(str_sub(text, 0, length), false, &answer), ANSWER_PARTIAL);
    }
    assert_int_equal(answer_read(text, false, &answer), ANSWER_READ);
    assert_true(answer.closes);
}

static void answers_without_a_body_need_no_length(void **state)
{
    (void)state;
    struct answer answer;

    assert_int_equal(answer_read(STR("HTTP/1.1 204 No Content\r\n\r\n"), false, &answer),
                     ANSWER_READ);
    assert_int_equal(answer.body, 0);
    assert_int_equal(
        answer_read(STR("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), true, &answer),
        ANSWER_READ);
    assert_int_equal(answer.body, 0);
}

static void what_cannot_be_measured_is_bad(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno header at all\r\n\r\n",
        "\r\n\r\n",
    };
    struct answer answer;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(answer_read(str_of(bad[i]), false, &answer), ANSWER_BAD);
    }
}

static void chunks_are_measured_to_their_last(void **state)
{
    (void)state;
    struct str body = STR("3\r\nabc\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n");
    struct answer answer;
    size_t size = 0;

    assert_int_equal(
        answer_read(STR("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), false, &answer),
        ANSWER_READ);
    assert_true(answer.chunked);
    for (size_t length = 0; length < body.len; length++) {
        assert_int_equal(answer_measure(str_sub(body, 0, length), &size), ANSWER_PARTIAL);
    }
    assert_int_equal(answer_measure(body, &size), ANSWER_READ);
    assert_int_equal(size, body.len);
    static const char *const bad[] = {
        "x\r\n",    "3\r\nabcd\r\n",          "3;a=b\r\nabc\r\n0\r\n\r\n",
        "\r\n\r\n", "00000000003\r\nabc\r\n", "0\r\nA: b\r\n\r\n"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(answer_measure(str_of(bad[i]), &size), ANSWER_BAD);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_head_is_read),
        cmocka_unit_test(every_shorter_piece_of_it_is_partial),
        cmocka_unit_test(answers_without_a_body_need_no_length),
        cmocka_unit_test(what_cannot_be_measured_is_bad),
        cmocka_unit_test(chunks_are_measured_to_their_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
