/* Pages from templates. The first line is a template, what follows the value of {{x}}: whatever the
 * value is, it is read back as it was between tags or quotes, and ends neither. Any bytes for a
 * template are a page or a slip, never more. */
#include "pages/markup.h"

#include "base/arena.h"
#include "base/buf.h"
#include "fuzz/harness.h"

#include <string.h>

static const struct {
    struct str escaped;
    char plain;
} entities[] = {
    {{"&amp;", 5},  '&' },
    {{"&lt;", 4},   '<' },
    {{"&gt;", 4},   '>' },
    {{"&quot;", 6}, '"' },
    {{"&#34;", 5},  '"' },
    {{"&#39;", 5},  '\''},
};

/* What a browser makes of it. */
static struct str read_back(struct arena *arena, struct str html)
{
    struct buf out = buf_in_arena(arena, html.len + 1);
    struct str text;

    while (html.len > 0) {
        size_t length = 1;
        char c = html.ptr[0];
        for (size_t i = 0; c == '&' && length == 1 && i < ARRAY_LEN(entities); i++) {
            if (str_starts(html, entities[i].escaped)) {
                length = entities[i].escaped.len;
                c = entities[i].plain;
            }
        }
        PROMISE(length > 1 || !str_contains(STR("&<>\"'"), c));
        buf_put_char(&out, c);
        html = str_skip(html, length);
    }
    PROMISE(buf_end(&out, &text) == ERR_OK);
    return text;
}

static struct str written(struct arena *arena, const char *template, struct str value)
{
    const struct markup_value values[] = {
        {"x", value       },
        {"y", {"value", 5}},
    };
    struct buf out = buf_in_arena(arena, 1 << 24);
    struct str page = STR("");

    enum err e = markup_write(&out, template, &(struct markup_values){values, ARRAY_LEN(values)});
    PROMISE(e == ERR_OK || e == ERR_CONFIG || e == ERR_MEMORY);
    if (e == ERR_OK) {
        PROMISE(buf_end(&out, &page) == ERR_OK);
    }
    return page;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 14, 1 << 26);
    struct str text = {(const char *)data, size}, template, value;

    str_cut(text, '\n', &template, &value);
    PROMISE(arena_copy(arena, template, &template) == ERR_OK);
    if (size < 1 << 12) { /* each section may repeat all of it */
        (void)written(arena, template.ptr, value);
    }
    struct str page = written(arena, "<p title=\"{{x}}\">", value);
    const size_t before = strlen("<p title=\""), behind = strlen("\">");
    PROMISE(page.len >= before + behind);
    PROMISE(str_eq(read_back(arena, str_sub(page, before, page.len - before - behind)), value));
    page = written(arena, "{{#x}}a{{/x}}{{^x}}b{{/x}}", value);
    PROMISE(str_eq(page, value.len > 0 ? STR("a") : STR("b")));
    return 0;
}
