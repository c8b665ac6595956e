#include "base/arena.h"
#include "base/check.h"
#include "domain/asking.h"
#include "domain/fixture.h"
#include "domain/outbox.h"
#include "store/queries.h"

enum {
    PERIOD = 900,
    CROWD = 20,
    AT_ONCE = 20
};

static enum err ask_it(struct ctx *ctx, void *with)
{
    return asking_put(ctx, with);
}

static enum err settle_it(struct ctx *ctx, void *ret_more)
{
    return asking_settle(ctx, ret_more);
}

static struct asked_letter asked_for(struct fixture *f, const char *address)
{
    struct asked_letter asked = {.kind = LINK_VERIFY_EMAIL, .path = STR("/verify")};

    assert_ok(email_parse(f->arena, str_of(address), &asked.to));
    return asked;
}

static enum err ask(struct fixture *f, const char *address)
{
    struct asked_letter asked = asked_for(f, address);

    return fixture_run(f, &actor_operator, TX_WRITE, ask_it, &asked);
}

static bool settle(struct fixture *f)
{
    bool more;

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, settle_it, &more));
    return more;
}

static bool is_open(struct fixture *f)
{
    bool open;

    assert_ok(asking_look(fixture_begin(f, TX_READ), &open));
    fixture_drop(f);
    return open;
}

static size_t letters(struct fixture *f)
{
    struct outbox_row *rows;
    size_t count;

    assert_ok(outbox_list(fixture_begin(f, TX_READ), &rows, &count));
    fixture_drop(f);
    return count;
}

static void limit(struct fixture *f)
{
    f->settings.letters_per_address = 3;
    f->settings.letters_period = PERIOD;
}

static void an_account_gets_a_letter_and_nobody_else(void **state)
{
    struct fixture *f = *state;
    (void)fixture_user(f, "ada");

    assert_ok(ask(f, "Ada@Example.com"));
    assert_ok(ask(f, "nobody@example.com"));
    assert_int_equal(letters(f), 0); /* nothing of it in the request itself */
    assert_true(is_open(f));
    assert_false(settle(f));
    assert_int_equal(letters(f), 1);
    assert_false(is_open(f));
    assert_false(settle(f));
    assert_int_equal(letters(f), 1);
}

static enum err stop(struct ctx *ctx, void *user)
{
    return user_stop(ctx, user);
}

static void who_may_not_come_in_gets_none(void **state)
{
    struct fixture *f = *state;
    struct user ada = fixture_user(f, "ada");

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &ada));
    assert_ok(ask(f, "ada@example.com"));
    assert_false(settle(f));
    assert_int_equal(letters(f), 0);
    assert_false(is_open(f));
}

static void a_fourth_within_the_period_is_too_many_and_told_until_when(void **state)
{
    struct fixture *f = *state;

    limit(f);
    assert_ok(ask(f, "ada@example.com"));
    fixture_pass(f, 100);
    assert_ok(ask(f, "ada@example.com"));
    assert_ok(ask(f, "ADA@example.com"));
    assert_err(ask(f, "ada@example.com"), ERR_TOO_MANY);
    assert_int_equal(f->ctx.reason.retry_after, PERIOD - 100);
    assert_ok(ask(f, "bob@example.com"));

    fixture_pass(f, PERIOD - 101);
    assert_err(ask(f, "ada@example.com"), ERR_TOO_MANY);
    assert_int_equal(f->ctx.reason.retry_after, 1);
    fixture_pass(f, 1);
    assert_ok(ask(f, "ada@example.com"));
    assert_err(ask(f, "ada@example.com"), ERR_TOO_MANY);
    assert_int_equal(f->ctx.reason.retry_after, 100);
}

static void what_was_refused_is_not_counted_and_not_sent(void **state)
{
    struct fixture *f = *state;
    (void)fixture_user(f, "ada");

    limit(f);
    for (int i = 0; i < 10; i++) {
        (void)!ask(f, "ada@example.com");
    }
    (void)settle(f);
    assert_int_equal(fixture_count(f, EVENT_LINK_MADE), 3);
    fixture_pass(f, PERIOD);
    assert_ok(ask(f, "ada@example.com"));
}

static void a_clock_that_was_set_back_keeps_nobody_longer(void **state)
{
    struct fixture *f = *state;

    limit(f);
    for (int i = 0; i < 3; i++) {
        assert_ok(ask(f, "ada@example.com"));
    }
    f->now.ms -= 86400000;
    assert_err(ask(f, "ada@example.com"), ERR_TOO_MANY);
    assert_int_equal(f->ctx.reason.retry_after, PERIOD);
}

static void of_many_at_once_three_are_heard(void **state)
{
    struct fixture *f = *state;
    struct asked_letter asked = asked_for(f, "ada@example.com");
    struct fixture_one crowd[CROWD];
    size_t heard = 0;

    limit(f);
    for (size_t i = 0; i < CROWD; i++) {
        crowd[i].with = &asked;
    }
    fixture_crowd(f, ask_it, crowd, CROWD);
    for (size_t i = 0; i < CROWD; i++) {
        heard += crowd[i].answer == ERR_OK;
        assert_true(crowd[i].answer == ERR_OK || crowd[i].answer == ERR_TOO_MANY);
    }
    assert_int_equal(heard, 3);
}

static void without_a_limit_nobody_waits(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < 10; i++) {
        assert_ok(ask(f, "ada@example.com"));
    }
}

static void a_step_is_bounded_and_says_that_there_is_more(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i <= AT_ONCE; i++) {
        assert_ok(ask(f, "nobody@example.com"));
    }
    assert_true(settle(f));
    assert_false(settle(f));
    assert_false(is_open(f));
}

/* Known or not, who asks is told so before anything is looked up; and what was heard is not lost.
 */
static void a_full_outbox_refuses_everybody_and_what_was_heard_waits(void **state)
{
    struct fixture *f = *state;
    char name[16], address[32];

    for (int i = 0; i <= LETTERS_MOST; i++) {
        (void)snprintf(name, sizeof name, "user%d", i);
        (void)fixture_user(f, name);
        (void)snprintf(address, sizeof address, "%s@example.com", name);
        assert_ok(ask(f, address));
    }
    assert_true(settle(f)); /* LETTERS_MOST of them */
    assert_false(settle(f));
    assert_int_equal(letters(f), LETTERS_MOST);
    assert_true(is_open(f));
    assert_err(ask(f, "user1@example.com"), ERR_BUSY);
    assert_err(ask(f, "nobody@example.com"), ERR_BUSY);
}

int main(int count, char **arguments)
{
    (void)arguments;
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(an_account_gets_a_letter_and_nobody_else),
        FIXTURE_TEST(who_may_not_come_in_gets_none),
        FIXTURE_TEST(a_fourth_within_the_period_is_too_many_and_told_until_when),
        FIXTURE_TEST(what_was_refused_is_not_counted_and_not_sent),
        FIXTURE_TEST(a_clock_that_was_set_back_keeps_nobody_longer),
        FIXTURE_TEST(of_many_at_once_three_are_heard),
        FIXTURE_TEST(without_a_limit_nobody_waits),
        FIXTURE_TEST(a_step_is_bounded_and_says_that_there_is_more),
        FIXTURE_TEST(a_full_outbox_refuses_everybody_and_what_was_heard_waits),
    };
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
