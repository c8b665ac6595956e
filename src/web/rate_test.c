#include "base/check.h"
#include "domain/limit.h"
#include "domain/service.h"
#include "web/mock.h"
#include "web/rate.h"

static const struct route login = {.method = POST, .path = "/login", .rate = RATE_LOGIN};
static const struct route registering = {
    .method = POST, .path = "/register", .rate = RATE_REGISTER};
static const struct route letter = {.method = POST, .path = "/letter", .rate = RATE_LETTER};
static const struct route link = {.method = GET, .path = "/link", .rate = RATE_LINK};
static const struct route other = {.method = GET, .path = "/other", .rate = RATE_ANY};

/* One caller at a service that counts. */
struct counter {
    struct mock mock;
    struct domain_settings settings;
    struct service service;
};

static int make(void **state)
{
    static struct counter counter;

    counter.settings = (struct domain_settings){0}; /* no limits */
    counter.service = (struct service){.settings = &counter.settings};
    assert_ok(limits_create(&counter.service.limits));
    mock_make(&counter.mock);
    counter.mock.call.ctx.service = &counter.service;
    counter.mock.call.ctx.source = STR("192.0.2.7");
    counter.mock.call.route = &login;
    *state = &counter;
    return 0;
}

static int destroy(void **state)
{
    struct counter *counter = *state;

    limits_destroy(counter->service.limits);
    mock_destroy(&counter->mock);
    return 0;
}

static enum err admit(struct counter *counter, const char *source)
{
    struct call *c = &counter->mock.call;

    c->ctx.source = str_of(source);
    c->ctx.reason = (struct reason){0};
    return rate_admit(c);
}

static void settle(struct counter *counter, enum err e, unsigned times)
{
    while (times-- > 0) {
        rate_settle(&counter->mock.call, e);
    }
}

static void failures_of_a_minute_are_counted(void **state)
{
    struct counter *counter = *state;

    counter->settings.network_minute = 3;
    assert_ok(admit(counter, "192.0.2.7"));
    settle(counter, ERR_CREDENTIALS, 2);
    assert_ok(admit(counter, "192.0.2.7"));
    settle(counter, ERR_CURRENT_PASSWORD, 1);
    assert_err(admit(counter, "192.0.2.7"), ERR_TOO_MANY);
}

static void it_says_how_many_seconds_to_wait(void **state)
{
    struct counter *counter = *state;

    counter->settings.network_minute = 3;
    settle(counter, ERR_CREDENTIALS, 3);
    assert_err(admit(counter, "192.0.2.7"), ERR_TOO_MANY);
    assert_in_range(counter->mock.call.ctx.reason.retry_after, 15, 20); /* a third of the minute */
}

static void the_longest_wait_of_all_is_told(void **state)
{
    struct counter *counter = *state;

    counter->settings.network_minute = 3;
    counter->settings.network_hour = 3;
    settle(counter, ERR_CREDENTIALS, 3);
    assert_err(admit(counter, "192.0.2.7"), ERR_TOO_MANY);
    assert_in_range(counter->mock.call.ctx.reason.retry_after, 1190, 1200);
}

static const enum err all[] = {
#define X(name, class, text) name,
    ERR_TABLE(X)
#undef X
};

static void only_wrong_passwords_are_failures(void **state)
{
    struct counter *counter = *state;

    counter->settings.network_minute = 1;
    counter->settings.network_hour = 1;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        if (all[i] != ERR_CREDENTIALS && all[i] != ERR_CURRENT_PASSWORD) {
            settle(counter, all[i], 5);
        }
    }
    assert_ok(admit(counter, "192.0.2.7"));
}

static void logins_are_counted_right_ones_too(void **state)
{
    struct counter *counter = *state;

    counter->settings.network_total = 2;
    assert_ok(admit(counter, "192.0.2.7"));
    settle(counter, ERR_OK, 1);
    assert_ok(admit(counter, "192.0.2.7"));
    assert_err(admit(counter, "192.0.2.7"), ERR_TOO_MANY);
}

static void a_login_that_was_not_let_in_is_not_counted_again(void **state)
{
    struct counter *counter = *state;

    counter->settings.network_total = 2;
    assert_ok(admit(counter, "192.0.2.7"));
    assert_ok(admit(counter, "192.0.2.7"));
    for (int i = 0; i < 100; i++) {
        assert_err(admit(counter, "192.0.2.7"), ERR_TOO_MANY);
    }
    assert_in_range(counter->mock.call.ctx.reason.retry_after, 1, 30);
}

static void each_network_has_its_own_count(void **state)
{
    struct counter *counter = *state;

    counter->settings.network_minute = 1;
    counter->mock.call.ctx.source = STR("2001:db8:1:2::1");
    settle(counter, ERR_CREDENTIALS, 1);
    assert_err(admit(counter, "2001:db8:1:2:ffff::9"), ERR_TOO_MANY);
    assert_ok(admit(counter, "2001:db8:1:3::1"));
    assert_ok(admit(counter, "192.0.2.7"));
}

static void routes_without_a_class_are_neither_counted_nor_held_up(void **state)
{
    struct counter *counter = *state;

    counter->settings.network_minute = 1;
    counter->settings.network_total = 1;
    counter->mock.call.route = &other;
    for (int i = 0; i < 10; i++) {
        assert_ok(admit(counter, "192.0.2.7"));
        settle(counter, ERR_CREDENTIALS, 1);
    }
    counter->mock.call.route = NULL; /* no row at all */
    settle(counter, ERR_CREDENTIALS, 1);
    counter->mock.call.route = &login;
    assert_ok(admit(counter, "192.0.2.7"));
}

static void registrations_and_letters_are_counted_each_for_itself(void **state)
{
    struct counter *counter = *state;

    counter->settings.register_hour = 2;
    counter->settings.letters_hour = 1;
    counter->mock.call.route = &registering;
    assert_ok(admit(counter, "192.0.2.7"));
    assert_ok(admit(counter, "192.0.2.7"));
    assert_err(admit(counter, "192.0.2.7"), ERR_TOO_MANY);
    assert_in_range(counter->mock.call.ctx.reason.retry_after, 1790, 1800);
    counter->mock.call.route = &letter;
    assert_ok(admit(counter, "192.0.2.7"));
    assert_err(admit(counter, "192.0.2.7"), ERR_TOO_MANY);
    assert_in_range(counter->mock.call.ctx.reason.retry_after, 3590, 3600);
    counter->mock.call.route = &login;
    assert_ok(admit(counter, "192.0.2.7"));
}

static void of_links_those_that_are_none_are_counted(void **state)
{
    struct counter *counter = *state;

    counter->settings.links_minute = 2;
    counter->mock.call.route = &link;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        if (all[i] != ERR_LINK) {
            settle(counter, all[i], 5);
        }
    }
    settle(counter, ERR_LINK, 1);
    assert_ok(admit(counter, "192.0.2.7"));
    settle(counter, ERR_LINK, 1);
    assert_err(admit(counter, "192.0.2.7"), ERR_TOO_MANY);
}

static void without_limits_nobody_waits(void **state)
{
    struct counter *counter = *state;

    for (int i = 0; i < 1000; i++) {
        assert_ok(admit(counter, "192.0.2.7"));
        settle(counter, ERR_CREDENTIALS, 1);
    }
}

int main(void)
{
#define WITH_COUNTER(test) cmocka_unit_test_setup_teardown(test, make, destroy)
    const struct CMUnitTest tests[] = {
        WITH_COUNTER(failures_of_a_minute_are_counted),
        WITH_COUNTER(it_says_how_many_seconds_to_wait),
        WITH_COUNTER(the_longest_wait_of_all_is_told),
        WITH_COUNTER(only_wrong_passwords_are_failures),
        WITH_COUNTER(logins_are_counted_right_ones_too),
        WITH_COUNTER(a_login_that_was_not_let_in_is_not_counted_again),
        WITH_COUNTER(each_network_has_its_own_count),
        WITH_COUNTER(routes_without_a_class_are_neither_counted_nor_held_up),
        WITH_COUNTER(registrations_and_letters_are_counted_each_for_itself),
        WITH_COUNTER(of_links_those_that_are_none_are_counted),
        WITH_COUNTER(without_limits_nobody_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
