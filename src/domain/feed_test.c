#include "base/check.h"
#include "base/rcu.h"
#include "domain/desk.h"
#include "domain/event.h"
#include "domain/feed.h"
#include "domain/fixture.h"
#include "domain/keyring.h"
#include "domain/role.h"
#include "domain/session.h"
#include "domain/standing.h"
#include "domain/user.h"
#include "store/queries.h"

static enum err stop(struct ctx *ctx, void *user)
{
    return user_stop(ctx, user);
}

static enum err resume(struct ctx *ctx, void *user)
{
    return user_resume(ctx, user);
}

static enum err end_session(struct ctx *ctx, void *session)
{
    return session_end(ctx, *(const struct id *)session);
}

static enum err rotate(struct ctx *ctx, void *with)
{
    (void)with;
    return keyring_rotate(ctx, ctx->now);
}

static enum err grant_admin(struct ctx *ctx, void *user)
{
    return role_grant_named(ctx, ((const struct user *)user)->id, role_name(ROLE_ADMIN));
}

static enum err read_feed(struct fixture *f)
{
    rcu_enter(f->desk->reader);
    enum err e = feed_read(fixture_ctx(f));
    rcu_leave(f->desk->reader);
    return e;
}

static void what_another_process_ends_is_refused_here(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct logged_in in = fixture_login(f, "paul"), other = fixture_login(f, "paul");
    struct fixture *there = fixture_join(f);

    assert_ok(fixture_accept(there, in.token.text, NULL)); /* remembered from here on */
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, end_session, &in.session.id));
    assert_ok(fixture_accept(there, in.token.text, NULL));
    assert_ok(read_feed(there));
    assert_err(fixture_accept(there, in.token.text, NULL), ERR_TOKEN_INVALID);
    assert_ok(fixture_accept(there, other.token.text, NULL));

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &user));
    assert_ok(read_feed(there));
    assert_err(fixture_accept(there, other.token.text, NULL), ERR_TOKEN_INVALID);
    fixture_leave(there);
}

static void both_ways_and_back(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct fixture *there = fixture_join(f);
    struct actor actor;

    assert_ok(fixture_run(there, &actor_operator, TX_WRITE, stop, &user));
    assert_ok(read_feed(f));
    user.state = USER_INACTIVE;
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, resume, &user));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, grant_admin, &user));
    assert_ok(read_feed(there));
    struct logged_in in = fixture_login(f, "paul");
    assert_ok(fixture_accept(there, in.token.text, &actor));
    assert_true(permission_held(actor.permissions, PERMIT_ADMINS_WRITE));
    fixture_leave(there);
}

static void anothers_key_is_known_after_reading(void **state)
{
    struct fixture *f = *state;
    struct fixture *there = fixture_join(f);

    (void)fixture_user(f, "paul");
    fixture_pass(f, 1);
    there->now = f->now;
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, rotate, NULL));
    struct logged_in in = fixture_login(f, "paul");
    assert_err(fixture_accept(there, in.token.text, NULL), ERR_TOKEN_INVALID);
    assert_ok(read_feed(there));
    assert_ok(fixture_accept(there, in.token.text, NULL));
    fixture_leave(there);
}

static void a_store_has_one_first_key_whoever_comes_first(void **state)
{
    struct fixture *f = *state;
    struct fixture *there = fixture_join(f);

    assert_int_equal(fixture_count(f, EVENT_KEY_CREATED), 1);
    (void)fixture_user(f, "paul");
    struct logged_in in = fixture_login(there, "paul");
    assert_ok(fixture_accept(f, in.token.text, NULL));
    fixture_leave(there);
}

static enum err many_events(struct ctx *ctx, void *with)
{
    (void)with;
    for (int i = 0; i < 2500; i++) {
        TRY(event(ctx, EVENT_LOGIN_FAILED, (struct id){0}));
    }
    return ERR_OK;
}

/* More than one batch is read at once, to the end. */
static void all_that_is_there_is_read(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct events_position_row end;
    struct fixture *there = fixture_join(f);

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, many_events, NULL));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &user));
    assert_ok(read_feed(there));
    rcu_enter(there->desk->reader);
    assert_true(standing_user(there->service.standing, user.id).stopped);
    rcu_leave(there->desk->reader);
    assert_ok(q_events_position(fixture_begin(f, TX_READ)->tx, &end));
    assert_str(end.position, there->service.feed);
    fixture_keep(f);
    fixture_leave(there);
}

static void a_verb_of_a_newer_version_is_passed_over(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct event newer = {.at = f->now, .verb = STR("user.teleported"), .subject = user.id};
    struct events_position_row end;

    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_ok(q_event_insert(ctx->tx, &newer));
    fixture_keep(f);
    assert_ok(read_feed(f));
    assert_ok(q_events_position(fixture_begin(f, TX_READ)->tx, &end));
    assert_str(end.position, f->service.feed);
    fixture_keep(f);
}

/* A key that cannot be opened here: what comes behind it has not been heard of, and is not
 * forgotten. */
static void what_cannot_be_taken_over_is_not_passed_over(void **state)
{
    struct fixture *f = *state;
    struct standing *standing = f->service.standing;
    struct user user = fixture_user(f, "paul");
    struct fixture *there = fixture_join(f);

    standing_read_through(standing, monotonic_ms() - 60000);
    assert_ok(fixture_run(there, &actor_operator, TX_WRITE, rotate, NULL));
    assert_ok(fixture_run(there, &actor_operator, TX_WRITE, stop, &user));
    f->service.master.bytes[0] ^= 1;
    assert_err(read_feed(f), ERR_CRYPTO);
    assert_false(standing_is_fresh(standing, monotonic_ms()));
    f->service.master.bytes[0] ^= 1;
    assert_ok(read_feed(f));
    assert_true(standing_is_fresh(standing, monotonic_ms()));
    rcu_enter(f->desk->reader);
    assert_true(standing_user(standing, user.id).stopped);
    rcu_leave(f->desk->reader);
    fixture_leave(there);
}

/* The numbers of what was lost are given anew, so that our place says nothing about them. */
static void a_store_that_another_one_goes_on_for_is_read_anew(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul"), lost = fixture_user(f, "lost");
    struct fixture *there = fixture_join(f);
    struct standing *standing = there->service.standing;

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &user));
    (void)snprintf(there->service.line, sizeof there->service.line, "00000001");
    (void)snprintf(there->service.feed, sizeof there->service.feed, "99999999");
    standing_read_through(standing, monotonic_ms() - 60000);
    assert_ok(read_feed(there));
    assert_true(standing_is_fresh(standing, monotonic_ms()));
    rcu_enter(there->desk->reader);
    assert_true(standing_user(standing, user.id).stopped);
    assert_false(standing_user(standing, lost.id).stopped);
    rcu_leave(there->desk->reader);
    fixture_leave(there);
}

static void while_it_is_read_anew_nobody_is_let_in(void **state)
{
    struct fixture *f = *state;
    struct standing *standing = f->service.standing;

    (void)snprintf(f->service.line, sizeof f->service.line, "00000001");
    f->service.master.bytes[0] ^= 1; /* its keys cannot be opened, so that it comes to no end */
    assert_err(read_feed(f), ERR_CRYPTO);
    assert_false(standing_is_fresh(standing, monotonic_ms()));
    f->service.master.bytes[0] ^= 1;
    assert_ok(read_feed(f));
    assert_true(standing_is_fresh(standing, monotonic_ms()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(what_another_process_ends_is_refused_here),
        FIXTURE_TEST(both_ways_and_back),
        FIXTURE_TEST(anothers_key_is_known_after_reading),
        FIXTURE_TEST(a_store_has_one_first_key_whoever_comes_first),
        FIXTURE_TEST(all_that_is_there_is_read),
        FIXTURE_TEST(a_verb_of_a_newer_version_is_passed_over),
        FIXTURE_TEST(what_cannot_be_taken_over_is_not_passed_over),
        FIXTURE_TEST(a_store_that_another_one_goes_on_for_is_read_anew),
        FIXTURE_TEST(while_it_is_read_anew_nobody_is_let_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
