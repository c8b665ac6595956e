#include "base/buf.h"
#include "base/check.h"
#include "base/moment.h"

static void assert_printed(int64_t ms, enum moment_form form, const char *expected)
{
    char text[64];
    struct buf out = buf_over(text, sizeof text);

    moment_print(&out, (struct moment){ms}, form);
    assert_str(buf_str(&out), expected);
}

static void printed_as_each_face_wants_it(void **state)
{
    (void)state;
    assert_printed(1748773800000, MOMENT_SECONDS, "2025-06-01T10:30:00Z");
    assert_printed(1748773800007, MOMENT_MILLIS, "2025-06-01T10:30:00.007Z");
    assert_printed(1757017108708, MOMENT_SEVENTHS, "2025-09-04T20:18:28.7080000");
    assert_printed(-1, MOMENT_MILLIS, "1969-12-31T23:59:59.999Z");

    char text[64];
    struct buf out = buf_over(text, sizeof text);
    moment_print_http(&out, (struct moment){784111777000});
    assert_str(buf_str(&out), "Sun, 06 Nov 1994 08:49:37 GMT");
}

static void read_back(void **state)
{
    (void)state;
    struct moment at;

    assert_ok(moment_parse(STR("2025-06-01T10:30:00Z"), &at));
    assert_int_equal(at.ms, 1748773800000);
    assert_ok(moment_parse(STR("2024-02-29T23:59:59.999Z"), &at));
    assert_int_equal(at.ms % 1000, 999);
}

static void what_is_no_moment_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2025-02-29T00:00:00Z",
        "2025-13-01T00:00:00Z",
        "2025-06-01T24:00:00Z",
        "2025-06-01 10:30:00Z",
        "2025-06-01T10:30:00",
        "2025-06-01T10:30:60Z",
        "2025-06-01T10:30:00.1Z",
        "2025-06-01T10:30:00+00:00",
        "2025-00-10T00:00:00Z",
    };
    struct moment at;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_err(moment_parse(str_of(bad[i]), &at), ERR_FIELD_VALUE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printed_as_each_face_wants_it),
        cmocka_unit_test(read_back),
        cmocka_unit_test(what_is_no_moment_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
