#include "base/buf.h"
#include "base/check.h"
#include "base/id.h"

static void made_ids_are_version_7_and_sort_by_time(void **state)
{
    (void)state;
    struct id early, late;
    char text[ID_TEXT];
    struct buf out = buf_over(text, sizeof text);

    assert_ok(id_make((struct moment){1000}, &early));
    assert_ok(id_make((struct moment){1001}, &late));
    assert_true(memcmp(&early, &late, sizeof early) < 0);
    id_print(&out, early);
    assert_int_equal(text[14], '7');
    assert_non_null(strchr("89ab", text[19]));
}

static void what_is_printed_is_read(void **state)
{
    (void)state;
    struct id id, again;
    char text[ID_TEXT];
    struct buf out = buf_over(text, sizeof text);

    assert_ok(id_make(moment_now(), &id));
    id_print(&out, id);
    assert_ok(id_parse(buf_str(&out), &again));
    assert_true(id_eq(id, again));
    assert_ok(id_parse(STR("0BE3F348-DB3F-4713-9E00-2C0975C654C3"), &id));
}

static void what_is_no_id_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "user-id-123",
        "0be3f348db3f47139e002c0975c654c3",
        "0be3f348-db3f-4713-9e00-2c0975c654c",
        "0be3f348-db3f-4713-9e00-2c0975c654c33",
        "0be3f348-db3f-4713-9e00_2c0975c654c3",
        "0be3f348-db3f-4713-9e00-2c0975c654cg",
        "{be3f348-db3f-4713-9e00-2c0975c654c3",
        "00000000-0000-0000-0000-000000000000",
    };
    struct id id;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_err(id_parse(str_of(bad[i]), &id), ERR_FIELD_VALUE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(made_ids_are_version_7_and_sort_by_time),
        cmocka_unit_test(what_is_printed_is_read),
        cmocka_unit_test(what_is_no_id_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
