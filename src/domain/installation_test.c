#include "base/check.h"
#include "domain/feed.h"
#include "domain/fixture.h"
#include "domain/installation.h"

struct anew {
    struct moment newest, not_before;
};

static enum err begin_anew(struct ctx *ctx, void *with)
{
    struct anew *anew = with;

    return installation_begin_anew(ctx, anew->newest, &anew->not_before);
}

static enum err not_before(struct ctx *ctx, void *ret)
{
    return installation_not_before(ctx, ret);
}

static void an_installation_that_was_never_restored_refuses_nothing(void **state)
{
    struct fixture *f = *state;
    struct moment at = {1};

    assert_ok(fixture_run(f, &actor_operator, TX_READ, not_before, &at));
    assert_false(moment_is_set(at));
}

static void what_was_issued_before_a_restore_is_refused_for_good(void **state)
{
    struct fixture *f = *state;
    struct anew anew = {0};

    (void)fixture_user(f, "paul");
    struct logged_in in = fixture_login(f, "paul");
    assert_ok(fixture_accept(f, in.token.text, NULL)); /* so that it is remembered, too */
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, begin_anew, &anew));
    assert_int_equal(fixture_count(f, EVENT_INSTALLATION_RESTORED), 1);
    assert_err(fixture_accept(f, in.token.text, NULL), ERR_TOKEN_INVALID);
    fixture_restart(f);
    assert_err(fixture_accept(f, in.token.text, NULL), ERR_TOKEN_INVALID);
    fixture_pass(f, 1);
    struct logged_in later = fixture_login(f, "paul");
    assert_ok(fixture_accept(f, later.token.text, NULL));
    assert_err(fixture_accept(f, in.token.text, NULL), ERR_TOKEN_INVALID);
}

static void other_nodes_hear_of_it(void **state)
{
    struct fixture *f = *state;
    struct anew anew = {0};

    struct user admin = fixture_admin(f, "anna", ROLE_ADMIN);
    struct fixture *other = fixture_join(f);
    struct logged_in in = fixture_login(f, "anna");
    assert_ok(fixture_accept(other, in.token.text, NULL));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, begin_anew, &anew));
    assert_ok(feed_read(fixture_ctx(other)));
    assert_err(fixture_accept(other, in.token.text, NULL), ERR_TOKEN_INVALID);
    assert_int_equal(fixture_actor(other, admin.id).roles.bits, 1u << ROLE_ADMIN);
    fixture_leave(other);
}

static void the_clock_alone_decides_nothing(void **state)
{
    struct fixture *f = *state;
    struct anew anew = {.newest = moment_plus(f->now, 3600)};

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, begin_anew, &anew));
    int64_t first = anew.not_before.ms;
    assert_int_equal(first, (moment_seconds(anew.newest) + 1) * 1000);
    anew.newest = (struct moment){0};
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, begin_anew, &anew));
    assert_int_equal(anew.not_before.ms, first); /* it never goes back */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(an_installation_that_was_never_restored_refuses_nothing),
        FIXTURE_TEST(what_was_issued_before_a_restore_is_refused_for_good),
        FIXTURE_TEST(other_nodes_hear_of_it),
        FIXTURE_TEST(the_clock_alone_decides_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
