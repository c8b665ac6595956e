#include "base/arena.h"
#include "base/check.h"
#include "domain/asking.h"
#include "domain/fixture.h"
#include "domain/link.h"
#include "domain/magic.h"
#include "domain/outbox.h"
#include "domain/registration.h"
#include "store/queries.h"

enum {
    MINUTE = 60,
    CROWD = 20
};

/* One account that asked, what it was sent, and what it is let in with. */
struct guest {
    struct user user;
    struct link link;
    struct magic magic;
    struct logged_in in;
};

static enum err ask(struct ctx *ctx, void *with)
{
    return magic_ask(ctx, with);
}

static enum err settle(struct ctx *ctx, void *with)
{
    bool more;

    (void)with;
    return asking_settle(ctx, &more);
}

static enum err make(struct ctx *ctx, void *with)
{
    struct guest *guest = with;

    return link_make(ctx, LINK_MAGIC, &guest->user, &guest->link);
}

static enum err enter(struct ctx *ctx, void *with)
{
    struct guest *guest = with;

    return magic_enter(ctx, &guest->magic, &guest->in);
}

static enum err set_state(struct ctx *ctx, void *with)
{
    const struct guest *guest = with;

    return fixture_set_state(ctx, guest->user.id, guest->user.state);
}

static enum err reread(struct ctx *ctx, void *with)
{
    struct guest *guest = with;

    return user_get(ctx, guest->user.id, &guest->user);
}

static enum err by_operator(struct fixture *f, enum err (*work)(struct ctx *ctx, void *with),
                            void *with)
{
    return fixture_run(f, &actor_operator, TX_WRITE, work, with);
}

static enum err try_to_enter(struct fixture *f, struct guest *guest)
{
    return fixture_run(f, &(struct actor){0}, TX_WRITE, enter, guest);
}

/* An account with a link of ten minutes, in this state. */
static struct guest guest_with_link(struct fixture *f, const char *name, enum user_state state)
{
    struct guest guest = {.user = fixture_user(f, name)};

    guest.user.state = state;
    assert_ok(by_operator(f, set_state, &guest));
    assert_ok(by_operator(f, make, &guest));
    guest.magic.token = guest.link.token;
    return guest;
}

static void the_link_lets_in_once_and_shows_the_address_to_be_theirs(void **state)
{
    struct fixture *f = *state;
    struct guest ada = guest_with_link(f, "ada", USER_PENDING_VERIFICATION);
    struct actor actor;

    assert_ok(try_to_enter(f, &ada));
    assert_true(id_eq(ada.in.user.id, ada.user.id));
    assert_ok(fixture_accept(f, ada.in.token.text, &actor));
    assert_true(id_eq(actor.user, ada.user.id));
    assert_true(ada.in.device.len > 0);
    assert_ok(by_operator(f, reread, &ada));
    assert_int_equal(ada.user.state, USER_ACTIVE);
    assert_int_equal(ada.user.verified.ms, f->now.ms);
    assert_int_equal(ada.user.last_login.ms, f->now.ms);
    assert_err(try_to_enter(f, &ada), ERR_LINK);
    assert_int_equal(fixture_count(f, EVENT_LOGIN), 1);
}

static void who_was_verified_before_stays_so(void **state)
{
    struct fixture *f = *state;
    struct guest ada = guest_with_link(f, "ada", USER_ACTIVE);

    assert_ok(try_to_enter(f, &ada));
    struct moment verified = ada.in.user.verified;
    fixture_pass(f, MINUTE);
    assert_ok(by_operator(f, make, &ada));
    ada.magic.token = ada.link.token;
    assert_ok(try_to_enter(f, &ada));
    assert_int_equal(ada.in.user.verified.ms, verified.ms);
    assert_int_equal(fixture_count(f, EVENT_USER_VERIFIED), 1);
}

static void the_setting_that_asks_for_verified_addresses_is_met_by_it(void **state)
{
    struct fixture *f = *state;
    struct guest ada = guest_with_link(f, "ada", USER_PENDING_VERIFICATION);

    f->settings.require_verified = true;
    assert_ok(try_to_enter(f, &ada));
}

static enum err claim(struct ctx *ctx, void *with)
{
    struct guest *guest = with;
    struct new_user in = {.password = {STR(PASSWORD)}};

    TRY(email_parse(ctx->arena, STR("ada@example.com"), &in.email));
    return registration_of_member(ctx, &in, &guest->user);
}

static enum err correct(struct ctx *ctx, void *with)
{
    struct guest *guest = with;
    struct email right;

    TRY(email_parse(ctx->arena, STR("bob@example.com"), &right));
    return user_change_email(ctx, &guest->user, &right);
}

/* Bob's was made by an operator: his password is his. */
static void what_led_in_before_the_address_was_verified_ends(void **state)
{
    struct fixture *f = *state;
    struct guest ada = {0};
    struct guest bob = guest_with_link(f, "bob", USER_ACTIVE);

    assert_ok(fixture_run(f, &(struct actor){0}, TX_WRITE, claim, &ada));
    assert_int_equal(ada.user.state, USER_ACTIVE);
    struct logged_in early = fixture_login(f, "ada@example.com"), bobs = fixture_login(f, "bob");
    struct logged_in late;
    assert_ok(by_operator(f, make, &ada));
    ada.magic.token = ada.link.token;
    assert_ok(try_to_enter(f, &ada));
    assert_ok(try_to_enter(f, &bob));
    assert_err(fixture_accept(f, early.token.text, NULL), ERR_TOKEN_INVALID);
    assert_err(fixture_try_login(f, "ada@example.com", PASSWORD, NULL, &late), ERR_CREDENTIALS);
    assert_ok(fixture_accept(f, ada.in.token.text, NULL));
    assert_ok(fixture_accept(f, bobs.token.text, NULL));
    (void)fixture_login(f, "bob");
}

/* All else that led in ends. */
static void the_last_super_administrator_keeps_a_password(void **state)
{
    struct fixture *f = *state;
    struct guest ada = {0};

    assert_ok(fixture_run(f, &(struct actor){0}, TX_WRITE, claim, &ada));
    struct grant grant = {.user = ada.user.id, .role = ROLE_SUPER_ADMIN};
    assert_ok(fixture_grant(f, &actor_operator, grant));
    struct logged_in early = fixture_login(f, "ada@example.com");
    assert_ok(by_operator(f, make, &ada));
    ada.magic.token = ada.link.token;
    assert_ok(try_to_enter(f, &ada));
    assert_err(fixture_accept(f, early.token.text, NULL), ERR_TOKEN_INVALID);
    (void)fixture_login(f, "ada@example.com");
}

static void an_address_that_an_administrator_gave_is_not_claimed(void **state)
{
    struct fixture *f = *state;
    struct guest bob = {0};

    assert_ok(fixture_run(f, &(struct actor){0}, TX_WRITE, claim, &bob));
    assert_true(bob.user.claimed);
    assert_ok(by_operator(f, correct, &bob));
    assert_false(bob.user.claimed);
    assert_ok(by_operator(f, make, &bob));
    bob.magic.token = bob.link.token;
    assert_ok(try_to_enter(f, &bob));
    (void)fixture_login(f, "bob@example.com");
}

static void the_code_does_what_the_link_does(void **state)
{
    struct fixture *f = *state;
    struct guest ada = guest_with_link(f, "ada", USER_ACTIVE);
    struct guest link = ada;

    ada.magic = (struct magic){.email = ada.user.email, .code = ada.link.code};
    assert_ok(try_to_enter(f, &ada));
    assert_int_equal(ada.in.user.verified.ms, f->now.ms);
    assert_err(try_to_enter(f, &ada), ERR_LINK);
    assert_err(try_to_enter(f, &link), ERR_LINK); /* they are one */
}

static void five_wrong_codes_leave_the_link_alone(void **state)
{
    struct fixture *f = *state;
    struct guest ada = guest_with_link(f, "ada", USER_ACTIVE);
    struct guest code = ada;

    code.magic = (struct magic){.email = ada.user.email, .code = {STR("12345")}};
    for (int i = 0; i < 5; i++) {
        assert_err(try_to_enter(f, &code), ERR_LINK);
    }
    code.magic.code = ada.link.code;
    assert_err(try_to_enter(f, &code), ERR_LINK);
    assert_ok(try_to_enter(f, &ada));
}

/* How many wrong codes the store knows of, each of an account or an address. */
static bool failures_are(struct fixture *f, int64_t count)
{
    struct attempts_excess_row row;
    struct tx *tx = fixture_begin(f, TX_READ)->tx;
    bool right = q_attempts_excess(tx, count - 1, &row) == ERR_OK &&
                 q_attempts_excess(tx, count, &row) == ERR_MISSING;

    fixture_keep(f);
    return right;
}

/* What is written tells it least of all: in the store there is a failure for each. */
static void a_code_for_nobody_is_refused_like_a_wrong_one(void **state)
{
    struct fixture *f = *state;
    struct guest none = {0};
    struct guest linkless = {.user = fixture_user(f, "bob")};

    none.magic.code = (struct secret){STR("12345678")};
    assert_ok(email_parse(f->arena, STR("nobody@example.com"), &none.magic.email));
    linkless.magic = (struct magic){.email = linkless.user.email, .code = none.magic.code};
    assert_err(try_to_enter(f, &none), ERR_LINK);
    assert_err(try_to_enter(f, &linkless), ERR_LINK);
    assert_true(failures_are(f, 2));
}

static void who_may_not_come_in_does_not_by_a_link(void **state)
{
    static const enum user_state states[] = {USER_PENDING_ACTIVATION, USER_INACTIVE,
                                             USER_SUSPENDED};
    struct fixture *f = *state;
    char name[] = "user0";

    for (size_t i = 0; i < ARRAY_LEN(states); i++) {
        name[4]++;
        struct guest guest = guest_with_link(f, name, states[i]);
        assert_err(try_to_enter(f, &guest), ERR_ACCOUNT_STATE);
        assert_ok(by_operator(f, reread, &guest));
        assert_int_equal(guest.user.state, states[i]);
        assert_false(moment_is_set(guest.user.verified));
    }
    assert_int_equal(fixture_count(f, EVENT_LOGIN), 0);
}

static void links_of_other_kinds_let_nobody_in(void **state)
{
    static const enum link_kind kinds[] = {LINK_VERIFY_EMAIL, LINK_ACTIVATION, LINK_RESET_PASSWORD};
    struct fixture *f = *state;
    struct guest ada = {.user = fixture_user(f, "ada")};

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        assert_ok(link_make(fixture_begin(f, TX_WRITE), kinds[i], &ada.user, &ada.link));
        fixture_keep(f);
        ada.magic.token = ada.link.token;
        assert_err(try_to_enter(f, &ada), ERR_LINK);
    }
}

static void it_counts_for_ten_minutes(void **state)
{
    struct fixture *f = *state;
    struct guest ada = guest_with_link(f, "ada", USER_ACTIVE);
    struct guest bob = guest_with_link(f, "bob", USER_ACTIVE);

    fixture_pass(f, 10 * MINUTE - 1);
    assert_ok(try_to_enter(f, &ada));
    fixture_pass(f, 1);
    assert_err(try_to_enter(f, &bob), ERR_LINK);
}

static void of_many_at_once_one_comes_in(void **state)
{
    struct fixture *f = *state;
    struct guest ada = guest_with_link(f, "ada", USER_ACTIVE);
    struct guest *guests = arena_array(f->arena, CROWD, sizeof *guests);
    struct fixture_one ones[CROWD];
    int in = 0;

    assert_non_null(guests);
    for (size_t i = 0; i < CROWD; i++) {
        guests[i] = ada;
        ones[i] = (struct fixture_one){.with = &guests[i]};
    }
    fixture_crowd(f, enter, ones, CROWD);
    for (size_t i = 0; i < CROWD; i++) {
        in += ones[i].answer == ERR_OK;
    }
    assert_int_equal(in, 1);
}

/* What the browser shows, and what the page of the link makes of it. */
struct visit {
    struct guest *guest;
    struct str browser;
    struct magic_seen seen;
};

static enum err get_browser(struct ctx *ctx, void *with)
{
    struct visit *visit = with;

    return magic_browser(ctx, &visit->guest->user.email, &visit->browser);
}

static enum err look(struct ctx *ctx, void *with)
{
    struct visit *visit = with;

    return magic_look(ctx, visit->guest->link.token.hidden, visit->browser, &visit->seen);
}

static bool is_known(struct fixture *f, struct guest *guest, struct str browser)
{
    struct visit visit = {.guest = guest, .browser = browser};

    assert_ok(by_operator(f, look, &visit));
    assert_true(id_eq(visit.seen.user.id, guest->user.id));
    return visit.seen.same_browser;
}

static void a_browser_is_known_by_the_address_that_it_asked_for(void **state)
{
    struct fixture *f = *state;
    struct guest ada = guest_with_link(f, "ada", USER_ACTIVE);
    struct guest bob = guest_with_link(f, "bob", USER_ACTIVE);
    struct visit visit = {.guest = &ada};

    assert_ok(by_operator(f, get_browser, &visit));
    assert_true(is_known(f, &ada, visit.browser));
    assert_false(is_known(f, &bob, visit.browser));
    assert_false(is_known(f, &ada, (struct str){0}));
    assert_false(is_known(f, &ada, str_sub(visit.browser, 1, visit.browser.len)));
    fixture_pass(f, MAGIC_LIFE - 1);
    assert_true(is_known(f, &ada, visit.browser));
    fixture_pass(f, 1);
    assert_ok(by_operator(f, make, &ada));
    assert_false(is_known(f, &ada, visit.browser));
}

static enum err pass_on(struct ctx *ctx, void *with)
{
    struct guest *guest = with;

    return magic_pass_on(ctx, &guest->magic, &guest->link);
}

static void a_link_is_passed_on_once_and_lets_nobody_in_by_that(void **state)
{
    struct fixture *f = *state;
    struct guest ada = guest_with_link(f, "ada", USER_ACTIVE);
    struct guest stopped = guest_with_link(f, "bob", USER_SUSPENDED);

    assert_ok(by_operator(f, pass_on, &ada));
    assert_err(by_operator(f, pass_on, &ada), ERR_LINK);
    assert_int_equal(fixture_count(f, EVENT_LOGIN), 0);
    ada.magic.token = ada.link.token;
    assert_ok(try_to_enter(f, &ada));
    assert_err(by_operator(f, pass_on, &stopped), ERR_ACCOUNT_STATE);
}

static void whoever_has_an_account_gets_the_letter(void **state)
{
    struct fixture *f = *state;
    struct user ada = fixture_user(f, "ada");
    struct email nobody;
    struct outbox_row *rows;
    size_t count;

    assert_ok(email_parse(f->arena, STR("nobody@example.com"), &nobody));
    assert_ok(by_operator(f, ask, &nobody));
    assert_ok(by_operator(f, ask, &ada.email));
    assert_ok(by_operator(f, settle, NULL));
    assert_ok(outbox_list(fixture_begin(f, TX_READ), &rows, &count));
    fixture_keep(f);
    assert_int_equal(count, 1);
    assert_str(rows[0].recipient, "ada@example.com");
    assert_str(rows[0].kind, "magic-link");
}

int main(int count, char **arguments)
{
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(the_link_lets_in_once_and_shows_the_address_to_be_theirs),
        FIXTURE_TEST(who_was_verified_before_stays_so),
        FIXTURE_TEST(the_setting_that_asks_for_verified_addresses_is_met_by_it),
        FIXTURE_TEST(what_led_in_before_the_address_was_verified_ends),
        FIXTURE_TEST(the_last_super_administrator_keeps_a_password),
        FIXTURE_TEST(an_address_that_an_administrator_gave_is_not_claimed),
        FIXTURE_TEST(the_code_does_what_the_link_does),
        FIXTURE_TEST(five_wrong_codes_leave_the_link_alone),
        FIXTURE_TEST(a_code_for_nobody_is_refused_like_a_wrong_one),
        FIXTURE_TEST(who_may_not_come_in_does_not_by_a_link),
        FIXTURE_TEST(links_of_other_kinds_let_nobody_in),
        FIXTURE_TEST(it_counts_for_ten_minutes),
        FIXTURE_TEST(of_many_at_once_one_comes_in),
        FIXTURE_TEST(a_browser_is_known_by_the_address_that_it_asked_for),
        FIXTURE_TEST(a_link_is_passed_on_once_and_lets_nobody_in_by_that),
        FIXTURE_TEST(whoever_has_an_account_gets_the_letter),
    };

    (void)arguments;
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
