#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"

static void numbers_and_hex(void **state)
{
    (void)state;
    char memory[128];
    struct buf buf = buf_over(memory, sizeof memory);

    buf_put_int(&buf, 0);
    buf_put_char(&buf, ' ');
    buf_put_int(&buf, INT64_MIN);
    buf_put_char(&buf, ' ');
    buf_put_int(&buf, INT64_MAX);
    buf_put_char(&buf, ' ');
    buf_put_hex(&buf, "\x00\xff\x1a", 3);
    buf_print(&buf, " %s", "end");
    assert_str(buf_str(&buf), "0 -9223372036854775808 9223372036854775807 00ff1a end");
}

static void failure_sticks(void **state)
{
    (void)state;
    char memory[4];
    struct buf buf = buf_over(memory, sizeof memory);
    struct str text;

    buf_put(&buf, STR("abc"));
    buf_put(&buf, STR("de")); /* does not fit */
    buf_put(&buf, STR("d"));  /* would, but comes too late */
    assert_str(buf_str(&buf), "abc");
    assert_err(buf_end(&buf, &text), ERR_MEMORY);
}

static void grows_to_its_limit(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 1 << 20);
    struct buf buf = buf_in_arena(arena, 1000);
    struct str text;

    for (int i = 0; i < 1000; i++) {
        buf_put_char(&buf, 'a');
    }
    assert_ok(buf_end(&buf, &text));
    assert_int_equal(text.len, 1000);
    buf_put_char(&buf, 'a');
    assert_err(buf_end(&buf, &text), ERR_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_hex),
        cmocka_unit_test(failure_sticks),
        cmocka_unit_test(grows_to_its_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
