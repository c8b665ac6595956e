#include "base/arena.h"
#include "base/check.h"
#include "domain/activation.h"
#include "domain/fixture.h"
#include "domain/outbox.h"
#include "domain/person.h"

enum {
    CROWD = 50,
    DAY = 86400
};
#define CHOSEN "another long password"

/* One call, and what it gave. */
struct call {
    const struct user *user;
    struct str token;
    struct secret password;
    struct link link;
    struct activation found;
    struct user activated;
};

static enum err make(struct ctx *ctx, void *with)
{
    struct call *call = with;

    return activation_make(ctx, call->user, &call->link);
}

static enum err mail(struct ctx *ctx, void *with)
{
    struct call *call = with;

    return activation_mail(ctx, call->user, &call->link);
}

static enum err look(struct ctx *ctx, void *with)
{
    struct call *call = with;

    return activation_look(ctx, call->token, &call->found);
}

static enum err use(struct ctx *ctx, void *with)
{
    struct call *call = with;

    return activation_use(ctx, call->token, call->password, &call->activated);
}

static enum err run(struct fixture *f, enum err (*work)(struct ctx *ctx, void *with),
                    struct call *call)
{
    return fixture_run(f, &(struct actor){.kind = ACTOR_NOBODY}, TX_LATE, work, call);
}

/* Somebody who waits, with a password or without. */
static struct user waiting(struct fixture *f, const char *name, bool has_password)
{
    struct new_user in = fixture_new_user(f, name);
    struct user user;

    in.state = USER_PENDING_ACTIVATION;
    in.password = has_password ? in.password : (struct secret){0};
    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_ok(user_create(ctx, &in, &user));
    fixture_keep(f);
    return user;
}

static struct str token_for(struct fixture *f, const struct user *user)
{
    struct call call = {.user = user};

    assert_ok(run(f, make, &call));
    return call.link.token.hidden;
}

static enum err activate(struct fixture *f, struct str token, const char *password)
{
    struct call call = {.token = token, .password = {str_of(password)}};

    return run(f, use, &call);
}

static void who_chooses_a_password_is_active_from_there_on(void **state)
{
    struct fixture *f = *state;
    struct user ada = waiting(f, "ada", false);
    struct call call = {.token = token_for(f, &ada), .password = {STR(CHOSEN)}};
    struct logged_in in;

    assert_int_equal(call.token.len, 64);
    assert_err(fixture_try_login(f, "ada", CHOSEN, NULL, &in), ERR_CREDENTIALS);
    assert_ok(run(f, look, &call));
    assert_true(call.found.needs_password);
    fixture_pass(f, 60);
    assert_ok(run(f, use, &call));
    assert_int_equal(call.activated.state, USER_ACTIVE);
    assert_int_equal(call.activated.activated.ms, f->now.ms);
    assert_ok(fixture_try_login(f, "ada", CHOSEN, NULL, &in));
    assert_ok(fixture_accept(f, in.token.text, NULL));
    assert_int_equal(fixture_count(f, EVENT_USER_ACTIVATED), 1);
}

static void the_password_is_needed_where_there_is_none(void **state)
{
    struct fixture *f = *state;
    struct user ada = waiting(f, "ada", false), bob = waiting(f, "bob", true);
    struct call call = {.token = token_for(f, &bob)};
    struct logged_in in;

    assert_err(activate(f, token_for(f, &ada), NULL), ERR_FIELD_MISSING);
    assert_str(f->ctx.reason.field, "password");
    assert_err(activate(f, token_for(f, &ada), ""), ERR_FIELD_MISSING);
    assert_err(activate(f, token_for(f, &ada), "short"), ERR_PASSWORD_SHORT);
    assert_err(fixture_try_login(f, "bob", PASSWORD, NULL, &in), ERR_ACCOUNT_STATE);
    assert_ok(run(f, look, &call));
    assert_false(call.found.needs_password);
    assert_ok(run(f, use, &call));
    assert_ok(fixture_try_login(f, "bob", PASSWORD, NULL, &in));
}

static void who_has_a_password_may_choose_another(void **state)
{
    struct fixture *f = *state;
    struct user bob = waiting(f, "bob", true);
    struct logged_in in;

    assert_ok(activate(f, token_for(f, &bob), CHOSEN));
    assert_err(fixture_try_login(f, "bob", PASSWORD, NULL, &in), ERR_CREDENTIALS);
    assert_ok(fixture_try_login(f, "bob", CHOSEN, NULL, &in));
}

static void a_token_counts_once_and_for_a_day(void **state)
{
    struct fixture *f = *state;
    struct user ada = waiting(f, "ada", true), bob = waiting(f, "bob", true);
    struct str first = token_for(f, &ada), second = token_for(f, &ada);
    struct str late = token_for(f, &bob);

    assert_err(activate(f, first, NULL), ERR_LINK); /* the newer one has voided it */
    assert_ok(activate(f, second, NULL));
    assert_err(activate(f, second, NULL), ERR_LINK);
    fixture_pass(f, DAY - 1);
    struct call call = {.token = late};
    assert_ok(run(f, look, &call));
    fixture_pass(f, 1);
    assert_err(run(f, look, &call), ERR_LINK);
    assert_err(activate(f, late, NULL), ERR_LINK);
}

static void what_does_not_wait_is_not_activated(void **state)
{
    struct fixture *f = *state;
    struct user ada = fixture_user(f, "ada"), bob = waiting(f, "bob", true);
    struct str of_active = token_for(f, &ada), of_stopped = token_for(f, &bob);
    struct ctx *ctx = fixture_begin(f, TX_WRITE);

    assert_ok(user_stop(ctx, &bob));
    fixture_keep(f);
    assert_err(activate(f, of_active, CHOSEN), ERR_LINK);
    assert_err(activate(f, of_stopped, CHOSEN), ERR_LINK);
    assert_err(activate(f, STR("no token"), CHOSEN), ERR_LINK);
}

static void a_letter_brings_the_link_in_the_colours_of_the_organization(void **state)
{
    struct fixture *f = *state;
    struct user ada = waiting(f, "ada", false);
    struct call call = {.user = &ada};
    struct claimed claimed;
    bool found;

    assert_ok(run(f, mail, &call));
    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_ok(outbox_claim(ctx, 60, &claimed, &found));
    assert_true(found);
    assert_int_equal(claimed.letter.kind, LETTER_ACTIVATION);
    assert_str(claimed.letter.path, "/activate");
    assert_str(claimed.letter.to.shown, "ada@example.com");
    assert_true(str_eq(claimed.letter.token.hidden, call.link.token.hidden));
    fixture_drop(f);
}

/* The letter that waits to be sent, if there is one. */
static bool next_letter(struct fixture *f, struct letter *ret)
{
    struct claimed claimed;
    bool found;

    assert_ok(outbox_claim(fixture_begin(f, TX_WRITE), 600, &claimed, &found));
    fixture_keep(f);
    *ret = claimed.letter;
    return found;
}

struct changing {
    struct id id;
    struct person_change in;
    struct person out;
};

static enum err change(struct ctx *ctx, void *with)
{
    struct changing *changing = with;

    return person_change(ctx, changing->id, &changing->in, &changing->out);
}

/* The state that they have then. */
static enum user_state change_email(struct fixture *f, const struct user *user, const char *address,
                                    struct person_change in)
{
    struct changing changing = {.id = user->id, .in = in};
    struct email email;

    assert_ok(email_parse(f->arena, str_of(address), &email));
    changing.in.email = &email;
    assert_ok(fixture_run(f, &actor_operator, TX_LATE, change, &changing));
    assert_str(changing.out.user.email.shown, address);
    return changing.out.user.state;
}

static void who_waits_is_invited_anew_at_another_address(void **state)
{
    struct fixture *f = *state;
    struct id iron = fixture_organization(f, "iron");
    struct user ada = waiting(f, "ada", false), bob = fixture_user(f, "bob");
    struct person_change none = {0}, move = {.organization = &iron},
                         password = {.password = {STR(PASSWORD)}};
    struct call call = {.user = &ada};
    struct letter first, second;

    assert_ok(run(f, mail, &call));
    assert_true(next_letter(f, &first));
    assert_int_equal(change_email(f, &ada, "next@example.com", move), USER_PENDING_ACTIVATION);
    assert_true(next_letter(f, &second));
    assert_int_equal(second.kind, LETTER_ACTIVATION);
    assert_str(second.to.shown, "next@example.com");
    assert_str(second.brand.name, "iron");
    call.token = first.token.hidden;
    assert_err(run(f, look, &call), ERR_LINK);
    call.token = second.token.hidden;
    assert_ok(run(f, look, &call));
    /* Where the link is already: the same address, in another case. */
    assert_int_equal(change_email(f, &ada, "Next@example.com", none), USER_PENDING_ACTIVATION);
    assert_false(next_letter(f, &first));
    assert_ok(run(f, look, &call));
    /* Who needs none: let in by a password beside it, or in already. */
    assert_int_equal(change_email(f, &ada, "last@example.com", password), USER_ACTIVE);
    assert_int_equal(change_email(f, &bob, "robert@example.com", none), USER_ACTIVE);
    assert_false(next_letter(f, &first));
}

static void of_fifty_who_use_one_token_at_once_one_succeeds(void **state)
{
    struct fixture *f = *state;
    struct user ada = waiting(f, "ada", true);
    struct str token = token_for(f, &ada);
    struct call *calls = arena_array(f->arena, CROWD, sizeof *calls);
    struct fixture_one crowd[CROWD];
    size_t winners = 0;

    assert_non_null(calls);
    for (size_t i = 0; i < CROWD; i++) {
        calls[i] = (struct call){.token = token};
        crowd[i].with = &calls[i];
    }
    fixture_crowd(f, use, crowd, CROWD);
    for (size_t i = 0; i < CROWD; i++) {
        winners += crowd[i].answer == ERR_OK;
        assert_true(crowd[i].answer == ERR_OK || crowd[i].answer == ERR_LINK);
    }
    assert_int_equal(winners, 1);
    assert_int_equal(fixture_count(f, EVENT_USER_ACTIVATED), 1);
}

int main(int count, char **arguments)
{
    (void)arguments;
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(who_chooses_a_password_is_active_from_there_on),
        FIXTURE_TEST(the_password_is_needed_where_there_is_none),
        FIXTURE_TEST(who_has_a_password_may_choose_another),
        FIXTURE_TEST(a_token_counts_once_and_for_a_day),
        FIXTURE_TEST(what_does_not_wait_is_not_activated),
        FIXTURE_TEST(a_letter_brings_the_link_in_the_colours_of_the_organization),
        FIXTURE_TEST(who_waits_is_invited_anew_at_another_address),
        FIXTURE_TEST(of_fifty_who_use_one_token_at_once_one_succeeds),
    };
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
