#include "base/buf.h"
#include "base/check.h"
#include "model/letter.h"

static struct str printed(const struct letter *letter, char *memory, size_t size)
{
    struct buf out = buf_over(memory, size);

    letter_print(&out, letter);
    assert_false(out.failed);
    return buf_str(&out);
}

static void what_is_printed_is_read_again(void **state)
{
    const struct letter letter = {
        .path = STR("/reset"),
        .token = {STR("t:1,2")      },
        .brand = { .name = STR("Käse, 5:x,"), .colour = STR("")}
    };
    struct letter again = {.kind = LETTER_MAGIC_LINK};
    char memory[256];

    (void)state;
    assert_ok(letter_parse(printed(&letter, memory, sizeof memory), &again));
    assert_str(again.path, "/reset");
    assert_str(again.token.hidden, "t:1,2");
    assert_false(str_is_set(again.code.hidden));
    assert_str(again.brand.name, "Käse, 5:x,");
    assert_true(str_is_set(again.brand.colour) && again.brand.colour.len == 0);
    assert_int_equal(again.kind, LETTER_MAGIC_LINK);
}

static void anything_else_is_refused(void **state)
{
    static const char *const wrong[] = {"",
                                        "-,-,-,-,",
                                        "-,-,-,-,-,-,",
                                        "-,-,-,-,1:a",
                                        "-,-,-,-,2:a,",
                                        "01:a,-,-,-,-,",
                                        "+1:a,-,-,-,-,",
                                        "9999:a,-,-,-,-,",
                                        "-,-,-,-,1:a, "};
    struct letter letter = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_err(letter_parse(str_of(wrong[i]), &letter), ERR_FIELD_VALUE);
    }
}

static void no_text_of_a_letter_begins_another_line(void **state)
{
    static const char *const bad[] = {"a\rb", "a\nb", "a\tb", "a\x7f", "\xff", "\x1b[31m"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct str text = str_of(bad[i]), path;
        char memory[16];
        struct buf with_slash = buf_over(memory, sizeof memory);
        buf_print(&with_slash, "/%s", bad[i]);
        path = buf_str(&with_slash);
        assert_err(letter_check(&(struct letter){.to = {.shown = text}}), ERR_FIELD_VALUE);
        assert_err(letter_check(&(struct letter){.path = path}), ERR_FIELD_VALUE);
        assert_err(letter_check(&(struct letter){.token = {text}}), ERR_FIELD_VALUE);
        assert_err(letter_check(&(struct letter){.code = {text}}), ERR_FIELD_VALUE);
        assert_err(letter_check(&(struct letter){.brand = {.name = text}}), ERR_FIELD_VALUE);
    }
    assert_err(letter_check(&(struct letter){
                   .path = {"/a\0b", 4}
    }),
               ERR_FIELD_VALUE);
    assert_ok(letter_check(&(struct letter){
        .path = STR("/verify"), .brand = {STR("Käse"), {0}}
    }));
}

static void a_colour_is_three_or_six_digits_and_a_path_begins_with_a_slash(void **state)
{
    (void)state;
    assert_ok(letter_check(&(struct letter){.brand = {.colour = STR("#0aF")}}));
    assert_ok(letter_check(&(struct letter){.brand = {.colour = STR("#00aaFF")}}));
    assert_err(letter_check(&(struct letter){.brand = {.colour = STR("red")}}), ERR_FIELD_VALUE);
    assert_err(letter_check(&(struct letter){.brand = {.colour = STR("#00;a")}}), ERR_FIELD_VALUE);
    assert_err(letter_check(&(struct letter){.path = STR("verify")}), ERR_FIELD_VALUE);
}

static void every_kind_and_state_has_a_name(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < LETTER_KINDS; kind++) {
        assert_int_equal(letter_kind_of(letter_kind_name((enum letter_kind)kind)), kind);
    }
    assert_int_equal(letter_kind_of(STR("love")), LETTER_KINDS);
    for (unsigned s = LETTER_WAITING; s <= LETTER_DEAD; s++) {
        assert_true(letter_state_name((enum letter_state)s).len > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_printed_is_read_again),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(no_text_of_a_letter_begins_another_line),
        cmocka_unit_test(a_colour_is_three_or_six_digits_and_a_path_begins_with_a_slash),
        cmocka_unit_test(every_kind_and_state_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
