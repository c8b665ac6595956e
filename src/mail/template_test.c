#include "base/buf.h"
#include "base/check.h"
#include "mail/template.h"

static char memory[64 << 10];

static const struct template_values all = {
    {
     [TEMPLATE_LINK] = {{"https://id.example.com/verify?token=abc", 39}},
     [TEMPLATE_CODE] = {{"12345678", 8}},
     [TEMPLATE_VALIDITY] = {{"10 minutes", 10}},
     [TEMPLATE_BRAND] = {{"<b>\"A&B'", 8}},
     [TEMPLATE_COLOUR] = {{"#123456", 7}},
     }
};

static struct str filled(const struct template_part *part, enum template_form form)
{
    struct buf out = buf_over(memory, sizeof memory);

    assert_ok(template_write(part, form, &all, &out));
    return buf_str(&out);
}

static bool has(struct str text, const char *words)
{
    return memmem(text.ptr, text.len, words, strlen(words)) != NULL;
}

static void html_is_escaped_and_text_is_not(void **state)
{
    (void)state;
    for (const struct template_texts *t = templates; t->name; t++) {
        struct str html = filled(&t->html, TEMPLATE_HTML);
        assert_true(has(html, "&lt;b&gt;&quot;A&amp;B&#39;"));
        assert_false(has(html, "<b>"));
        assert_true(has(filled(&t->text, TEMPLATE_TEXT), "<b>\"A&B'"));
        assert_true(filled(&t->subject, TEMPLATE_TEXT).len > 0);
    }
}

static void the_link_is_in_both_parts_or_in_none(void **state)
{
    (void)state;
    for (const struct template_texts *t = templates; t->name; t++) {
        bool in_text =
            has(filled(&t->text, TEMPLATE_TEXT), "https://id.example.com/verify?token=abc");
        bool in_html = has(filled(&t->html, TEMPLATE_HTML),
                           "href=\"https://id.example.com/verify?token=abc\"");
        assert_int_equal(in_text, in_html);
    }
}

static void a_value_that_is_not_there_is_an_error(void **state)
{
    struct template_values values = all;
    struct buf out = buf_over(memory, sizeof memory);
    const struct template_texts *t = template_find(STR("en"), STR("magic-link"));

    (void)state;
    assert_non_null(t);
    values.values[TEMPLATE_CODE] = (struct line){0};
    assert_err(template_write(&t->text, TEMPLATE_TEXT, &values, &out), ERR_FIELD_MISSING);
}

static void another_language_falls_back_to_english(void **state)
{
    (void)state;
    assert_ptr_equal(template_find(STR("tlh"), STR("test")), template_find(STR("en"), STR("test")));
    assert_null(template_find(STR("en"), STR("layout")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_is_escaped_and_text_is_not),
        cmocka_unit_test(the_link_is_in_both_parts_or_in_none),
        cmocka_unit_test(a_value_that_is_not_there_is_an_error),
        cmocka_unit_test(another_language_falls_back_to_english),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
