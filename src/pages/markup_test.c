#include "base/buf.h"
#include "base/check.h"
#include "pages/markup.h"

static const struct markup_value list[] = {
    {"name",  {"<Ann> & \"Bo\"'s", 14}},
    {"empty", {"", 0}                 },
    {"none",  {NULL, 0}               },
    {"code",  {"{{name}}", 8}         },
};
static const struct markup_values values = {list, ARRAY_LEN(list)};

static const char *written(const char *template)
{
    static char text[256];
    struct buf out = buf_over(text, sizeof text);

    assert_ok(markup_write(&out, template, &values));
    buf_put_char(&out, '\0');
    return text;
}

static enum err fails(const char *template)
{
    char text[256];
    struct buf out = buf_over(text, sizeof text);

    return markup_write(&out, template, &values);
}

static void values_are_escaped_and_never_read_as_a_template(void **state)
{
    (void)state;
    assert_string_equal(written(""), "");
    assert_string_equal(written("<p>no value</p>"), "<p>no value</p>");
    assert_string_equal(written("<p title=\"{{name}}\">{{empty}}{{none}}</p>"),
                        "<p title=\"&lt;Ann&gt; &amp; &quot;Bo&quot;&#39;s\"></p>");
    assert_string_equal(written("{{code}}"), "{{name}}");
}

static void a_section_is_there_when_its_value_is_or_is_not(void **state)
{
    (void)state;
    assert_string_equal(written("a{{#code}}b{{/code}}c"), "abc");
    assert_string_equal(written("a{{^code}}b{{/code}}c"), "ac");
    assert_string_equal(written("a{{#empty}}b{{/empty}}{{^none}}c{{/none}}"), "ac");
    assert_string_equal(written("{{#code}}a{{^empty}}b{{#none}}c{{/none}}{{/empty}}{{/code}}d"),
                        "abd");
}

static void a_slip_in_a_template_is_seen(void **state)
{
    (void)state;
    static const char *const wrong[] = {"{{nobody}}", "{{",
                                        "a{{name",    "{{}}",
                                        "{{#name}}a", "{{#name}}a{{/empty}}",
                                        "{{/name}}",  "{{#nobody}}{{/nobody}}",
                                        "{{ name }}", "{{#name}}{{nobody}}{{/name}}"};

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_err(fails(wrong[i]), ERR_CONFIG);
    }
}

static void what_has_no_room_is_not_half_a_page(void **state)
{
    (void)state;
    char text[4];
    struct buf out = buf_over(text, sizeof text);

    assert_err(markup_write(&out, "<p>{{name}}</p>", &values), ERR_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_escaped_and_never_read_as_a_template),
        cmocka_unit_test(a_section_is_there_when_its_value_is_or_is_not),
        cmocka_unit_test(a_slip_in_a_template_is_seen),
        cmocka_unit_test(what_has_no_room_is_not_half_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
