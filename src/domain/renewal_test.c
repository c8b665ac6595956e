#include "base/check.h"
#include "domain/fixture.h"
#include "domain/keyring.h"
#include "domain/renewal.h"
#include "domain/session.h"
#include "domain/token.h"

struct renewing {
    struct str token;
    struct logged_in out;
};

static enum err renew(struct ctx *ctx, void *with)
{
    struct renewing *renewing = with;

    return renewal(ctx, renewing->token, &renewing->out);
}

static enum err try_renew(struct fixture *f, struct str token, struct logged_in *ret)
{
    struct renewing renewing = {.token = token};

    enum err e = fixture_run(f, &(struct actor){0}, TX_WRITE, renew, &renewing);
    *ret = renewing.out;
    return e;
}

static void a_token_is_renewed_once_and_the_old_one_dies(void **state)
{
    struct fixture *f = *state;
    (void)fixture_user(f, "paul");
    struct logged_in first = fixture_login(f, "paul"), second;

    fixture_pass(f, 60);
    assert_ok(try_renew(f, first.token.text, &second));
    assert_str(second.user.username.shown, "paul");
    assert_err(fixture_accept(f, first.token.text, NULL), ERR_TOKEN_INVALID);
    assert_ok(fixture_accept(f, second.token.text, NULL));
    assert_true(id_eq(second.session.family, first.session.id));
    assert_int_equal(second.session.expires.ms, first.session.expires.ms); /* no longer than that */
    assert_int_equal(fixture_count(f, EVENT_SESSION_RENEWED), 1);
}

static void a_token_that_is_shown_again_ends_the_family(void **state)
{
    struct fixture *f = *state;
    (void)fixture_user(f, "paul");
    struct logged_in first = fixture_login(f, "paul"), other = fixture_login(f, "paul"), second,
                     third, none;

    assert_ok(try_renew(f, first.token.text, &second));
    assert_ok(try_renew(f, second.token.text, &third));
    assert_err(try_renew(f, first.token.text, &none), ERR_TOKEN_INVALID);
    assert_err(fixture_accept(f, third.token.text, NULL), ERR_TOKEN_INVALID);
    assert_err(try_renew(f, third.token.text, &none), ERR_TOKEN_INVALID);
    assert_ok(fixture_accept(f, other.token.text, NULL)); /* of another family */
    assert_int_equal(fixture_count(f, EVENT_SESSION_REUSED), 1);
}

static void an_expired_token_is_renewed_for_a_while(void **state)
{
    struct fixture *f = *state;
    (void)fixture_user(f, "paul");
    struct logged_in first, out;

    f->settings.renewal_seconds = 3600;
    first = fixture_login(f, "paul");
    fixture_pass(f, EDGE_LIFE + 3599);
    assert_err(fixture_accept(f, first.token.text, NULL), ERR_TOKEN_INVALID);
    assert_ok(try_renew(f, first.token.text, &out));
    fixture_pass(f, EDGE_LIFE + 3600);
    assert_err(try_renew(f, out.token.text, &out), ERR_TOKEN_INVALID);
}

static void an_expired_token_is_renewed_after_its_key_was_followed(void **state)
{
    struct fixture *f = *state;
    (void)fixture_user(f, "paul");
    struct logged_in first, out;

    f->settings.renewal_seconds = 3600;
    first = fixture_login(f, "paul");
    assert_ok(keyring_rotate(fixture_begin(f, TX_WRITE), f->now));
    fixture_keep(f);
    fixture_pass(f, EDGE_LIFE + 3599);
    fixture_restart(f);
    assert_ok(try_renew(f, first.token.text, &out));
}

static void what_has_ended_is_not_renewed(void **state)
{
    struct fixture *f = *state;
    struct user paul = fixture_user(f, "paul"), eve = fixture_user(f, "eve"),
                gone = fixture_user(f, "gus");
    struct logged_in ended = fixture_login(f, "paul"), stopped = fixture_login(f, "eve"),
                     deleted = fixture_login(f, "gus"), out;

    assert_ok(session_end(fixture_begin(f, TX_WRITE), ended.session.id));
    assert_ok(user_stop(&f->ctx, &eve));
    assert_ok(user_delete(&f->ctx, &gone));
    fixture_keep(f);
    assert_err(try_renew(f, ended.token.text, &out), ERR_TOKEN_INVALID);
    assert_err(try_renew(f, stopped.token.text, &out), ERR_TOKEN_INVALID);
    assert_err(try_renew(f, deleted.token.text, &out), ERR_TOKEN_INVALID);
    assert_err(try_renew(f, STR("rubbish"), &out), ERR_TOKEN_INVALID);
    assert_true(id_is_set(paul.id));
}

static void a_session_that_is_over_is_not_renewed(void **state)
{
    struct fixture *f = *state;
    (void)fixture_user(f, "paul");
    struct logged_in first, out;

    f->settings.session_seconds = EDGE_LIFE;
    f->settings.renewal_seconds = 3600;
    first = fixture_login(f, "paul");
    fixture_pass(f, EDGE_LIFE);
    assert_err(try_renew(f, first.token.text, &out), ERR_TOKEN_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_token_is_renewed_once_and_the_old_one_dies),
        FIXTURE_TEST(a_token_that_is_shown_again_ends_the_family),
        FIXTURE_TEST(an_expired_token_is_renewed_for_a_while),
        FIXTURE_TEST(an_expired_token_is_renewed_after_its_key_was_followed),
        FIXTURE_TEST(what_has_ended_is_not_renewed),
        FIXTURE_TEST(a_session_that_is_over_is_not_renewed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
