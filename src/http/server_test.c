#include "base/check.h"
#include "base/setting.h"
#include "http/loop.h"
#include "http/server.h"
#include "http/test_rig.h"
#include "http/turn.h"

#include <unistd.h>

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>

#define GET_OF(target) "GET " target " HTTP/1.1\r\nHost: a\r\n\r\n"

static void read_reply(struct client *client, struct reply *ret)
{
    client_read(client, /* is_head= */ false, ret);
}

static void trickled_headers_are_cut_at_their_deadline(void **state)
{
    (void)state;
    struct http_settings settings = rig_settings();
    settings.header_seconds = 1;
    struct rig *rig = rig_create(&settings);
    struct client *client = client_connect(rig);

    /* Each byte is in time, their sum is not. */
    client_send(client, "GET / HTTP/1.1\r\n");
    for (int i = 0; i < 200 && rig_counters(rig).timeouts == 0; i++) {
        client_send(client, "A: b\r\n");
        (void)usleep(50000);
    }
    assert_int_equal(rig_counters(rig).timeouts, 1);
    client_expect(client, "", 400, "ERR_REQUEST_TIMEOUT");
    assert_true(client_is_closed(client));
    client_destroy(client);
    rig_destroy(rig);
}

static void a_body_that_does_not_come_is_cut_at_its_deadline(void **state)
{
    (void)state;
    struct http_settings settings = rig_settings();
    settings.total_seconds = 1;
    struct rig *rig = rig_create(&settings);
    struct client *client = client_connect(rig);

    client_expect(client, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcd", 400,
                  "ERR_REQUEST_TIMEOUT");
    assert_true(client_is_closed(client));
    client_destroy(client);
    rig_destroy(rig);
}

static void an_answer_that_is_not_taken_is_cut_at_its_deadline(void **state)
{
    (void)state;
    struct http_settings settings = rig_settings();
    settings.total_seconds = 1;
    struct rig *rig = rig_create(&settings);
    struct client *client = client_connect(rig);

    client_send(client, GET_OF("/size?8000000"));
    rig_await_connections(rig, 1);
    rig_await_connections(rig, 0);
    assert_int_equal(rig_counters(rig).timeouts, 1);
    client_destroy(client);
    rig_destroy(rig);
}

static void silent_and_idle_connections_are_closed_without_a_word(void **state)
{
    (void)state;
    struct http_settings settings = rig_settings();
    settings.header_seconds = 1;
    settings.idle_seconds = 1;
    struct rig *rig = rig_create(&settings);
    struct client *silent = client_connect(rig), *idle = client_connect(rig);

    client_expect(idle, GET_OF("/now?a"), 200, "a");
    assert_true(client_is_closed(silent));
    assert_true(client_is_closed(idle));
    assert_int_equal(rig_counters(rig).timeouts, 0);
    client_destroy(silent);
    client_destroy(idle);
    rig_destroy(rig);
}

static void a_slow_body_is_told_by_its_rate(void **state)
{
    (void)state;
    const int64_t second = 1000000000;
    struct loop_plan plan = {.body_rate = 1000};
    struct loop loop = {.plan = &plan, .now_ns = 100 * second};
    struct work *work = calloc(1, sizeof *work);
    struct connection c = {.loop = &loop, .state = CONNECTION_READING, .work = work};

    work->parser.request = &work->exchange.request;
    assert_false(connection_is_too_slow(&c)); /* still in its headers */
    work->body_ns = loop.now_ns - 5 * second;
    assert_false(connection_is_too_slow(&c)); /* within its grace */
    work->body_ns = loop.now_ns - 7 * second;
    work->exchange.request.body.len = 1999;
    assert_true(connection_is_too_slow(&c));
    work->exchange.request.body.len = 2000;
    assert_false(connection_is_too_slow(&c));
    work->exchange.request.body.len = 0;
    c.state = CONNECTION_AWAY;
    assert_false(connection_is_too_slow(&c));
    free(work);
}

static void the_longest_idle_connection_makes_room(void **state)
{
    (void)state;
    struct http_settings settings = rig_settings();
    settings.connections = 3;
    struct rig *rig = rig_create(&settings);
    struct client *busy = client_connect(rig);
    client_send(busy, GET_OF("/later?busy"));
    rig_await_held(rig, 1);
    struct client *older = client_connect(rig), *newer = client_connect(rig);

    client_expect(newer, GET_OF("/now?n"), 200, "n");
    client_expect(older, GET_OF("/now?o"), 200, "o");
    client_expect(newer, GET_OF("/now?n"), 200, "n"); /* so older has rested longer */
    struct client *last = client_connect(rig);
    client_expect(last, GET_OF("/now?l"), 200, "l");
    assert_true(client_is_closed(older));
    client_expect(newer, GET_OF("/now?n"), 200, "n");
    rig_release(rig, 1);
    client_expect(busy, "", 200, "busy");
    assert_int_equal(rig_counters(rig).connections, 3);
    assert_int_equal(rig_counters(rig).refused, 0);
    client_destroy(busy);
    client_destroy(older);
    client_destroy(newer);
    client_destroy(last);
    rig_destroy(rig);
}

static void who_does_not_come_to_an_end_makes_room_before_the_newcomer_is_turned_away(void **state)
{
    (void)state;
    static const char *const halves[] = {
        "GET /now?x HTTP/1.1\r\nHo",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1"};
    struct http_settings settings = rig_settings();
    settings.connections = 2;
    struct rig *rig = rig_create(&settings);
    struct client *busy = client_connect(rig);

    client_send(busy, GET_OF("/later?busy"));
    rig_await_held(rig, 1);
    for (size_t i = 0; i < ARRAY_LEN(halves); i++) {
        struct client *slow = client_connect(rig);
        client_send(slow, halves[i]);
        (void)usleep(200000); /* by then it was read; who has bytes that wait rests no more */
        struct client *late = client_connect(rig);
        client_expect(late, GET_OF("/now?late"), 200, "late");
        assert_true(client_is_closed(slow));
        client_destroy(slow);
        client_destroy(late);
        rig_await_connections(rig, 1);
    }
    rig_release(rig, 1);
    client_expect(busy, "", 200, "busy");
    client_destroy(busy);
    rig_destroy(rig);
}

static void requests_that_are_not_whole_have_a_bound_together(void **state)
{
    (void)state;
    static char half[40 * 1024];
    struct http_settings settings = rig_settings();
    settings.unfinished = 160 * 1024;
    struct rig *rig = rig_create(&settings);
    struct client *slow[8];

    (void)snprintf(half, sizeof half,
                   "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n");
    memset(half + strlen(half), 'x', sizeof half - strlen(half) - 1);
    for (size_t i = 0; i < ARRAY_LEN(slow); i++) {
        slow[i] = client_connect(rig);
        client_send(slow[i], half);
        client_send(slow[i], "x"); /* it is there before the next one comes */
    }
    for (size_t i = 0; i < ARRAY_LEN(slow) / 2; i++) {
        assert_true(client_is_closed(slow[i])); /* the oldest */
    }
    struct client *usual = client_connect(rig);
    client_expect(usual, GET_OF("/now?u"), 200, "u");
    assert_true(rig_counters(rig).connections >= 2);
    client_destroy(usual);
    for (size_t i = 0; i < ARRAY_LEN(slow); i++) {
        client_destroy(slow[i]);
    }
    rig_destroy(rig);
}

static void one_request_alone_may_have_more_than_that_bound(void **state)
{
    (void)state;
    static char body[50 * 1024], request[sizeof body + 256];
    struct http_settings settings = rig_settings();
    settings.unfinished = 1;
    struct rig *rig = rig_create(&settings);
    struct client *client = client_connect(rig);

    memset(body, 'x', sizeof body - 1);
    (void)snprintf(request, sizeof request,
                   "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n%s", strlen(body),
                   body);
    client_expect(client, request, 200, body);
    client_destroy(client);
    rig_destroy(rig);
}

static void without_an_idle_one_the_newcomer_is_turned_away(void **state)
{
    (void)state;
    struct http_settings settings = rig_settings();
    settings.connections = 1;
    struct rig *rig = rig_create(&settings);
    struct client *busy = client_connect(rig);

    client_send(busy, GET_OF("/later?busy"));
    rig_await_held(rig, 1);
    struct client *late = client_connect(rig);
    assert_true(client_is_closed(late));
    assert_int_equal(rig_counters(rig).refused, 1);
    rig_release(rig, 1);
    client_expect(busy, "", 200, "busy");
    client_destroy(busy);
    client_destroy(late);
    rig_destroy(rig);
}

/* Takes every descriptor there is, so that not one is left; gives back how many were taken. */
static size_t exhaust_descriptors(int *taken, size_t most)
{
    size_t count = 0;

    while (count < most) {
        int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            return count;
        }
        taken[count++] = fd;
    }
    fail_msg("the limit on descriptors does not hold");
    return count;
}

static void without_descriptors_clients_are_turned_away_and_it_goes_on(void **state)
{
    (void)state;
    int taken[256];
    struct rlimit before, tight;
    struct http_settings settings = rig_settings();
    struct rig *rig = rig_create(&settings);
    struct client *busy = client_connect(rig), *late = client_create(), *later = client_create();

    client_send(busy, GET_OF("/later?busy"));
    rig_await_held(rig, 1);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    tight = before;
    tight.rlim_cur = 128;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
    size_t count = exhaust_descriptors(taken, ARRAY_LEN(taken));

    client_join(late, rig); /* nothing is idle: the spare descriptor turns it away */
    assert_true(client_is_closed(late));
    rig_release(rig, 1);
    client_expect(busy, "", 200, "busy");
    client_join(later, rig); /* now busy is idle, and makes room */
    client_expect(later, GET_OF("/now?in"), 200, "in");
    assert_true(client_is_closed(busy));
    assert_int_equal(rig_counters(rig).refused, 1);

    while (count > 0) {
        (void)close(taken[--count]);
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    client_destroy(busy);
    client_destroy(late);
    client_destroy(later);
    rig_destroy(rig);
}

static void *stop_within_a_minute(void *argument)
{
    http_server_stop(rig_server(argument), 60000);
    return NULL;
}

static void stopping_lets_finish_what_is_under_way(void **state)
{
    (void)state;
    struct http_settings settings = rig_settings();
    settings.loops = 2;
    struct rig *rig = rig_create(&settings);
    struct client *busy = client_connect(rig), *idle = client_connect(rig);
    struct client *half = client_connect(rig);
    struct reply reply;
    pthread_t stopper;

    client_expect(idle, GET_OF("/now?a"), 200, "a");
    client_send(half, "GET /now?half HTTP/1.1\r\n");
    client_send(busy, GET_OF("/later?b"));
    rig_await_held(rig, 1);
    rig_await_connections(rig, 3);
    assert_int_equal(pthread_create(&stopper, NULL, stop_within_a_minute, rig), 0);
    assert_true(client_is_closed(idle));
    rig_release(rig, 1);
    read_reply(busy, &reply);
    assert_string_equal(reply.body, "b");
    assert_non_null(strstr(reply.head, "Connection: close\r\n"));
    assert_true(client_is_closed(busy));
    client_expect(half, "Host: a\r\n\r\n", 200, "half");
    assert_int_equal(pthread_join(stopper, NULL), 0);
    assert_int_equal(rig_loops_ended(rig), 2);
    assert_int_equal(rig_counters(rig).connections, 0);
    free(reply.body);
    client_destroy(busy);
    client_destroy(idle);
    client_destroy(half);
    rig_destroy(rig);
}

static void at_the_deadline_the_rest_is_closed_and_may_still_be_finished(void **state)
{
    (void)state;
    struct http_settings settings = rig_settings();
    struct rig *rig = rig_create(&settings);
    struct client *answered = client_connect(rig), *forgotten = client_connect(rig);

    client_send(answered, GET_OF("/later?a"));
    client_send(forgotten, GET_OF("/later?b"));
    rig_await_held(rig, 2);
    http_server_stop(rig_server(rig), 0);
    assert_true(client_is_closed(answered));
    assert_true(client_is_closed(forgotten));
    rig_release(rig, 1); /* too late, but harmless; the other is never finished at all */
    client_destroy(answered);
    client_destroy(forgotten);
    rig_destroy(rig);
}

static void after_its_last_request_a_connection_is_closed(void **state)
{
    (void)state;
    struct http_settings settings = rig_settings();
    settings.requests_per_connection = 2;
    struct rig *rig = rig_create(&settings);
    struct client *client = client_connect(rig);

    client_expect(client, GET_OF("/now?a"), 200, "a");
    client_expect(client, GET_OF("/now?b"), 200, "b");
    assert_true(client_is_closed(client));
    client_destroy(client);
    rig_destroy(rig);
}

static void all_loops_share_the_port(void **state)
{
    (void)state;
    struct http_settings settings = rig_settings();
    settings.loops = 4;
    struct rig *rig = rig_create(&settings);

    for (int i = 0; i < 64; i++) {
        struct client *client = client_connect(rig);
        client_expect(client, GET_OF("/now?a"), 200, "a");
        client_destroy(client);
    }
    assert_int_equal(rig_counters(rig).accepted, 64);
    rig_destroy(rig);
}

static void a_port_is_not_shared_with_another_server(void **state)
{
    (void)state;
    struct http_settings settings = rig_settings();
    settings.loops = 2;
    struct rig *rig = rig_create(&settings);
    struct http_listener listener = {STR("127.0.0.1"), http_server_port(rig_server(rig), 0)};
    struct reason reason = {0};
    struct http_server *server;
    char expected[64];

    assert_err(http_server_open(&settings, &listener, 1, &reason, &server), ERR_SYSTEM);
    (void)snprintf(expected, sizeof expected, "127.0.0.1:%u is already in use",
                   (unsigned)listener.port);
    assert_string_equal(reason.detail, expected);
    rig_destroy(rig);

    assert_ok(http_server_open(&settings, &listener, 1, &reason, &server)); /* now it is free */
    http_server_close(server);
}

static void an_address_that_cannot_be_is_told_in_plain_words(void **state)
{
    (void)state;
    static const struct {
        const char *address, *detail;
    } rows[] = {
        {"localhost",   "\"localhost\" is not an IP address"               },
        {"",            "\"\" is not an IP address"                        },
        {"1.2.3.256",   "\"1.2.3.256\" is not an IP address"               },
        {"192.0.2.1",   "192.0.2.1:0 is not an address of this machine"    },
        {"2001:db8::1", "[2001:db8::1]:0 is not an address of this machine"},
    };
    struct http_settings settings = rig_settings();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct http_listener listener = {str_of(rows[i].address), 0};
        struct reason reason = {0};
        struct http_server *server;
        assert_true(http_server_open(&settings, &listener, 1, &reason, &server) != ERR_OK);
        assert_string_equal(reason.detail, rows[i].detail);
    }
}

static void *refuse_to_start(void *app, unsigned loop)
{
    return loop == 1 ? NULL : app;
}

static void note_end(void *app, void *local)
{
    (void)local;
    atomic_fetch_add((_Atomic unsigned *)app, 1);
}

static void ignore(void *app, void *local)
{
    (void)app;
    (void)local;
}

static void a_loop_that_cannot_start_ends_the_others(void **state)
{
    (void)state;
    struct http_settings settings = rig_settings();
    struct http_listener listener = {STR("127.0.0.1"), 0};
    struct http_server *server;
    _Atomic unsigned ended = 0;
    struct http_app app = {
        .app = &ended, .loop_start = refuse_to_start, .loop_idle = ignore, .loop_end = note_end};

    settings.loops = 3;
    assert_ok(http_server_open(&settings, &listener, 1, NULL, &server));
    assert_err(http_server_start(server, &app), ERR_SYSTEM);
    assert_int_equal(ended, 2);
    http_server_close(server);
    http_server_close(NULL);
}

static void each_setting_has_a_place_of_its_own(void **state)
{
    (void)state;
    const struct setting_table *table = &http_settings_table;

    assert_int_equal(table->size, sizeof(struct http_settings));
    for (size_t i = 0; i < table->count; i++) {
        bool is_text = table->rows[i].kind == SETTING_TEXT || table->rows[i].kind == SETTING_WORDS;
        size_t size = is_text ? sizeof(struct str) : sizeof(int64_t);
        assert_true(table->rows[i].offset + size <= table->size);
        for (size_t k = 0; k < i; k++) {
            assert_int_not_equal(table->rows[i].offset, table->rows[k].offset);
            assert_string_not_equal(table->rows[i].key, table->rows[k].key);
        }
    }
}

static unsigned threads_of_short_turns(void)
{
    DIR *tasks = opendir("/proc/self/task");
    unsigned count = 0;

    assert_non_null(tasks);
    for (struct dirent *task = readdir(tasks); task; task = readdir(tasks)) {
        pid_t id = (pid_t)strtol(task->d_name, NULL, 10);
        count += id > 0 && turn_of(id) == TURN_SHORTEST_NS;
    }
    (void)closedir(tasks);
    return count;
}

static void loops_wish_for_short_turns(void **state)
{
    (void)state;
    struct http_settings settings = rig_settings();

    if (turn_of(0) == 0) {
        skip(); /* before Linux 6.12 there are none to be had */
    }
    settings.loops = 3;
    assert_int_equal(threads_of_short_turns(), 0);
    struct rig *rig = rig_create(&settings);
    assert_int_equal(threads_of_short_turns(), 3);
    rig_destroy(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trickled_headers_are_cut_at_their_deadline),
        cmocka_unit_test(a_body_that_does_not_come_is_cut_at_its_deadline),
        cmocka_unit_test(an_answer_that_is_not_taken_is_cut_at_its_deadline),
        cmocka_unit_test(silent_and_idle_connections_are_closed_without_a_word),
        cmocka_unit_test(a_slow_body_is_told_by_its_rate),
        cmocka_unit_test(the_longest_idle_connection_makes_room),
        cmocka_unit_test(who_does_not_come_to_an_end_makes_room_before_the_newcomer_is_turned_away),
        cmocka_unit_test(requests_that_are_not_whole_have_a_bound_together),
        cmocka_unit_test(one_request_alone_may_have_more_than_that_bound),
        cmocka_unit_test(without_an_idle_one_the_newcomer_is_turned_away),
        cmocka_unit_test(without_descriptors_clients_are_turned_away_and_it_goes_on),
        cmocka_unit_test(stopping_lets_finish_what_is_under_way),
        cmocka_unit_test(at_the_deadline_the_rest_is_closed_and_may_still_be_finished),
        cmocka_unit_test(after_its_last_request_a_connection_is_closed),
        cmocka_unit_test(all_loops_share_the_port),
        cmocka_unit_test(a_port_is_not_shared_with_another_server),
        cmocka_unit_test(an_address_that_cannot_be_is_told_in_plain_words),
        cmocka_unit_test(a_loop_that_cannot_start_ends_the_others),
        cmocka_unit_test(each_setting_has_a_place_of_its_own),
        cmocka_unit_test(loops_wish_for_short_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
