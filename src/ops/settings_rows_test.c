#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "ops/settings_file.h"
#include "ops/settings_rows.h"

#include <unistd.h>

#include <stdlib.h>

struct values {
    int64_t first, second, third;
};

#define NUMBER(a_section, a_key, member)                                                           \
    {                                                                                              \
        .section = (a_section), .key = (a_key), .kind = SETTING_NUMBER, .most = 9,                 \
        .offset = offsetof(struct values, member)                                                  \
    }
static const struct setting one_rows[] = {NUMBER("a", "first", first),
                                          NUMBER("a.b", "se-cond", second)};
static const struct setting two_rows[] = {NUMBER("c", "third", third)};
static const struct setting_table one = {one_rows, ARRAY_LEN(one_rows), sizeof(struct values)};
static const struct setting_table two = {two_rows, ARRAY_LEN(two_rows), sizeof(struct values)};

static void rows_of_all_modules_are_one_list(void **state)
{
    (void)state;
    struct values values;
    const struct settings_module list[] = {
        {&one, &values},
        {&two, NULL   }
    };
    const struct settings_modules modules = {list, ARRAY_LEN(list)};
    void *value;

    assert_int_equal(settings_row_count(&modules), 3);
    assert_string_equal(settings_row(&modules, 1, &value)->key, "se-cond");
    assert_ptr_equal(value, &values.second);
    assert_string_equal(settings_row(&modules, 2, &value)->key, "third");
    assert_null(value);
}

static void variables_are_named_after_their_rows(void **state)
{
    (void)state;
    char memory[64];
    struct buf out = buf_over(memory, sizeof memory);

    settings_print_variable(&out, &one_rows[1]);
    assert_str(buf_str(&out), "SIGNET_A_B_SE_COND");
}

static void distance_counts_letters_to_change(void **state)
{
    (void)state;
    assert_int_equal(settings_distance(STR(""), STR("")), 0);
    assert_int_equal(settings_distance(STR("listen"), STR("listen")), 0);
    assert_int_equal(settings_distance(STR(""), STR("abc")), 3);
    assert_int_equal(settings_distance(STR("abc"), STR("")), 3);
    assert_int_equal(settings_distance(STR("listen"), STR("lisen")), 1);
    assert_int_equal(settings_distance(STR("listen"), STR("listens")), 1);
    assert_int_equal(settings_distance(STR("kitten"), STR("sitting")), 3);
    char endless[500] = "";
    assert_true(settings_distance((struct str){endless, sizeof endless}, STR("abc")) > 3);
}

static void a_file_is_taken_over_with_its_lines(void **state)
{
    (void)state;
    static const char content[] = "[c]\nthird = 3\n\n[a.b]\nse-cond = 2\n";
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);
    char path[] = "/tmp/signet-test-XXXXXX";
    struct values values = {0};
    const struct settings_module list[] = {
        {&one, &values},
        {&two, &values}
    };
    const struct settings_modules modules = {list, ARRAY_LEN(list)};
    struct settings_origin origins[3] = {0};
    struct settings settings = {
        .arena = arena, .modules = &modules, .file = str_of(path), .origins = origins};
    int descriptor = mkstemp(path);

    assert_non_null(arena);
    assert_int_equal(write(descriptor, content, sizeof content - 1), sizeof content - 1);
    assert_int_equal(close(descriptor), 0);
    assert_ok(settings_read_file(&settings, NULL));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(values.second, 2);
    assert_int_equal(values.third, 3);
    assert_int_equal(origins[0].kind, FROM_DEFAULT);
    assert_int_equal(origins[1].kind, FROM_FILE);
    assert_int_equal(origins[1].line, 5);
    assert_int_equal(origins[2].line, 2);
    assert_err(settings_read_file(&settings, NULL), ERR_CONFIG); /* gone */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_all_modules_are_one_list),
        cmocka_unit_test(variables_are_named_after_their_rows),
        cmocka_unit_test(distance_counts_letters_to_change),
        cmocka_unit_test(a_file_is_taken_over_with_its_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
