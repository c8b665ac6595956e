/* Filling in. Templates are ours: whoever asks for a page writes values alone. */
#include "pages/markup.h"

#include "base/buf.h"
#include "mail/template.h"

#include <string.h>

#define OPEN  "{{"
#define CLOSE "}}"

static enum err write_all(struct buf *out, struct str template, const struct markup_values *values);

/* Cuts at the first `mark`: false when there is none. */
static bool cut(struct str text, struct str mark, struct str *ret_head, struct str *ret_tail)
{
    const char *found = memmem(text.ptr, text.len, mark.ptr, mark.len);

    if (!found) {
        return false;
    }
    *ret_head = (struct str){text.ptr, (size_t)(found - text.ptr)};
    *ret_tail = str_skip(text, ret_head->len + mark.len);
    return true;
}

static enum err value_of(const struct markup_values *values, struct str name, struct str *ret)
{
    for (size_t i = 0; i < values->count; i++) {
        if (str_eq(str_of(values->values[i].name), name)) {
            *ret = values->values[i].text;
            return ERR_OK;
        }
    }
    return ERR_CONFIG;
}

/* One section, of which *rest is behind its beginning, and then behind its end. */
static enum err write_section(struct buf *out, struct str tag, struct str *rest,
                              const struct markup_values *values)
{
    char text[64];
    struct buf end = buf_over(text, sizeof text);
    struct str name = str_skip(tag, 1), inside, value;

    buf_put(&end, STR(OPEN "/"));
    buf_put(&end, name);
    buf_put(&end, STR(CLOSE));
    if (end.failed || !cut(*rest, buf_str(&end), &inside, rest)) {
        return ERR_CONFIG;
    }
    TRY(value_of(values, name, &value));
    bool wanted = (value.len > 0) == (tag.ptr[0] == '#');
    return wanted ? write_all(out, inside, values) : ERR_OK;
}

static enum err write_value(struct buf *out, struct str name, const struct markup_values *values)
{
    struct str value;

    TRY(value_of(values, name, &value));
    template_escape(out, value);
    return ERR_OK;
}

static enum err write_all(struct buf *out, struct str template, const struct markup_values *values)
{
    struct str rest = template, literal, tag;

    while (cut(rest, STR(OPEN), &literal, &rest)) {
        buf_put(out, literal);
        if (!cut(rest, STR(CLOSE), &tag, &rest) || tag.len == 0) {
            return ERR_CONFIG;
        }
        bool section = tag.ptr[0] == '#' || tag.ptr[0] == '^';
        TRY(section ? write_section(out, tag, &rest, values) : write_value(out, tag, values));
    }
    buf_put(out, rest);
    return ERR_OK;
}

enum err markup_write(struct buf *out, const char *template, const struct markup_values *values)
{
    TRY(write_all(out, str_of(template), values));
    return out->failed ? ERR_MEMORY : ERR_OK;
}
