/* The server as its owner sees it: a set of loops that begin and end together. */
#include "http/server.h"

#include "base/moment.h"
#include "http/loop.h"
#include "http/socket.h"

#include <unistd.h>

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum {
    LOOPS_MOST = 256,
    LARGE_MOST = 16, /* requests at once that take more memory than usual */
    OTHERS = 256     /* descriptors of the store, of letters, pictures and providers */
};

struct http_server {
    struct loop_plan plan;
    struct loop **loops;
    size_t loop_count;
    uint16_t *ports; /* of the listeners */
};

static size_t core_count(void)
{
    cpu_set_t set;

    return sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
}

/* The process needs descriptors for more than connections: a store that cannot open its files
 * fails those who have come in. So where there are too few, a quarter of them is left to others. */
static int64_t connections_within_limit(int64_t wanted)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return wanted;
    }
    int64_t all = (int64_t)limit.rlim_cur, others = all / 4 < OTHERS ? all / 4 : OTHERS;
    return wanted < all - others ? wanted : all - others;
}

static int64_t share(int64_t whole, size_t loops)
{
    return whole > (int64_t)loops ? whole / (int64_t)loops : 1;
}

static void plan_from_settings(struct loop_plan *plan, const struct http_settings *settings,
                               size_t loops)
{
    const int64_t second_ns = 1000000000;

    plan->limits = (struct request_limits){.line = (size_t)settings->line_bytes,
                                           .headers = (size_t)settings->header_bytes,
                                           .body = (size_t)settings->body_bytes};
    plan->usual_input = request_parser_most(&plan->limits);
    plan->connections = share(connections_within_limit(settings->connections), loops);
    plan->unfinished = share(settings->unfinished, loops);
    plan->large = share(LARGE_MOST, loops);
    plan->requests_per_connection = settings->requests_per_connection;
    plan->body_rate = settings->body_rate;
    plan->header_ns = settings->header_seconds * second_ns;
    plan->total_ns = settings->total_seconds * second_ns;
    plan->idle_ns = settings->idle_seconds * second_ns;
}

static enum err create_loops(struct http_server *server, size_t listeners)
{
    for (unsigned i = 0; i < server->loop_count; i++) {
        TRY(loop_create(&server->plan, i, listeners, &server->loops[i]));
    }
    return ERR_OK;
}

/* One socket a loop on the same port. */
static enum err open_listener(struct http_server *server, unsigned index,
                              const struct http_listener *listener, struct reason *reason)
{
    struct http_listener bound = *listener;

    for (size_t i = 0; i < server->loop_count; i++) {
        int fd = -1;
        TRY(socket_listen(&bound, /* exclusive= */ i == 0, reason, &fd));
        bound.port = socket_port(fd);
        TRY(loop_listen(server->loops[i], fd, index));
    }
    server->ports[index] = bound.port;
    return ERR_OK;
}

static struct http_server *server_create(size_t loops, size_t listeners)
{
    struct http_server *server = calloc(1, sizeof *server);

    if (!server) {
        return NULL;
    }
    (void)sem_init(&server->plan.ready, 0, 0); /* fails only for values out of range */
    server->loops = calloc(loops, sizeof(struct loop *));
    server->ports = calloc(listeners, sizeof *server->ports);
    server->loop_count = server->loops ? loops : 0;
    if (!server->loops || !server->ports) {
        http_server_close(server);
        return NULL;
    }
    return server;
}

enum err http_server_open(const struct http_settings *settings,
                          const struct http_listener *listeners, size_t count,
                          struct reason *reason, struct http_server **ret)
{
    size_t loops = settings->loops > 0 ? (size_t)settings->loops : core_count();
    struct http_server *server = server_create(loops > LOOPS_MOST ? LOOPS_MOST : loops, count);

    if (!server) {
        return fail(reason, ERR_MEMORY, (struct str){0}, "no memory for the server");
    }
    plan_from_settings(&server->plan, settings, server->loop_count);
    enum err e = create_loops(server, count);
    for (unsigned i = 0; e == ERR_OK && i < count; i++) {
        e = open_listener(server, i, &listeners[i], reason);
    }
    if (e != ERR_OK) {
        e = fail(reason, e, (struct str){0}, "cannot open the server: %s", strerror(errno));
        http_server_close(server);
        return e;
    }
    *ret = server;
    return ERR_OK;
}

uint16_t http_server_port(const struct http_server *server, size_t listener)
{
    return server->ports[listener];
}

enum err http_server_start(struct http_server *server, const struct http_app *app)
{
    enum err e = ERR_OK;

    server->plan.app = *app;
    server->plan.limits.body_of = app->most_body;
    server->plan.limits.with = app->app;
    for (size_t i = 0; i < server->loop_count && e == ERR_OK; i++) {
        e = loop_start(server->loops[i]);
    }
    for (size_t i = 0; i < server->loop_count; i++) {
        if (server->loops[i]->running) {
            while (sem_wait(&server->plan.ready) != 0) {
                /* interrupted by a signal */
            }
        }
    }
    for (size_t i = 0; i < server->loop_count; i++) {
        if (e == ERR_OK && !server->loops[i]->local) {
            e = ERR_SYSTEM;
        }
    }
    if (e != ERR_OK) {
        http_server_stop(server, 0);
    }
    return e;
}

void http_server_stop(struct http_server *server, int64_t deadline_ms)
{
    atomic_store(&server->plan.stop_ns, monotonic_ns() + deadline_ms * 1000000);
    for (size_t i = 0; i < server->loop_count; i++) {
        loop_wake(server->loops[i]);
    }
    for (size_t i = 0; i < server->loop_count; i++) {
        loop_join(server->loops[i]);
    }
}

void http_server_close(struct http_server *server)
{
    if (!server) {
        return;
    }
    http_server_stop(server, 0);
    for (size_t i = 0; i < server->loop_count; i++) {
        loop_destroy(server->loops[i]);
    }
    (void)sem_destroy(&server->plan.ready);
    free(server->loops);
    free(server->ports);
    free(server);
}

void http_server_counters(const struct http_server *server, struct http_counters *ret)
{
    struct http_counters sum = {.connections = (uint64_t)atomic_load(&server->plan.open)};

    for (size_t i = 0; i < server->loop_count; i++) {
        const struct loop *loop = server->loops[i];
        sum.accepted += atomic_load_explicit(&loop->accepted, memory_order_relaxed);
        sum.refused += atomic_load_explicit(&loop->refused, memory_order_relaxed);
        sum.timeouts += atomic_load_explicit(&loop->timeouts, memory_order_relaxed);
    }
    *ret = sum;
}
