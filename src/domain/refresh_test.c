#include "base/arena.h"
#include "base/check.h"
#include "domain/assignment.h"
#include "domain/desk.h"
#include "domain/fixture.h"
#include "domain/housekeeping.h"
#include "domain/refresh.h"
#include "domain/renewal.h"
#include "domain/session.h"
#include "model/refresh.h"
#include "store/queries.h"

enum {
    CROWD = 50,
    DAY = 86400
};

/* One call of refresh.h, to be made in a unit. */
struct call {
    struct session session;
    struct str token, source;
    struct refreshed out;
};

static enum err issue(struct ctx *ctx, void *with)
{
    struct call *call = with;

    return refresh_issue(ctx, &call->session, &call->out.refresh);
}

static enum err use(struct ctx *ctx, void *with)
{
    struct call *call = with;

    ctx->source = str_is_set(call->source) ? call->source : ctx->source;
    return refresh_use(ctx, (struct secret){call->token}, &call->out);
}

static enum err end(struct ctx *ctx, void *with)
{
    const struct call *call = with;

    return refresh_end(ctx, (struct secret){call->token});
}

/* How often a session was refreshed. */
static int64_t steps_of(struct fixture *f, const struct logged_in *in)
{
    struct refresh_row row = {0};

    assert_ok(q_refresh_of(fixture_begin(f, TX_READ)->tx, in->session.id, &row));
    fixture_keep(f);
    return row.number;
}

static const struct actor nobody = {.kind = ACTOR_NOBODY};

/* Somebody who has logged in, with the first token. */
static struct str first_of(struct fixture *f, struct logged_in *in)
{
    struct call call = {.session = in->session};

    assert_ok(fixture_run(f, &nobody, TX_WRITE, issue, &call));
    return call.out.refresh.hidden;
}

static struct str log_in(struct fixture *f, const char *name, struct logged_in *ret)
{
    (void)fixture_user(f, name);
    *ret = fixture_login(f, name);
    return first_of(f, ret);
}

static enum err try_use(struct fixture *f, struct str token, struct refreshed *ret)
{
    struct call call = {.token = token};

    enum err e = fixture_run(f, &nobody, TX_LATE, use, &call);
    *ret = call.out;
    return e;
}

/* The successor. */
static struct str used(struct fixture *f, struct str token)
{
    struct refreshed out;

    assert_ok(try_use(f, token, &out));
    return out.refresh.hidden;
}

static enum err refused(struct fixture *f, struct str token)
{
    struct refreshed out;

    return try_use(f, token, &out);
}

static enum err used_from(struct fixture *f, struct str token, struct str source)
{
    struct call call = {.token = token, .source = source};

    return fixture_run(f, &nobody, TX_LATE, use, &call);
}

static void a_token_gives_a_successor_and_an_access_token(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;
    struct str first = log_in(f, "paul", &in);
    struct refreshed out;
    struct actor actor;

    fixture_pass(f, 600);
    assert_ok(try_use(f, first, &out));
    assert_str(out.user.username.shown, "paul");
    assert_true(id_eq(out.session.id, in.session.id)); /* it is the same login */
    assert_false(str_eq(out.refresh.hidden, first));
    assert_ok(fixture_accept(f, out.token.text, &actor));
    assert_true(id_eq(actor.session, in.session.id));
    assert_ok(fixture_accept(f, in.token.text, NULL));
    fixture_pass(f, 600);
    assert_false(str_eq(used(f, out.refresh.hidden), out.refresh.hidden));
    assert_int_equal(steps_of(f, &in), 2);
    assert_int_equal(fixture_count(f, EVENT_SESSION_REUSED), 0);
}

static void a_lost_answer_is_given_again_for_a_while(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;
    struct str first = log_in(f, "paul", &in), second = used(f, first);

    f->now.ms += 9999;
    struct str again = used(f, first);
    assert_true(str_eq(again, second));
    assert_int_equal(steps_of(f, &in), 1);
    fixture_pass(f, 60); /* from then on, it counts as the successor that it is */
    assert_false(str_eq(used(f, again), second));
}

static void after_that_it_is_reuse_and_ends_the_family(void **state)
{
    struct fixture *f = *state;
    struct logged_in in, other;
    struct str first = log_in(f, "paul", &in), untouched = log_in(f, "eve", &other);
    struct refreshed second;

    assert_ok(try_use(f, first, &second));
    fixture_pass(f, 10);
    assert_err(refused(f, first), ERR_TOKEN_INVALID);
    assert_err(refused(f, second.refresh.hidden), ERR_TOKEN_INVALID);
    assert_err(fixture_accept(f, second.token.text, NULL), ERR_TOKEN_INVALID);
    assert_err(fixture_accept(f, in.token.text, NULL), ERR_TOKEN_INVALID);
    assert_int_equal(fixture_count(f, EVENT_SESSION_REUSED), 1);
    assert_ok(refused(f, untouched)); /* of another family */
}

static void without_a_while_it_is_reuse_at_once(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;
    struct str first = log_in(f, "paul", &in);

    f->settings.refresh_repeat = 0;
    (void)used(f, first);
    assert_err(refused(f, first), ERR_TOKEN_INVALID);
    assert_int_equal(fixture_count(f, EVENT_SESSION_REUSED), 1);
}

static void it_is_given_again_only_where_it_was_given(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;
    struct str first = log_in(f, "paul", &in), second = used(f, first);

    assert_err(used_from(f, first, STR("192.0.2.2")), ERR_TOKEN_INVALID);
    assert_err(refused(f, second), ERR_TOKEN_INVALID);
    assert_int_equal(fixture_count(f, EVENT_SESSION_REUSED), 1);
}

static void it_is_not_given_again_once_its_successor_was_used(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;
    struct str first = log_in(f, "paul", &in), third = used(f, used(f, first));

    assert_err(refused(f, first), ERR_TOKEN_INVALID);
    assert_err(refused(f, third), ERR_TOKEN_INVALID);
    assert_int_equal(fixture_count(f, EVENT_SESSION_REUSED), 1);
}

static void nor_by_a_clock_that_was_set_back_far(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;
    struct str first = log_in(f, "paul", &in), second = used(f, first);

    fixture_pass(f, -60);
    assert_true(str_eq(used(f, first), second));
    f->now.ms--;
    assert_err(refused(f, first), ERR_TOKEN_INVALID);
}

static void the_oldest_is_still_known_for_one_that_was_used(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;
    struct str first = log_in(f, "paul", &in), newest = first;

    for (int i = 0; i < 300; i++) { /* beyond one byte of its place */
        newest = used(f, newest);
    }
    fixture_pass(f, DAY);
    assert_err(refused(f, first), ERR_TOKEN_INVALID);
    assert_int_equal(fixture_count(f, EVENT_SESSION_REUSED), 1);
    assert_err(refused(f, newest), ERR_TOKEN_INVALID);
}

static void what_was_not_given_by_us_is_nothing(void **state)
{
    struct fixture *f = *state;
    struct logged_in in, other;
    struct str first = log_in(f, "paul", &in), foreign = log_in(f, "eve", &other), mixed, copy;

    assert_err(refused(f, STR("")), ERR_TOKEN_INVALID);
    assert_err(refused(f, STR("rubbish")), ERR_TOKEN_INVALID);
    assert_err(refused(f, in.token.text), ERR_TOKEN_INVALID);
    assert_err(refused(f, str_sub(first, 0, first.len - 1)), ERR_TOKEN_INVALID);
    for (size_t i = 0; i < first.len; i++) {
        assert_ok(arena_copy(f->arena, first, &copy));
        char *byte = (char *)(uintptr_t)copy.ptr + i;
        *byte ^= 1;
        assert_err(refused(f, copy), ERR_TOKEN_INVALID);
        *byte ^= 1 ^ 0x20; /* of a letter the other case */
        assert_err(refused(f, copy), ERR_TOKEN_INVALID);
    }
    /* One session's place with another's proof. */
    assert_ok(arena_print(f->arena, &mixed, "%.*s%.*s", STR_ARG(str_sub(first, 0, 48)),
                          STR_ARG(str_skip(foreign, 48))));
    assert_err(refused(f, mixed), ERR_TOKEN_INVALID);
    assert_int_equal(fixture_count(f, EVENT_SESSION_REUSED), 0);
    assert_ok(refused(f, first)); /* none of that has ended anything */
}

static void it_is_no_access_token(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;

    assert_err(fixture_accept(f, log_in(f, "paul", &in), NULL), ERR_TOKEN_INVALID);
}

static void what_the_store_has_makes_no_token(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;
    struct str first = log_in(f, "paul", &in);

    assert_int_equal(steps_of(f, &in), 0);
    f->service.refreshes.bytes[0] ^= 1; /* the store, without the key */
    assert_err(refused(f, first), ERR_TOKEN_INVALID);
}

static void one_that_is_not_used_counts_no_more(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;
    struct str first = log_in(f, "paul", &in), second;

    fixture_pass(f, 14 * DAY - 1);
    second = used(f, first);
    fixture_pass(f, 14 * DAY);
    assert_err(refused(f, second), ERR_TOKEN_INVALID);
    assert_int_equal(fixture_count(f, EVENT_SESSION_REUSED), 0);
}

static void none_counts_beyond_the_life_of_the_login(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;
    struct refreshed out;
    struct str token = log_in(f, "paul", &in);

    for (int days = 10; days < 90; days += 10) { /* used often, and longer than session.life */
        fixture_pass(f, 10 * DAY);
        token = used(f, token);
    }
    fixture_pass(f, 10 * DAY - 60);
    assert_ok(try_use(f, token, &out));
    assert_int_equal(out.token.seconds, 60); /* nor does its access token */
    fixture_pass(f, 60);
    assert_err(refused(f, out.refresh.hidden), ERR_TOKEN_INVALID);
}

static void an_administrator_has_to_log_in_sooner(void **state)
{
    struct fixture *f = *state;
    (void)fixture_admin(f, "root", ROLE_SUPER_ADMIN);
    struct logged_in in = fixture_login(f, "root");
    struct str first = first_of(f, &in), second;

    fixture_pass(f, DAY / 2 - 1);
    second = used(f, first);
    fixture_pass(f, 1);
    assert_err(refused(f, second), ERR_TOKEN_INVALID);
}

static enum err promote(struct ctx *ctx, void *user)
{
    struct role_entry role;

    TRY(role_find(ctx, STR("ADMIN"), &role));
    return assignment_grant(ctx, ((const struct user *)user)->id, &role, (struct id){0});
}

static void one_who_became_an_administrator_has_to_as_well(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;
    struct str token = log_in(f, "paul", &in);

    fixture_pass(f, DAY);
    token = used(f, token);
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, promote, &in.user));
    assert_err(refused(f, token), ERR_TOKEN_INVALID);
}

static void an_access_token_does_not_outlive_that_either(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;
    struct str token = log_in(f, "paul", &in);
    struct refreshed out;

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, promote, &in.user));
    fixture_pass(f, DAY / 2 - 60);
    assert_ok(try_use(f, token, &out));
    assert_int_equal(out.token.seconds, 60);
    fixture_pass(f, 60);
    assert_err(fixture_accept(f, out.token.text, NULL), ERR_TOKEN_INVALID);
}

static void what_has_ended_is_not_refreshed(void **state)
{
    struct fixture *f = *state;
    struct logged_in ended, stopped, deleted;
    struct str first = log_in(f, "paul", &ended), second = log_in(f, "eve", &stopped),
               third = log_in(f, "gus", &deleted);

    assert_ok(session_end(fixture_begin(f, TX_WRITE), ended.session.id));
    assert_ok(user_stop(&f->ctx, &stopped.user));
    assert_ok(user_delete(&f->ctx, &deleted.user));
    fixture_keep(f);
    assert_err(refused(f, first), ERR_TOKEN_INVALID);
    assert_err(refused(f, second), ERR_TOKEN_INVALID);
    assert_err(refused(f, third), ERR_TOKEN_INVALID);
    assert_int_equal(fixture_count(f, EVENT_SESSION_REUSED), 0);
}

static enum err suspend(struct ctx *ctx, void *user)
{
    return fixture_set_state(ctx, ((const struct user *)user)->id, USER_SUSPENDED);
}

static void nobody_is_refreshed_who_may_not_come_in(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;
    struct str first = log_in(f, "paul", &in);

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, suspend, &in.user));
    assert_err(refused(f, first), ERR_ACCOUNT_STATE);
}

static enum err renew(struct ctx *ctx, void *with)
{
    struct logged_in out;

    return renewal(ctx, ((const struct logged_in *)with)->token.text, &out);
}

/* The access token was renewed at the API that knows no others: that was the head's turn. */
static void a_family_has_one_head_by_whatever_token(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;
    struct str first = log_in(f, "paul", &in);

    f->settings.renewal_seconds = DAY;
    assert_ok(fixture_run(f, &nobody, TX_WRITE, renew, &in));
    assert_err(refused(f, first), ERR_TOKEN_INVALID);
    assert_int_equal(fixture_count(f, EVENT_SESSION_REUSED), 1);
}

static void a_logout_ends_ones_own_family_alone(void **state)
{
    struct fixture *f = *state;
    struct logged_in in, other;
    struct str first = log_in(f, "paul", &in), foreign = log_in(f, "eve", &other);
    struct actor paul = fixture_actor(f, in.user.id);
    struct str second = used(f, first);

    assert_ok(fixture_run(f, &paul, TX_WRITE, end, &(struct call){.token = foreign}));
    assert_ok(fixture_run(f, &paul, TX_WRITE, end, &(struct call){.token = STR("rubbish")}));
    assert_ok(fixture_accept(f, other.token.text, NULL));
    assert_ok(fixture_run(f, &paul, TX_WRITE, end, &(struct call){.token = first})); /* used */
    assert_err(fixture_accept(f, in.token.text, NULL), ERR_TOKEN_INVALID);
    assert_err(refused(f, second), ERR_TOKEN_INVALID);
    assert_ok(fixture_run(f, &paul, TX_WRITE, end, &(struct call){.token = second})); /* ended */
    assert_int_equal(fixture_count(f, EVENT_SESSION_ENDED), 1);
}

static void it_goes_with_its_session(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;
    struct refresh_row row = {0};
    bool more = true;

    (void)log_in(f, "paul", &in);
    fixture_pass(f, 91 * DAY + 1);
    while (more) {
        assert_ok(housekeeping_step(fixture_ctx(f), &more));
    }
    assert_err(q_refresh_of(fixture_begin(f, TX_READ)->tx, in.session.id, &row), ERR_MISSING);
    fixture_keep(f);
}

/* One of fifty: where it comes from, and what it was given. */
struct one {
    struct call call;
    char source[16], successor[128];
};

static enum err use_and_keep(struct ctx *ctx, void *with)
{
    struct one *one = with;

    TRY(use(ctx, &one->call));
    (void)snprintf(one->successor, sizeof one->successor, "%.*s",
                   STR_ARG(one->call.out.refresh.hidden));
    return ERR_OK;
}

/* All at once with the same token, from one address or each from its own: how many were answered.
 */
static size_t crowd(struct fixture *f, struct str token, bool everywhere, struct one **ret)
{
    struct fixture_one ones[CROWD] = {0};
    struct one *all = arena_array(f->arena, CROWD, sizeof *all);
    size_t winners = 0;

    assert_non_null(all);
    for (size_t i = 0; i < CROWD; i++) {
        (void)snprintf(all[i].source, sizeof all[i].source, "192.0.2.%zu", everywhere ? i + 1 : 1);
        all[i].call = (struct call){.token = token, .source = str_of(all[i].source)};
        ones[i].with = &all[i];
    }
    fixture_crowd(f, use_and_keep, ones, CROWD);
    for (size_t i = 0; i < CROWD; i++) {
        assert_true(ones[i].answer == ERR_OK || ones[i].answer == ERR_TOKEN_INVALID);
        winners += ones[i].answer == ERR_OK;
    }
    *ret = all;
    return winners;
}

static void of_fifty_at_once_all_get_the_same_successor(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;
    struct one *all;
    struct str first = log_in(f, "paul", &in);

    assert_int_equal(crowd(f, first, /* everywhere= */ false, &all), CROWD);
    for (size_t i = 1; i < CROWD; i++) {
        assert_string_equal(all[i].successor, all[0].successor);
    }
    assert_int_equal(steps_of(f, &in), 1);
    assert_ok(refused(f, str_of(all[0].successor)));
    assert_int_equal(fixture_count(f, EVENT_SESSION_REUSED), 0);
}

/* One of them has what he should not have: whoever that is, he does not keep it. */
static void of_fifty_from_everywhere_one_gets_it_and_the_family_ends(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;
    struct one *all;
    struct str first = log_in(f, "paul", &in);

    assert_int_equal(crowd(f, first, /* everywhere= */ true, &all), 1);
    assert_int_equal(steps_of(f, &in), 1);
    assert_err(fixture_accept(f, in.token.text, NULL), ERR_TOKEN_INVALID);
    for (size_t i = 0; i < CROWD; i++) {
        assert_true(!all[i].successor[0] ||
                    refused(f, str_of(all[i].successor)) == ERR_TOKEN_INVALID);
    }
}

static void reuse_at_one_node_is_refused_at_the_other(void **state)
{
    struct fixture *a = *state, *b = fixture_join(a);
    struct logged_in in;
    struct str first = log_in(a, "paul", &in), second = used(b, first);

    assert_true(str_eq(used(a, first), second)); /* nor does it matter who gives it again */
    fixture_pass(a, 11);
    fixture_pass(b, 11);
    assert_err(refused(a, first), ERR_TOKEN_INVALID);
    assert_err(refused(b, second), ERR_TOKEN_INVALID);
    fixture_leave(b);
}

int main(int count, char **arguments)
{
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_token_gives_a_successor_and_an_access_token),
        FIXTURE_TEST(a_lost_answer_is_given_again_for_a_while),
        FIXTURE_TEST(after_that_it_is_reuse_and_ends_the_family),
        FIXTURE_TEST(without_a_while_it_is_reuse_at_once),
        FIXTURE_TEST(it_is_given_again_only_where_it_was_given),
        FIXTURE_TEST(it_is_not_given_again_once_its_successor_was_used),
        FIXTURE_TEST(nor_by_a_clock_that_was_set_back_far),
        FIXTURE_TEST(the_oldest_is_still_known_for_one_that_was_used),
        FIXTURE_TEST(what_was_not_given_by_us_is_nothing),
        FIXTURE_TEST(it_is_no_access_token),
        FIXTURE_TEST(what_the_store_has_makes_no_token),
        FIXTURE_TEST(one_that_is_not_used_counts_no_more),
        FIXTURE_TEST(none_counts_beyond_the_life_of_the_login),
        FIXTURE_TEST(an_administrator_has_to_log_in_sooner),
        FIXTURE_TEST(one_who_became_an_administrator_has_to_as_well),
        FIXTURE_TEST(an_access_token_does_not_outlive_that_either),
        FIXTURE_TEST(what_has_ended_is_not_refreshed),
        FIXTURE_TEST(nobody_is_refreshed_who_may_not_come_in),
        FIXTURE_TEST(a_family_has_one_head_by_whatever_token),
        FIXTURE_TEST(a_logout_ends_ones_own_family_alone),
        FIXTURE_TEST(it_goes_with_its_session),
        FIXTURE_TEST(of_fifty_at_once_all_get_the_same_successor),
        FIXTURE_TEST(of_fifty_from_everywhere_one_gets_it_and_the_family_ends),
        FIXTURE_TEST(reuse_at_one_node_is_refused_at_the_other),
    };

    (void)arguments;
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
