/* Not blocking on a descriptor that others share, whose flags are therefore not ours to change. */
#include "ops/log_sink.h"

#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* Opens the same pipe or terminal once more, so that O_NONBLOCK holds for us alone. -1 when that is
 * not allowed (a pipe of another user's) or there is no /proc. */
static int reopen(int descriptor)
{
    char path[48];

    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    return open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

enum err log_sink_open(int descriptor, struct log_sink *ret)
{
    struct stat status;
    int flags = fcntl(descriptor, F_GETFL);

    if (flags < 0 || fstat(descriptor, &status) != 0) {
        return ERR_SYSTEM;
    }
    *ret = (struct log_sink){.descriptor = descriptor, .terminal = isatty(descriptor) == 1};
    if (S_ISSOCK(status.st_mode)) {
        ret->kind = SINK_SEND;
        return ERR_OK;
    }
    if (S_ISREG(status.st_mode) || (flags & O_NONBLOCK)) {
        return ERR_OK;
    }
    int again = reopen(descriptor);
    if (again < 0) {
        ret->kind = SINK_POLL;
        return ERR_OK;
    }
    ret->descriptor = again;
    ret->own = true;
    return ERR_OK;
}

void log_sink_close(struct log_sink *sink)
{
    if (sink->own) {
        (void)close(sink->descriptor);
    }
    sink->own = false;
}

/* A pipe that polls as writable takes PIPE_BUF bytes without blocking; more might. */
static ssize_t write_polled(int descriptor, struct str text)
{
    struct pollfd poll_for = {.fd = descriptor, .events = POLLOUT};

    if (poll(&poll_for, 1, 0) != 1 || !(poll_for.revents & POLLOUT)) {
        return 0;
    }
    return write(descriptor, text.ptr, text.len < PIPE_BUF ? text.len : PIPE_BUF);
}

static ssize_t write_once(const struct log_sink *sink, struct str text)
{
    switch (sink->kind) {
    case SINK_SEND:
        return send(sink->descriptor, text.ptr, text.len, MSG_DONTWAIT | MSG_NOSIGNAL);
    case SINK_POLL:
        return write_polled(sink->descriptor, text);
    case SINK_WRITE:
        break;
    }
    return write(sink->descriptor, text.ptr, text.len);
}

size_t log_sink_write(const struct log_sink *sink, struct str text)
{
    ssize_t written;

    do {
        written = write_once(sink, text);
    } while (written < 0 && errno == EINTR);
    return written > 0 ? (size_t)written : 0;
}

bool log_sink_wait(const struct log_sink *sink, int64_t ms)
{
    struct pollfd poll_for = {.fd = sink->descriptor, .events = POLLOUT};

    return ms > 0 && poll(&poll_for, 1, (int)ms) == 1 && (poll_for.revents & POLLOUT);
}
