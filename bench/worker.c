/* Closed loop: a connection sends when it has its answer. Open loop: requests fall due at a fixed
 * rate whatever the answers do, and their latency counts from then. */
#include "bench/worker.h"

#include "base/moment.h"
#include "bench/answer.h"

#include <unistd.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>

enum {
    HEAD_MOST = 8192,
    REQUEST_MOST = 2 * LINE_MOST, /* with a line in it */
    EVENTS = 64,
    SECOND = 1000000000,
    SWEEP = SECOND / 10
};

enum link_state {
    LINK_DOWN,
    LINK_CONNECTING,
    LINK_IDLE,
    LINK_HEAD,
    LINK_BODY
};

struct link {
    int socket;
    enum link_state state;
    bool ended; /* the server has closed its side: read on to the end, no further edge will tell */
    size_t sent, received,
        kept;           /* bytes of the request; of the answer, and how many are in `data` */
    int64_t due, since; /* what latency counts from; when the request was really sent */
    struct answer answer;
    struct str request; /* the plan's one, or in `text` */
    struct str line;    /* in the plan, or in `followed` */
    char data[ANSWER_MOST];
    char text[REQUEST_MOST], followed[LINE_MOST];
};

struct worker {
    struct worker_job *job;
    const struct plan *plan;
    struct tally *tally;
    int epoll;
    bool running; /* false while connections are being made */
    unsigned busy;
    int64_t begun, ends, last_answer, swept;
    int64_t sent; /* requests; in open loop also the number of the next one due */
    size_t lines; /* that were taken */
    char spill[ANSWER_MOST];
    struct link *links;
    struct link **idle; /* open loop: those free to send, the one used last on top */
    unsigned idle_count;
};

static bool is_busy(const struct link *link)
{
    return link->state == LINK_HEAD || link->state == LINK_BODY;
}

static void link_close(struct worker *worker, struct link *link)
{
    worker->busy -= is_busy(link);
    for (unsigned i = 0; i < worker->idle_count; i++) {
        if (worker->idle[i] == link) {
            worker->idle[i] = worker->idle[--worker->idle_count];
        }
    }
    if (link->socket >= 0) {
        (void)close(link->socket);
    }
    link->socket = -1;
    link->state = LINK_DOWN;
}

/* A link that cannot be made stays down until the next sweep, so that a dead server costs little.
 */
static void link_refused(struct worker *worker, struct link *link)
{
    worker->tally->refused++;
    link_close(worker, link);
}

static void link_open(struct worker *worker, struct link *link)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(worker->plan->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                                .data.ptr = link};
    int on = 1;

    link->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    link->since = monotonic_ns();
    link->state = LINK_CONNECTING;
    link->ended = false;
    if (link->socket < 0 ||
        setsockopt(link->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
        (connect(link->socket, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS) ||
        epoll_ctl(worker->epoll, EPOLL_CTL_ADD, link->socket, &event) != 0) {
        link_refused(worker, link);
    }
}

static void link_reopen(struct worker *worker, struct link *link)
{
    link_close(worker, link);
    link_open(worker, link);
}

/* What an answer that never came whole is counted as. */
static void link_lost(struct worker *worker, struct link *link, uint64_t *count)
{
    (*count)++;
    link_reopen(worker, link);
}

static void link_send_rest(struct worker *worker, struct link *link)
{
    struct str rest = str_skip(link->request, link->sent);

    if (rest.len == 0) {
        return;
    }
    ssize_t sent = send(link->socket, rest.ptr, rest.len, MSG_NOSIGNAL);
    if (sent >= 0) {
        link->sent += (size_t)sent;
    } else if (errno != EAGAIN) {
        link_lost(worker, link, &worker->tally->cut);
    }
}

/* Whoever follows has one line and then what the answers gave; all others take the next each time.
 */
static void link_write(struct worker *worker, struct link *link)
{
    const struct plan *plan = worker->plan;
    struct buf text = buf_over(link->text, sizeof link->text);

    link->request = plan->request;
    if (plan->line_count == 0) {
        return;
    }
    if (!str_is_set(plan->follows) || !str_is_set(link->line)) {
        link->line = plan->lines[worker->job->number + worker->lines++ * plan->threads];
    }
    asking_print(&plan->asking, link->line, &text);
    link->request = buf_str(&text);
}

static void link_request(struct worker *worker, struct link *link, int64_t due, int64_t now)
{
    link->state = LINK_HEAD;
    link->sent = link->received = link->kept = 0;
    link_write(worker, link);
    link->due = due;
    link->since = now;
    worker->busy++;
    worker->sent++;
    link_send_rest(worker, link);
}

static bool may_start(const struct worker *worker, int64_t now)
{
    return worker->running && now < worker->ends && worker->sent < worker->plan->requests;
}

/* The link has nothing to do: in closed loop it sends at once, in open loop it waits its turn. */
static void link_is_free(struct worker *worker, struct link *link, int64_t now)
{
    link->state = LINK_IDLE;
    if (worker->plan->rate > 0) {
        worker->idle[worker->idle_count++] = link;
    } else if (may_start(worker, now)) {
        link_request(worker, link, now, now);
    }
}

/* What an answer gave becomes the line; without one that differs nothing was given. */
static bool link_follow(struct link *link, struct str answer, struct str member)
{
    struct str next;

    if (!asking_member(answer, member, &next) || next.len > LINE_MOST || str_eq(next, link->line)) {
        return false;
    }
    memmove(link->followed, next.ptr, next.len);
    link->line = (struct str){link->followed, next.len};
    return true;
}

static bool is_right(const struct plan *plan, struct link *link)
{
    struct str answer = {link->data, link->kept}, wanted = plan->contains;

    if (wanted.len > 0 && !memmem(answer.ptr, answer.len, wanted.ptr, wanted.len)) {
        return false;
    }
    return !str_is_set(plan->follows) || link_follow(link, answer, plan->follows);
}

static void link_judge(struct worker *worker, struct link *link, int64_t now)
{
    if (is_right(worker->plan, link)) {
        histogram_add(&worker->tally->latency, now - link->due);
    } else {
        worker->tally->wrong++;
    }
}

static void link_answered(struct worker *worker, struct link *link)
{
    int64_t now = monotonic_ns();
    struct tally *tally = worker->tally;

    worker->busy--;
    worker->last_answer = now;
    tally->statuses[link->answer.status]++;
    tally->bytes += link->received;
    if (link->answer.status == worker->plan->expected) {
        link_judge(worker, link, now);
    }
    link->state = LINK_IDLE;
    if (link->answer.closes || link->ended) {
        tally->reconnects++;
        link_reopen(worker, link);
        return;
    }
    link_is_free(worker, link, now);
}

/* How long the answer is; ANSWER_PARTIAL as long as that cannot be said. */
static enum answer_state link_measure(struct worker *worker, struct link *link, size_t *ret)
{
    struct str kept = {link->data, link->kept};
    enum answer_state state = ANSWER_READ;
    size_t body;

    if (link->state == LINK_HEAD) {
        state = answer_read(kept, worker->plan->to_head, &link->answer);
        if (state != ANSWER_READ) {
            return state == ANSWER_PARTIAL && kept.len >= HEAD_MOST ? ANSWER_BAD : state;
        }
        link->state = LINK_BODY;
    }
    body = link->answer.body;
    if (link->answer.chunked) {
        state = answer_measure(str_skip(kept, link->answer.head), &body);
        if (state == ANSWER_PARTIAL && kept.len == ANSWER_MOST) {
            return ANSWER_BAD;
        }
    }
    *ret = link->answer.head + body;
    return state;
}

/* Takes `count` bytes more of an answer; false when it is whole or lost. */
static bool link_take(struct worker *worker, struct link *link, size_t count)
{
    size_t whole = 0;

    link->received += count;
    link->kept = link->received < ANSWER_MOST ? link->received : ANSWER_MOST;
    enum answer_state state = link_measure(worker, link, &whole);
    if (state == ANSWER_PARTIAL) {
        return true;
    }
    if (state != ANSWER_READ || link->received > whole || link->sent < link->request.len) {
        link_lost(worker, link, &worker->tally->malformed);
        return false;
    }
    if (link->received < whole) {
        return true;
    }
    link_answered(worker, link);
    return false;
}

static void link_receive(struct worker *worker, struct link *link)
{
    char *into;
    size_t room;
    ssize_t count;

    do {
        into = link->kept < ANSWER_MOST ? link->data + link->kept : worker->spill;
        room = link->kept < ANSWER_MOST ? ANSWER_MOST - link->kept : sizeof worker->spill;
        count = recv(link->socket, into, room, 0);
        if (count < 0 && errno == EAGAIN) {
            return;
        }
        if (count <= 0) {
            link_lost(worker, link, &worker->tally->cut);
            return;
        }
    } while (link_take(worker, link, (size_t)count) && ((size_t)count == room || link->ended));
}

static void link_connected(struct worker *worker, struct link *link)
{
    int fault = 0;
    socklen_t size = sizeof fault;

    if (getsockopt(link->socket, SOL_SOCKET, SO_ERROR, &fault, &size) != 0 || fault != 0) {
        link_refused(worker, link);
        return;
    }
    link_is_free(worker, link, monotonic_ns());
}

static void link_event(struct worker *worker, struct link *link, uint32_t events)
{
    link->ended = (events & (EPOLLRDHUP | EPOLLERR | EPOLLHUP)) != 0;
    if (link->state == LINK_CONNECTING && (events & (EPOLLOUT | EPOLLERR | EPOLLHUP))) {
        link_connected(worker, link);
    } else if (link->state == LINK_IDLE && (events & (EPOLLIN | EPOLLRDHUP | EPOLLERR))) {
        worker->tally->reconnects++; /* closed while idle, as any server may */
        link_reopen(worker, link);
    } else if (is_busy(link)) {
        if (link->sent < link->request.len) {
            link_send_rest(worker, link);
        }
        if (is_busy(link) && (events & (EPOLLIN | EPOLLRDHUP | EPOLLERR | EPOLLHUP))) {
            link_receive(worker, link);
        }
    }
}

static int64_t due_at(const struct worker *worker, int64_t number)
{
    return worker->begun + (int64_t)((double)number * SECOND / (double)worker->plan->rate);
}

/* How many requests fall due in all; the rest is told as unsent if the server lags too far. */
static int64_t due_count(const struct worker *worker)
{
    int64_t due = (int64_t)((double)worker->plan->rate * (double)worker->plan->duration / SECOND);

    return due < worker->plan->requests ? due : worker->plan->requests;
}

static void send_what_is_due(struct worker *worker)
{
    int64_t count = due_count(worker);

    while (worker->idle_count > 0 && worker->sent < count) {
        int64_t now = monotonic_ns();
        int64_t due = due_at(worker, worker->sent);

        if (due > now) {
            return;
        }
        histogram_add(&worker->tally->lag, now - due);
        link_request(worker, worker->idle[--worker->idle_count], due, now);
    }
}

static void sweep(struct worker *worker, int64_t now)
{
    for (unsigned i = 0; i < worker->job->connections; i++) {
        struct link *link = &worker->links[i];

        if (link->state == LINK_DOWN) {
            link_open(worker, link);
        } else if (is_busy(link) && now - link->since > worker->plan->patience) {
            link_lost(worker, link, &worker->tally->unanswered);
        } else if (link->state == LINK_CONNECTING && now - link->since > worker->plan->patience) {
            link_refused(worker, link);
        }
    }
    worker->swept = now;
}

static void wait_for_events(struct worker *worker, int64_t until)
{
    struct epoll_event events[EVENTS];
    int64_t now = monotonic_ns();
    int64_t left = until > now ? until - now : 0;
    struct timespec timeout = {left / SECOND, left % SECOND};
    int count = epoll_pwait2(worker->epoll, events, EVENTS, &timeout, NULL);

    for (int i = 0; i < count; i++) {
        link_event(worker, events[i].data.ptr, events[i].events);
    }
}

static int64_t wake_at(const struct worker *worker)
{
    int64_t wake = worker->swept + SWEEP;

    if (worker->running && worker->plan->rate > 0 && worker->idle_count > 0 &&
        worker->sent < due_count(worker) && due_at(worker, worker->sent) < wake) {
        return due_at(worker, worker->sent);
    }
    return wake;
}

static void step(struct worker *worker)
{
    wait_for_events(worker, wake_at(worker));
    if (worker->running && worker->plan->rate > 0) {
        send_what_is_due(worker);
    }
    int64_t now = monotonic_ns();
    if (now - worker->swept >= SWEEP) {
        sweep(worker, now);
    }
}

static bool is_over(const struct worker *worker)
{
    int64_t now = monotonic_ns();

    if (now >= worker->ends + worker->plan->patience) {
        return true;
    }
    if (worker->plan->rate > 0) {
        return worker->busy == 0 && worker->sent >= due_count(worker);
    }
    return worker->busy == 0 && !may_start(worker, now);
}

static bool all_connected(const struct worker *worker)
{
    for (unsigned i = 0; i < worker->job->connections; i++) {
        if (worker->links[i].state != LINK_IDLE) {
            return false;
        }
    }
    return true;
}

static void connect_all(struct worker *worker)
{
    int64_t until = monotonic_ns() + worker->plan->patience;

    for (unsigned i = 0; i < worker->job->connections; i++) {
        worker->links[i].socket = -1;
        link_open(worker, &worker->links[i]);
    }
    worker->swept = monotonic_ns();
    while (!all_connected(worker) && monotonic_ns() < until) {
        step(worker);
    }
}

static void drive(struct worker *worker)
{
    worker->begun = worker->last_answer = monotonic_ns();
    worker->ends = worker->begun + worker->plan->duration;
    worker->running = true;
    for (unsigned i = 0; worker->plan->rate == 0 && i < worker->job->connections; i++) {
        if (worker->links[i].state == LINK_IDLE) {
            link_is_free(worker, &worker->links[i], monotonic_ns());
        }
    }
    while (!is_over(worker)) {
        step(worker);
    }
    worker->tally->unanswered += worker->busy;
    if (worker->plan->rate > 0) {
        worker->tally->unsent += (uint64_t)(due_count(worker) - worker->sent);
    }
    worker->job->elapsed = worker->last_answer - worker->begun;
}

static enum err prepare(struct worker *worker)
{
    size_t count = worker->job->connections;
    cpu_set_t cores;

    worker->epoll = epoll_create1(EPOLL_CLOEXEC);
    (void)prctl(PR_SET_TIMERSLACK, 1UL); /* the usual 50 µs would be read as the server's */
    if (worker->job->core >= 0) {
        CPU_ZERO(&cores);
        CPU_SET((unsigned)worker->job->core, &cores);
        if (pthread_setaffinity_np(pthread_self(), sizeof cores, &cores) != 0) {
            return ERR_SYSTEM;
        }
    }
    worker->links = calloc(count, sizeof *worker->links);
    worker->idle = calloc(count, sizeof(struct link *));
    return worker->epoll >= 0 && worker->links && worker->idle ? ERR_OK : ERR_SYSTEM;
}

static void release(struct worker *worker)
{
    for (unsigned i = 0; worker->links && i < worker->job->connections; i++) {
        if (worker->links[i].socket > 0) {
            (void)close(worker->links[i].socket);
        }
    }
    if (worker->epoll >= 0) {
        (void)close(worker->epoll);
    }
    free(worker->links);
    free(worker->idle);
    free(worker);
}

void *worker_run(void *argument)
{
    struct worker_job *job = argument;
    struct worker *worker = calloc(1, sizeof *worker);

    job->err = worker ? ERR_OK : ERR_MEMORY;
    if (worker) {
        worker->job = job;
        worker->plan = job->plan;
        worker->tally = &job->tally;
        job->err = prepare(worker);
    }
    if (job->err == ERR_OK) {
        connect_all(worker);
    }
    (void)pthread_barrier_wait(job->start); /* also when this one failed: the others wait for it */
    if (job->err == ERR_OK) {
        drive(worker);
    }
    if (worker) {
        release(worker);
    }
    return NULL;
}
