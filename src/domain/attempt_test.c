#include "base/arena.h"
#include "base/check.h"
#include "domain/attempt.h"
#include "domain/device.h"
#include "domain/fixture.h"
#include "domain/password.h"
#include "store/queries.h"

static struct attempt look(struct fixture *f, struct id user, const char *name, const char *device)
{
    struct attempt attempt;

    assert_ok(
        attempt_look(fixture_begin(f, TX_READ), user, str_of(name), str_of(device), &attempt));
    fixture_keep(f);
    return attempt;
}

/* A cookie as logins give it now. */
static struct str device_of(struct fixture *f, struct id user)
{
    struct device_bond bond = {user, look(f, user, NULL, NULL).password_set};
    struct str device;

    assert_ok(device_make(fixture_ctx(f), bond, &device));
    assert_ok(arena_copy(f->arena, device, &device)); /* with a NUL behind it */
    return device;
}

/* Failures now, of whatever `attempt` is about. */
static void fail_times(struct fixture *f, const struct attempt *attempt, int64_t times)
{
    struct ctx *ctx = fixture_begin(f, TX_WRITE);

    for (int64_t i = 0; i < times; i++) {
        assert_ok(q_attempt_failed(ctx->tx, &attempt->subject, f->now));
    }
    fixture_keep(f);
}

static void the_first_failures_are_free(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");

    for (int64_t i = 0; i < f->settings.free_failures; i++) {
        struct attempt attempt = look(f, user.id, "paul", NULL);
        assert_int_equal(attempt.failures, i);
        assert_false(attempt.delayed);
        fail_times(f, &attempt, 1);
    }
    assert_true(look(f, user.id, "paul", NULL).delayed);
}

/* The wait after each further failure is over exactly at its end, and not a millisecond before. */
static void the_delay_doubles_up_to_the_longest(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    static const int64_t delays[] = {1, 2, 4, 8, 16, 32, 64, 100, 100, 100};

    f->settings.most_delay = 100;
    struct attempt attempt = look(f, user.id, "paul", NULL);
    fail_times(f, &attempt, f->settings.free_failures);
    for (size_t i = 0; i < ARRAY_LEN(delays); i++) {
        struct moment failed = f->now;
        assert_true(look(f, user.id, "paul", NULL).delayed);
        f->now = (struct moment){failed.ms + delays[i] * 1000 - 1};
        assert_true(look(f, user.id, "paul", NULL).delayed);
        f->now.ms++;
        struct attempt open = look(f, user.id, "paul", NULL);
        assert_false(open.delayed);
        fail_times(f, &open, 1);
    }
}

static void the_delay_of_very_many_failures_is_the_longest(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct attempt attempt = look(f, user.id, "paul", NULL);

    f->settings.most_failures = 1000;
    fail_times(f, &attempt, 100);
    fixture_pass(f, f->settings.most_delay - 1);
    assert_true(look(f, user.id, "paul", NULL).delayed);
    fixture_pass(f, 1);
    assert_false(look(f, user.id, "paul", NULL).delayed);
}

static void after_the_most_failures_no_wait_helps(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct attempt attempt = look(f, user.id, "paul", NULL);

    fail_times(f, &attempt, f->settings.most_failures);
    fixture_pass(f, INT64_C(10) * 365 * 86400);
    assert_true(look(f, user.id, "paul", NULL).delayed);
}

static void a_new_password_begins_a_new_count(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct str device = device_of(f, user.id);
    struct attempt attempt = look(f, user.id, "paul", NULL);
    struct attempt known = look(f, user.id, "paul", device.ptr);
    fail_times(f, &attempt, f->settings.most_failures);
    fail_times(f, &known, f->settings.most_failures);
    fixture_pass(f, 1);
    assert_ok(password_set(fixture_begin(f, TX_LATE), &user, (struct secret){STR("another one")}));
    fixture_keep(f);
    assert_false(look(f, user.id, "paul", NULL).delayed);
    assert_false(look(f, user.id, "paul", device.ptr).delayed);
    assert_int_equal(look(f, user.id, "paul", device.ptr).failures, 0);
}

/* One who tries: what they were told. */
struct trier {
    struct id user;
    struct attempt attempt;
};

static enum err claim_one(struct ctx *ctx, void *with)
{
    struct trier *trier = with;

    TRY(attempt_look(ctx, trier->user, STR("paul"), STR(""), &trier->attempt));
    return attempt_claim(ctx, &trier->attempt);
}

enum {
    CROWD = 12
};

static void claim_all(struct fixture *f, struct id user, struct trier triers[CROWD])
{
    struct fixture_one ones[CROWD];

    for (size_t i = 0; i < CROWD; i++) {
        triers[i] = (struct trier){.user = user};
        ones[i] = (struct fixture_one){.with = &triers[i]};
    }
    fixture_crowd(f, claim_one, ones, CROWD);
    for (size_t i = 0; i < CROWD; i++) {
        assert_ok(ones[i].answer);
    }
}

static size_t looked_at(const struct trier triers[CROWD])
{
    size_t count = 0;

    for (size_t i = 0; i < CROWD; i++) {
        count += !triers[i].attempt.delayed;
        assert_true(triers[i].attempt.delayed || triers[i].attempt.counted);
    }
    return count;
}

static void of_many_who_come_when_a_delay_is_over_one_is_looked_at(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct trier triers[CROWD];
    struct attempt attempt = look(f, user.id, "paul", NULL);

    fail_times(f, &attempt, f->settings.free_failures);
    fixture_pass(f, 1);
    claim_all(f, user.id, triers);
    assert_int_equal(looked_at(triers), 1);
    assert_int_equal(look(f, user.id, "paul", NULL).failures, f->settings.free_failures + 1);
    claim_all(f, user.id, triers); /* the wait has begun anew */
    assert_int_equal(looked_at(triers), 0);
    assert_int_equal(look(f, user.id, "paul", NULL).failures, f->settings.free_failures + 1);
}

static void the_free_ones_are_looked_at_all_at_once(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct trier triers[CROWD];
    struct attempt attempt = look(f, user.id, "paul", NULL);

    for (int64_t failures = 0; failures < f->settings.free_failures; failures++) {
        claim_all(f, user.id, triers);
        for (size_t i = 0; i < CROWD; i++) {
            assert_false(triers[i].attempt.delayed || triers[i].attempt.counted);
        }
        fail_times(f, &attempt, 1);
    }
}

/* Where more are free than there may be, the last half of them is counted first all the same. */
static void whatever_is_free_no_more_are_looked_at_than_may_be(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct trier triers[CROWD];

    f->settings.free_failures = 100;
    f->settings.most_failures = 8;
    struct attempt attempt = look(f, user.id, "paul", NULL);
    fail_times(f, &attempt, 4);
    for (size_t round = 0; round < 6; round++) {
        claim_all(f, user.id, triers);
        assert_true(looked_at(triers) <= 4);
    }
    assert_int_equal(look(f, user.id, "paul", NULL).failures, 8);
    assert_true(look(f, user.id, "paul", NULL).delayed);
}

static void what_was_counted_first_is_counted_once_and_forgiven(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct attempt attempt = look(f, user.id, "paul", NULL);
    struct logged_in in;

    fail_times(f, &attempt, f->settings.free_failures);
    fixture_pass(f, 1);
    assert_int_equal(fixture_try_login(f, "paul", "a wrong one", NULL, &in), ERR_CREDENTIALS);
    assert_int_equal(look(f, user.id, "paul", NULL).failures, f->settings.free_failures + 1);
    fixture_pass(f, 2);
    assert_ok(fixture_try_login(f, "paul", PASSWORD, NULL, &in));
    assert_int_equal(look(f, user.id, "paul", NULL).failures, 0);
}

static void an_account_is_counted_in_one_place_whatever_it_is_called(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct attempt by_name = look(f, user.id, "paul", NULL);
    static const char *const names[] = {"PAUL", "paul@example.com", "Paul@EXAMPLE.com", ""};

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct attempt other = look(f, user.id, names[i], NULL);
        assert_memory_equal(&other.subject, &by_name.subject, sizeof other.subject);
    }
}

static void a_name_that_nobody_has_is_counted_in_any_case(void **state)
{
    struct fixture *f = *state;
    const struct id nobody = {0};
    struct attempt lower = look(f, nobody, "stra\u00dfe", NULL),
                   upper = look(f, nobody, "STRASSE", NULL), other = look(f, nobody, "gasse", NULL);

    assert_memory_equal(&lower.subject, &upper.subject, sizeof lower.subject);
    assert_memory_not_equal(&lower.subject, &other.subject, sizeof lower.subject);
    assert_false(moment_is_set(lower.password_set));
}

static void a_name_may_be_long_or_no_text_at_all(void **state)
{
    struct fixture *f = *state;
    static char name[60001];

    for (size_t i = 0; i < sizeof name - 1; i += 2) {
        memcpy(&name[i], "\u0390", 2); /* folded it is three times as long */
    }
    assert_int_equal(look(f, (struct id){0}, name, NULL).failures, 0);
    assert_int_equal(look(f, (struct id){0}, "\xff\xfe", NULL).failures, 0);
    assert_int_equal(look(f, (struct id){0}, NULL, NULL).failures, 0);
}

/* No name can be made up that is counted as an account, or as another name. */
static void a_name_is_never_taken_for_an_account(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct attempt account = look(f, user.id, "paul", NULL);
    struct attempt name = look(f, (struct id){0}, "paul", NULL);

    assert_memory_not_equal(&account.subject, &name.subject, sizeof name.subject);
}

static void a_known_device_has_its_own_counter(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul"), other = fixture_user(f, "eve");
    struct str mine = device_of(f, user.id), second = device_of(f, user.id),
               foreign = device_of(f, other.id);
    struct attempt strangers = look(f, user.id, "paul", NULL);
    fail_times(f, &strangers, f->settings.most_failures);
    assert_true(look(f, user.id, "paul", NULL).delayed);
    assert_false(look(f, user.id, "paul", mine.ptr).delayed);
    assert_false(look(f, user.id, "paul", second.ptr).delayed);

    struct attempt on_mine = look(f, user.id, "paul", mine.ptr);
    fail_times(f, &on_mine, f->settings.most_failures);
    assert_true(look(f, user.id, "paul", mine.ptr).delayed);
    assert_false(look(f, user.id, "paul", second.ptr).delayed);
    /* Another account's cookie, or one that is made up, is a stranger's. */
    assert_true(look(f, user.id, "paul", foreign.ptr).delayed);
    assert_true(look(f, user.id, "paul", "0123456789abcdef").delayed);
}

/* Or whoever has a cookie could spell it anew for each handful of tries. */
static void a_device_has_one_counter_however_its_cookie_is_spelled(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct attempt stranger = look(f, user.id, "paul", NULL);
    struct str cookie = device_of(f, user.id);
    char upper[128] = {0};

    for (size_t i = 0; i < cookie.len; i++) {
        char c = cookie.ptr[i];
        upper[i] = (char)(c >= 'a' && c <= 'f' ? c - 'a' + 'A' : c);
    }
    struct attempt spelled = look(f, user.id, "paul", upper);
    assert_memory_equal(&spelled.subject, &stranger.subject, sizeof spelled.subject);
}

/* Or whoever knew the old one and kept cookies could try for as often again with each of them. */
static void with_a_new_password_every_device_is_a_stranger(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct str device = device_of(f, user.id);

    fixture_pass(f, 1);
    assert_ok(password_set(fixture_begin(f, TX_LATE), &user, (struct secret){STR("another one")}));
    fixture_keep(f);
    struct attempt strangers = look(f, user.id, "paul", NULL);
    struct attempt known = look(f, user.id, "paul", device.ptr);
    assert_memory_equal(&known.subject, &strangers.subject, sizeof known.subject);
    fail_times(f, &strangers, f->settings.most_failures);
    assert_true(look(f, user.id, "paul", device.ptr).delayed);
    assert_false(look(f, user.id, "paul", device_of(f, user.id).ptr).delayed);
}

static void success_forgives(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct attempt attempt = look(f, user.id, "paul", NULL);

    fail_times(f, &attempt, 2);
    attempt = look(f, user.id, "paul", NULL);
    assert_int_equal(attempt.failures, 2);
    assert_ok(attempt_forgive(fixture_begin(f, TX_WRITE), &attempt));
    fixture_keep(f);
    assert_int_equal(look(f, user.id, "paul", NULL).failures, 0);
}

static void a_clock_that_is_set_back_keeps_nobody_waiting(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct attempt attempt = look(f, user.id, "paul", NULL);

    fail_times(f, &attempt, 6);
    fixture_pass(f, -3600);
    assert_false(look(f, user.id, "paul", NULL).delayed);
    fail_times(f, &attempt, 1); /* counted at the new time */
    assert_true(look(f, user.id, "paul", NULL).delayed);
    fixture_pass(f, 4);
    assert_false(look(f, user.id, "paul", NULL).delayed);
}

/* Who waited in a queue, or asks a node whose clock is behind, comes at a time before the last
 * failure. */
static void to_come_a_little_earlier_is_no_way_around_a_delay(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct attempt attempt = look(f, user.id, "paul", NULL);

    fail_times(f, &attempt, 6);
    fixture_pass(f, -1);
    assert_true(look(f, user.id, "paul", NULL).delayed);
    fixture_pass(f, -59);
    assert_true(look(f, user.id, "paul", NULL).delayed);
    fixture_pass(f, -1);
    assert_false(look(f, user.id, "paul", NULL).delayed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(the_first_failures_are_free),
        FIXTURE_TEST(the_delay_doubles_up_to_the_longest),
        FIXTURE_TEST(the_delay_of_very_many_failures_is_the_longest),
        FIXTURE_TEST(after_the_most_failures_no_wait_helps),
        FIXTURE_TEST(a_new_password_begins_a_new_count),
        FIXTURE_TEST(of_many_who_come_when_a_delay_is_over_one_is_looked_at),
        FIXTURE_TEST(the_free_ones_are_looked_at_all_at_once),
        FIXTURE_TEST(whatever_is_free_no_more_are_looked_at_than_may_be),
        FIXTURE_TEST(what_was_counted_first_is_counted_once_and_forgiven),
        FIXTURE_TEST(an_account_is_counted_in_one_place_whatever_it_is_called),
        FIXTURE_TEST(a_name_that_nobody_has_is_counted_in_any_case),
        FIXTURE_TEST(a_name_may_be_long_or_no_text_at_all),
        FIXTURE_TEST(a_name_is_never_taken_for_an_account),
        FIXTURE_TEST(a_known_device_has_its_own_counter),
        FIXTURE_TEST(a_device_has_one_counter_however_its_cookie_is_spelled),
        FIXTURE_TEST(with_a_new_password_every_device_is_a_stranger),
        FIXTURE_TEST(success_forgives),
        FIXTURE_TEST(a_clock_that_is_set_back_keeps_nobody_waiting),
        FIXTURE_TEST(to_come_a_little_earlier_is_no_way_around_a_delay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
