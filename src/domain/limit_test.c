#include "base/check.h"
#include "domain/limit.h"

enum {
    START = 1000000
}; /* of the clock, in ms */

static int set_up(void **state)
{
    struct limits *limits;

    assert_ok(limits_create(&limits));
    *state = limits;
    return 0;
}

static int tear_down(void **state)
{
    limits_destroy(*state);
    return 0;
}

#define LIMIT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void count_times(struct limits *limits, struct str key, struct rate rate, int64_t times)
{
    for (int64_t i = 0; i < times; i++) {
        assert_int_equal(limit_wait(limits, 0, key, rate, START), 0);
        limit_count(limits, 0, key, rate, START);
    }
}

static void as_many_as_the_rate_says_go_at_once(void **state)
{
    static const struct rate rates[] = {
        {1,      60  },
        {2,      60  },
        {7,      60  },
        {20,     60  },
        {100,    3600},
        {300,    60  },
        {700,    60  },
        {999,    60  },
        {9000,   60  },
        {40000,  60  },
        {100000, 60  },
        {1000,   1   }
    };

    for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
        struct str key = {(const char *)&rates[i], sizeof rates[i]};
        count_times(*state, key, rates[i], rates[i].count);
        assert_true(limit_wait(*state, 0, key, rates[i], START) > 0);
    }
}

static void the_wait_is_exact_to_the_second(void **state)
{
    struct limits *limits = *state;
    struct rate rate = {20, 60}; /* one every three seconds */
    struct str key = STR("192.0.2.1");

    count_times(limits, key, rate, 20);
    assert_int_equal(limit_wait(limits, 0, key, rate, START), 3);
    assert_int_equal(limit_wait(limits, 0, key, rate, START + 1), 3);
    assert_int_equal(limit_wait(limits, 0, key, rate, START + 1000), 2);
    assert_int_equal(limit_wait(limits, 0, key, rate, START + 2001), 1);
    assert_int_equal(limit_wait(limits, 0, key, rate, START + 2999), 1);
    assert_int_equal(limit_wait(limits, 0, key, rate, START + 3000), 0);
}

static void one_comes_back_at_a_time(void **state)
{
    struct limits *limits = *state;
    struct rate rate = {20, 60};
    struct str key = STR("192.0.2.1");

    count_times(limits, key, rate, 20);
    for (int64_t i = 1; i <= 100; i++) {
        int64_t now = START + i * 3000;
        assert_int_equal(limit_wait(limits, 0, key, rate, now), 0);
        limit_count(limits, 0, key, rate, now);
        assert_int_equal(limit_wait(limits, 0, key, rate, now), 3);
    }
}

static void all_of_it_is_back_after_the_whole_time(void **state)
{
    struct limits *limits = *state;
    struct rate rate = {5, 60};
    struct str key = STR("192.0.2.1");

    count_times(limits, key, rate, 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(limit_wait(limits, 0, key, rate, START + 60000), 0);
        limit_count(limits, 0, key, rate, START + 60000);
    }
    assert_true(limit_wait(limits, 0, key, rate, START + 60000) > 0);
}

/* Over any hour no more go than the rate and one allowance, however they are spread. */
static void never_more_than_twice_the_rate_in_its_time(void **state)
{
    struct limits *limits = *state;
    struct rate rate = {100, 3600};
    int64_t gone = 0;

    for (int64_t now = START; now < START + 3600000; now += 1000) {
        while (limit_wait(limits, 0, STR("x"), rate, now) == 0) {
            limit_count(limits, 0, STR("x"), rate, now);
            gone++;
        }
    }
    assert_int_equal(gone, 199); /* 100 at once, and one every 36 seconds after */
}

static void no_rate_is_no_limit(void **state)
{
    struct limits *limits = *state;
    struct rate none = {0, 60};

    for (int i = 0; i < 1000; i++) {
        limit_count(limits, 0, STR("192.0.2.1"), none, START);
    }
    assert_int_equal(limit_wait(limits, 0, STR("192.0.2.1"), none, START), 0);
    assert_int_equal(limit_wait(limits, 0, STR("192.0.2.1"), (struct rate){1, 60}, START), 0);
}

static void kinds_and_keys_are_apart(void **state)
{
    struct limits *limits = *state;
    struct rate rate = {1, 60};

    limit_count(limits, 1, STR("a"), rate, START);
    assert_int_equal(limit_wait(limits, 1, STR("a"), rate, START), 60);
    assert_int_equal(limit_wait(limits, 2, STR("a"), rate, START), 0);
    assert_int_equal(limit_wait(limits, 1, STR("b"), rate, START), 0);
    assert_int_equal(limit_wait(limits, 1, STR(""), rate, START), 0);
    assert_int_equal(limit_wait(limits, 1, STR("aa"), rate, START), 0);
    limit_count(limits, 1, STR(""), rate, START);
    assert_int_equal(limit_wait(limits, 1, STR(""), rate, START), 60);
    assert_int_equal(limit_wait(limits, 1, (struct str){0}, rate, START), 60);
}

static struct str nth(uint32_t *number)
{
    return (struct str){(const char *)number, sizeof *number};
}

/* Far more keys than there are places: nobody waits for what others have done, and nothing grows.
 */
static void nobody_is_refused_because_others_fill_the_memory(void **state)
{
    struct limits *limits = *state;
    struct rate rate = {20, 60};

    for (uint32_t i = 0; i < 200000; i++) {
        assert_int_equal(limit_wait(limits, 0, nth(&i), rate, START), 0);
        limit_count(limits, 0, nth(&i), rate, START);
    }
}

/* What makes room is what would soon be forgotten anyway: one who has used all up is still known
 * after a flood of others who have done little. */
static void the_flood_of_others_forgives_nobody(void **state)
{
    struct limits *limits = *state;
    struct rate rate = {20, 60};

    count_times(limits, STR("the one"), rate, 20);
    for (uint32_t i = 0; i < 200000; i++) {
        limit_count(limits, 0, nth(&i), rate, START);
    }
    assert_int_equal(limit_wait(limits, 0, STR("the one"), rate, START), 3);
}

static void another_start_places_keys_elsewhere(void **state)
{
    struct rate rate = {1000000, 60};
    struct limits *other;
    size_t differ = 0;

    /* Which of the many are forgotten depends on a seed that nobody knows. */
    assert_ok(limits_create(&other));
    for (uint32_t i = 0; i < 150000; i++) {
        limit_count(*state, 0, nth(&i), rate, START);
        limit_count(other, 0, nth(&i), rate, START);
    }
    struct rate one = {1, 60};
    for (uint32_t i = 0; i < 150000; i++) {
        differ += (limit_wait(*state, 0, nth(&i), one, START) == 0) !=
                  (limit_wait(other, 0, nth(&i), one, START) == 0);
    }
    limits_destroy(other);
    assert_true(differ > 1000);
}

static void destroying_none_is_fine(void **state)
{
    (void)state;

    limits_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIMIT_TEST(as_many_as_the_rate_says_go_at_once),
        LIMIT_TEST(the_wait_is_exact_to_the_second),
        LIMIT_TEST(one_comes_back_at_a_time),
        LIMIT_TEST(all_of_it_is_back_after_the_whole_time),
        LIMIT_TEST(never_more_than_twice_the_rate_in_its_time),
        LIMIT_TEST(no_rate_is_no_limit),
        LIMIT_TEST(kinds_and_keys_are_apart),
        LIMIT_TEST(nobody_is_refused_because_others_fill_the_memory),
        LIMIT_TEST(the_flood_of_others_forgives_nobody),
        LIMIT_TEST(another_start_places_keys_elsewhere),
        cmocka_unit_test(destroying_none_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
