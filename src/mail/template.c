/* Filling templates in. */
#include "mail/template.h"

#include "base/buf.h"

#define ENGLISH "en"

static const struct template_texts *find_exactly(struct str language, struct str name)
{
    for (const struct template_texts *t = templates; t->name; t++) {
        if (str_eq(str_of(t->language), language) && str_eq(str_of(t->name), name)) {
            return t;
        }
    }
    return NULL;
}

const struct template_texts *template_find(struct str language, struct str name)
{
    const struct template_texts *found = find_exactly(language, name);

    return found ? found : find_exactly(STR(ENGLISH), name);
}

void template_escape(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        switch (text.ptr[i]) {
        case '&':
            buf_put(out, STR("&amp;"));
            break;
        case '<':
            buf_put(out, STR("&lt;"));
            break;
        case '>':
            buf_put(out, STR("&gt;"));
            break;
        case '"':
            buf_put(out, STR("&quot;"));
            break;
        case '\'':
            buf_put(out, STR("&#39;"));
            break;
        default:
            buf_put_char(out, text.ptr[i]);
        }
    }
}

enum err template_write(const struct template_part *part, enum template_form form,
                        const struct template_values *values, struct buf *out)
{
    for (size_t i = 0; i < part->count; i++) {
        const struct template_piece *piece = &part->pieces[i];
        if (piece->text) {
            buf_put(out, (struct str){piece->text, piece->length});
            continue;
        }
        struct str value = values->values[piece->value].text;
        if (!str_is_set(value)) {
            return ERR_FIELD_MISSING;
        }
        if (form == TEMPLATE_HTML) {
            template_escape(out, value);
        } else {
            buf_put(out, value);
        }
    }
    return out->failed ? ERR_MEMORY : ERR_OK;
}
