#include "base/check.h"
#include "domain/event.h"
#include "domain/fixture.h"
#include "domain/note.h"
#include "store/queries.h"

static const struct key32 subject = {
    {1, 2, 3}
};
static const struct id someone = {{7}};

static int64_t failures(struct fixture *f)
{
    struct attempt_of_row row = {0};
    enum err e = q_attempt_of(fixture_begin(f, TX_READ)->tx, &subject, &row);

    fixture_keep(f);
    assert_true(e == ERR_OK || e == ERR_MISSING);
    return row.failures;
}

static enum err note_both(struct ctx *ctx, void *answer)
{
    TRY(note_failure(ctx, &subject));
    TRY(note_event(ctx, EVENT_REFUSED, someone));
    TRY(event(ctx, EVENT_LOGIN, someone));
    return *(const enum err *)answer;
}

static enum err run(struct fixture *f, enum unit_kind kind, enum err answer)
{
    return fixture_run(f, &actor_operator, kind, note_both, &answer);
}

static void notes_outlive_the_unit_that_is_rolled_back(void **state)
{
    struct fixture *f = *state;
    size_t count;

    assert_err(run(f, TX_LATE, ERR_CREDENTIALS), ERR_CREDENTIALS);
    assert_int_equal(failures(f), 1);
    assert_int_equal(fixture_count(f, EVENT_REFUSED), 1);
    assert_int_equal(fixture_count(f, EVENT_LOGIN), 0);
    const struct event *events = fixture_events(f, &count), *last = &events[count - 1];
    assert_true(id_eq(last->subject, someone));
    assert_str(last->source, "192.0.2.1");
    assert_str(last->face, EDGE);
}

static void notes_of_a_unit_that_only_reads_are_written_all_the_same(void **state)
{
    struct fixture *f = *state;

    assert_true(run(f, TX_READ, ERR_CREDENTIALS) != ERR_OK); /* it has tried to write */
    assert_int_equal(failures(f), 1);
    assert_int_equal(fixture_count(f, EVENT_REFUSED), 1);
}

static void notes_of_a_unit_that_is_kept_are_written_too(void **state)
{
    struct fixture *f = *state;

    assert_ok(run(f, TX_LATE, ERR_OK));
    assert_int_equal(failures(f), 1);
    assert_int_equal(fixture_count(f, EVENT_REFUSED), 1);
    assert_int_equal(fixture_count(f, EVENT_LOGIN), 1);
}

static void failures_add_up(void **state)
{
    struct fixture *f = *state;

    for (int i = 1; i <= 3; i++) {
        assert_err(run(f, TX_LATE, ERR_CREDENTIALS), ERR_CREDENTIALS);
        assert_int_equal(failures(f), i);
    }
}

struct tries {
    int done, clashes;
};

static enum err clash_and_note(struct ctx *ctx, void *with)
{
    struct tries *tries = with;

    TRY(note_event(ctx, EVENT_REFUSED, someone));
    return tries->done++ < tries->clashes ? ERR_STORE_RETRY : ERR_CREDENTIALS;
}

static void what_a_try_noted_that_was_run_again_is_not_written(void **state)
{
    struct fixture *f = *state;
    struct tries tries = {.clashes = 3};

    assert_err(fixture_run(f, &actor_operator, TX_LATE, clash_and_note, &tries), ERR_CREDENTIALS);
    assert_int_equal(tries.done, 4);
    assert_int_equal(fixture_count(f, EVENT_REFUSED), 1);
}

/* One who could fail without being counted could try for ever. */
static void what_cannot_be_written_is_an_outage(void **state)
{
    struct fixture *f = *state;

    fixture_fill_disk();
    enum err e = run(f, TX_LATE, ERR_CREDENTIALS);
    fixture_free_disk();
    assert_int_equal(err_class(e), CLASS_UNAVAILABLE);
    assert_int_equal(failures(f), 0);
    assert_int_equal(fixture_count(f, EVENT_REFUSED), 0);
}

static void notes_are_written_into_the_open_unit(void **state)
{
    struct fixture *f = *state;

    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_ok(note_event(ctx, EVENT_REFUSED, someone));
    assert_ok(notes_write(ctx));
    fixture_drop(f);
    assert_int_equal(fixture_count(f, EVENT_REFUSED), 0);
    ctx = fixture_begin(f, TX_WRITE);
    assert_ok(notes_write(ctx)); /* none: nothing */
    assert_ok(note_event(ctx, EVENT_REFUSED, someone));
    assert_ok(notes_write(ctx));
    fixture_keep(f);
    assert_int_equal(fixture_count(f, EVENT_REFUSED), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(notes_outlive_the_unit_that_is_rolled_back),
        FIXTURE_TEST(notes_of_a_unit_that_only_reads_are_written_all_the_same),
        FIXTURE_TEST(notes_of_a_unit_that_is_kept_are_written_too),
        FIXTURE_TEST(failures_add_up),
        FIXTURE_TEST(what_a_try_noted_that_was_run_again_is_not_written),
        FIXTURE_TEST(what_cannot_be_written_is_an_outage),
        FIXTURE_TEST(notes_are_written_into_the_open_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
