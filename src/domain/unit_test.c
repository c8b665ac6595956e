#include "base/arena.h"
#include "base/check.h"
#include "domain/event.h"
#include "domain/fixture.h"
#include "domain/unit.h"
#include "domain/user.h"
#include "store/queries.h"

#undef fail /* here it is ours that is meant, not cmocka's */

struct work {
    int tries;
    int clashes;     /* how often the store asks for another try */
    enum err answer; /* of the last one */
    struct new_user in;
    struct user user;
};

static enum err do_work(struct ctx *ctx, void *with)
{
    struct work *work = with;

    TRY(user_create(ctx, &work->in, &work->user));
    if (work->tries++ < work->clashes) {
        return ctx_fail(ctx, ERR_STORE_RETRY, STR(""), "a clash");
    }
    return work->answer == ERR_OK ? ERR_OK
                                  : ctx_fail(ctx, work->answer, STR("username"), "as it was told");
}

static enum err run(struct fixture *f, struct work *work)
{
    work->in = fixture_new_user(f, "paul");
    return fixture_run(f, &actor_operator, TX_LATE, do_work, work);
}

static bool paul_is_there(struct fixture *f)
{
    struct user user;
    enum err e = user_find(fixture_begin(f, TX_READ), STR("paul"), &user);

    fixture_keep(f);
    return e == ERR_OK;
}

static void what_answers_well_is_kept(void **state)
{
    struct fixture *f = *state;
    struct work work = {0};

    assert_ok(run(f, &work));
    assert_int_equal(work.tries, 1);
    assert_null(f->ctx.tx);
    assert_true(paul_is_there(f));
}

static void a_failure_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct work work = {.answer = ERR_FORBIDDEN};
    size_t before, after;

    (void)fixture_events(f, &before);
    assert_err(run(f, &work), ERR_FORBIDDEN);
    assert_int_equal(work.tries, 1);
    assert_null(f->ctx.tx);
    assert_false(paul_is_there(f));
    (void)fixture_events(f, &after);
    assert_int_equal(after, before);
}

static void what_clashes_is_run_again_from_the_start(void **state)
{
    struct fixture *f = *state;
    struct work work = {.clashes = 3};

    assert_ok(run(f, &work));
    assert_int_equal(work.tries, 4);
    assert_true(paul_is_there(f));
    assert_int_equal(fixture_count(f, EVENT_USER_CREATED), 1);
    assert_int_equal(f->ctx.reason.err, ERR_OK); /* the reason of the first tries is forgotten */
}

static void what_clashes_for_ever_is_given_up(void **state)
{
    struct fixture *f = *state;
    struct work work = {.clashes = 1000};

    assert_err(run(f, &work), ERR_STORE_RETRY);
    assert_int_equal(work.tries, 10);
    assert_false(paul_is_there(f));
}

static void the_reason_is_that_of_the_last_try(void **state)
{
    struct fixture *f = *state;
    struct work work = {.clashes = 2, .answer = ERR_FORBIDDEN};

    assert_err(run(f, &work), ERR_FORBIDDEN);
    assert_int_equal(f->ctx.reason.err, ERR_FORBIDDEN);
    assert_str(f->ctx.reason.field, "username");
    assert_string_equal(f->ctx.reason.detail, "as it was told");
}

static enum err become_somebody(struct ctx *ctx, void *answer)
{
    ctx->actor = (struct actor){.kind = ACTOR_USER, .permissions = permission_all()};
    return *(const enum err *)answer;
}

static void nobody_becomes_somebody_by_a_unit_that_fails(void **state)
{
    struct fixture *f = *state;
    struct actor nobody = {.kind = ACTOR_NOBODY};
    enum err answer = ERR_STORE_FULL;

    assert_err(fixture_run(f, &nobody, TX_LATE, become_somebody, &answer), ERR_STORE_FULL);
    assert_int_equal(f->ctx.actor.kind, ACTOR_NOBODY);
    assert_int_equal(f->ctx.actor.permissions.bits, 0);
    answer = ERR_OK;
    assert_ok(fixture_run(f, &nobody, TX_LATE, become_somebody, &answer));
    assert_int_equal(f->ctx.actor.kind, ACTOR_USER);
}

static void what_the_store_has_to_say_is_for_the_log(void **state)
{
    struct fixture *f = *state;
    struct work work = {0};

    fixture_fill_disk();
    enum err e = run(f, &work);
    fixture_free_disk();
    assert_int_equal(err_class(e), CLASS_UNAVAILABLE);
    assert_int_equal(f->ctx.reason.err, e);
    assert_true(f->ctx.reason.detail[0] != '\0');
    assert_false(paul_is_there(f));
    work = (struct work){0};
    assert_ok(run(f, &work)); /* without a restart */
}

static enum err write_one(struct ctx *ctx, void *with)
{
    (void)with;
    return event(ctx, EVENT_REFUSED, (struct id){0});
}

static void a_unit_that_reads_writes_nothing(void **state)
{
    struct fixture *f = *state;

    assert_true(fixture_run(f, &actor_operator, TX_READ, write_one, NULL) != ERR_OK);
    assert_int_equal(fixture_count(f, EVENT_REFUSED), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(what_answers_well_is_kept),
        FIXTURE_TEST(a_failure_leaves_nothing),
        FIXTURE_TEST(what_clashes_is_run_again_from_the_start),
        FIXTURE_TEST(what_clashes_for_ever_is_given_up),
        FIXTURE_TEST(the_reason_is_that_of_the_last_try),
        FIXTURE_TEST(nobody_becomes_somebody_by_a_unit_that_fails),
        FIXTURE_TEST(what_the_store_has_to_say_is_for_the_log),
        FIXTURE_TEST(a_unit_that_reads_writes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
