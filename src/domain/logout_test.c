#include "base/check.h"
#include "domain/fixture.h"
#include "domain/logout.h"
#include "domain/refresh.h"
#include "domain/renewal.h"

static enum err leave(struct ctx *ctx, void *with)
{
    return logout(ctx, *(const struct str *)with);
}

static enum err try_leave(struct fixture *f, struct str token)
{
    return fixture_run(f, &(struct actor){0}, TX_LATE, leave, &token);
}

static void the_session_of_the_token_ends_and_no_other(void **state)
{
    struct fixture *f = *state;
    struct user paul = fixture_user(f, "paul");
    struct logged_in one = fixture_login(f, "paul"), other = fixture_login(f, "paul");

    assert_ok(try_leave(f, one.token.text));
    assert_true(id_eq(f->ctx.actor.user, paul.id)); /* the log says who it was */
    assert_err(fixture_accept(f, one.token.text, NULL), ERR_TOKEN_INVALID);
    assert_ok(fixture_accept(f, other.token.text, NULL));
    assert_int_equal(fixture_count(f, EVENT_SESSION_ENDED), 1);
}

static void a_second_time_nothing_happens(void **state)
{
    struct fixture *f = *state;
    (void)fixture_user(f, "paul");
    struct logged_in one = fixture_login(f, "paul");

    assert_ok(try_leave(f, one.token.text));
    assert_ok(try_leave(f, one.token.text));
    assert_int_equal(fixture_count(f, EVENT_SESSION_ENDED), 1);
}

static void what_is_no_token_of_ours_ends_nothing_and_is_no_failure(void **state)
{
    struct fixture *f = *state;
    (void)fixture_user(f, "paul");
    struct logged_in one = fixture_login(f, "paul");
    struct str cut = str_sub(one.token.text, 0, one.token.text.len - 1);

    assert_ok(try_leave(f, STR("")));
    assert_ok(try_leave(f, STR("rubbish")));
    assert_ok(try_leave(f, cut));
    assert_int_equal(f->ctx.reason.err, ERR_OK);
    assert_ok(fixture_accept(f, one.token.text, NULL));
}

static void what_has_expired_ends_its_session_while_it_could_be_renewed(void **state)
{
    struct fixture *f = *state;
    (void)fixture_user(f, "paul");
    struct logged_in one, two;

    f->settings.renewal_seconds = 3600;
    one = fixture_login(f, "paul");
    two = fixture_login(f, "paul");
    fixture_pass(f, EDGE_LIFE + 3599);
    assert_ok(try_leave(f, one.token.text));
    assert_int_equal(fixture_count(f, EVENT_SESSION_ENDED), 1);
    fixture_pass(f, 1);
    assert_ok(try_leave(f, two.token.text));
    assert_int_equal(fixture_count(f, EVENT_SESSION_ENDED), 1);
}

struct renewing {
    struct str token;
    struct logged_in out;
};

static enum err renew(struct ctx *ctx, void *with)
{
    struct renewing *renewing = with;

    return renewal(ctx, renewing->token, &renewing->out);
}

static struct logged_in renewed(struct fixture *f, struct str token)
{
    struct renewing renewing = {.token = token};

    assert_ok(fixture_run(f, &(struct actor){0}, TX_WRITE, renew, &renewing));
    return renewing.out;
}

static void by_a_token_that_was_used_up_all_that_came_of_it_ends(void **state)
{
    struct fixture *f = *state;
    (void)fixture_user(f, "paul");
    struct logged_in one = fixture_login(f, "paul"), other = fixture_login(f, "paul");
    struct logged_in two = renewed(f, one.token.text), three = renewed(f, two.token.text);

    assert_ok(fixture_accept(f, three.token.text, NULL));
    assert_ok(try_leave(f, one.token.text));
    assert_err(fixture_accept(f, three.token.text, NULL), ERR_TOKEN_INVALID);
    assert_ok(fixture_accept(f, other.token.text, NULL)); /* of another login */
    assert_int_equal(fixture_count(f, EVENT_SESSION_ENDED), 3);
    assert_int_equal(fixture_count(f, EVENT_SESSION_REUSED), 0); /* nobody tried to go on by it */
    assert_ok(try_leave(f, two.token.text));
    assert_int_equal(fixture_count(f, EVENT_SESSION_ENDED), 3);
}

static enum err leave_self(struct ctx *ctx, void *refresh)
{
    return logout_self(ctx, *(const struct secret *)refresh);
}

static void who_is_signed_in_leaves_by_that(void **state)
{
    struct fixture *f = *state;
    (void)fixture_user(f, "paul");
    struct logged_in one = fixture_login(f, "paul"), other = fixture_login(f, "paul");
    struct secret refresh, none = {0};
    struct actor actor;

    assert_ok(refresh_issue(fixture_begin(f, TX_WRITE), &other.session, &refresh));
    fixture_keep(f);
    assert_ok(fixture_accept(f, one.token.text, &actor));
    assert_ok(fixture_run(f, &actor, TX_WRITE, leave_self, &none));
    assert_err(fixture_accept(f, one.token.text, NULL), ERR_TOKEN_INVALID);
    assert_ok(fixture_accept(f, other.token.text, NULL));
    assert_ok(
        fixture_run(f, &actor, TX_WRITE, leave_self, &refresh)); /* and the other, by its own */
    assert_err(fixture_accept(f, other.token.text, NULL), ERR_TOKEN_INVALID);
}

static void one_that_went_on_meanwhile_ends_and_is_refused(void **state)
{
    struct fixture *f = *state;
    (void)fixture_user(f, "paul");
    struct logged_in one = fixture_login(f, "paul"), two;
    struct secret none = {0};
    struct actor actor;

    assert_ok(fixture_accept(f, one.token.text, &actor));
    two = renewed(f, one.token.text);
    assert_err(fixture_run(f, &actor, TX_WRITE, leave_self, &none), ERR_TOKEN_INVALID);
    assert_err(fixture_accept(f, two.token.text, NULL), ERR_TOKEN_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(the_session_of_the_token_ends_and_no_other),
        FIXTURE_TEST(a_second_time_nothing_happens),
        FIXTURE_TEST(what_is_no_token_of_ours_ends_nothing_and_is_no_failure),
        FIXTURE_TEST(what_has_expired_ends_its_session_while_it_could_be_renewed),
        FIXTURE_TEST(by_a_token_that_was_used_up_all_that_came_of_it_ends),
        FIXTURE_TEST(who_is_signed_in_leaves_by_that),
        FIXTURE_TEST(one_that_went_on_meanwhile_ends_and_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
