#include "base/arena.h"
#include "base/check.h"

static void everything_goes_at_once(void **state)
{
    (void)state;
    struct arena *arena = arena_create(256, 1 << 20);

    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 3000; size += 7) {
            char *at = arena_alloc(arena, size);
            assert_non_null(at);
            for (size_t i = 0; i < size; i++) {
                assert_int_equal(at[i], 0); /* zeroed, also after a reset */
            }
            memset(at, 'x', size);
        }
        arena_reset(arena);
        assert_int_equal(arena_used(arena), 0);
    }
    arena_destroy(arena);
}

static void the_limit_holds(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1024);

    assert_non_null(arena_alloc(arena, 512));
    assert_null(arena_alloc(arena, 513));
    assert_non_null(arena_alloc(arena, 512));
    assert_null(arena_alloc(arena, 1));
    assert_null(arena_alloc(arena, SIZE_MAX));
    assert_null(arena_array(arena, SIZE_MAX / 2, 3));
    struct str copy;
    assert_err(arena_copy(arena, STR("x"), &copy), ERR_MEMORY);
}

static void count(void *object)
{
    ++*(int *)object;
}

static void hooks_run_once(void **state)
{
    (void)state;
    int released = 0;
    struct arena *arena = arena_create(256, 1024);

    assert_ok(arena_hook(arena, count, &released));
    assert_ok(arena_hook(arena, count, &released));
    arena_reset(arena);
    assert_int_equal(released, 2);
    assert_non_null(arena_alloc(arena, 1024)); /* no room for the note: released at once */
    assert_err(arena_hook(arena, count, &released), ERR_MEMORY);
    assert_int_equal(released, 3);
    arena_destroy(arena);
    assert_int_equal(released, 3);
}

static void text_gets_its_nul(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1024);
    struct str text;

    assert_ok(arena_copy(arena, str_sub(STR("abcdef"), 0, 3), &text));
    assert_string_equal(text.ptr, "abc");
    assert_ok(arena_print(arena, &text, "%d-%s", 7, "x"));
    assert_string_equal(text.ptr, "7-x");
    assert_int_equal(text.len, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_goes_at_once),
        cmocka_unit_test(the_limit_holds),
        cmocka_unit_test(hooks_run_once),
        cmocka_unit_test(text_gets_its_nul),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
