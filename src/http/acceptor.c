/* Accepting: at the limit who is missed the least makes room; without descriptors the client is
 * turned away by means of a spare one, because a socket that is not accepted would wake the loop
 * for ever. */
#include "http/acceptor.h"

#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum {
    ACCEPTS_MOST = 64 /* in a row, then the connections have their turn */
};
static const int64_t rest_time_ns = 250 * 1000000;

enum outcome {
    ACCEPT_MORE,
    ACCEPT_ENOUGH
};

enum err acceptor_watch(struct acceptor *acceptor, bool add)
{
    struct epoll_event level = {.events = EPOLLIN, .data.ptr = acceptor};
    int operation = add ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;

    return epoll_ctl(acceptor->loop->epoll, operation, acceptor->fd, &level) == 0 ? ERR_OK
                                                                                  : ERR_SYSTEM;
}

static void rest(struct loop *loop)
{
    loop->accept_again_ns = loop->now_ns + rest_time_ns;
    loop_wake_by(loop, loop->accept_again_ns);
    for (size_t i = 0; i < loop->acceptor_count; i++) {
        struct epoll_event none = {.events = 0, .data.ptr = &loop->acceptors[i]};
        (void)epoll_ctl(loop->epoll, EPOLL_CTL_MOD, loop->acceptors[i].fd, &none);
    }
}

void acceptors_resume(struct loop *loop)
{
    if (loop->accept_again_ns == 0) {
        return;
    }
    if (loop->now_ns < loop->accept_again_ns) {
        loop_wake_by(loop, loop->accept_again_ns);
        return;
    }
    loop->accept_again_ns = 0;
    for (size_t i = 0; i < loop->acceptor_count; i++) {
        if (acceptor_watch(&loop->acceptors[i], /* add= */ false) != ERR_OK) {
            rest(loop);
            return;
        }
    }
}

static int next_in_queue(const struct acceptor *acceptor, struct sockaddr_storage *ret_peer)
{
    socklen_t size = sizeof *ret_peer;

    return accept4(acceptor->fd, (struct sockaddr *)ret_peer, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

static void take_in(struct acceptor *acceptor, int fd, const struct sockaddr_storage *peer,
                    bool there_is_room)
{
    struct loop *loop = acceptor->loop;

    if (!there_is_room && !connection_make_room(loop)) {
        loop_count(&loop->refused); /* before anyone can see it closed */
        (void)close(fd);
        return;
    }
    loop_count(&loop->accepted);
    connection_open(loop, fd, peer, acceptor->listener);
}

/* The kernel says that there are no descriptors before it looks whether anybody waits: so the spare
 * one is given up to see. */
static enum outcome take_in_by_the_spare(struct acceptor *acceptor)
{
    struct loop *loop = acceptor->loop;
    struct sockaddr_storage peer;
    int fd = -1;

    if (loop->spare >= 0) {
        (void)close(loop->spare);
        fd = next_in_queue(acceptor, &peer);
    }
    if (fd >= 0) {
        take_in(acceptor, fd, &peer, /* there_is_room= */ false);
    }
    /* Another thread may have been quicker to take the descriptor: then the queue has to wait. */
    loop->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (loop->spare < 0) {
        rest(loop);
    }
    return fd >= 0 && loop->spare >= 0 ? ACCEPT_MORE : ACCEPT_ENOUGH;
}

static enum outcome accept_failed(struct acceptor *acceptor, int reason)
{
    switch (reason) {
    case EAGAIN:
        return ACCEPT_ENOUGH;
    case EMFILE:
    case ENFILE:
        return take_in_by_the_spare(acceptor);
    case ENOBUFS:
    case ENOMEM:
        rest(acceptor->loop);
        return ACCEPT_ENOUGH;
    default: /* this one went away while it waited (accept(2)); the next may be well */
        return ACCEPT_MORE;
    }
}

static enum outcome accept_one(struct acceptor *acceptor)
{
    const struct loop_plan *plan = acceptor->loop->plan;
    struct sockaddr_storage peer;
    int fd = next_in_queue(acceptor, &peer);

    if (fd < 0) {
        return accept_failed(acceptor, errno);
    }
    take_in(acceptor, fd, &peer, acceptor->loop->open < plan->connections);
    return ACCEPT_MORE;
}

static void acceptor_ready(struct watched *watched, uint32_t events)
{
    struct acceptor *acceptor = (struct acceptor *)watched;

    (void)events;
    for (unsigned i = 0; i < ACCEPTS_MOST; i++) {
        if (accept_one(acceptor) == ACCEPT_ENOUGH) {
            return;
        }
    }
}

void acceptor_init(struct acceptor *acceptor, struct loop *loop, int fd, unsigned listener)
{
    *acceptor = (struct acceptor){
        .watched = {acceptor_ready}, .loop = loop, .fd = fd, .listener = listener};
}

void acceptors_close(struct loop *loop)
{
    for (size_t i = 0; i < loop->acceptor_count; i++) {
        struct acceptor *acceptor = &loop->acceptors[i];
        if (loop->running) {
            acceptor_ready(&acceptor->watched, EPOLLIN);
        }
        (void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, acceptor->fd, NULL); /* as connections do */
        (void)close(acceptor->fd);
    }
    loop->acceptor_count = 0;
}
