/* The threads that run the jobs when they are due: one for each, so that a job that waits for the
 * store does not hold up the feed, by which every request is judged. */
#include "jobs/runner.h"

#include "base/arena.h"
#include "base/moment.h"
#include "base/rcu.h"
#include "domain/desk.h"
#include "domain/service.h"
#include "jobs/jobs.h"
#include "ops/log.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum {
    KEEP = 64 << 10,
    LIMIT = 1 << 30,
    /* A job with more to do than one run does rests this many times as long as the run took, so
     * that it has a ninth of the store at most, and the less the slower the store is. */
    REST_TIMES = 8,
    REST_LEAST_MS = 20,
    REST_MOST_MS = 1000
};

/* One job and its thread. */
struct worker {
    struct runner *runner;
    const struct job *job;
    struct desk *desk;
    struct arena *arena;
    pthread_t thread;
    bool running; /* the thread was started */
    bool failing;
    bool more;       /* than the last run has done */
    int64_t took_ns; /* the last run */
};

struct runner {
    struct service *service;
    struct tools tools;
    struct log *log;
    pthread_mutex_t lock;
    pthread_cond_t stopped;
    bool stopping;
    struct worker workers[JOBS];
};

/* Once when it starts to fail and once when it is well again, not at every round. */
static void tell(struct worker *worker, enum err e, const struct reason *reason)
{
    struct log *log = worker->runner->log;

    if ((e != ERR_OK) == worker->failing) {
        return;
    }
    worker->failing = e != ERR_OK;
    if (e == ERR_OK) {
        log_event(log, LOG_INFO, "job %s works again", worker->job->name);
    } else {
        log_event(log, LOG_ERROR, "job %s fails: %s %s", worker->job->name, err_name(e),
                  reason->detail);
    }
}

static void run_job(struct worker *worker)
{
    struct service *service = worker->runner->service;
    struct ctx ctx = service_ctx(service, worker->desk, worker->arena);

    int64_t begun = monotonic_ns();
    worker->more = false;
    rcu_enter(worker->desk->reader);
    enum err e = worker->job->run(&ctx, &worker->runner->tools, &worker->more);
    rcu_leave(worker->desk->reader);
    worker->more = worker->more && e == ERR_OK;
    worker->took_ns = monotonic_ns() - begun;
    tell(worker, e, &ctx.reason);
    arena_reset(worker->arena);
    rcu_collect(service->rcu);
}

/* True when it is time to stop. */
static bool rest(struct runner *runner, int64_t until_ms)
{
    struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};

    (void)pthread_mutex_lock(&runner->lock);
    while (!runner->stopping && monotonic_ms() < until_ms) {
        (void)pthread_cond_timedwait(&runner->stopped, &runner->lock, &until);
    }
    bool stopping = runner->stopping;
    (void)pthread_mutex_unlock(&runner->lock);
    return stopping;
}

/* After a run with more to do. */
static int64_t rest_ms(const struct worker *worker)
{
    int64_t ms = REST_TIMES * worker->took_ns / 1000000;

    ms = ms < REST_LEAST_MS ? REST_LEAST_MS : ms;
    return ms > REST_MOST_MS ? REST_MOST_MS : ms;
}

static bool wait_for_next(struct worker *worker)
{
    const struct job *job = worker->job;

    if (worker->more) {
        return rest(worker->runner, monotonic_ms() + rest_ms(worker));
    }
    if (!job->wait) {
        return rest(worker->runner, monotonic_ms() + job->every_ms);
    }
    job->wait(worker->runner->service, job->every_ms);
    return rest(worker->runner, 0);
}

static void *worker_main(void *with)
{
    struct worker *worker = with;

    do {
        run_job(worker);
    } while (!wait_for_next(worker));
    return NULL;
}

static enum err worker_start(struct runner *runner, size_t i)
{
    struct worker *worker = &runner->workers[i];

    worker->runner = runner;
    worker->job = &jobs[i];
    worker->arena = arena_create(KEEP, LIMIT);
    if (!worker->arena) {
        return ERR_MEMORY;
    }
    TRY(desk_open(runner->service, DESK_STORE, &worker->desk));
    if (pthread_create(&worker->thread, NULL, worker_main, worker) != 0) {
        return ERR_SYSTEM;
    }
    worker->running = true;
    return ERR_OK;
}

static void worker_end(struct worker *worker)
{
    if (worker->running && worker->job->wake) {
        worker->job->wake(worker->runner->service);
    }
    if (worker->running) {
        (void)pthread_join(worker->thread, NULL);
    }
    if (worker->runner) {
        desk_close(worker->runner->service, worker->desk);
    }
    arena_destroy(worker->arena);
}

static struct runner *runner_create(struct service *service, const struct tools *tools,
                                    struct log *log)
{
    struct runner *runner = calloc(1, sizeof *runner);
    pthread_condattr_t monotonic;

    if (!runner) {
        return NULL;
    }
    runner->service = service;
    runner->tools = *tools;
    runner->log = log;
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&runner->stopped, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    (void)pthread_mutex_init(&runner->lock, NULL);
    return runner;
}

enum err runner_start(struct service *service, const struct tools *tools, struct log *log,
                      struct runner **ret)
{
    struct runner *runner = runner_create(service, tools, log);
    enum err e = runner ? ERR_OK : ERR_MEMORY;

    for (size_t i = 0; i < JOBS && e == ERR_OK; i++) {
        e = worker_start(runner, i);
    }
    if (e != ERR_OK) {
        runner_stop(runner);
        return e;
    }
    *ret = runner;
    return ERR_OK;
}

void runner_stop(struct runner *runner)
{
    if (!runner) {
        return;
    }
    (void)pthread_mutex_lock(&runner->lock);
    runner->stopping = true;
    (void)pthread_cond_broadcast(&runner->stopped);
    (void)pthread_mutex_unlock(&runner->lock);
    for (size_t i = 0; i < JOBS; i++) {
        worker_end(&runner->workers[i]);
    }
    (void)pthread_cond_destroy(&runner->stopped);
    (void)pthread_mutex_destroy(&runner->lock);
    free(runner);
}
