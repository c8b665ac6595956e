/* Tables for people and for programs. */
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"

#include <unistd.h>

#include <fcntl.h>
#include <stdlib.h>

static const char *const heads[] = {"NAME", "LOGINS", "SEEN"};

struct shown {
    struct arena *arena;
    struct table people;
};

static int begin(void **state)
{
    struct shown *shown = calloc(1, sizeof *shown);

    assert_non_null(shown);
    shown->arena = arena_create(4096, 1 << 20);
    assert_non_null(shown->arena);
    shown->people = table_in_arena(shown->arena, heads, ARRAY_LEN(heads));
    *state = shown;
    return 0;
}

static int finish(void **state)
{
    struct shown *shown = *state;

    arena_destroy(shown->arena);
    free(shown);
    return 0;
}

static void put_people(struct table *people)
{
    table_put(people, STR("ada"));
    table_put_int(people, 4096);
    table_put_moment(people, (struct moment){1767225600000});
    table_put(people, STR("j\xc3\xbcrgen"));
    table_put(people, (struct str){0});
    table_put_moment(people, (struct moment){0});
}

static struct str printed(const struct shown *shown, enum table_form form)
{
    struct buf out = buf_in_arena(shown->arena, 1 << 16);
    struct str text;

    table_print(&out, &shown->people, form);
    assert_ok(buf_end(&out, &text));
    return text;
}

static void a_person_gets_columns_under_their_heads(void **state)
{
    struct shown *shown = *state;

    put_people(&shown->people);
    assert_str(printed(shown, TABLE_COLUMNS),
               "NAME    LOGINS  SEEN\n"
               "ada     4096    2026-01-01T00:00:00Z\n"
               "j\xc3\xbcrgen  -       -\n");
}

static void a_program_gets_the_cells_as_they_are_with_tabs_between(void **state)
{
    struct shown *shown = *state;

    put_people(&shown->people);
    assert_str(printed(shown, TABLE_TABS),
               "ada\t4096\t2026-01-01T00:00:00Z\n"
               "j\xc3\xbcrgen\t\t\n");
}

static void a_table_without_rows_has_its_heads_for_a_person_only(void **state)
{
    struct shown *shown = *state;

    assert_str(printed(shown, TABLE_COLUMNS), "NAME  LOGINS  SEEN\n");
    assert_str(printed(shown, TABLE_TABS), "");
}

static void a_table_without_heads_is_aligned_by_its_cells(void **state)
{
    struct shown *shown = *state;

    shown->people = table_in_arena(shown->arena, NULL, 2);
    table_put(&shown->people, STR("name"));
    table_put(&shown->people, STR("ada"));
    table_put(&shown->people, STR("last login"));
    table_put(&shown->people, STR(""));
    assert_str(printed(shown, TABLE_COLUMNS), "name        ada\nlast login  -\n");
}

static void a_table_grows(void **state)
{
    struct shown *shown = *state;
    size_t lines = 0;

    for (int row = 0; row < 1000; row++) {
        put_people(&shown->people);
    }
    struct str text = printed(shown, TABLE_TABS);
    for (size_t i = 0; i < text.len; i++) {
        lines += text.ptr[i] == '\n';
    }
    assert_int_equal(lines, 2000);
    assert_true(str_starts(text, STR("ada\t4096\t")));
}

static void what_somebody_wrote_neither_breaks_a_row_nor_speaks_to_the_terminal(void **state)
{
    struct shown *shown = *state;
    struct table *words = &shown->people;

    table_put_prose(words, STR("one\ttwo\r\nthree\x1b[31m\x7f"));
    table_put_prose(words, STR("j\xc3\xbcrgen \xc2\x9b!\xc2\xa0\xc2")); /* U+009B is as ESC [ */
    table_put_prose(words, (struct str){0});
    assert_str(printed(shown, TABLE_TABS),
               "one two  three [31m \tj\xc3\xbcrgen  !\xc2\xa0\xc2\t\n");
}

static void a_table_that_found_no_memory_is_not_printed_as_if_it_were_whole(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *little = arena_create(1024, 8192);
    struct table people = table_in_arena(little, heads, ARRAY_LEN(heads));
    CLEANUP(arena_destroy_at) struct arena *large = arena_create(1024, 1 << 20);
    struct buf out = buf_in_arena(large, 1 << 19);
    struct str text;

    for (int row = 0; row < 500; row++) {
        put_people(&people);
    }
    table_print(&out, &people, TABLE_TABS);
    assert_err(buf_end(&out, &text), ERR_MEMORY);
}

static void columns_are_for_terminals_and_tabs_for_all_else(void **state)
{
    (void)state;
    int file = open("/dev/null", O_WRONLY | O_CLOEXEC);
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);

    assert_true(file >= 0 && terminal >= 0);
    assert_int_equal(table_form_for(file), TABLE_TABS);
    assert_int_equal(table_form_for(terminal), TABLE_COLUMNS);
    (void)close(file);
    (void)close(terminal);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)
    const struct CMUnitTest tests[] = {
        TEST(a_person_gets_columns_under_their_heads),
        TEST(a_program_gets_the_cells_as_they_are_with_tabs_between),
        TEST(a_table_without_rows_has_its_heads_for_a_person_only),
        TEST(a_table_without_heads_is_aligned_by_its_cells),
        TEST(a_table_grows),
        TEST(what_somebody_wrote_neither_breaks_a_row_nor_speaks_to_the_terminal),
        cmocka_unit_test(a_table_that_found_no_memory_is_not_printed_as_if_it_were_whole),
        cmocka_unit_test(columns_are_for_terminals_and_tabs_for_all_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
