#include "base/check.h"
#include "base/random.h"

/* More than the 256 bytes that the kernel promises in one piece. */
enum {
    LARGE = 2048
};

static void every_byte_is_filled_and_no_two_fillings_are_alike(void **state)
{
    (void)state;
    static const unsigned char zeros[16];
    unsigned char first[LARGE] = {0}, second[LARGE] = {0};

    assert_ok(random_fill(first, sizeof first));
    assert_ok(random_fill(second, sizeof second));
    assert_memory_not_equal(first, second, sizeof first);
    for (size_t at = 0; at < sizeof first; at += sizeof zeros) {
        assert_memory_not_equal(first + at, zeros, sizeof zeros);
    }
}

static void not_a_byte_beyond_is_touched(void **state)
{
    (void)state;
    unsigned char memory[] = {7, 7, 7, 7};

    assert_ok(random_fill(memory, 0));
    assert_ok(random_fill(memory + 1, 2));
    assert_int_equal(memory[0], 7);
    assert_int_equal(memory[3], 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_is_filled_and_no_two_fillings_are_alike),
        cmocka_unit_test(not_a_byte_beyond_is_touched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
