#include "base/check.h"
#include "bench/histogram.h"

#include <stdlib.h>

static void every_duration_is_read_back_within_one_part_in_128(void **state)
{
    (void)state;
    static struct histogram one;

    for (int64_t duration = 0; duration < (INT64_C(1) << 39); duration += 1 + duration / 61) {
        memset(&one, 0, sizeof one);
        histogram_add(&one, duration);
        one.largest = INT64_MAX; /* so that the bucket itself answers */
        int64_t read = histogram_quantile(&one, 500);
        assert_true(read >= duration);
        assert_true(read - duration <= duration / 128);
    }
}

static int by_size(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

static void quantiles_agree_with_those_of_the_sorted_list(void **state)
{
    (void)state;
    enum {
        COUNT = 20011
    };
    static int64_t all[COUNT];
    static struct histogram histogram;
    static const unsigned asked[] = {1, 10, 250, 500, 900, 990, 999, 1000};
    uint64_t seed = 0x9e3779b97f4a7c15;

    for (size_t i = 0; i < COUNT; i++) {
        seed = seed * 6364136223846793005 + 1442695040888963407;
        all[i] = (int64_t)(seed >> (24 + seed % 23)); /* spread over many powers of two */
        histogram_add(&histogram, all[i]);
    }
    qsort(all, COUNT, sizeof all[0], by_size);
    for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
        int64_t exact = all[(COUNT * (uint64_t)asked[i] + 999) / 1000 - 1];
        int64_t read = histogram_quantile(&histogram, asked[i]);

        assert_true(read >= exact);
        assert_true(read - exact <= exact / 128);
    }
    assert_int_equal(histogram_quantile(&histogram, 1000), all[COUNT - 1]);
}

static void an_empty_one_answers_nothing(void **state)
{
    (void)state;
    static struct histogram empty;

    assert_int_equal(histogram_quantile(&empty, 990), 0);
    assert_int_equal(histogram_quantile(&empty, 1000), 0);
}

static void what_is_out_of_range_is_counted_all_the_same(void **state)
{
    (void)state;
    static struct histogram odd;

    histogram_add(&odd, -5);
    histogram_add(&odd, INT64_MAX);
    assert_int_equal(odd.total, 2);
    assert_int_equal(histogram_quantile(&odd, 500), 0);
    assert_int_equal(histogram_quantile(&odd, 1000), (INT64_C(1) << HISTOGRAM_TOP_BITS) - 1);
    assert_int_equal(odd.largest, INT64_MAX);
}

static void merging_is_adding_one_by_one(void **state)
{
    (void)state;
    static struct histogram left, right, both;

    for (int64_t i = 0; i < 5000; i++) {
        int64_t duration = i * i;
        histogram_add(i % 3 ? &left : &right, duration);
        histogram_add(&both, duration);
    }
    histogram_merge(&left, &right);
    assert_memory_equal(&left, &both, sizeof both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_duration_is_read_back_within_one_part_in_128),
        cmocka_unit_test(quantiles_agree_with_those_of_the_sorted_list),
        cmocka_unit_test(an_empty_one_answers_nothing),
        cmocka_unit_test(what_is_out_of_range_is_counted_all_the_same),
        cmocka_unit_test(merging_is_adding_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
