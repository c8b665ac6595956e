#include "base/arena.h"
#include "base/check.h"
#include "domain/fixture.h"
#include "domain/login.h"
#include "domain/password.h"
#include "domain/refresh.h"
#include "domain/session.h"
#include "domain/user.h"
#include "store/queries.h"

static enum err attempt_login(struct fixture *f, const char *name, const char *password)
{
    struct logged_in in;

    return fixture_try_login(f, name, password, NULL, &in);
}

static void wrong_until_delayed(struct fixture *f, const char *name)
{
    for (int64_t i = 0; i < f->settings.free_failures; i++) {
        assert_err(attempt_login(f, name, "wrong"), ERR_CREDENTIALS);
    }
}

static int64_t attempts_kept(struct fixture *f)
{
    int64_t evicted;

    /* What would be evicted if nothing were kept, in a unit that is dropped. */
    assert_ok(q_attempts_remove(fixture_begin(f, TX_WRITE)->tx, (struct moment){INT64_MAX}, 1000,
                                &evicted));
    fixture_drop(f);
    return evicted;
}

static void a_login_is_a_session_a_token_and_a_device(void **state)
{
    struct fixture *f = *state;
    struct user made = fixture_user(f, "Paul"), user;
    struct session *sessions;
    struct actor actor;
    size_t count;

    fixture_pass(f, 60);
    struct logged_in in = fixture_login(f, "paul@EXAMPLE.com");
    assert_true(id_eq(in.user.id, made.id));
    assert_int_equal(in.token.seconds, EDGE_LIFE);
    assert_ok(fixture_accept(f, in.token.text, &actor));
    assert_true(id_eq(actor.user, made.id));
    assert_true(id_eq(actor.session, in.session.id));

    struct ctx *ctx = fixture_begin(f, TX_READ);
    assert_ok(session_list(ctx, made.id, &sessions, &count));
    assert_ok(user_find(ctx, STR("paul"), &user));
    fixture_keep(f);
    assert_int_equal(count, 1);
    assert_true(id_eq(sessions[0].id, in.session.id));
    assert_str(sessions[0].face, EDGE);
    assert_str(sessions[0].peer, "192.0.2.1");
    assert_int_equal(sessions[0].expires.ms, f->now.ms + f->settings.session_seconds * 1000);
    assert_int_equal(user.last_login.ms, f->now.ms);
}

static void a_login_is_one_audit_row(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    size_t before, after;

    (void)fixture_events(f, &before);
    (void)fixture_login(f, "paul");
    const struct event *events = fixture_events(f, &after);
    assert_int_equal(after, before + 1);
    const struct event *last = &events[after - 1];
    assert_str(last->verb, "login");
    assert_true(id_eq(last->subject, user.id));
    assert_true(id_eq(last->actor, user.id));
    assert_str(last->face, EDGE);
    assert_str(last->source, "192.0.2.1");
    assert_int_equal(last->at.ms, f->now.ms);
}

/* The one row of a refusal outlives the unit, which is rolled back. */
static void a_refusal_is_one_audit_row(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    size_t before, after;

    (void)fixture_events(f, &before);
    assert_err(attempt_login(f, "paul", "wrong"), ERR_CREDENTIALS);
    const struct event *events = fixture_events(f, &after);
    assert_int_equal(after, before + 1);
    assert_str(events[before].verb, "login.failed");
    assert_true(id_eq(events[before].subject, user.id));
    assert_false(id_is_set(events[before].actor)); /* whoever it was, it was not proven */

    assert_err(attempt_login(f, "nobody", "wrong"), ERR_CREDENTIALS);
    events = fixture_events(f, &after);
    assert_int_equal(after, before + 2);
    assert_str(events[before + 1].verb, "login.failed");
    assert_false(id_is_set(events[before + 1].subject));
}

static void every_refusal_answers_alike(void **state)
{
    struct fixture *f = *state;

    (void)fixture_user(f, "paul");
    static const struct {
        const char *name, *password;
    } wrong[] = {
        {"paul",               "wrong"   },
        {"nobody",             PASSWORD  },
        {"nobody@example.com", "wrong"   },
        {"",                   PASSWORD  },
        {"paul",               ""        },
        {"no name",            "wrong"   },
        {"\xff\xfe",           "wrong"   },
        {"paul",               "\xff\xfe"},
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_err(attempt_login(f, wrong[i].name, wrong[i].password), ERR_CREDENTIALS);
        assert_int_equal(f->ctx.reason.field.len, 0);
        assert_int_equal(f->ctx.reason.retry_after, 0);
        assert_int_equal(f->ctx.actor.kind, ACTOR_NOBODY);
    }
    wrong_until_delayed(f, "paul");
    assert_err(attempt_login(f, "paul", PASSWORD), ERR_CREDENTIALS);
    assert_int_equal(f->ctx.reason.field.len, 0);
    assert_int_equal(f->ctx.reason.retry_after, 0);
}

static void a_delayed_login_is_told_in_the_audit_alone_and_does_not_count(void **state)
{
    struct fixture *f = *state;

    (void)fixture_user(f, "paul");
    wrong_until_delayed(f, "paul");
    for (int i = 0; i < 10; i++) {
        assert_err(attempt_login(f, "paul", PASSWORD), ERR_CREDENTIALS);
    }
    assert_int_equal(fixture_count(f, EVENT_LOGIN_DELAYED), 10);
    assert_int_equal(fixture_count(f, EVENT_LOGIN_FAILED), f->settings.free_failures);
    fixture_pass(f, 1); /* the delay is still that of the first one */
    assert_ok(attempt_login(f, "paul", PASSWORD));
}

static void one_counter_stands_behind_all_names_of_an_account(void **state)
{
    struct fixture *f = *state;

    (void)fixture_user(f, "paul");
    assert_err(attempt_login(f, "paul", "wrong"), ERR_CREDENTIALS);
    assert_err(attempt_login(f, "PAUL", "wrong"), ERR_CREDENTIALS);
    assert_err(attempt_login(f, "paul@example.com", "wrong"), ERR_CREDENTIALS);
    assert_err(attempt_login(f, "Paul@Example.Com", "wrong"), ERR_CREDENTIALS);
    assert_err(attempt_login(f, "pAUL", "wrong"), ERR_CREDENTIALS);
    assert_int_equal(attempts_kept(f), 1);
    assert_err(attempt_login(f, "paul", PASSWORD), ERR_CREDENTIALS);
}

/* All that is written for a name, step by step, whether somebody has it or not. */
static void an_unknown_name_leaves_the_same_traces_as_a_known_one(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"paul", "nobody"};
    size_t first[2], count;

    (void)fixture_user(f, "paul");
    for (size_t n = 0; n < ARRAY_LEN(names); n++) {
        (void)fixture_events(f, &first[n]);
        for (int i = 0; i < 8; i++) {
            assert_err(attempt_login(f, names[n], "wrong"), ERR_CREDENTIALS);
            assert_int_equal(attempts_kept(f), n + 1);
        }
        fixture_pass(f, 10);
        assert_err(attempt_login(f, names[n], "wrong"), ERR_CREDENTIALS);
    }
    const struct event *events = fixture_events(f, &count);
    assert_int_equal(first[1] - first[0], 9);
    assert_int_equal(count - first[1], 9);
    for (size_t i = 0; i < 9; i++) {
        const struct event *known = &events[first[0] + i], *unknown = &events[first[1] + i];
        assert_true(str_eq(known->verb, unknown->verb));
        assert_true(id_eq(known->actor, unknown->actor));
        assert_true(str_eq(known->source, unknown->source));
        assert_true(str_eq(known->face, unknown->face));
    }
}

static void success_forgives_what_was_before(void **state)
{
    struct fixture *f = *state;

    (void)fixture_user(f, "paul");
    for (int round = 0; round < 3; round++) {
        for (int64_t i = 1; i < f->settings.free_failures; i++) {
            assert_err(attempt_login(f, "paul", "wrong"), ERR_CREDENTIALS);
        }
        assert_ok(attempt_login(f, "paul", PASSWORD));
        assert_int_equal(attempts_kept(f), 0);
    }
}

static void strangers_do_not_keep_out_one_who_shows_a_known_device(void **state)
{
    struct fixture *f = *state;
    struct logged_in in, foreign;

    (void)fixture_user(f, "paul");
    (void)fixture_user(f, "eve");
    in = fixture_login(f, "paul");
    foreign = fixture_login(f, "eve");
    const char *device = in.device.ptr;
    wrong_until_delayed(f, "paul");
    assert_err(attempt_login(f, "paul", PASSWORD), ERR_CREDENTIALS);
    assert_err(fixture_try_login(f, "paul", PASSWORD, foreign.device.ptr, &in), ERR_CREDENTIALS);
    assert_ok(fixture_try_login(f, "paul", PASSWORD, device, &in));
    /* Nor does its success forgive them. */
    assert_err(attempt_login(f, "paul", PASSWORD), ERR_CREDENTIALS);
}

static enum err open_for(struct ctx *ctx, void *with)
{
    struct logged_in *in = with;
    struct user user = in->user;

    return login_enter(ctx, &user, in);
}

static enum err set_password(struct ctx *ctx, void *user)
{
    return password_set(ctx, user, (struct secret){STR("another one that is long")});
}

static void a_device_is_known_until_the_next_password(void **state)
{
    struct fixture *f = *state;
    struct user paul = fixture_user(f, "paul");
    struct logged_in by_password = fixture_login(f, "paul"), in = {.user = paul}, out;
    struct actor nobody = {.kind = ACTOR_NOBODY};

    assert_ok(fixture_run(f, &nobody, TX_LATE, open_for, &in));
    assert_ok(arena_copy(f->arena, in.device, &in.device)); /* with a NUL behind it */
    wrong_until_delayed(f, "paul");
    assert_ok(fixture_try_login(f, "paul", PASSWORD, by_password.device.ptr, &out));
    assert_ok(fixture_try_login(f, "paul", PASSWORD, in.device.ptr, &out));
    fixture_pass(f, 60);
    assert_ok(fixture_run(f, &actor_operator, TX_LATE, set_password, &paul));
    wrong_until_delayed(f, "paul");
    const char *chosen = "another one that is long";
    const char *old[] = {by_password.device.ptr, in.device.ptr, out.device.ptr};
    for (size_t i = 0; i < ARRAY_LEN(old); i++) {
        assert_err(fixture_try_login(f, "paul", chosen, old[i], &out), ERR_CREDENTIALS);
    }
    fixture_pass(f, 3600);
    assert_ok(fixture_try_login(f, "paul", chosen, old[0], &in));
    wrong_until_delayed(f, "paul");
    assert_ok(fixture_try_login(f, "paul", chosen, in.device.ptr, &out));
}

static void set_state(struct fixture *f, struct id user, enum user_state to)
{
    struct ctx *ctx = fixture_begin(f, TX_WRITE);

    assert_ok(fixture_set_state(ctx, user, to));
    fixture_keep(f);
}

static void the_state_is_told_after_the_right_password_alone(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    static const enum user_state states[] = {USER_PENDING_ACTIVATION, USER_INACTIVE,
                                             USER_SUSPENDED};

    for (size_t i = 0; i < ARRAY_LEN(states); i++) {
        size_t refused = fixture_count(f, EVENT_LOGIN_FAILED);
        set_state(f, user.id, states[i]);
        assert_err(attempt_login(f, "paul", "wrong"), ERR_CREDENTIALS);
        assert_err(attempt_login(f, "paul", PASSWORD), ERR_ACCOUNT_STATE);
        assert_int_equal(fixture_count(f, EVENT_LOGIN_FAILED), refused + 2);
    }
    assert_int_equal(fixture_count(f, EVENT_LOGIN), 0);
}

static void who_is_not_verified_comes_in_unless_the_setting_says_no(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");

    set_state(f, user.id, USER_PENDING_VERIFICATION);
    assert_ok(attempt_login(f, "paul", PASSWORD));
    f->settings.require_verified = true;
    assert_err(attempt_login(f, "paul", PASSWORD), ERR_ACCOUNT_STATE);
    assert_err(attempt_login(f, "paul", "wrong"), ERR_CREDENTIALS);
}

static void nothing_is_there_when_the_commit_fails(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul"), found;
    struct session *sessions;
    struct logged_in in;
    size_t before, after, count;

    (void)fixture_events(f, &before);
    fixture_fill_disk();
    enum err e = fixture_try_login(f, "paul", PASSWORD, NULL, &in);
    struct ctx failed = f->ctx;
    enum err wrong = fixture_try_login(f, "paul", "wrong", NULL, &in);
    fixture_free_disk();
    assert_int_equal(err_class(e), CLASS_UNAVAILABLE);
    assert_int_equal(failed.actor.kind, ACTOR_NOBODY); /* nobody has come in */
    assert_true(failed.reason.detail[0] != '\0');      /* the log is told why */
    /* What cannot be counted is not evaluated for free: it is no answer at all. */
    assert_int_equal(err_class(wrong), CLASS_UNAVAILABLE);

    (void)fixture_events(f, &after);
    assert_int_equal(after, before);
    struct ctx *ctx = fixture_begin(f, TX_READ);
    assert_ok(session_list(ctx, user.id, &sessions, &count));
    assert_ok(user_find(ctx, STR("paul"), &found));
    fixture_keep(f);
    assert_int_equal(count, 0);
    assert_false(moment_is_set(found.last_login));
    assert_ok(attempt_login(f, "paul", PASSWORD)); /* and it goes on without a restart */
}

struct entering {
    struct login in;
    struct logged_in out;
};

static enum err enter(struct ctx *ctx, void *with)
{
    struct entering *entering = with;

    return login(ctx, &entering->in, &entering->out);
}

static enum err enter_gym(struct fixture *f, const char *password, const char *gym)
{
    const struct str name = str_of(gym);
    struct entering entering = {
        {STR("paul"), {str_of(password)}, {0}, {&name, 1}}
    };

    return fixture_run(f, &(struct actor){.kind = ACTOR_NOBODY}, TX_LATE, enter, &entering);
}

static void of_another_organization_is_told_after_the_right_password_alone(void **state)
{
    struct fixture *f = *state;

    (void)fixture_user(f, "paul");
    assert_err(enter_gym(f, "wrong", "iron"), ERR_CREDENTIALS);
    assert_err(enter_gym(f, PASSWORD, "iron"), ERR_ELSEWHERE);
    assert_int_equal(fixture_count(f, EVENT_LOGIN_FAILED), 2);
    assert_int_equal(fixture_count(f, EVENT_LOGIN), 0);
}

static void who_was_told_otherwise_is_let_in_unless_stopped(void **state)
{
    struct fixture *f = *state;
    struct logged_in in = {.user = fixture_user(f, "paul")};
    struct actor actor;

    assert_ok(fixture_run(f, &(struct actor){.kind = ACTOR_NOBODY}, TX_LATE, open_for, &in));
    assert_ok(fixture_accept(f, in.token.text, &actor));
    assert_true(id_eq(actor.user, in.user.id));
    in.user.state = USER_SUSPENDED;
    assert_err(fixture_run(f, &(struct actor){.kind = ACTOR_NOBODY}, TX_LATE, open_for, &in),
               ERR_ACCOUNT_STATE);
}

/* As a new password does. */
static enum err end_all(struct ctx *ctx, void *user)
{
    return session_end_others(ctx, ((const struct user *)user)->id, (struct id){0});
}

/* As they come out of a login at a face that has refresh tokens. */
static struct logged_in log_in_there(struct fixture *f, const char *name)
{
    f->service.faces[0].refreshes = true;
    return fixture_login(f, name);
}

static enum err use_refresh(struct ctx *ctx, void *token)
{
    struct refreshed out;

    return refresh_use(ctx, *(struct secret *)token, &out);
}

static void a_login_has_a_refresh_token_where_the_face_has_any(void **state)
{
    struct fixture *f = *state;
    (void)fixture_user(f, "paul");

    assert_false(str_is_set(fixture_login(f, "paul").refresh.hidden));
    struct secret refresh = log_in_there(f, "paul").refresh;
    struct actor nobody = {.kind = ACTOR_NOBODY};
    assert_ok(fixture_run(f, &nobody, TX_LATE, use_refresh, &refresh));
}

static void ends_with_its_session(struct fixture *f, const struct logged_in *in, int64_t seconds)
{
    struct session stored;

    assert_int_equal(in->token.seconds, seconds);
    assert_int_equal(in->session.expires.ms, f->now.ms + seconds * 1000);
    assert_ok(q_session_by_id(fixture_begin(f, TX_READ)->tx, in->session.id, &stored));
    fixture_keep(f);
    assert_int_equal(stored.expires.ms, in->session.expires.ms);
}

static void an_access_token_does_not_outlive_its_session(void **state)
{
    struct fixture *f = *state;
    (void)fixture_user(f, "paul");
    (void)fixture_admin(f, "root", ROLE_SUPER_ADMIN);

    f->settings.refresh_seconds = 7200; /* and the face's tokens live for longer than either */
    f->settings.refresh_admin_seconds = 3600;
    struct logged_in paul = log_in_there(f, "paul"), root = log_in_there(f, "root");
    ends_with_its_session(f, &paul, 7200);
    ends_with_its_session(f, &root, 3600);
    fixture_pass(f, 3599);
    assert_ok(fixture_accept(f, root.token.text, NULL));
    fixture_pass(f, 1);
    assert_err(fixture_accept(f, root.token.text, NULL), ERR_TOKEN_INVALID);
    assert_ok(fixture_accept(f, paul.token.text, NULL));
}

static void it_is_ended_with_all_others_up_to_its_last_second(void **state)
{
    struct fixture *f = *state;
    struct user root = fixture_admin(f, "root", ROLE_SUPER_ADMIN);

    f->settings.refresh_admin_seconds = 3600;
    struct logged_in in = log_in_there(f, "root");
    fixture_pass(f, 3599);
    assert_ok(fixture_accept(f, in.token.text, NULL));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, end_all, &root));
    assert_err(fixture_accept(f, in.token.text, NULL), ERR_TOKEN_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_login_is_a_session_a_token_and_a_device),
        FIXTURE_TEST(a_login_is_one_audit_row),
        FIXTURE_TEST(a_refusal_is_one_audit_row),
        FIXTURE_TEST(every_refusal_answers_alike),
        FIXTURE_TEST(a_delayed_login_is_told_in_the_audit_alone_and_does_not_count),
        FIXTURE_TEST(one_counter_stands_behind_all_names_of_an_account),
        FIXTURE_TEST(an_unknown_name_leaves_the_same_traces_as_a_known_one),
        FIXTURE_TEST(success_forgives_what_was_before),
        FIXTURE_TEST(strangers_do_not_keep_out_one_who_shows_a_known_device),
        FIXTURE_TEST(a_device_is_known_until_the_next_password),
        FIXTURE_TEST(the_state_is_told_after_the_right_password_alone),
        FIXTURE_TEST(who_is_not_verified_comes_in_unless_the_setting_says_no),
        FIXTURE_TEST(nothing_is_there_when_the_commit_fails),
        FIXTURE_TEST(of_another_organization_is_told_after_the_right_password_alone),
        FIXTURE_TEST(who_was_told_otherwise_is_let_in_unless_stopped),
        FIXTURE_TEST(a_login_has_a_refresh_token_where_the_face_has_any),
        FIXTURE_TEST(an_access_token_does_not_outlive_its_session),
        FIXTURE_TEST(it_is_ended_with_all_others_up_to_its_last_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
