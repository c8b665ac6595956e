/* A server for tests, whose answers come at once or when the test says so, and a client of bytes.
 */
#include "http/test_rig.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/number.h"

#include <unistd.h>

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>

enum {
    HELD_MOST = 1024
};

struct rig {
    struct http_server *server;
    pthread_t worker;
    pthread_mutex_t lock;
    struct exchange *held[HELD_MOST];
    unsigned first, end;
    sem_t permits;
    _Atomic bool over;
    _Atomic unsigned ended;
};

struct http_settings rig_settings(void)
{
    return (struct http_settings){
        .loops = 1,
        .connections = 100,
        .unfinished = 64 << 20,
        .line_bytes = 8192,
        .header_bytes = 16384,
        .body_bytes = 65536,
        .header_seconds = 60,
        .total_seconds = 60,
        .idle_seconds = 60,
        .body_rate = 1,
        .requests_per_connection = 1000000,
    };
}

static void *on_start(void *app, unsigned loop)
{
    (void)loop;
    return app;
}

static void on_idle(void *app, void *local)
{
    assert_ptr_equal(app, local);
}

static void on_end(void *app, void *local)
{
    struct rig *rig = local;

    (void)app;
    atomic_fetch_add(&rig->ended, 1);
}

static void hold(struct rig *rig, struct exchange *x)
{
    (void)pthread_mutex_lock(&rig->lock);
    rig->held[rig->end++ % HELD_MOST] = x;
    (void)pthread_mutex_unlock(&rig->lock);
}

static void answer_size(struct exchange *x)
{
    int64_t size = 0;
    char *text = NULL;

    if (number_parse(x->request.query, 0, 1 << 23, &size) == ERR_OK) {
        text = arena_alloc(x->arena, (size_t)size);
    }
    if (text) {
        memset(text, 'x', (size_t)size);
        x->body = (struct str){text, (size_t)size};
    }
}

static void answer_path(struct rig *rig, struct exchange *x)
{
    struct str path = x->request.path;
    int64_t status = 0;

    x->status = 200;
    x->body = x->request.query;
    if (str_eq(path, STR("/later"))) {
        hold(rig, x);
        return;
    }
    if (str_eq(path, STR("/size"))) {
        answer_size(x);
    } else if (str_eq(path, STR("/echo"))) {
        x->body = x->request.body;
    } else if (str_eq(path, STR("/large"))) {
        (void)!arena_print(x->arena, &x->body, "%zu", x->request.body.len);
    } else if (str_eq(path, STR("/bad"))) {
        exchange_header(x, STR("X-Good"), STR("yes"));
        exchange_header(x, STR("X-Bad"), STR("a\r\nSet-Cookie: b"));
    } else if (str_eq(path, STR("/empty")) &&
               number_parse(x->request.query, 0, 999, &status) == ERR_OK) {
        x->status = (int)status;
    } else {
        exchange_header(x, STR("X-Peer"), x->request.peer);
    }
    exchange_finish(x);
}

static void on_answer(void *app, struct exchange *x)
{
    if (x->refused != ERR_OK) {
        x->status = 400;
        x->body = str_of(err_name(x->refused));
        exchange_finish(x);
        return;
    }
    answer_path(app, x);
}

/* "/large" has room for more than others do. */
static size_t most_body(void *app, const struct http_request *request)
{
    (void)app;
    return str_eq(request->path, STR("/large")) ? RIG_LARGE : 0;
}

static void *work(void *argument)
{
    struct rig *rig = argument;

    for (;;) {
        (void)sem_wait(&rig->permits);
        if (rig->over) {
            return NULL;
        }
        (void)pthread_mutex_lock(&rig->lock);
        struct exchange *x = rig->first < rig->end ? rig->held[rig->first++ % HELD_MOST] : NULL;
        (void)pthread_mutex_unlock(&rig->lock);
        if (x) {
            exchange_finish(x);
        } else {
            (void)sem_post(&rig->permits); /* it has not come in yet */
            (void)usleep(200);
        }
    }
}

struct rig *rig_create(const struct http_settings *settings)
{
    struct rig *rig = calloc(1, sizeof *rig);
    struct http_listener listener = {STR("127.0.0.1"), 0};
    struct http_app app = {rig, on_start, on_idle, on_end, most_body, on_answer};
    struct reason reason = {0};

    (void)pthread_mutex_init(&rig->lock, NULL);
    (void)sem_init(&rig->permits, 0, 0);
    if (http_server_open(settings, &listener, 1, &reason, &rig->server) != ERR_OK) {
        fail_msg("%s", reason.detail);
    }
    assert_ok(http_server_start(rig->server, &app));
    assert_int_equal(pthread_create(&rig->worker, NULL, work, rig), 0);
    return rig;
}

void rig_destroy(struct rig *rig)
{
    rig->over = true;
    (void)sem_post(&rig->permits);
    (void)pthread_join(rig->worker, NULL);
    http_server_close(rig->server);
    (void)sem_destroy(&rig->permits);
    (void)pthread_mutex_destroy(&rig->lock);
    free(rig);
}

struct http_server *rig_server(struct rig *rig)
{
    return rig->server;
}

struct http_counters rig_counters(struct rig *rig)
{
    struct http_counters counters;

    http_server_counters(rig->server, &counters);
    return counters;
}

void rig_release(struct rig *rig, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        (void)sem_post(&rig->permits);
    }
}

enum {
    PATIENCE = 20000 /* milliseconds, for what should take a few */
};

void rig_await_held(struct rig *rig, unsigned count)
{
    for (unsigned i = 0; i < PATIENCE; i++) {
        (void)pthread_mutex_lock(&rig->lock);
        unsigned held = rig->end;
        (void)pthread_mutex_unlock(&rig->lock);
        if (held >= count) {
            return;
        }
        (void)usleep(1000);
    }
    fail_msg("requests did not come in");
}

void rig_await_connections(struct rig *rig, uint64_t count)
{
    for (unsigned i = 0; i < PATIENCE && rig_counters(rig).connections != count; i++) {
        (void)usleep(1000);
    }
    assert_int_equal(rig_counters(rig).connections, count);
}

unsigned rig_loops_ended(struct rig *rig)
{
    return rig->ended;
}

struct client *client_create(void)
{
    struct client *client = calloc(1, sizeof *client);
    struct timeval patience = {.tv_sec = PATIENCE / 1000};

    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(client->fd >= 0);
    assert_int_equal(setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience),
                     0);
    return client;
}

void client_join(struct client *client, struct rig *rig)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons(http_server_port(rig->server, 0))};

    assert_int_equal(connect(client->fd, (struct sockaddr *)&address, sizeof address), 0);
}

struct client *client_connect(struct rig *rig)
{
    struct client *client = client_create();

    client_join(client, rig);
    return client;
}

void client_destroy(struct client *client)
{
    (void)close(client->fd);
    free(client);
}

void client_reset(struct client *client)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};

    assert_int_equal(setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
    client_destroy(client);
}

void client_send_bytes(struct client *client, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t sent = send(client->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        assert_true(sent > 0);
        bytes = str_skip(bytes, (size_t)sent);
    }
}

void client_send(struct client *client, const char *text)
{
    client_send_bytes(client, str_of(text));
}

/* False at the end. */
static bool receive(struct client *client)
{
    ssize_t got;

    assert_true(client->len < sizeof client->data - 1);
    do { /* a receive with a deadline is cut short when the process is stopped and goes on */
        got =
            recv(client->fd, client->data + client->len, sizeof client->data - 1 - client->len, 0);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && errno != ECONNRESET) {
        fail_msg("nothing came: %s", strerror(errno));
    }
    if (got <= 0) {
        return false;
    }
    client->len += (size_t)got;
    client->data[client->len] = '\0';
    return true;
}

bool client_is_closed(struct client *client)
{
    return client->len == 0 && !receive(client);
}

static void take(struct client *client, size_t count)
{
    client->len -= count;
    memmove(client->data, client->data + count, client->len + 1);
}

static int64_t length_told(const char *head)
{
    const char *at = strstr(head, "\r\nContent-Length: ");
    int64_t length = 0;

    if (at) {
        struct str line;
        struct str rest = str_of(at + sizeof "\r\nContent-Length: " - 1);
        str_cut(rest, '\r', &line, &rest);
        assert_ok(number_parse(line, 0, INT32_MAX, &length));
    }
    return length;
}

void client_read(struct client *client, bool is_head, struct reply *ret)
{
    int64_t status;
    const char *end;

    while (!(end = client->len ? strstr(client->data, "\r\n\r\n") : NULL)) {
        assert_true(receive(client));
    }
    size_t head = (size_t)(end - client->data) + 4;
    assert_true(head < sizeof ret->head);
    memcpy(ret->head, client->data, head);
    ret->head[head] = '\0';
    assert_true(str_starts(str_of(ret->head), STR("HTTP/1.1 ")));
    assert_ok(number_parse((struct str){ret->head + 9, 3}, 100, 599, &status));
    ret->status = (int)status;
    take(client, head);

    ret->body_len = is_head ? 0 : (size_t)length_told(ret->head);
    char *body = malloc(ret->body_len + 1);
    size_t got = 0;
    while (got < ret->body_len) {
        if (client->len == 0) {
            assert_true(receive(client));
        }
        size_t here = ret->body_len - got < client->len ? ret->body_len - got : client->len;
        memcpy(body + got, client->data, here);
        take(client, here);
        got += here;
    }
    body[got] = '\0';
    ret->body = body;
}

void client_expect(struct client *client, const char *request, int status, const char *body)
{
    struct reply reply;

    client_send(client, request);
    client_read(client, /* is_head= */ false, &reply);
    assert_int_equal(reply.status, status);
    assert_string_equal(reply.body, body);
    free(reply.body);
}
