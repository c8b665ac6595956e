/* The tables as such; what they do is tried in drawing_test.c and serving_test.c. */
#include "base/buf.h"
#include "base/check.h"
#include "confine/filter.h"
#include "confine/serving.h"

#include <sys/syscall.h>

static void every_name_of_the_table_is_a_call(void **state)
{
    char memory[64];
    struct buf unknown = buf_over(memory, sizeof memory);

    (void)state;
    assert_true(filter_knows(serving_table(), &unknown));
    assert_int_equal(unknown.len, 0);
}

static void a_name_that_is_none_is_found(void **state)
{
    static const struct filter_row rows[] = {
        {"read",               .why = ""},
        {"write writte fsync", .why = ""}
    };
    static const struct filter_table table = {rows, ARRAY_LEN(rows), FILTER_REST_KILL};
    char memory[64];
    struct buf unknown = buf_over(memory, sizeof memory);

    (void)state;
    assert_false(filter_knows(&table, &unknown));
    assert_str(buf_str(&unknown), "writte");
}

/* Twice the same call without a condition, or with and without one: then one of them says nothing.
 */
static size_t times_unconditional(const struct filter_table *table, struct str wanted, size_t *ret)
{
    size_t unconditional = 0;

    *ret = 0;
    for (size_t i = 0; i < table->count; i++) {
        struct str rest = str_of(table->rows[i].calls), name;
        while (str_next(&rest, ' ', &name)) {
            if (str_eq(name, wanted)) {
                ++*ret;
                unconditional += table->rows[i].only[0].mask == 0;
            }
        }
    }
    return unconditional;
}

static void no_row_makes_another_one_void(void **state)
{
    const struct filter_table *table = serving_table();

    (void)state;
    for (size_t i = 0; i < table->count; i++) {
        struct str rest = str_of(table->rows[i].calls), name;
        while (str_next(&rest, ' ', &name)) {
            size_t rows, unconditional = times_unconditional(table, name, &rows);
            assert_true(unconditional == 0 || rows == 1);
        }
    }
}

static void a_call_has_a_name(void **state)
{
    char memory[64];
    struct buf out = buf_over(memory, sizeof memory);

    (void)state;
    filter_name(&out, SYS_openat);
    buf_put_char(&out, ',');
    filter_name(&out, 99999);
    assert_str(buf_str(&out), "openat,call 99999");
}

static void the_library_tells_its_version(void **state)
{
    char memory[64];
    struct buf out = buf_over(memory, sizeof memory);

    (void)state;
    filter_library(&out);
    assert_true(str_starts(buf_str(&out), STR("2.")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_of_the_table_is_a_call),
        cmocka_unit_test(a_name_that_is_none_is_found),
        cmocka_unit_test(no_row_makes_another_one_void),
        cmocka_unit_test(a_call_has_a_name),
        cmocka_unit_test(the_library_tells_its_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
