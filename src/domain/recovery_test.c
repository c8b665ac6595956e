#include "base/arena.h"
#include "base/check.h"
#include "domain/asking.h"
#include "domain/fixture.h"
#include "domain/identity.h"
#include "domain/outbox.h"
#include "domain/recovery.h"
#include "domain/registration.h"
#include "store/queries.h"

enum {
    MINUTE = 60
};
#define CHOSEN "another long password"

struct call {
    struct str token;
    struct secret password;
    struct user user;
    struct email to;
};

static enum err look(struct ctx *ctx, void *with)
{
    struct call *call = with;

    return recovery_look(ctx, call->token, &call->user);
}

static enum err use(struct ctx *ctx, void *with)
{
    struct call *call = with;

    return recovery_use(ctx, call->token, call->password, &call->user);
}

static enum err ask(struct ctx *ctx, void *with)
{
    struct call *call = with;

    return recovery_ask(ctx, &call->to);
}

static enum err run(struct fixture *f, enum err (*work)(struct ctx *ctx, void *with),
                    struct call *call)
{
    return fixture_run(f, &(struct actor){.kind = ACTOR_NOBODY}, TX_LATE, work, call);
}

/* The next letter of this kind that waits; false when there is none. */
static bool letter(struct fixture *f, enum letter_kind kind, struct letter *ret)
{
    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    struct claimed claimed;
    bool found = true, right = false;

    while (found && !right) {
        assert_ok(outbox_claim(ctx, MINUTE, &claimed, &found));
        right = found && claimed.letter.kind == kind;
    }
    *ret = right ? claimed.letter : (struct letter){0};
    fixture_keep(f);
    return right;
}

/* The token that is mailed to who asks by this address; none when no letter goes out. */
static struct str asked(struct fixture *f, const char *address)
{
    struct call call = {0};
    struct letter found;
    bool more;

    assert_ok(email_parse(f->arena, str_of(address), &call.to));
    assert_ok(run(f, ask, &call));
    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_ok(asking_settle(ctx, &more));
    fixture_keep(f);
    return letter(f, LETTER_RESET_PASSWORD, &found) ? found.token.hidden : (struct str){0};
}

static enum err reset(struct fixture *f, struct str token, const char *password)
{
    struct call call = {.token = token, .password = {str_of(password)}};

    return run(f, use, &call);
}

static void a_new_password_ends_all_sessions(void **state)
{
    struct fixture *f = *state;
    struct logged_in first, second, after;
    struct letter told;

    (void)fixture_user(f, "ada");
    first = fixture_login(f, "ada");
    second = fixture_login(f, "ada");
    assert_ok(reset(f, asked(f, "ADA@example.com"), CHOSEN));
    assert_err(fixture_accept(f, first.token.text, NULL), ERR_TOKEN_INVALID);
    assert_err(fixture_accept(f, second.token.text, NULL), ERR_TOKEN_INVALID);
    assert_err(fixture_try_login(f, "ada", PASSWORD, NULL, &after), ERR_CREDENTIALS);
    assert_ok(fixture_try_login(f, "ada", CHOSEN, NULL, &after));
    assert_true(letter(f, LETTER_PASSWORD_CHANGED, &told));
    assert_str(told.to.shown, "ada@example.com");
}

static void a_link_counts_once_and_for_half_an_hour(void **state)
{
    struct fixture *f = *state;
    struct call call;

    (void)fixture_user(f, "ada");
    struct str used = asked(f, "ada@example.com");
    assert_ok(reset(f, used, CHOSEN));
    assert_err(reset(f, used, CHOSEN), ERR_LINK);
    call = (struct call){.token = asked(f, "ada@example.com")};
    fixture_pass(f, 30 * MINUTE - 1);
    assert_ok(run(f, look, &call));
    fixture_pass(f, 1);
    assert_err(run(f, look, &call), ERR_LINK);
    assert_err(reset(f, call.token, CHOSEN), ERR_LINK);
}

static void a_password_that_will_not_do_leaves_the_link(void **state)
{
    struct fixture *f = *state;

    (void)fixture_user(f, "ada");
    struct str token = asked(f, "ada@example.com");
    assert_err(reset(f, token, "short"), ERR_PASSWORD_SHORT);
    assert_ok(reset(f, token, CHOSEN));
}

static void who_may_not_come_in_gets_no_letter_and_no_use_of_one(void **state)
{
    struct fixture *f = *state;
    struct user ada = fixture_user(f, "ada");
    struct str token = asked(f, "ada@example.com");
    struct ctx *ctx = fixture_begin(f, TX_WRITE);

    assert_ok(user_stop(ctx, &ada));
    fixture_keep(f);
    assert_err(reset(f, token, CHOSEN), ERR_LINK);
    assert_false(str_is_set(asked(f, "ada@example.com")));
    assert_false(str_is_set(asked(f, "nobody@example.com")));
}

static void a_login_that_was_delayed_begins_anew(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;

    (void)fixture_user(f, "ada");
    for (int64_t i = 0; i <= f->settings.free_failures; i++) {
        assert_err(fixture_try_login(f, "ada", "wrong", NULL, &in), ERR_CREDENTIALS);
    }
    assert_err(fixture_try_login(f, "ada", PASSWORD, NULL, &in), ERR_CREDENTIALS);
    fixture_pass(f, 1);
    assert_ok(reset(f, asked(f, "ada@example.com"), CHOSEN));
    assert_ok(fixture_try_login(f, "ada", CHOSEN, NULL, &in));
}

struct stranger {
    enum err (*way)(struct ctx *ctx, const struct new_user *in, struct user *ret);
    struct new_user in;
    struct user user;
};

static enum err register_as(struct ctx *ctx, void *with)
{
    struct stranger *stranger = with;

    return stranger->way(ctx, &stranger->in, &stranger->user);
}

static enum err vouch_for(struct ctx *ctx, void *with)
{
    const struct user *user = with;
    struct identity made;

    return identity_add(ctx,
                        &(struct identity){
                            .user = user->id,
                            .provider = PROVIDER_GOOGLE,
                            .issuer = STR("https://accounts.google.com"),
                            .subject = STR("the stranger"),
                        },
                        &made);
}

static enum err find_the_identity(struct ctx *ctx, void *with)
{
    struct identity found;

    (void)with;
    return identity_find(ctx, STR("https://accounts.google.com"), STR("the stranger"), &found);
}

/* Somebody registered with an address that is not theirs, and came in. */
static void assert_taken_over(struct fixture *f, struct stranger stranger, enum user_state at_first)
{
    struct logged_in before, after;

    assert_ok(fixture_run(f, &(struct actor){0}, TX_LATE, register_as, &stranger));
    assert_int_equal(stranger.user.state, at_first);
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, vouch_for, &stranger.user));
    before = fixture_login(f, "ada");

    assert_ok(reset(f, asked(f, "ada@example.com"), CHOSEN));
    assert_err(fixture_accept(f, before.token.text, NULL), ERR_TOKEN_INVALID);
    assert_err(fixture_try_login(f, "ada", PASSWORD, NULL, &after), ERR_CREDENTIALS);
    assert_err(fixture_run(f, &actor_operator, TX_READ, find_the_identity, NULL), ERR_MISSING);
    assert_ok(fixture_try_login(f, "ada", CHOSEN, NULL, &after));
    assert_int_equal(after.user.state, USER_ACTIVE);
    assert_true(moment_is_set(after.user.verified));
    assert_int_equal(fixture_count(f, EVENT_USER_VERIFIED), 1);
}

static void who_owns_the_address_takes_the_account_over(void **state)
{
    struct fixture *f = *state;

    assert_taken_over(f, (struct stranger){registration, .in = fixture_new_user(f, "ada")},
                      USER_PENDING_VERIFICATION);
}

static void who_owns_the_address_takes_over_an_account_that_is_active(void **state)
{
    struct fixture *f = *state;

    assert_taken_over(f,
                      (struct stranger){registration_of_member, .in = fixture_new_user(f, "ada")},
                      USER_ACTIVE);
}

/* What their owner has linked to an account that is active stays. */
static void a_new_password_leaves_what_an_owner_has_linked(void **state)
{
    struct fixture *f = *state;
    struct user ada = fixture_user(f, "ada");

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, vouch_for, &ada));
    assert_ok(reset(f, asked(f, "ada@example.com"), CHOSEN));
    assert_ok(fixture_run(f, &actor_operator, TX_READ, find_the_identity, NULL));
}

struct overlap {
    struct fixture *other;
    struct user user;
    struct call call;
    int tries;
};

static enum err verify_and_link(struct ctx *ctx, void *with)
{
    const struct user *user = with;

    TRY(q_user_verified(ctx->tx, ctx->now, false, user->id));
    return vouch_for(ctx, with);
}

static enum err use_late(struct ctx *ctx, void *with)
{
    struct overlap *overlap = with;

    TRY(look(ctx, &overlap->call));
    if (overlap->tries++ == 0) {
        assert_ok(fixture_run(overlap->other, &actor_operator, TX_WRITE, verify_and_link,
                              &overlap->user));
    }
    return use(ctx, &overlap->call);
}

/* Nor what they linked while the password was hashed, as soon as the address was shown to be
 * theirs.
 */
static void a_new_password_leaves_what_was_linked_meanwhile(void **state)
{
    struct fixture *f = *state;
    struct stranger ada = {registration, .in = fixture_new_user(f, "ada")};

    assert_ok(fixture_run(f, &(struct actor){0}, TX_LATE, register_as, &ada));
    struct overlap overlap = {.user = ada.user, .other = fixture_join(f)};
    overlap.call.token = asked(f, "ada@example.com");
    overlap.call.password.hidden = STR(CHOSEN);
    assert_ok(fixture_run(f, &(struct actor){0}, TX_LATE, use_late, &overlap));
    fixture_leave(overlap.other);
    assert_ok(fixture_run(f, &actor_operator, TX_READ, find_the_identity, NULL));
}

int main(int count, char **arguments)
{
    (void)arguments;
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_new_password_ends_all_sessions),
        FIXTURE_TEST(a_link_counts_once_and_for_half_an_hour),
        FIXTURE_TEST(a_password_that_will_not_do_leaves_the_link),
        FIXTURE_TEST(who_may_not_come_in_gets_no_letter_and_no_use_of_one),
        FIXTURE_TEST(a_login_that_was_delayed_begins_anew),
        FIXTURE_TEST(who_owns_the_address_takes_the_account_over),
        FIXTURE_TEST(who_owns_the_address_takes_over_an_account_that_is_active),
        FIXTURE_TEST(a_new_password_leaves_what_an_owner_has_linked),
        FIXTURE_TEST(a_new_password_leaves_what_was_linked_meanwhile),
    };
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
