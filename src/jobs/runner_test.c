#include "base/check.h"
#include "base/moment.h"
#include "domain/fixture.h"
#include "jobs/jobs.h"
#include "jobs/runner.h"
#include "ops/log.h"

#include <unistd.h>

#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#undef fail /* here it is ours that is meant, not cmocka's */

enum {
    LARGE_RUNS = 20 /* the large one has more to do until then */
};

/* What the jobs do here. They find it where no other data may be: the runner hands nothing on. */
static struct {
    _Atomic unsigned steady, troubled, slow, large; /* runs so far */
    _Atomic int answer;                             /* of the troubled one */
    _Atomic bool held;                              /* the slow one waits at the gate */
    sem_t gate;
} play;

static enum err run_idle(struct ctx *ctx, const struct tools *tools, bool *ret_more)
{
    (void)ctx;
    (void)tools;
    *ret_more = false;
    return ERR_OK;
}

static enum err run_steady(struct ctx *ctx, const struct tools *tools, bool *ret_more)
{
    (void)tools;
    *ret_more = false;
    assert_non_null(ctx->arena);
    assert_int_equal(ctx->actor.kind, ACTOR_NOBODY);
    atomic_fetch_add(&play.steady, 1);
    return ERR_OK;
}

static enum err run_troubled(struct ctx *ctx, const struct tools *tools, bool *ret_more)
{
    (void)tools;
    enum err e = (enum err)atomic_load(&play.answer);

    *ret_more = false;
    atomic_fetch_add(&play.troubled, 1);
    return e == ERR_OK ? e : ctx_fail(ctx, e, STR(""), "as the test wants it");
}

static enum err run_slow(struct ctx *ctx, const struct tools *tools, bool *ret_more)
{
    (void)tools;
    (void)ctx;
    if (atomic_load(&play.held)) {
        while (sem_wait(&play.gate) != 0) {
            /* interrupted by a signal */
        }
    }
    atomic_fetch_add(&play.slow, 1);
    *ret_more = false;
    return ERR_OK;
}

static enum err run_large(struct ctx *ctx, const struct tools *tools, bool *ret_more)
{
    (void)tools;
    (void)ctx;
    *ret_more = atomic_fetch_add(&play.large, 1) < LARGE_RUNS - 1;
    return ERR_OK;
}

/* In the place of those that jobs.c has. */
const struct job jobs[JOBS] = {
    {"idle",     24 * 3600 * 1000, run_idle    },
    {"steady",   1,                run_steady  },
    {"troubled", 1,                run_troubled},
    {"slow",     24 * 3600 * 1000, run_slow    },
    {"large",    24 * 3600 * 1000, run_large   },
};

struct house {
    struct fixture *fixture;
    struct log *log;
    int log_file;
    struct runner *runner;
};

static int make(void **state)
{
    static struct house house;
    const struct log_settings settings = {STR("debug"), STR("json"), STR("all")};
    char name[] = "/tmp/signet-jobs-XXXXXX";
    void *fixture;

    memset(&play, 0, sizeof play);
    assert_int_equal(sem_init(&play.gate, 0, 0), 0);
    assert_int_equal(fixture_set_up(&fixture), 0);
    house = (struct house){.fixture = fixture, .log_file = mkostemp(name, O_APPEND)};
    assert_true(house.log_file >= 0);
    (void)unlink(name);
    assert_ok(log_open(&settings, house.log_file, &house.log));
    *state = &house;
    return 0;
}

static int destroy(void **state)
{
    struct house *house = *state;
    void *fixture = house->fixture;

    (void)sem_post(&play.gate);
    runner_stop(house->runner);
    log_close(house->log);
    (void)close(house->log_file);
    (void)sem_destroy(&play.gate);
    return fixture_tear_down(&fixture);
}

static void start(struct house *house)
{
    assert_ok(
        runner_start(&house->fixture->service, &(struct tools){0}, house->log, &house->runner));
}

static void stop(struct house *house)
{
    runner_stop(house->runner);
    house->runner = NULL;
}

/* Until it has run so often in all. */
static void await(_Atomic unsigned *runs, unsigned wanted)
{
    int64_t limit = monotonic_ms() + 60000;

    while (atomic_load(runs) < wanted) {
        assert_true(monotonic_ms() < limit);
        (void)usleep(1000);
    }
}

/* Until it has run that much more often than now. */
static void await_more(_Atomic unsigned *runs, unsigned more)
{
    await(runs, atomic_load(runs) + more);
}

static size_t times_logged(struct house *house, const char *words)
{
    static char text[1 << 20];
    size_t count = 0;

    ssize_t length = pread(house->log_file, text, sizeof text - 1, 0);
    assert_true(length >= 0);
    text[length] = '\0';
    for (const char *at = text; (at = strstr(at, words)); at++) {
        count++;
    }
    return count;
}

static void every_job_runs_at_once_and_again_when_it_is_due(void **state)
{
    start(*state);
    await(&play.slow, 1);
    await_more(&play.steady, 20);
    await_more(&play.troubled, 20);
    assert_int_equal(play.slow, 1); /* tomorrow again */
}

static void a_job_with_more_to_do_is_due_again_until_it_has_none(void **state)
{
    start(*state);
    await(&play.large, LARGE_RUNS);
    await_more(&play.steady, 20);
    assert_int_equal(play.large, LARGE_RUNS); /* tomorrow again */
}

static void a_job_that_takes_its_time_holds_up_no_other(void **state)
{
    atomic_store(&play.held, true);
    start(*state);
    await_more(&play.steady, 20);
    await_more(&play.troubled, 20);
    assert_int_equal(play.slow, 0);
}

static void a_job_that_fails_is_told_once_and_once_when_it_is_well(void **state)
{
    struct house *house = *state;

    atomic_store(&play.answer, ERR_STORE_DOWN);
    start(house);
    await_more(&play.troubled, 20);
    atomic_store(&play.answer, ERR_OK);
    await_more(&play.troubled, 20);
    atomic_store(&play.answer, ERR_STORE);
    await_more(&play.troubled, 20);
    stop(house);
    assert_int_equal(times_logged(house, "job troubled fails: ERR_STORE_DOWN as the test wants it"),
                     1);
    assert_int_equal(times_logged(house, "job troubled works again"), 1);
    assert_int_equal(times_logged(house, "job troubled fails: ERR_STORE as the test wants it"), 1);
    assert_int_equal(times_logged(house, "job steady"), 0);
}

static void a_failing_job_goes_on_being_tried_and_the_others_go_on(void **state)
{
    atomic_store(&play.answer, ERR_STORE_DOWN);
    start(*state);
    await_more(&play.troubled, 20);
    await_more(&play.steady, 20);
}

static void it_stops_at_once_though_the_next_run_is_far_away(void **state)
{
    struct house *house = *state;

    start(house);
    await(&play.slow, 1);
    int64_t begun_ms = monotonic_ms();
    stop(house);
    assert_true(monotonic_ms() - begun_ms < 10000); /* the next run would be tomorrow */
    unsigned steady = play.steady;
    (void)usleep(20000);
    assert_int_equal(play.steady, steady);
}

static void *stop_it(void *with)
{
    stop(with);
    return NULL;
}

static void it_does_not_stop_in_the_middle_of_a_job(void **state)
{
    struct house *house = *state;
    pthread_t stopper;

    atomic_store(&play.held, true);
    start(house);
    await(&play.steady, 1);
    assert_int_equal(pthread_create(&stopper, NULL, stop_it, house), 0);
    (void)usleep(20000);
    assert_int_equal(play.slow, 0);
    (void)sem_post(&play.gate);
    assert_int_equal(pthread_join(stopper, NULL), 0);
    assert_int_equal(play.slow, 1);
}

static void stopping_nothing_is_fine(void **state)
{
    (void)state;
    runner_stop(NULL);
}

int main(void)
{
#define IN_HOUSE(test) cmocka_unit_test_setup_teardown(test, make, destroy)
    const struct CMUnitTest tests[] = {
        IN_HOUSE(every_job_runs_at_once_and_again_when_it_is_due),
        IN_HOUSE(a_job_with_more_to_do_is_due_again_until_it_has_none),
        IN_HOUSE(a_job_that_takes_its_time_holds_up_no_other),
        IN_HOUSE(a_job_that_fails_is_told_once_and_once_when_it_is_well),
        IN_HOUSE(a_failing_job_goes_on_being_tried_and_the_others_go_on),
        IN_HOUSE(it_stops_at_once_though_the_next_run_is_far_away),
        IN_HOUSE(it_does_not_stop_in_the_middle_of_a_job),
        cmocka_unit_test(stopping_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
