#include "base/arena.h"
#include "base/check.h"
#include "base/ration.h"

#include <stdlib.h>

enum {
    SIZE = 4096
};

static int make_arena(void **state)
{
    *state = arena_create(SIZE, 1 << 20);
    return *state ? 0 : -1;
}

static int destroy_arena(void **state)
{
    ration_close();
    arena_destroy(*state);
    return 0;
}

static void what_is_given_out_is_apart_and_aligned(void **state)
{
    assert_ok(ration_open(*state, SIZE));
    char *one = ration_allocate(3), *other = ration_allocate(40);
    assert_true(other >= one + 3 && other < one + SIZE);
    assert_int_equal((uintptr_t)other % 16, 0);
    ration_free(one);
    assert_ptr_not_equal(ration_allocate(3), one); /* only the whole is taken back */
}

static void a_text_that_grows_keeps_what_it_has(void **state)
{
    assert_ok(ration_open(*state, SIZE));
    char *text = ration_allocate(4);
    memcpy(text, "abc", 4);
    char *longer = ration_reallocate(text, 100);
    assert_string_equal(longer, "abc");
    assert_ptr_not_equal(longer, text);
}

static void beyond_the_ration_it_is_malloc(void **state)
{
    assert_ok(ration_open(*state, 64));
    void *large = ration_allocate(1000);
    assert_non_null(large);
    ration_close();
    ration_free(large);
    void *plain = ration_allocate(10);
    assert_non_null(plain);
    plain = ration_reallocate(plain, 20);
    assert_non_null(plain);
    free(plain);
    ration_free(NULL);
}

static void what_was_given_out_is_wiped(void **state)
{
    assert_ok(ration_open(*state, SIZE));
    char *secret = ration_allocate(8);
    memcpy(secret, "secret!", 8);
    ration_close();
    assert_int_equal(secret[0], 0); /* still the arena's */
}

static void without_memory_none_is_open(void **state)
{
    assert_err(ration_open(*state, 2 << 20), ERR_MEMORY);
    void *plain = ration_allocate(10);
    free(plain); /* malloc's own */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_given_out_is_apart_and_aligned, make_arena,
                                        destroy_arena),
        cmocka_unit_test_setup_teardown(a_text_that_grows_keeps_what_it_has, make_arena,
                                        destroy_arena),
        cmocka_unit_test_setup_teardown(beyond_the_ration_it_is_malloc, make_arena, destroy_arena),
        cmocka_unit_test_setup_teardown(what_was_given_out_is_wiped, make_arena, destroy_arena),
        cmocka_unit_test_setup_teardown(without_memory_none_is_open, make_arena, destroy_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
