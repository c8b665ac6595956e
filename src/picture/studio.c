/* The parent's side: begin a child, feed it, take what it draws, and see that it ends. */
#include "picture/studio.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/moment.h"
#include "picture/child.h"
#include "picture/header.h"
#include "picture/library.h"
#include "picture/nursery.h"
#include "picture/redraw.h"

#include <unistd.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum {
    STARVED_SECONDS = 2 /* of processor time: whoever had less in all its time was kept from it */
};

/* A child at work. */
struct child {
    pid_t process;
    int line; /* both ways */
    int64_t until_ms;
    struct str unsent;
    char *drawn;
    size_t drawn_length;
    bool ended; /* it has nothing more to say */
};

static void close_at(const int *descriptor)
{
    if (*descriptor >= 0) {
        (void)close(*descriptor);
    }
}

static enum err child_begin(struct child *child, struct nursery *nursery, struct reason *reason)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return fail(reason, ERR_SYSTEM, STR(""), "no line to a child: %s", strerror(errno));
    }
    child->until_ms = monotonic_ms() + STUDIO_MS;
    child->line = ends[0];
    CLEANUP(close_at) int theirs = ends[1];
    return nursery_begin(nursery, theirs, reason, &child->process);
}

/* Whatever it is doing: nobody waits for it longer. Its status, and the processor time it had. */
static int child_end(const struct child *child, struct rusage *ret)
{
    int status = 0;

    *ret = (struct rusage){0};
    (void)kill(child->process, SIGKILL);
    while (wait4(child->process, &status, 0, ret) < 0 && errno == EINTR) {
        /* interrupted by a signal */
    }
    return status;
}

/* Others took the processor: the picture may be as good as any. */
static bool was_starved(const struct rusage *usage)
{
    return usage->ru_utime.tv_sec + usage->ru_stime.tv_sec < STARVED_SECONDS;
}

static bool try_again(ssize_t moved)
{
    return moved < 0 && (errno == EINTR || errno == EAGAIN);
}

static void send_more(struct child *child)
{
    ssize_t sent =
        send(child->line, child->unsent.ptr, child->unsent.len, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (sent < 0 && !try_again(sent)) {
        child->unsent.len = 0; /* it reads no more; what it says about that comes the other way */
    } else if (sent > 0) {
        child->unsent = str_skip(child->unsent, (size_t)sent);
    }
    if (child->unsent.len == 0) {
        (void)shutdown(child->line, SHUT_WR);
    }
}

static void receive_more(struct child *child)
{
    size_t room = STUDIO_MOST - child->drawn_length;
    ssize_t got = recv(child->line, child->drawn + child->drawn_length, room, MSG_DONTWAIT);

    if (try_again(got)) {
        return;
    }
    child->ended = got <= 0 || (size_t)got == room;
    child->drawn_length += got > 0 ? (size_t)got : 0;
}

/* False when its time is over. */
static bool converse(struct child *child)
{
    while (!child->ended) {
        int64_t left = child->until_ms - monotonic_ms();
        struct pollfd line = {.fd = child->line, .events = POLLIN};
        if (left <= 0) {
            return false;
        }
        line.events |= child->unsent.len > 0 ? POLLOUT : 0;
        if (poll(&line, 1, (int)left) < 0 && errno != EINTR) {
            return false;
        }
        if (child->unsent.len > 0 && (line.revents & POLLOUT)) {
            send_more(child);
        }
        if (line.revents & (POLLIN | POLLHUP | POLLERR)) {
            receive_more(child);
        }
    }
    return true;
}

/* It has closed its line: it is about to end by itself, and its status tells more than our signal
 * would. */
static void let_end(const struct child *child)
{
    siginfo_t info;

    while (child->until_ms > monotonic_ms()) {
        info.si_pid = 0;
        if (waitid(P_PID, (id_t)child->process, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
            info.si_pid != 0) {
            return;
        }
        (void)usleep(500);
    }
}

static enum err judge(const struct child *child, bool in_time, struct reason *reason)
{
    struct rusage usage;
    int status = child_end(child, &usage);

    if (!in_time && was_starved(&usage)) {
        return fail(reason, ERR_BUSY, STR(""), "no processor for a child within %d ms", STUDIO_MS);
    }
    if (!in_time) {
        return fail(reason, ERR_PICTURE_TYPE, STR(""), "not drawn within %d ms", STUDIO_MS);
    }
    if (WIFSIGNALED(status)) {
        return fail(reason, ERR_PICTURE_TYPE, STR(""), "the child was ended by signal %d",
                    WTERMSIG(status));
    }
    switch (WEXITSTATUS(status)) {
    case CHILD_DRAWN:
        return ERR_OK;
    case CHILD_NO_TYPE:
        return fail(reason, ERR_PICTURE_TYPE, STR(""), "it cannot be decoded");
    case CHILD_TOO_LARGE:
        return fail(reason, ERR_PICTURE_LARGE, STR(""), "the child found it too large");
    default:
        return fail(reason, ERR_SYSTEM, STR(""), "the child could not draw: status %d",
                    WEXITSTATUS(status));
    }
}

/* The child may have been taken over by what it decoded: what it hands out is looked at, too. */
static enum err look_at_drawn(struct str drawn, struct reason *reason)
{
    struct picture_header header;

    if (picture_header_read(drawn, NULL, &header) != ERR_OK || header.format != PICTURE_WEBP ||
        header.width > REDRAWN_SIDE || header.height > REDRAWN_SIDE) {
        return fail(reason, ERR_PICTURE_TYPE, STR(""), "the child drew something else");
    }
    return ERR_OK;
}

static enum err have_drawn(struct child *child, struct nursery *nursery, struct reason *reason)
{
    TRY(child_begin(child, nursery, reason));
    bool in_time = converse(child);
    if (in_time) {
        let_end(child);
    }
    return judge(child, in_time, reason);
}

enum err studio_draw(const struct studio *studio, struct str bytes, struct reason *reason,
                     struct str *ret)
{
    struct picture_header header;
    struct child child = {.line = -1, .unsent = bytes};

    TRY(picture_header_read(bytes, reason, &header));
    child.drawn = arena_alloc(studio->arena, STUDIO_MOST);
    if (!child.drawn) {
        return ERR_MEMORY;
    }
    enum err e = have_drawn(&child, studio->nursery, reason);
    close_at(&child.line);
    TRY(e);
    *ret = (struct str){child.drawn, child.drawn_length};
    return look_at_drawn(*ret, reason);
}

void studio_library(struct buf *out)
{
    struct picture_library library = {0};

    if (picture_library_load(NULL, &library) == ERR_OK) {
        buf_put(out, str_of(library.version()));
    }
}
