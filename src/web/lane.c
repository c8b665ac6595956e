/* A bounded queue and its threads. */
#include "web/lane.h"

#include "base/moment.h"
#include "web/call.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

struct worker {
    struct lane_line *lane;
    pthread_t thread;
    bool reserve;
};

struct lane_line {
    struct lane_plan plan;
    pthread_mutex_t lock;
    pthread_cond_t news;   /* for workers: something to take, one of them up or down, or the end */
    pthread_cond_t queued; /* for reserves: something, where there was nothing; or the end */
    struct call *first, *last;
    _Atomic int64_t waiting;
    unsigned started, failed, running; /* threads that have said how their start went; created */
    bool closing;
    struct worker *workers;
};

static struct call *take(struct lane_line *lane)
{
    struct call *call = lane->first;

    lane->first = call->next;
    if (!lane->first) {
        lane->last = NULL;
    }
    atomic_fetch_sub(&lane->waiting, 1);
    return call;
}

/* A reserve has no use for most of the news, so it is not woken for them. */
static void wait_for_work(struct worker *worker)
{
    struct lane_line *lane = worker->lane;

    if (!worker->reserve || !lane->first) {
        (void)pthread_cond_wait(worker->reserve ? &lane->queued : &lane->news, &lane->lock);
        return;
    }
    int64_t until_ms = lane->first->queued_ms + lane->plan.patience_ms;
    struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
    (void)pthread_cond_timedwait(&lane->queued, &lane->lock, &until);
}

static bool may_take(const struct worker *worker)
{
    const struct lane_line *lane = worker->lane;
    int64_t patience = worker->reserve ? lane->plan.patience_ms : 0;

    return lane->first && monotonic_ms() - lane->first->queued_ms >= patience;
}

/* The next call for this worker; NULL at the end. A reserve leaves what the others will still get
 * to in time: it is there for when they do not get a processor. */
static struct call *next_call(struct worker *worker)
{
    struct lane_line *lane = worker->lane;
    struct call *call = NULL;

    (void)pthread_mutex_lock(&lane->lock);
    while (!call && (lane->first || !lane->closing)) {
        if (may_take(worker)) {
            call = take(lane);
        } else {
            wait_for_work(worker);
        }
    }
    (void)pthread_mutex_unlock(&lane->lock);
    return call;
}

static void tell_start(struct lane_line *lane, bool well)
{
    (void)pthread_mutex_lock(&lane->lock);
    lane->started++;
    lane->failed += !well;
    (void)pthread_cond_broadcast(&lane->news);
    (void)pthread_mutex_unlock(&lane->lock);
}

static void *worker_main(void *with)
{
    struct worker *worker = with;
    struct lane_line *lane = worker->lane;
    const struct lane_plan *plan = &lane->plan;
    void *local = plan->worker_start(plan->with, worker->reserve);
    struct call *call;

    (void)pthread_setname_np(pthread_self(), plan->name);
    tell_start(lane, local != NULL);
    while (local && (call = next_call(worker))) {
        plan->work(local, call, monotonic_ms() - call->queued_ms > plan->most_wait_ms);
    }
    if (local) {
        plan->worker_end(plan->with, local);
    }
    return NULL;
}

static unsigned thread_count(const struct lane_plan *plan)
{
    return plan->workers + plan->reserves;
}

static struct lane_line *lane_create(const struct lane_plan *plan)
{
    struct lane_line *lane = calloc(1, sizeof *lane);
    struct worker *workers = calloc(thread_count(plan), sizeof *workers);
    pthread_condattr_t monotonic;

    if (!lane || !workers) {
        free(lane);
        free(workers);
        return NULL;
    }
    lane->plan = *plan;
    lane->workers = workers;
    (void)pthread_mutex_init(&lane->lock, NULL);
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&lane->news, &monotonic);
    (void)pthread_cond_init(&lane->queued, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    return lane;
}

static enum err start_workers(struct lane_line *lane)
{
    unsigned count = thread_count(&lane->plan);

    for (unsigned i = 0; i < count; i++) {
        lane->workers[i] = (struct worker){.lane = lane, .reserve = i >= lane->plan.workers};
        if (pthread_create(&lane->workers[i].thread, NULL, worker_main, &lane->workers[i]) != 0) {
            return ERR_SYSTEM;
        }
        lane->running++;
    }
    (void)pthread_mutex_lock(&lane->lock);
    while (lane->started < count) {
        (void)pthread_cond_wait(&lane->news, &lane->lock);
    }
    (void)pthread_mutex_unlock(&lane->lock);
    return lane->failed ? ERR_SYSTEM : ERR_OK;
}

enum err lane_open(const struct lane_plan *plan, struct lane_line **ret)
{
    struct lane_line *lane = lane_create(plan);

    if (!lane) {
        return ERR_MEMORY;
    }
    enum err e = start_workers(lane);
    if (e != ERR_OK) {
        lane_close(lane);
        return e;
    }
    *ret = lane;
    return ERR_OK;
}

void lane_close(struct lane_line *lane)
{
    if (!lane) {
        return;
    }
    (void)pthread_mutex_lock(&lane->lock);
    lane->closing = true;
    (void)pthread_cond_broadcast(&lane->news);
    (void)pthread_cond_broadcast(&lane->queued);
    (void)pthread_mutex_unlock(&lane->lock);
    for (unsigned i = 0; i < lane->running; i++) {
        (void)pthread_join(lane->workers[i].thread, NULL);
    }
    (void)pthread_cond_destroy(&lane->news);
    (void)pthread_cond_destroy(&lane->queued);
    (void)pthread_mutex_destroy(&lane->lock);
    free(lane->workers);
    free(lane);
}

enum err lane_post(struct lane_line *lane, struct call *call)
{
    enum err e = ERR_BUSY;
    bool first = false;

    call->next = NULL;
    call->queued_ms = monotonic_ms();
    (void)pthread_mutex_lock(&lane->lock);
    if (lane->waiting < lane->plan.capacity && !lane->closing) {
        first = !lane->first;
        *(lane->last ? &lane->last->next : &lane->first) = call;
        lane->last = call;
        atomic_fetch_add(&lane->waiting, 1);
        e = ERR_OK;
    }
    (void)pthread_mutex_unlock(&lane->lock);
    /* Behind the lock, for which whoever hears it would only wait. */
    (void)pthread_cond_signal(&lane->news);
    if (first && lane->plan.reserves > 0) {
        (void)pthread_cond_broadcast(&lane->queued);
    }
    return e;
}

int64_t lane_waiting(const struct lane_line *lane)
{
    return atomic_load(&lane->waiting);
}
