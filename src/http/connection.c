/* The states of a connection, each with what it does before it has to wait. */
#include "http/connection.h"

#include "http/loop.h"

#include <unistd.h>

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum {
    STEPS_MOST = 64, /* of one connection in a row, then the others have their turn */
    LINGER_BYTES = 256 * 1024,
    LOOKS_MOST = 8, /* for one that really rests */
    BODY_GRACE_SECONDS = 5
};
static const int64_t second_ns = 1000000000;
static const int64_t linger_time_ns = 2 * second_ns;

enum progress {
    GOES_ON,
    WAITS
};

void connection_list_remove(struct connection *c)
{
    struct connection_list *list = c->list;

    if (!list) {
        return;
    }
    *(c->before ? &c->before->after : &list->first) = c->after;
    *(c->after ? &c->after->before : &list->last) = c->before;
    c->before = c->after = NULL;
    c->list = NULL;
}

void connection_list_add(struct connection_list *list, struct connection *c)
{
    connection_list_remove(c);
    c->before = list->last;
    *(list->last ? &list->last->after : &list->first) = c;
    list->last = c;
    c->list = list;
}

static void set_deadline(struct connection *c, int64_t ns)
{
    c->deadline_ns = ns;
    loop_wake_by(c->loop, ns);
}

static void end_work(struct connection *c)
{
    struct work *work = c->work;
    size_t before = work->input_size;

    c->loop->large -= work->large_ns != 0;
    work->large_ns = 0;
    work_end(work);
    c->loop->held -= (int64_t)(before - work->input_size);
}

static void give_work(struct connection *c)
{
    end_work(c);
    loop_give_work(c->loop, c->work);
    c->work = NULL;
}

/* Nothing points to it any more but perhaps an event of this turn. */
static void bury(struct connection *c)
{
    connection_list_remove(c);
    c->next_dead = c->loop->dead;
    c->loop->dead = c;
}

void connection_close(struct connection *c)
{
    bool away = c->state == CONNECTION_AWAY;

    if (c->state == CONNECTION_CLOSED) {
        return;
    }
    /* By hand: a child that was begun this moment may have a copy of it until it runs its own
     * program, and epoll would go on telling of what is open somewhere. */
    (void)epoll_ctl(c->loop->epoll, EPOLL_CTL_DEL, c->fd, NULL);
    (void)close(c->fd);
    c->state = CONNECTION_CLOSED;
    atomic_fetch_sub(&c->loop->plan->open, 1);
    c->loop->open--;
    if (away) {
        connection_list_add(&c->loop->stray, c);
        return;
    }
    if (c->work) {
        c->work->input_len = request_parser_used(&c->work->parser); /* what follows is of no use */
        give_work(c);
    }
    bury(c);
}

/* Each state's step. */

static enum progress close_now(struct connection *c)
{
    connection_close(c);
    return WAITS;
}

/* Hands the request to the application, which may have answered it when this returns. */
static enum progress deliver(struct connection *c, enum err refused)
{
    struct loop *loop = c->loop;
    struct exchange *x = &c->work->exchange;

    x->refused = refused;
    x->local = loop->local;
    x->listener = c->listener;
    x->request.peer = (struct str){c->peer, c->peer_len};
    if (refused != ERR_OK) {
        loop_count(&loop->refused);
    }
    c->state = CONNECTION_AWAY;
    c->deadline_ns = INT64_MAX;
    loop->delivering = c;
    loop->plan->app.answer(loop->plan->app.app, x);
    loop->delivering = NULL;
    return c->state == CONNECTION_AWAY ? WAITS : GOES_ON;
}

static enum progress rest_idle(struct connection *c)
{
    struct loop *loop = c->loop;

    if (loop->draining) {
        return close_now(c);
    }
    give_work(c);
    c->since_ns = c->requests == 0 ? c->opened_ns : loop->now_ns;
    connection_list_add(&loop->idle, c);
    set_deadline(c, c->requests == 0 ? c->opened_ns + loop->plan->header_ns
                                     : loop->now_ns + loop->plan->idle_ns);
    return WAITS;
}

/* The client asked whether its body is welcome: the headers were, so it is. */
static bool tell_continue(struct connection *c)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";

    return send(c->fd, text, sizeof text - 1, MSG_NOSIGNAL) == sizeof text - 1;
}

static enum progress wait_for_bytes(struct connection *c)
{
    struct work *work = c->work;
    struct loop *loop = c->loop;
    int64_t first_ns = work->exchange.arrived_ns;

    if (work->input_len == 0) {
        return rest_idle(c);
    }
    if (!request_parser_in_body(&work->parser)) {
        set_deadline(c, first_ns + loop->plan->header_ns);
        return WAITS;
    }
    if (work->body_ns == 0) {
        work->body_ns = loop->now_ns;
        if (request_parser_expects_continue(&work->parser) &&
            request_parser_body_bytes(&work->parser) == 0 && !tell_continue(c)) {
            return close_now(c);
        }
    }
    set_deadline(c, first_ns + loop->plan->total_ns);
    loop_wake_by(loop, loop->now_ns + second_ns); /* to look at its rate */
    return WAITS;
}

static bool is_away(const struct connection *c)
{
    return c->state == CONNECTION_AWAY;
}

static int64_t bytes_a_second(const struct connection *c)
{
    return (int64_t)c->work->input_len * second_ns /
           (c->loop->now_ns - c->work->exchange.arrived_ns + 1);
}

/* Of those who have been at a large request for a second; NULL: there is none. */
static struct connection *slowest_large(struct loop *loop)
{
    struct connection *slowest = NULL;

    for (struct connection *c = loop->heavy.first; c; c = c->after) {
        bool is_large = c->work && c->work->large_ns != 0 && !is_away(c);
        bool is_old = is_large && c->work->large_ns + second_ns <= loop->now_ns;
        if (is_old && (!slowest || bytes_a_second(c) < bytes_a_second(slowest))) {
            slowest = c;
        }
    }
    return slowest;
}

/* Large bodies are few at once: they are here before anybody knows whose they are. None keeps its
 * place by being slow, or a few strangers would shut everybody out. */
static bool may_be_large(struct connection *c)
{
    struct work *work = c->work;
    struct loop *loop = c->loop;

    if (work->large_ns != 0 || work->input_len < work->input_size ||
        work->input_size < loop->plan->usual_input) {
        return true;
    }
    if (loop->large >= loop->plan->large) {
        struct connection *slowest = slowest_large(loop);
        if (!slowest) {
            return false;
        }
        loop_count(&loop->refused);
        connection_close(slowest);
    }
    loop->large++;
    work->large_ns = loop->now_ns;
    return true;
}

/* Whoever has kept the most memory the longest without coming to an end makes room; who is alone
 * with it may go on. */
static void let_the_heaviest_go(struct connection *c)
{
    struct loop *loop = c->loop;
    struct connection *next;

    for (struct connection *other = loop->heavy.first; other && loop->held > loop->plan->unfinished;
         other = next) {
        next = other->after;
        if (other != c && !is_away(other)) {
            loop_count(&loop->refused);
            connection_close(other);
        }
    }
}

static bool make_room(struct connection *c)
{
    struct loop *loop = c->loop;
    struct work *work = c->work;
    size_t before = work->input_size;

    if (!work_make_room(work)) {
        return false;
    }
    if (work->input_size > before) {
        loop->held += (int64_t)(work->input_size - before);
        if (c->list != &loop->heavy) {
            connection_list_add(&loop->heavy, c);
        }
        let_the_heaviest_go(c);
    }
    return true;
}

static enum progress receive(struct connection *c)
{
    struct work *work = c->work;

    if (!may_be_large(c)) {
        return deliver(c, ERR_BUSY);
    }
    if (!make_room(c)) {
        return close_now(c);
    }
    size_t room = work->input_size - work->input_len;
    ssize_t got = recv(c->fd, work->input + work->input_len, room, 0);
    if (got < 0 && errno == EINTR) {
        return GOES_ON;
    }
    if (got < 0 && errno == EAGAIN) {
        c->readable = false;
        return GOES_ON;
    }
    if (got <= 0) {
        return close_now(c);
    }
    if (work->input_len == 0) {
        work->exchange.arrived_ns = c->loop->now_ns;
    }
    work->input_len += (size_t)got;
    if (work->input_touched < work->input_len) {
        work->input_touched = work->input_len;
    }
    /* With edges a short read means that the socket was drained (epoll(7)), unless its end was
     * told, which no further edge will tell. */
    c->readable = (size_t)got == room || c->ended;
    return GOES_ON;
}

static enum progress step_reading(struct connection *c)
{
    struct loop *loop = c->loop;

    if (!c->work) {
        c->work = loop_take_work(loop);
        if (!c->work) {
            return close_now(c);
        }
        c->work->connection = c;
        c->since_ns = loop->now_ns;
        work_begin(c->work, &loop->plan->limits);
        connection_list_add(&loop->busy, c);
    }
    struct work *work = c->work;
    if (work->input_len > 0) {
        enum request_parse parse = request_parser_read(&work->parser, work->input, work->input_len);
        if (parse != PARSE_MORE) {
            return deliver(c, request_parser_error(&work->parser));
        }
    }
    return c->readable ? receive(c) : wait_for_bytes(c);
}

/* After a refusal the client may still be sending: closing now would reset the connection, and the
 * answer would be lost with it. */
static enum progress part(struct connection *c)
{
    bool more = c->work->input_len > request_parser_used(&c->work->parser);

    if (c->work->exchange.refused == ERR_OK && !more && !c->readable) {
        return close_now(c);
    }
    (void)shutdown(c->fd, SHUT_WR);
    c->work->input_len = request_parser_used(&c->work->parser);
    give_work(c);
    c->state = CONNECTION_LINGERING;
    c->readable = true;
    set_deadline(c, c->loop->now_ns + linger_time_ns);
    return GOES_ON;
}

static ssize_t transmit(int fd, struct answer *answer)
{
    struct iovec *part = &answer->parts[answer->next];
    struct msghdr message = {.msg_iov = part, .msg_iovlen = answer->count - answer->next};

    if (message.msg_iovlen == 1) {
        return send(fd, part->iov_base, part->iov_len, MSG_NOSIGNAL); /* the usual, and cheaper */
    }
    return sendmsg(fd, &message, MSG_NOSIGNAL);
}

static enum progress step_sending(struct connection *c)
{
    struct work *work = c->work;
    struct answer *answer = &work->answer;

    assert(work); /* whoever sends has an exchange */
    if (!c->writable) {
        return WAITS;
    }
    ssize_t sent = transmit(c->fd, answer);
    if (sent < 0 && errno == EAGAIN) {
        c->writable = false;
        return WAITS;
    }
    if (sent < 0) {
        return errno == EINTR ? GOES_ON : close_now(c);
    }
    if (!answer_advance(answer, (size_t)sent)) {
        return GOES_ON;
    }
    c->requests++;
    if (work->exchange.close) {
        return part(c);
    }
    end_work(c);
    work_begin(work, &c->loop->plan->limits);
    if (c->list == &c->loop->heavy) {
        connection_list_add(&c->loop->busy, c);
    }
    work->exchange.arrived_ns = c->loop->now_ns; /* of the next, if it is here already */
    c->since_ns = c->loop->now_ns;
    c->state = CONNECTION_READING;
    return GOES_ON;
}

static enum progress step_lingering(struct connection *c)
{
    char waste[4096];

    if (!c->readable) {
        return WAITS;
    }
    ssize_t got = recv(c->fd, waste, sizeof waste, 0);
    if (got < 0 && errno == EAGAIN) {
        c->readable = false;
        return WAITS;
    }
    if (got < 0 && errno == EINTR) {
        return GOES_ON;
    }
    c->lingered += got > 0 ? (size_t)got : 0;
    return got <= 0 || c->lingered > LINGER_BYTES ? close_now(c) : GOES_ON;
}

void connection_proceed(struct connection *c)
{
    for (unsigned step = 0; step < STEPS_MOST; step++) {
        enum progress progress = WAITS;
        switch (c->state) {
        case CONNECTION_READING:
            progress = step_reading(c);
            break;
        case CONNECTION_SENDING:
            progress = step_sending(c);
            break;
        case CONNECTION_LINGERING:
            progress = step_lingering(c);
            break;
        case CONNECTION_AWAY:
        case CONNECTION_CLOSED:
            break;
        }
        if (progress == WAITS) {
            return;
        }
    }
    c->hungry = true;
    c->loop->hungry = true;
}

static void connection_ready(struct watched *watched, uint32_t events)
{
    struct connection *c = (struct connection *)watched;

    if (events & (EPOLLERR | EPOLLHUP)) {
        connection_close(c);
        return;
    }
    c->readable = c->readable || (events & (EPOLLIN | EPOLLRDHUP));
    c->writable = c->writable || (events & EPOLLOUT);
    c->ended = c->ended || (events & EPOLLRDHUP);
    /* The first edge of a new connection often says only that it can be written to. */
    if (c->work || c->readable) {
        connection_proceed(c);
    }
}

static void note_peer(struct connection *c, const struct sockaddr_storage *peer)
{
    const void *address = peer->ss_family == AF_INET
                              ? (const void *)&((const struct sockaddr_in *)peer)->sin_addr
                              : (const void *)&((const struct sockaddr_in6 *)peer)->sin6_addr;

    if (inet_ntop(peer->ss_family, address, c->peer, sizeof c->peer)) {
        c->peer_len = (unsigned char)strlen(c->peer);
    }
}

void connection_open(struct loop *loop, int fd, const struct sockaddr_storage *peer,
                     unsigned listener)
{
    struct connection *c = calloc(1, sizeof *c);
    struct epoll_event edge = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};

    if (!c || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &edge) != 0) {
        free(c);
        (void)close(fd);
        return;
    }
    c->watched.ready = connection_ready;
    c->loop = loop;
    c->fd = fd;
    c->listener = listener;
    c->opened_ns = c->since_ns = loop->now_ns;
    note_peer(c, peer);
    atomic_fetch_add(&loop->plan->open, 1);
    loop->open++;
    connection_list_add(&loop->idle, c);
    set_deadline(c, c->opened_ns + loop->plan->header_ns);
}

static struct connection *first_at_home(const struct connection_list *list)
{
    struct connection *c = list->first;

    while (c && is_away(c)) {
        c = c->after;
    }
    return c;
}

/* There may be more to do than this turn has come to: whose request is here already rests no more.
 */
static struct connection *longest_idle(struct loop *loop)
{
    char byte;

    for (unsigned i = 0; i < LOOKS_MOST && loop->idle.first; i++) {
        struct connection *c = loop->idle.first;
        if (recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0) {
            return c;
        }
        c->since_ns = loop->now_ns;
        connection_list_add(&loop->idle, c);
    }
    return NULL;
}

static struct connection *longer_of(struct connection *a, struct connection *b)
{
    if (!a || !b) {
        return a ? a : b;
    }
    return b->since_ns < a->since_ns ? b : a;
}

bool connection_make_room(struct loop *loop)
{
    struct connection *c = longer_of(first_at_home(&loop->heavy), first_at_home(&loop->busy));

    /* Who means well needs no second for a request, but may well rest for longer. */
    if (!c || c->since_ns + second_ns > loop->now_ns) {
        c = longer_of(c, longest_idle(loop));
    }
    if (c) {
        connection_close(c);
    }
    return c != NULL;
}

void connection_finished(struct connection *c)
{
    struct loop *loop = c->loop;
    struct exchange *x = &c->work->exchange;

    if (c->state == CONNECTION_CLOSED) { /* the client went away meanwhile */
        c->work->input_len = request_parser_used(&c->work->parser);
        give_work(c);
        bury(c);
        return;
    }
    x->close = x->close || x->refused != ERR_OK || !x->request.keep_alive ||
               loop_is_stopping(loop) || c->requests + 1 >= loop->plan->requests_per_connection;
    answer_build(&c->work->answer, x, loop->date);
    c->state = CONNECTION_SENDING;
    c->since_ns = loop->now_ns;
    set_deadline(c, loop->now_ns + loop->plan->total_ns);
}

void connection_expired(struct connection *c)
{
    if (c->state == CONNECTION_CLOSED) {
        return;
    }
    if (c->state != CONNECTION_LINGERING && c->work) {
        loop_count(&c->loop->timeouts);
    }
    if (c->state != CONNECTION_READING || !c->work) {
        connection_close(c);
        return;
    }
    c->work->exchange.request.keep_alive = false;
    (void)deliver(c, ERR_REQUEST_TIMEOUT);
    connection_proceed(c);
}

bool connection_is_too_slow(const struct connection *c)
{
    const struct work *work = c->work;

    if (c->state != CONNECTION_READING || !work || work->body_ns == 0) {
        return false;
    }
    int64_t seconds = (c->loop->now_ns - work->body_ns) / second_ns - BODY_GRACE_SECONDS;
    return seconds > 0 &&
           (int64_t)request_parser_body_bytes(&work->parser) < seconds * c->loop->plan->body_rate;
}

void exchange_finish(struct exchange *x)
{
    struct work *work = (struct work *)x; /* its first member */
    struct connection *c = work->connection;

    if (loop_is_current(c->loop) && c->loop->delivering == c) {
        connection_finished(
            c); /* connection_proceed, which called the application, goes on with it */
        return;
    }
    loop_post(c->loop, work);
}
