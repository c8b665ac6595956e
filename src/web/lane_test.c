#include "base/check.h"
#include "base/moment.h"
#include "web/call.h"
#include "web/lane.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <time.h>

enum {
    CALLS = 64,
    NEVER = 3600 * 1000
};

/* What a lane is given to work with here. Workers hold their call until the gate lets one through.
 */
struct bench {
    struct lane_line *lane;
    struct call calls[CALLS];
    bool late[CALLS];
    sem_t begun, gate; /* a call was taken; one may end */
    _Atomic unsigned done, starts, ends;
    _Atomic unsigned by_reserve;
    unsigned start_fails_at; /* the how-manieth start does; 0: none */
    bool gated;
};

/* Each worker's own thing: whether it is a reserve. */
static bool plain_worker, reserve_worker = true;

static void *start(void *with, bool reserve)
{
    struct bench *bench = with;

    if (atomic_fetch_add(&bench->starts, 1) + 1 == bench->start_fails_at) {
        return NULL;
    }
    return reserve ? &reserve_worker : &plain_worker;
}

static void end(void *with, void *local)
{
    struct bench *bench = with;

    assert_non_null(local);
    atomic_fetch_add(&bench->ends, 1);
}

/* A call carries its bench where it would carry its web. */
static void work(void *local, struct call *call, bool late)
{
    struct bench *bench = (struct bench *)(void *)call->web;

    bench->late[call - bench->calls] = late;
    atomic_fetch_add(&bench->by_reserve, *(bool *)local);
    (void)sem_post(&bench->begun);
    if (bench->gated && !late) {
        while (sem_wait(&bench->gate) != 0) {
            /* interrupted by a signal */
        }
    }
    atomic_fetch_add(&bench->done, 1);
}

static struct lane_plan plan_of(struct bench *bench)
{
    return (struct lane_plan){
        .name = "test",
        .workers = 1,
        .patience_ms = NEVER,
        .capacity = CALLS,
        .most_wait_ms = NEVER,
        .worker_start = start,
        .worker_end = end,
        .work = work,
        .with = bench,
    };
}

static void set_up(struct bench *bench, bool gated)
{
    memset(bench, 0, sizeof *bench);
    bench->gated = gated;
    (void)sem_init(&bench->begun, 0, 0);
    (void)sem_init(&bench->gate, 0, 0);
    for (size_t i = 0; i < CALLS; i++) {
        bench->calls[i].web = (struct web *)(void *)bench;
    }
}

static void tear_down(struct bench *bench)
{
    lane_close(bench->lane);
    (void)sem_destroy(&bench->begun);
    (void)sem_destroy(&bench->gate);
}

static void await(sem_t *semaphore)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 30;
    assert_int_equal(sem_timedwait(semaphore, &until), 0);
}

static void let_through(struct bench *bench, unsigned count)
{
    while (count-- > 0) {
        (void)sem_post(&bench->gate);
    }
}

static void nap(int64_t ms)
{
    (void)nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static void every_call_is_worked_on_once(void **state)
{
    static struct bench bench;

    (void)state;
    set_up(&bench, /* gated= */ false);
    struct lane_plan plan = plan_of(&bench);
    plan.workers = 4;
    assert_ok(lane_open(&plan, &bench.lane));
    for (size_t i = 0; i < CALLS; i++) {
        assert_ok(lane_post(bench.lane, &bench.calls[i]));
    }
    for (size_t i = 0; i < CALLS; i++) {
        await(&bench.begun);
    }
    tear_down(&bench);
    assert_int_equal(bench.done, CALLS);
    assert_int_equal(bench.starts, 4);
    assert_int_equal(bench.ends, 4);
}

static void a_full_queue_takes_no_more_and_says_so(void **state)
{
    static struct bench bench;

    (void)state;
    set_up(&bench, /* gated= */ true);
    struct lane_plan plan = plan_of(&bench);
    plan.capacity = 3;
    assert_ok(lane_open(&plan, &bench.lane));
    assert_ok(lane_post(bench.lane, &bench.calls[0]));
    await(&bench.begun); /* it is with the worker and waits no more */
    for (size_t i = 1; i <= 3; i++) {
        assert_ok(lane_post(bench.lane, &bench.calls[i]));
    }
    assert_int_equal(lane_waiting(bench.lane), 3);
    assert_err(lane_post(bench.lane, &bench.calls[4]), ERR_BUSY);
    assert_int_equal(lane_waiting(bench.lane), 3);

    let_through(&bench, 1);
    await(&bench.begun);
    assert_ok(lane_post(bench.lane, &bench.calls[4]));
    let_through(&bench, 4);
    tear_down(&bench);
    assert_int_equal(bench.done, 5);
}

static void who_waited_too_long_is_told_and_nobody_else(void **state)
{
    static struct bench bench;

    (void)state;
    set_up(&bench, /* gated= */ true);
    struct lane_plan plan = plan_of(&bench);
    plan.most_wait_ms = 20;
    assert_ok(lane_open(&plan, &bench.lane));
    assert_ok(lane_post(bench.lane, &bench.calls[0]));
    await(&bench.begun);
    bench.late[0] = false; /* a slow machine may have been late even here */
    assert_ok(lane_post(bench.lane, &bench.calls[1]));
    nap(60);
    let_through(&bench, 1);
    await(&bench.begun);
    assert_true(bench.late[1]);
    tear_down(&bench);

    set_up(&bench, /* gated= */ true);
    plan = plan_of(&bench);
    assert_ok(lane_open(&plan, &bench.lane));
    assert_ok(lane_post(bench.lane, &bench.calls[0]));
    await(&bench.begun);
    assert_false(bench.late[0]);
    let_through(&bench, 1);
    tear_down(&bench);
}

static void a_reserve_leaves_alone_what_has_only_come(void **state)
{
    static struct bench bench;

    (void)state;
    set_up(&bench, /* gated= */ true);
    struct lane_plan plan = plan_of(&bench);
    plan.reserves = 2;
    assert_ok(lane_open(&plan, &bench.lane));
    for (size_t i = 0; i < 8; i++) {
        assert_ok(lane_post(bench.lane, &bench.calls[i]));
    }
    await(&bench.begun);
    nap(50);
    assert_int_equal(lane_waiting(bench.lane), 7); /* the worker has one, the reserves none */
    let_through(&bench, 8);
    for (size_t i = 1; i < 8; i++) {
        await(&bench.begun);
    }
    assert_int_equal(bench.by_reserve, 0);
    tear_down(&bench);
}

static void a_reserve_takes_what_has_waited(void **state)
{
    static struct bench bench;

    (void)state;
    set_up(&bench, /* gated= */ true);
    struct lane_plan plan = plan_of(&bench);
    plan.reserves = 1;
    plan.patience_ms = 30;
    assert_ok(lane_open(&plan, &bench.lane));
    int64_t begun_ms = monotonic_ms();
    assert_ok(lane_post(bench.lane, &bench.calls[0]));
    await(&bench.begun); /* the worker, or on a machine that sleeps the reserve, holds it */
    assert_ok(lane_post(bench.lane, &bench.calls[1]));
    await(&bench.begun); /* by the other one, with nothing let through */
    assert_true(monotonic_ms() - begun_ms >= 30);
    assert_int_equal(bench.by_reserve, 1);
    let_through(&bench, 2);
    tear_down(&bench);
}

static void closing_lets_the_queue_run_dry(void **state)
{
    static struct bench bench;

    (void)state;
    set_up(&bench, /* gated= */ true);
    struct lane_plan plan = plan_of(&bench);
    assert_ok(lane_open(&plan, &bench.lane));
    for (size_t i = 0; i < 20; i++) {
        assert_ok(lane_post(bench.lane, &bench.calls[i]));
    }
    let_through(&bench, 20);
    tear_down(&bench);
    assert_int_equal(bench.done, 20);
    assert_int_equal(bench.ends, 1);
}

static void *close_it(void *with)
{
    lane_close(with);
    return NULL;
}

static void a_lane_that_closes_takes_nothing_more(void **state)
{
    static struct bench bench;
    pthread_t closer;
    enum err e = ERR_OK;

    (void)state;
    set_up(&bench, /* gated= */ true);
    struct lane_plan plan = plan_of(&bench);
    assert_ok(lane_open(&plan, &bench.lane));
    assert_ok(lane_post(bench.lane, &bench.calls[0]));
    await(&bench.begun); /* and holds the lane open until it is let through */
    assert_int_equal(pthread_create(&closer, NULL, close_it, bench.lane), 0);
    for (size_t i = 1; i < CALLS && e == ERR_OK; i++) {
        nap(20); /* well before the queue is full the closer has been there */
        e = lane_post(bench.lane, &bench.calls[i]);
    }
    assert_err(e, ERR_BUSY);
    assert_true(lane_waiting(bench.lane) < CALLS - 1);
    let_through(&bench, CALLS);
    assert_int_equal(pthread_join(closer, NULL), 0);
    bench.lane = NULL;
    tear_down(&bench);
}

static void a_worker_that_cannot_start_fails_the_lane(void **state)
{
    static struct bench bench;

    (void)state;
    for (unsigned at = 1; at <= 4; at++) {
        set_up(&bench, /* gated= */ false);
        struct lane_plan plan = plan_of(&bench);
        plan.workers = 3;
        plan.reserves = 1;
        bench.start_fails_at = at;
        assert_err(lane_open(&plan, &bench.lane), ERR_SYSTEM);
        assert_int_equal(bench.starts, 4);
        assert_int_equal(bench.ends, 3); /* those that had started let go of what they had */
        assert_null(bench.lane);
        tear_down(&bench);
    }
}

static void closing_nothing_is_fine(void **state)
{
    (void)state;
    lane_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_is_worked_on_once),
        cmocka_unit_test(a_full_queue_takes_no_more_and_says_so),
        cmocka_unit_test(who_waited_too_long_is_told_and_nobody_else),
        cmocka_unit_test(a_reserve_leaves_alone_what_has_only_come),
        cmocka_unit_test(a_reserve_takes_what_has_waited),
        cmocka_unit_test(closing_lets_the_queue_run_dry),
        cmocka_unit_test(a_lane_that_closes_takes_nothing_more),
        cmocka_unit_test(a_worker_that_cannot_start_fails_the_lane),
        cmocka_unit_test(closing_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
