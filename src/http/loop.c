/* The turn of a loop: wait, events, mailbox, deadlines. */
#include "http/loop.h"

#include "base/buf.h"
#include "base/moment.h"
#include "base/thread.h"
#include "http/acceptor.h"
#include "http/turn.h"

#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

enum {
    EVENTS_MOST = 128,
    POOL_MOST = 64 /* warm works, about 18 KiB each */
};
static const int64_t sweep_step_ns = 250 * 1000000; /* deadlines are kept with this accuracy */
static const int64_t millisecond_ns = 1000000;

void loop_count(_Atomic uint64_t *counter)
{
    /* One writer: no locked instruction is needed. */
    uint64_t count = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, count + 1, memory_order_relaxed);
}

bool loop_is_current(const struct loop *loop)
{
    return pthread_equal(loop->self, pthread_self());
}

bool loop_is_stopping(const struct loop *loop)
{
    return atomic_load_explicit(&loop->plan->stop_ns, memory_order_acquire) != 0;
}

void loop_wake(struct loop *loop)
{
    uint64_t one = 1;

    /* Fails only when the counter is full, and then the loop is awake. The counter is never read:
     * with edges each write is an event of its own. */
    ssize_t written = write(loop->wake, &one, sizeof one);
    (void)written;
}

void loop_wake_by(struct loop *loop, int64_t ns)
{
    int64_t soonest = loop->swept_ns + sweep_step_ns;

    if (ns < soonest) {
        ns = soonest;
    }
    if (ns < loop->sweep_ns) {
        loop->sweep_ns = ns;
    }
}

struct work *loop_take_work(struct loop *loop)
{
    struct work *work = loop->pool;

    if (!work) {
        return work_create();
    }
    loop->pool = work->next;
    loop->pooled--;
    return work;
}

void loop_give_work(struct loop *loop, struct work *work)
{
    if (loop->pooled == POOL_MOST) {
        work_destroy(work);
        return;
    }
    work->next = loop->pool;
    loop->pool = work;
    loop->pooled++;
}

void loop_post(struct loop *loop, struct work *work)
{
    bool own = loop_is_current(loop);
    struct work *before = atomic_load_explicit(&loop->mailbox, memory_order_relaxed);

    do {
        work->next = before;
    } while (!atomic_compare_exchange_weak_explicit(&loop->mailbox, &before, work,
                                                    memory_order_acq_rel, memory_order_relaxed));
    /* From here on the work may be gone. Whoever finds letters waiting knows that the loop was
     * woken for them; the loop itself looks before it waits. */
    if (!own && !before) {
        loop_wake(loop);
    }
}

static void mail_ready(struct watched *watched, uint32_t events)
{
    (void)watched;
    (void)events; /* it only ends the wait: every turn looks into the mailbox */
}

static void open_mailbox(struct loop *loop)
{
    struct work *newest = atomic_exchange_explicit(&loop->mailbox, NULL, memory_order_acq_rel);
    struct work *oldest = NULL;

    while (newest) {
        struct work *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    while (oldest) {
        struct work *next = oldest->next;
        struct connection *c = oldest->connection;
        connection_finished(c);
        connection_proceed(c);
        oldest = next;
    }
}

static struct connection *hungry_of(const struct connection_list *list, struct connection *chain)
{
    for (struct connection *c = list->first; c; c = c->after) {
        if (c->hungry) {
            c->hungry = false;
            c->next_chosen = chain;
            chain = c;
        }
    }
    return chain;
}

/* Collects first and acts then: what one connection sets off may move others between the lists. */
static void feed_the_hungry(struct loop *loop)
{
    struct connection *chain = hungry_of(&loop->heavy, NULL);

    loop->hungry = false;
    chain = hungry_of(&loop->busy, chain);
    while (chain) {
        struct connection *next = chain->next_chosen;
        connection_proceed(chain);
        chain = next;
    }
}

static struct connection *expired_of(struct loop *loop, const struct connection_list *list,
                                     struct connection *chain)
{
    for (struct connection *c = list->first; c; c = c->after) {
        if (c->deadline_ns <= loop->now_ns || connection_is_too_slow(c)) {
            c->next_chosen = chain;
            chain = c;
            continue;
        }
        loop_wake_by(loop, c->deadline_ns);
        if (c->work && c->work->body_ns > 0) {
            loop_wake_by(loop, loop->now_ns + 1000 * millisecond_ns); /* its rate */
        }
    }
    return chain;
}

/* Likewise. */
static void sweep(struct loop *loop)
{
    struct connection *chain = NULL;

    loop->swept_ns = loop->now_ns;
    loop->sweep_ns = INT64_MAX;
    chain = expired_of(loop, &loop->idle, chain);
    chain = expired_of(loop, &loop->busy, chain);
    chain = expired_of(loop, &loop->heavy, chain);
    while (chain) {
        struct connection *next = chain->next_chosen;
        connection_expired(chain);
        chain = next;
    }
    acceptors_resume(loop);
}

static void bury_the_dead(struct loop *loop)
{
    while (loop->dead) {
        struct connection *c = loop->dead;
        loop->dead = c->next_dead;
        free(c);
    }
}

static void tell_time(struct loop *loop)
{
    loop->now_ns = monotonic_ns();
    if (loop->now_ns < loop->date_ns) {
        return;
    }
    struct moment now = moment_now();
    struct buf line = buf_over(loop->date_line, sizeof loop->date_line);
    buf_put(&line, STR("Date: "));
    moment_print_http(&line, now);
    buf_put(&line, STR("\r\n"));
    loop->date = buf_str(&line);
    loop->date_ns = loop->now_ns + (1000 - now.ms % 1000) * millisecond_ns;
}

static int patience_ms(const struct loop *loop)
{
    if (loop->hungry || atomic_load_explicit(&loop->mailbox, memory_order_acquire)) {
        return 0;
    }
    int64_t until = loop->sweep_ns;
    int64_t stop = atomic_load_explicit(&loop->plan->stop_ns, memory_order_acquire);
    if (stop != 0 && !loop->draining) {
        return 0;
    }
    if (stop != 0 && stop < until) {
        until = stop;
    }
    if (until == INT64_MAX) {
        return -1; /* nothing to watch over: an idle server sleeps */
    }
    int64_t left = (until - loop->now_ns + millisecond_ns - 1) / millisecond_ns;
    return left < 0 ? 0 : left > 3600 * 1000 ? 3600 * 1000 : (int)left;
}

/* Takes in who has already come, lets go of who has nothing under way. */
static void start_draining(struct loop *loop)
{
    struct connection *next;

    acceptors_close(loop);
    loop->draining = true;
    for (struct connection *c = loop->idle.first; c; c = next) {
        next = c->after;
        c->readable = true; /* a request may lie in the socket: only an empty one is closed */
        connection_proceed(c);
    }
}

static bool may_end(struct loop *loop)
{
    int64_t stop = atomic_load_explicit(&loop->plan->stop_ns, memory_order_acquire);

    if (stop == 0) {
        return false;
    }
    if (!loop->draining) {
        start_draining(loop);
        bury_the_dead(loop);
    }
    return loop->open == 0 || loop->now_ns >= stop;
}

static void turn(struct loop *loop)
{
    struct epoll_event events[EVENTS_MOST];
    int count = epoll_wait(loop->epoll, events, EVENTS_MOST, patience_ms(loop));

    tell_time(loop);
    for (int i = 0; i < count; i++) {
        struct watched *watched = events[i].data.ptr;
        watched->ready(watched, events[i].events);
    }
    if (atomic_load_explicit(&loop->mailbox, memory_order_relaxed)) {
        open_mailbox(loop);
    }
    if (loop->hungry) {
        feed_the_hungry(loop);
    }
    if (loop->now_ns >= loop->sweep_ns) {
        sweep(loop);
    }
    bury_the_dead(loop);
}

static void close_all(struct loop *loop)
{
    while (loop->idle.first) {
        connection_close(loop->idle.first);
    }
    while (loop->busy.first) {
        connection_close(loop->busy.first); /* to the strays, if its exchange is away */
    }
    while (loop->heavy.first) {
        connection_close(loop->heavy.first);
    }
    bury_the_dead(loop);
}

static void *run(void *argument)
{
    struct loop *loop = argument;
    const struct http_app *app = &loop->plan->app;

    /* It is done in microseconds whenever it wakes, and everybody waits for it; the workers of the
     * lanes need longer. Who wants short turns interrupts who does not. */
    turn_wish_shortest();
    loop->self = pthread_self();
    tell_time(loop);
    loop->local = app->loop_start(app->app, loop->index);
    (void)sem_post(&loop->plan->ready);
    if (!loop->local) {
        return NULL;
    }
    while (!may_end(loop)) {
        app->loop_idle(app->app, loop->local);
        turn(loop);
    }
    close_all(loop);
    app->loop_end(app->app, loop->local);
    return NULL;
}

static enum err create_descriptors(struct loop *loop)
{
    struct epoll_event edge = {.events = EPOLLIN | EPOLLET, .data.ptr = &loop->mail};

    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    loop->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (loop->epoll < 0 || loop->wake < 0 || loop->spare < 0 ||
        epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->wake, &edge) != 0) {
        return ERR_SYSTEM;
    }
    return ERR_OK;
}

enum err loop_create(struct loop_plan *plan, unsigned index, size_t listeners, struct loop **ret)
{
    struct loop *loop = calloc(1, sizeof *loop);
    struct acceptor *acceptors = calloc(listeners, sizeof *acceptors);

    if (!loop || !acceptors) {
        free(loop);
        free(acceptors);
        return ERR_MEMORY;
    }
    loop->mail.ready = mail_ready;
    loop->plan = plan;
    loop->index = index;
    loop->acceptors = acceptors;
    loop->sweep_ns = INT64_MAX;
    enum err e = create_descriptors(loop);
    if (e != ERR_OK) {
        loop_destroy(loop);
        return e;
    }
    *ret = loop;
    return ERR_OK;
}

static void close_if_open(int fd)
{
    if (fd >= 0) {
        (void)close(fd);
    }
}

void loop_destroy(struct loop *loop)
{
    if (!loop) {
        return;
    }
    acceptors_close(loop);
    open_mailbox(loop); /* answers that came after the end: their strays go with them */
    while (loop->stray.first) {
        struct connection *c = loop->stray.first;
        connection_list_remove(c);
        work_destroy(c->work);
        free(c);
    }
    bury_the_dead(loop);
    while (loop->pool) {
        struct work *work = loop->pool;
        loop->pool = work->next;
        work_destroy(work);
    }
    close_if_open(loop->epoll);
    close_if_open(loop->wake);
    close_if_open(loop->spare);
    free(loop->acceptors);
    free(loop);
}

enum err loop_listen(struct loop *loop, int fd, unsigned listener)
{
    struct acceptor *acceptor = &loop->acceptors[loop->acceptor_count++];

    acceptor_init(acceptor, loop, fd, listener);
    return acceptor_watch(acceptor, true);
}

enum err loop_start(struct loop *loop)
{
    TRY(thread_start(run, loop, &loop->thread));
    loop->running = true;
    return ERR_OK;
}

void loop_join(struct loop *loop)
{
    if (loop->running) {
        (void)pthread_join(loop->thread, NULL);
        loop->running = false;
    }
}
