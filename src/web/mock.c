/* Exchanges that end in memory: exchange_finish is the server's, and here its place is taken. */
#include "web/mock.h"

#include "base/arena.h"
#include "base/check.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
    KEEP = 8 << 10,
    MOST = 16 << 20,
    SLOWEST = 60
};

void mock_make(struct mock *mock)
{
    memset(mock, 0, sizeof *mock);
    mock->x.arena = arena_create(KEEP, MOST);
    assert_non_null(mock->x.arena);
    mock->x.headers = buf_over(mock->written, sizeof mock->written);
    mock->x.arrived_ns = monotonic_ns();
    mock->x.request.minor = 1;
    mock->x.request.keep_alive = true;
    mock->x.request.peer = STR("192.0.2.7");
    mock->x.request.host = STR("192.0.2.1:8085");
    mock_ask(mock, GET, "/");
    mock->call.x = &mock->x;
    mock->call.ctx.arena = mock->x.arena;
    assert_int_equal(sem_init(&mock->finished, 0, 0), 0);
}

void mock_destroy(struct mock *mock)
{
    if (!mock->x.arena) {
        return;
    }
    arena_destroy(mock->x.arena);
    (void)sem_destroy(&mock->finished);
    free(mock->headers);
    free(mock->body);
}

void mock_ask(struct mock *mock, enum http_method method, const char *path)
{
    mock->x.request.method = method;
    mock->x.request.path = mock->x.request.target = str_of(path);
}

void mock_send_header(struct mock *mock, const char *name, const char *value)
{
    struct http_request *request = &mock->x.request;

    assert_true(request->header_count < HTTP_MOST_HEADERS);
    request->headers[request->header_count++] = (struct http_header){str_of(name), str_of(value)};
}

static char *copy_of(struct str text)
{
    char *copy = calloc(1, text.len + 1);

    assert_non_null(copy);
    if (text.len > 0) {
        memcpy(copy, text.ptr, text.len);
    }
    return copy;
}

/* As the server does: what is sent is read now, and all memory of the request goes. Whoever still
 * touches it has the sanitizer to fear. */
void exchange_finish(struct exchange *x)
{
    struct mock *mock = (struct mock *)x;

    assert_null(mock->headers); /* nobody answers twice */
    mock->status = x->headers.failed ? 500 : x->status;
    mock->headers = copy_of(x->headers.failed ? STR("") : buf_str(&x->headers));
    mock->body = copy_of(x->headers.failed ? STR("") : x->body);
    arena_reset(x->arena);
    (void)sem_post(&mock->finished);
}

void mock_await(struct mock *mock)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += SLOWEST;
    assert_int_equal(sem_timedwait(&mock->finished, &until), 0);
}

static const char *next_line(const char *line)
{
    const char *end = strstr(line, "\r\n");

    assert_non_null(end);
    return end + 2;
}

const char *mock_header(struct mock *mock, const char *name)
{
    static char value[MOCK_HEADERS];
    const char *found = NULL;
    size_t length = strlen(name);

    if (!mock->headers) {
        mock->written[mock->x.headers.len] = '\0';
    }
    for (const char *line = mock->headers ? mock->headers : mock->written; *line;
         line = next_line(line)) {
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
            assert_null(found);
            found = line + length + 2;
            (void)snprintf(value, sizeof value, "%.*s", (int)(next_line(found) - 2 - found), found);
        }
    }
    return found ? value : NULL;
}
