#include "base/buf.h"
#include "base/check.h"
#include "http/exchange.h"
#include "http/test_rig.h"

#include <unistd.h>

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define GET_OF(target) "GET " target " HTTP/1.1\r\nHost: a\r\n\r\n"

static int start(void **state)
{
    struct http_settings settings = rig_settings();

    settings.requests_per_connection = 1000;
    *state = rig_create(&settings);
    return 0;
}

static int stop(void **state)
{
    rig_destroy(*state);
    return 0;
}

static void read_reply(struct client *client, struct reply *ret)
{
    client_read(client, /* is_head= */ false, ret);
}

static void a_connection_serves_one_request_after_the_other(void **state)
{
    struct client *client = client_connect(*state);

    for (int i = 0; i < 100; i++) {
        client_expect(client, GET_OF("/now?a"), 200, "a");
    }
    client_destroy(client);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    struct rig *rig = *state;
    struct client *client = client_connect(rig);
    static const char *const expected[] = {"1", "2", "3", "4", "5"};

    client_send(client, GET_OF("/now?1") GET_OF("/later?2") GET_OF("/now?3") GET_OF("/later?4")
                            GET_OF("/now?5"));
    rig_release(rig, 2);
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        struct reply reply;
        read_reply(client, &reply);
        assert_string_equal(reply.body, expected[i]);
        free(reply.body);
    }
    client_destroy(client);
}

static void a_long_pipeline_is_answered_to_its_end(void **state)
{
    struct client *client = client_connect(*state);
    enum {
        COUNT = 900
    };

    for (int i = 0; i < COUNT; i++) {
        client_send(client, GET_OF("/now?x"));
    }
    for (int i = 0; i < COUNT; i++) {
        struct reply reply;
        read_reply(client, &reply);
        assert_string_equal(reply.body, "x");
        free(reply.body);
    }
    client_destroy(client);
}

static void a_request_may_come_byte_by_byte(void **state)
{
    struct client *client = client_connect(*state);
    const char *text =
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    struct reply reply;

    for (const char *at = text; *at; at++) {
        client_send_bytes(client, (struct str){at, 1});
    }
    read_reply(client, &reply);
    assert_string_equal(reply.body, "abcde");
    free(reply.body);
    client_destroy(client);
}

static void the_answer_has_the_lines_of_the_server(void **state)
{
    struct client *client = client_connect(*state);
    struct reply reply;

    client_send(client, GET_OF("/now?ab"));
    read_reply(client, &reply);
    assert_ptr_equal(strstr(reply.head, "HTTP/1.1 200 OK\r\nDate: "), reply.head);
    assert_non_null(strstr(reply.head, " GMT\r\nContent-Length: 2\r\n"));
    assert_non_null(strstr(reply.head, "\r\nX-Peer: 127.0.0.1\r\n"));
    assert_null(strstr(reply.head, "Connection"));
    free(reply.body);
    client_destroy(client);
}

static void connections_close_and_stay_as_each_version_has_it(void **state)
{
    static const struct {
        const char *request, *connection;
    } rows[] = {
        {"GET /now HTTP/1.1\r\nHost: a\r\n\r\n",                           NULL        },
        {"GET /now HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", NULL        },
        {"GET /now HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",      "close"     },
        {"GET /now HTTP/1.0\r\n\r\n",                                      "close"     },
        {"GET /now HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",            "keep-alive"},
        {"GET /now HTTP/1.0\r\nConnection: close\r\n\r\n",                 "close"     },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct client *client = client_connect(*state);
        struct reply reply;
        char line[64] = "Connection:";
        client_send(client, rows[i].request);
        read_reply(client, &reply);
        if (rows[i].connection) {
            (void)snprintf(line, sizeof line, "\r\nConnection: %s\r\n", rows[i].connection);
        }
        assert_int_equal(strstr(reply.head, line) != NULL, rows[i].connection != NULL);
        if (rows[i].connection && strcmp(rows[i].connection, "close") == 0) {
            assert_true(client_is_closed(client));
        } else {
            client_expect(client, GET_OF("/now?b"), 200, "b");
        }
        free(reply.body);
        client_destroy(client);
    }
}

static void head_and_bodiless_statuses_send_no_body(void **state)
{
    static const struct {
        const char *request, *length;
    } rows[] = {
        {"HEAD /now?abc HTTP/1.1\r\nHost: a\r\n\r\n",  "Content-Length: 3\r\n"},
        {"GET /empty?304 HTTP/1.1\r\nHost: a\r\n\r\n", "Content-Length: 3\r\n"},
        {"GET /empty?204 HTTP/1.1\r\nHost: a\r\n\r\n", NULL                   },
    };
    struct client *client = client_connect(*state);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct reply reply;
        client_send(client, rows[i].request);
        client_read(client, /* is_head= */ true, &reply);
        assert_int_equal(strstr(reply.head, "Content-Length") != NULL, rows[i].length != NULL);
        assert_true(!rows[i].length || strstr(reply.head, rows[i].length));
        free(reply.body);
        /* A body that was sent all the same would be taken for the next answer. */
        client_expect(client, GET_OF("/now?next"), 200, "next");
    }
    client_destroy(client);
}

static void what_would_end_a_header_line_becomes_a_500(void **state)
{
    struct client *client = client_connect(*state);
    struct reply reply;

    client_send(client, GET_OF("/bad?x"));
    read_reply(client, &reply);
    assert_int_equal(reply.status, 500);
    assert_null(strstr(reply.head, "Set-Cookie"));
    assert_null(strstr(reply.head, "X-Good"));
    assert_string_equal(reply.body, "");
    assert_true(client_is_closed(client));
    free(reply.body);
    client_destroy(client);
}

static void an_answer_without_a_status_becomes_a_500(void **state)
{
    struct client *client = client_connect(*state);

    client_expect(client, GET_OF("/empty?0"), 500, "");
    client_destroy(client);
}

static void a_large_body_comes_in_and_a_large_answer_goes_out(void **state)
{
    struct client *client = client_connect(*state);
    char *text = malloc(65536 + 1);
    char head[128];
    struct reply reply;

    for (size_t i = 0; i < 65536; i++) {
        text[i] = (char)('a' + i % 23);
    }
    text[65536] = '\0';
    for (size_t size = 1; size <= 65536; size *= 4) {
        (void)snprintf(head, sizeof head,
                       "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n", size);
        client_send(client, head);
        client_send_bytes(client, (struct str){text, size});
        read_reply(client, &reply);
        assert_int_equal(reply.body_len, size);
        assert_memory_equal(reply.body, text, size);
        free(reply.body);
    }
    client_send(client, GET_OF("/size?8000000"));
    read_reply(client, &reply);
    assert_int_equal(reply.body_len, 8000000);
    assert_int_equal(strspn(reply.body, "x"), 8000000);
    free(reply.body);
    free(text);
    client_expect(client, GET_OF("/now?still"), 200, "still");
    client_destroy(client);
}

static void tiny_chunks_need_no_more_room_than_their_sum(void **state)
{
    struct client *client = client_connect(*state);
    struct reply reply;

    client_send(client, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 60000; i += 100) {
        char chunks[100 * 6 + 1];
        for (size_t k = 0; k < 100; k++) {
            memcpy(chunks + 6 * k, "1\r\nx\r\n", 7);
        }
        client_send(client, chunks);
    }
    client_send(client, "0\r\n\r\n");
    read_reply(client, &reply);
    assert_int_equal(reply.body_len, 60000);
    assert_int_equal(strspn(reply.body, "x"), 60000);
    free(reply.body);
    client_destroy(client);
}

static void a_client_that_asks_is_told_to_continue(void **state)
{
    struct client *client = client_connect(*state);
    struct reply reply;

    client_send(client,
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
                "Expect: 100-continue\r\n\r\n");
    client_read(client, /* is_head= */ true, &reply);
    assert_int_equal(reply.status, 100);
    free(reply.body);
    client_expect(client, "abc", 200, "abc");
    client_destroy(client);
}

static void a_client_that_asks_with_too_much_is_not(void **state)
{
    struct client *client = client_connect(*state);

    client_expect(client,
                  "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n"
                  "Expect: 100-continue\r\n\r\n",
                  400, "ERR_BODY_LARGE");
    assert_true(client_is_closed(client));
    client_destroy(client);
}

/* Of a body of `announced` bytes the first `sent`. */
static struct client *send_large(struct rig *rig, const char *path, size_t announced, size_t sent)
{
    struct client *client = client_connect(rig);
    char *bytes = calloc(1, sent + 1), head[128];

    assert_non_null(bytes);
    (void)snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n",
                   path, announced);
    client_send(client, head);
    client_send_bytes(client, (struct str){bytes, sent});
    free(bytes);
    return client;
}

static void a_request_may_be_allowed_more(void **state)
{
    struct client *client = send_large(*state, "/large", RIG_LARGE, RIG_LARGE);
    struct reply reply;

    read_reply(client, &reply);
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, "1048576");
    free(reply.body);
    client_expect(client, GET_OF("/now?a"), 200, "a");
    client_destroy(client);
    client = send_large(*state, "/large", RIG_LARGE + 1, 0);
    client_expect(client, "", 400, "ERR_BODY_LARGE");
    client_destroy(client);
    client = send_large(*state, "/echo", 70000, 0);
    client_expect(client, "", 400, "ERR_BODY_LARGE");
    client_destroy(client);
}

/* However many send a large body at once, the memory for it has an end. */
static void large_requests_are_few_at_once(void **state)
{
    enum {
        MANY = 20,
        AT_ONCE = 16
    };
    struct client *clients[MANY];
    struct reply reply;

    for (size_t i = 0; i < AT_ONCE; i++) {
        clients[i] = send_large(*state, "/large", RIG_LARGE, RIG_LARGE / 2);
        client_destroy(send_large(*state, "/large", RIG_LARGE, 1000)); /* as large as any other */
    }
    (void)usleep(300000); /* until they are in */
    for (size_t i = AT_ONCE; i < MANY; i++) {
        clients[i] = send_large(*state, "/large", RIG_LARGE, RIG_LARGE / 4);
        read_reply(clients[i], &reply);
        assert_string_equal(reply.body, "ERR_BUSY");
        free(reply.body);
    }
    for (size_t i = 0; i < MANY; i++) {
        client_destroy(clients[i]);
    }
    rig_await_connections(*state, 0);
    struct client *next = send_large(*state, "/large", RIG_LARGE, RIG_LARGE);
    read_reply(next, &reply);
    assert_int_equal(reply.status, 200);
    free(reply.body);
    client_destroy(next);
}

/* Nobody knows who they are before a body is whole: so none may keep others out with half a one. */
static void who_is_slow_with_a_large_request_makes_room_for_the_next(void **state)
{
    enum {
        AT_ONCE = 16,
        SLOWEST = 5
    };
    struct client *clients[AT_ONCE];

    for (size_t i = 0; i < AT_ONCE; i++) {
        size_t sent = i == SLOWEST ? RIG_LARGE / 4 : RIG_LARGE / 2;
        clients[i] = send_large(*state, "/large", RIG_LARGE, sent);
    }
    (void)usleep(1500000); /* longer than anybody is slow by chance */
    struct client *next = send_large(*state, "/large", RIG_LARGE, RIG_LARGE);
    client_expect(next, "", 200, "1048576");
    client_destroy(next);
    assert_true(client_is_closed(clients[SLOWEST]));
    for (size_t i = 0; i < AT_ONCE; i++) {
        char *rest = calloc(1, RIG_LARGE / 2 + 1);
        assert_non_null(rest);
        if (i != SLOWEST) {
            client_send_bytes(clients[i], (struct str){rest, RIG_LARGE / 2});
            client_expect(clients[i], "", 200, "1048576");
        }
        free(rest);
        client_destroy(clients[i]);
    }
}

/* Another process, begun while there are connections, has copies of their sockets. */
static void a_closed_connection_is_told_of_no_more_though_its_socket_is_open_elsewhere(void **state)
{
    enum {
        MANY = 50
    };
    struct client *clients[MANY];

    for (size_t i = 0; i < MANY; i++) {
        clients[i] = client_connect(*state);
        client_expect(clients[i], GET_OF("/now?a"), 200, "a");
    }
    pid_t other = fork();
    assert_true(other >= 0);
    if (other == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* it does not outlive a test that fails */
        (void)pause();
        _exit(0);
    }
    for (size_t i = 0; i < MANY; i++) {
        client_send(clients[i], "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }
    rig_await_connections(*state, 0);
    for (size_t i = 0; i < MANY; i++) {
        client_send(clients[i], GET_OF("/now?b")); /* nobody is there */
    }
    struct client *next = client_connect(*state);
    client_expect(next, GET_OF("/now?c"), 200, "c");
    client_destroy(next);
    assert_int_equal(kill(other, SIGKILL), 0);
    assert_int_equal(waitpid(other, NULL, 0), other);
    for (size_t i = 0; i < MANY; i++) {
        client_destroy(clients[i]);
    }
}

static void a_refused_client_can_read_why_while_it_still_sends(void **state)
{
    struct rig *rig = *state;
    uint64_t before = rig_counters(rig).refused;
    struct client *client = client_connect(rig);
    char more[4096];

    memset(more, 'x', sizeof more);
    client_send(client, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
    for (int i = 0; i < 16; i++) {
        client_send_bytes(client, (struct str){more, sizeof more});
    }
    client_expect(client, "", 400, "ERR_REQUEST_MALFORMED");
    assert_true(client_is_closed(client));
    assert_int_equal(rig_counters(rig).refused, before + 1);
    client_destroy(client);
}

static void what_follows_a_refused_request_is_not_read(void **state)
{
    struct client *client = client_connect(*state);

    client_expect(client, "GET / HTTP/1.1\r\nBad\r\n\r\n" GET_OF("/now?smuggled"), 400,
                  "ERR_REQUEST_MALFORMED");
    assert_true(client_is_closed(client));
    client_destroy(client);
}

static void a_client_that_sends_no_more_still_gets_its_answer(void **state)
{
    struct rig *rig = *state;
    struct client *client = client_connect(rig);

    client_send(client, GET_OF("/later?half"));
    assert_int_equal(shutdown(client->fd, SHUT_WR), 0);
    rig_release(rig, 1);
    client_expect(client, "", 200, "half");
    assert_true(client_is_closed(client));
    client_destroy(client);
}

static void a_client_may_vanish_while_its_exchange_is_away(void **state)
{
    struct rig *rig = *state;
    struct client *client = client_connect(rig);

    rig_await_connections(rig, 1);
    for (unsigned i = 0; i < 20; i++) {
        struct client *other = client_connect(rig);
        client_send(other, GET_OF("/later?a"));
        rig_await_held(rig, i + 1);
        client_reset(other);
        rig_await_connections(rig, 1);
    }
    rig_release(rig, 20);
    client_expect(client, GET_OF("/now?alive"), 200, "alive");
    client_destroy(client);
}

struct crowd {
    struct rig *rig;
    pthread_t thread;
};

static void *ask_many_times(void *argument)
{
    struct crowd *crowd = argument;
    struct client *client = client_connect(crowd->rig);

    for (int i = 0; i < 200; i++) {
        client_expect(client, GET_OF("/later?a") GET_OF("/now?b"), 200, "a");
        client_expect(client, "", 200, "b");
    }
    client_destroy(client);
    return NULL;
}

static void answers_from_another_thread_reach_whom_they_are_for(void **state)
{
    struct rig *rig = *state;
    struct crowd crowd[8];

    rig_release(rig, 8 * 200);
    for (size_t i = 0; i < ARRAY_LEN(crowd); i++) {
        crowd[i].rig = rig;
        assert_int_equal(pthread_create(&crowd[i].thread, NULL, ask_many_times, &crowd[i]), 0);
    }
    for (size_t i = 0; i < ARRAY_LEN(crowd); i++) {
        assert_int_equal(pthread_join(crowd[i].thread, NULL), 0);
    }
}

#define OVER_A_SOCKET(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OVER_A_SOCKET(a_connection_serves_one_request_after_the_other),
        OVER_A_SOCKET(pipelined_requests_are_answered_in_order),
        OVER_A_SOCKET(a_long_pipeline_is_answered_to_its_end),
        OVER_A_SOCKET(a_request_may_come_byte_by_byte),
        OVER_A_SOCKET(the_answer_has_the_lines_of_the_server),
        OVER_A_SOCKET(connections_close_and_stay_as_each_version_has_it),
        OVER_A_SOCKET(head_and_bodiless_statuses_send_no_body),
        OVER_A_SOCKET(what_would_end_a_header_line_becomes_a_500),
        OVER_A_SOCKET(an_answer_without_a_status_becomes_a_500),
        OVER_A_SOCKET(a_large_body_comes_in_and_a_large_answer_goes_out),
        OVER_A_SOCKET(tiny_chunks_need_no_more_room_than_their_sum),
        OVER_A_SOCKET(a_client_that_asks_is_told_to_continue),
        OVER_A_SOCKET(a_request_may_be_allowed_more),
        OVER_A_SOCKET(large_requests_are_few_at_once),
        OVER_A_SOCKET(who_is_slow_with_a_large_request_makes_room_for_the_next),
        OVER_A_SOCKET(a_closed_connection_is_told_of_no_more_though_its_socket_is_open_elsewhere),
        OVER_A_SOCKET(a_client_that_asks_with_too_much_is_not),
        OVER_A_SOCKET(a_refused_client_can_read_why_while_it_still_sends),
        OVER_A_SOCKET(what_follows_a_refused_request_is_not_read),
        OVER_A_SOCKET(a_client_that_sends_no_more_still_gets_its_answer),
        OVER_A_SOCKET(a_client_may_vanish_while_its_exchange_is_away),
        OVER_A_SOCKET(answers_from_another_thread_reach_whom_they_are_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
