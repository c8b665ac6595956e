#include "base/arena.h"
#include "base/check.h"
#include "mail/line.h"

static void a_line_is_text_without_an_end(void **state)
{
    struct line line;

    (void)state;
    assert_ok(line_parse(STR("Gr\xc3\xbc\xc3\x9f\x65 aus K\xc3\xb6ln"), &line));
    assert_str(line.text, "Gr\xc3\xbc\xc3\x9f\x65 aus K\xc3\xb6ln");
    assert_ok(line_parse(STR(""), &line));
    assert_ok(line_parse((struct str){0}, &line));
    assert_false(str_is_set(line.text));
}

static void what_ends_a_line_anywhere_is_refused(void **state)
{
    static const struct str wrong[] = {
        {"a\r",          2 },
        {"a\nBcc: b@c",  10},
        {"a\0b",         3 },
        {"\t",           1 },
        {"\x7f",         1 },
        {"\x1b[m",       3 },
        {"\xc2\x85",     2 },
        {"\xe2\x80\xa8", 3 },
        {"\xe2\x80\xa9", 3 },
        {"\xff",         1 },
        {"\xc3",         1 },
    };
    struct line line;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_err(line_parse(wrong[i], &line), ERR_FIELD_VALUE);
    }
}

static void what_is_stored_already_gets_blanks(void **state)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(256, 8192);
    static char text[LINE_MOST + 1];
    struct line line;

    (void)state;
    assert_ok(line_of(arena, STR("Gold\xc2\x85Gym\xe2\x80\xa8"), &line));
    assert_str(line.text, "Gold Gym ");
    assert_err(line_of(arena, STR("\xc3"), &line), ERR_FIELD_VALUE);
    memset(text, 'a', sizeof text);
    assert_err(line_of(arena, (struct str){text, sizeof text}, &line), ERR_FIELD_VALUE);
}

static void it_is_not_endless(void **state)
{
    static char text[LINE_MOST + 1];
    struct line line;

    (void)state;
    memset(text, 'a', sizeof text);
    assert_ok(line_parse((struct str){text, LINE_MOST}, &line));
    assert_err(line_parse((struct str){text, LINE_MOST + 1}, &line), ERR_FIELD_VALUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_text_without_an_end),
        cmocka_unit_test(what_ends_a_line_anywhere_is_refused),
        cmocka_unit_test(what_is_stored_already_gets_blanks),
        cmocka_unit_test(it_is_not_endless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
