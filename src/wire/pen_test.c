#include "base/check.h"
#include "wire/pen.h"

#define NONE ((struct str){0})

static void commas_stand_between_and_nowhere_else(void **state)
{
    (void)state;
    char memory[256];
    struct buf out = buf_over(memory, sizeof memory);
    struct pen pen = {.out = &out};

    pen_object(&pen, NONE);
    pen_object(&pen, STR("empty"));
    pen_end(&pen);
    pen_array(&pen, STR("list"));
    pen_int(&pen, NONE, -7);
    pen_bool(&pen, NONE, true);
    pen_array(&pen, NONE);
    pen_end(&pen);
    pen_object(&pen, NONE);
    pen_bool(&pen, STR("no"), false);
    pen_end(&pen);
    pen_end(&pen);
    pen_json(&pen, STR("raw"), STR("[1]"));
    pen_text(&pen, STR("say \"hi\""), STR("a\nb"));
    pen_end(&pen);
    assert_str(buf_str(&out),
               "{\"empty\":{},\"list\":[-7,true,[],{\"no\":false}],\"raw\":[1],"
               "\"say \\\"hi\\\"\":\"a\\nb\"}");
    assert_false(out.failed);
}

static void what_is_too_deep_fails(void **state)
{
    (void)state;
    char memory[256];
    struct buf out = buf_over(memory, sizeof memory);
    struct pen pen = {.out = &out};

    for (unsigned i = 0; i < PEN_DEPTH; i++) {
        pen_array(&pen, NONE);
    }
    assert_false(out.failed);
    pen_object(&pen, NONE);
    assert_true(out.failed);
}

static void closing_what_is_not_open_fails(void **state)
{
    (void)state;
    char memory[16];
    struct buf out = buf_over(memory, sizeof memory);
    struct pen pen = {.out = &out};

    pen_object(&pen, NONE);
    pen_end(&pen);
    assert_false(out.failed);
    pen_end(&pen);
    assert_true(out.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_stand_between_and_nowhere_else),
        cmocka_unit_test(what_is_too_deep_fails),
        cmocka_unit_test(closing_what_is_not_open_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
