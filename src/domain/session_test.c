#include "base/check.h"
#include "domain/fixture.h"
#include "domain/refresh.h"
#include "domain/session.h"
#include "store/queries.h"

static struct session open_one(struct fixture *f, struct id user)
{
    struct session session;

    assert_ok(session_open(fixture_begin(f, TX_WRITE), user, &session));
    fixture_keep(f);
    return session;
}

static size_t list(struct fixture *f, struct id user, struct session **ret)
{
    size_t count;

    assert_ok(session_list(fixture_begin(f, TX_READ), user, ret, &count));
    fixture_keep(f);
    return count;
}

static enum err try_end(struct fixture *f, struct id session)
{
    enum err e = session_end(fixture_begin(f, TX_WRITE), session);

    if (e == ERR_OK) {
        fixture_keep(f);
    } else {
        fixture_drop(f);
    }
    return e;
}

static void a_session_lasts_as_long_as_the_setting_says(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct session *sessions;

    f->settings.session_seconds = 3600;
    struct session session = open_one(f, user.id);
    assert_int_equal(session.expires.ms, f->now.ms + 3600000);
    fixture_pass(f, 3599);
    assert_int_equal(list(f, user.id, &sessions), 1);
    assert_true(id_eq(sessions[0].id, session.id));
    fixture_pass(f, 1);
    assert_int_equal(list(f, user.id, &sessions), 0);
}

static void the_newest_session_is_listed_first(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul"), other = fixture_user(f, "eve");
    struct session *sessions;

    struct session first = open_one(f, user.id);
    (void)open_one(f, other.id);
    fixture_pass(f, 1);
    struct session second = open_one(f, user.id);
    assert_int_equal(list(f, user.id, &sessions), 2);
    assert_true(id_eq(sessions[0].id, second.id));
    assert_true(id_eq(sessions[1].id, first.id));
    assert_str(sessions[0].face, EDGE);
    assert_str(sessions[0].peer, "192.0.2.1");
}

static void a_session_ends_once(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct session session = open_one(f, user.id), stored;

    fixture_pass(f, 5);
    assert_ok(try_end(f, session.id));
    assert_ok(q_session_by_id(fixture_begin(f, TX_READ)->tx, session.id, &stored));
    fixture_keep(f);
    assert_int_equal(stored.ended.ms, f->now.ms);

    fixture_pass(f, 5);
    assert_err(try_end(f, session.id), ERR_MISSING);
    assert_err(try_end(f, (struct id){{1}}), ERR_MISSING);
    assert_err(try_end(f, (struct id){0}), ERR_MISSING);
    assert_int_equal(fixture_count(f, EVENT_SESSION_ENDED), 1);
}

static void all_others_end_and_each_is_told(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul"), other = fixture_user(f, "eve");
    struct session *sessions, kept = {0};

    (void)open_one(f, other.id);
    for (int i = 0; i < 5; i++) {
        kept = open_one(f, user.id);
    }
    assert_ok(session_end_others(fixture_begin(f, TX_WRITE), user.id, kept.id));
    fixture_keep(f);
    assert_int_equal(list(f, user.id, &sessions), 1);
    assert_true(id_eq(sessions[0].id, kept.id));
    assert_int_equal(list(f, other.id, &sessions), 1);
    assert_int_equal(fixture_count(f, EVENT_SESSION_ENDED), 4);

    assert_ok(session_end_others(fixture_begin(f, TX_WRITE), user.id, (struct id){0}));
    fixture_keep(f);
    assert_int_equal(list(f, user.id, &sessions), 0);
    assert_int_equal(fixture_count(f, EVENT_SESSION_ENDED), 5);
}

/* A node whose clock is behind still takes its tokens. */
static void one_that_is_over_is_ended_for_a_minute_yet(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");

    f->settings.session_seconds = 3600;
    (void)open_one(f, user.id);
    fixture_pass(f, 1);
    (void)open_one(f, user.id);
    fixture_pass(f, 3600 + 59);
    assert_ok(session_end_others(fixture_begin(f, TX_WRITE), user.id, (struct id){0}));
    fixture_keep(f);
    assert_int_equal(fixture_count(f, EVENT_SESSION_ENDED), 1);
}

static void the_session_of_another_to_be_kept_keeps_none(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul"), other = fixture_user(f, "eve");
    struct session *sessions, foreign = open_one(f, other.id);

    (void)open_one(f, user.id);
    assert_ok(session_end_others(fixture_begin(f, TX_WRITE), user.id, foreign.id));
    fixture_keep(f);
    assert_int_equal(list(f, user.id, &sessions), 0);
    assert_int_equal(list(f, other.id, &sessions), 1);
}

static enum err end_own(struct ctx *ctx, void *id)
{
    return session_end_own(ctx, *(struct id *)id);
}

static void of_ones_own_and_no_others_one_can_be_ended(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul"), other = fixture_user(f, "eve");
    struct session own = open_one(f, user.id), foreign = open_one(f, other.id), *sessions;
    struct actor paul = fixture_actor(f, user.id);

    assert_err(fixture_run(f, &paul, TX_WRITE, end_own, &foreign.id), ERR_MISSING);
    assert_int_equal(list(f, other.id, &sessions), 1);
    assert_ok(fixture_run(f, &paul, TX_WRITE, end_own, &own.id));
    assert_int_equal(list(f, user.id, &sessions), 0);
    assert_err(fixture_run(f, &paul, TX_WRITE, end_own, &own.id), ERR_MISSING);
}

/* Its access token has expired by then, and its refresh token counts no more. */
static void one_that_cannot_go_on_is_not_listed(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct session with = open_one(f, user.id), without = open_one(f, user.id), *sessions;
    struct secret token;

    assert_ok(refresh_issue(fixture_begin(f, TX_WRITE), &with, &token));
    fixture_keep(f);
    fixture_pass(f, f->settings.refresh_idle - 1);
    assert_int_equal(list(f, user.id, &sessions), 2);
    fixture_pass(f, 1);
    assert_int_equal(list(f, user.id, &sessions), 1);
    assert_true(id_eq(sessions[0].id, without.id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_session_lasts_as_long_as_the_setting_says),
        FIXTURE_TEST(the_newest_session_is_listed_first),
        FIXTURE_TEST(a_session_ends_once),
        FIXTURE_TEST(all_others_end_and_each_is_told),
        FIXTURE_TEST(one_that_is_over_is_ended_for_a_minute_yet),
        FIXTURE_TEST(the_session_of_another_to_be_kept_keeps_none),
        FIXTURE_TEST(of_ones_own_and_no_others_one_can_be_ended),
        FIXTURE_TEST(one_that_cannot_go_on_is_not_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
