#include "base/check.h"
#include "base/rcu.h"
#include "domain/desk.h"
#include "domain/fixture.h"
#include "domain/standing.h"
#include "jobs/jobs.h"
#include "jobs/postman.h"

static const struct job *job_of(const char *name)
{
    size_t i = 0;

    while (strcmp(jobs[i].name, name) != 0) {
        i++;
        assert_true(i < JOBS);
    }
    return &jobs[i];
}

static enum err run(struct fixture *f, const char *name)
{
    const struct mail_settings settings = {.starttls = STR("required"), .total_seconds = 30};
    const struct postman_plan plan = {.settings = &settings};
    struct ctx *ctx = fixture_ctx(f);
    struct reason reason = {0};
    struct tools tools;

    assert_ok(postman_create(&plan, &reason, &tools.postman));

    rcu_enter(f->desk->reader);
    bool more = true;
    enum err e = job_of(name)->run(ctx, &tools, &more);
    rcu_leave(f->desk->reader);
    postman_destroy(tools.postman);
    assert_false(more); /* of nothing at all */
    return e;
}

static void every_job_runs_on_a_new_installation(void **state)
{
    for (size_t i = 0; i < JOBS; i++) {
        assert_ok(run(*state, jobs[i].name));
        assert_true(jobs[i].every_ms > 0);
    }
}

static void the_feed_is_read_well_before_this_node_says_no(void **state)
{
    struct fixture *f = *state;

    assert_true(job_of("feed")->every_ms <= 500);
    standing_read_through(f->service.standing, monotonic_ms() - 60000);
    assert_false(standing_is_fresh(f->service.standing, monotonic_ms()));
    assert_ok(run(f, "feed"));
    assert_true(standing_is_fresh(f->service.standing, monotonic_ms()));
}

static void keys_are_followed_by_new_ones_when_they_are_old(void **state)
{
    struct fixture *f = *state;

    assert_ok(run(f, "keys"));
    assert_int_equal(fixture_count(f, EVENT_KEY_CREATED), 1); /* of the start */
    fixture_pass(f, f->settings.key_rotation + 1);
    assert_ok(run(f, "keys"));
    assert_int_equal(fixture_count(f, EVENT_KEY_CREATED), 2);
    assert_ok(run(f, "keys"));
    assert_int_equal(fixture_count(f, EVENT_KEY_CREATED), 2);
}

int main(void)
{
#define WITH_SERVICE(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        WITH_SERVICE(every_job_runs_on_a_new_installation),
        WITH_SERVICE(the_feed_is_read_well_before_this_node_says_no),
        WITH_SERVICE(keys_are_followed_by_new_ones_when_they_are_old),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
