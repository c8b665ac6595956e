/* Writing structs as JSON by table, straight into the answer. */
#include "base/buf.h"
#include "text/normal.h"
#include "wire/json.h"

#include <stdint.h>

static void write_escaped(struct buf *out, unsigned char c)
{
    switch (c) {
    case '"':
        buf_put(out, STR("\\\""));
        return;
    case '\\':
        buf_put(out, STR("\\\\"));
        return;
    case '\n':
        buf_put(out, STR("\\n"));
        return;
    case '\r':
        buf_put(out, STR("\\r"));
        return;
    case '\t':
        buf_put(out, STR("\\t"));
        return;
    default:
        buf_put(out, STR("\\u00"));
        buf_put_hex(out, &c, 1);
    }
}

static bool needs_escape(char c)
{
    return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

/* Takes well-formed UTF-8. */
static void write_well_formed(struct buf *out, struct str text)
{
    size_t written = 0;

    for (size_t at = 0; at < text.len; at++) {
        if (needs_escape(text.ptr[at])) {
            buf_put(out, str_sub(text, written, at - written));
            write_escaped(out, (unsigned char)text.ptr[at]);
            written = at + 1;
        }
    }
    buf_put(out, str_skip(text, written));
}

void json_write_text(struct buf *out, struct str text)
{
    buf_put_char(out, '"');
    for (;;) {
        size_t well_formed = text_well_formed(text);
        write_well_formed(out, str_sub(text, 0, well_formed));
        if (well_formed == text.len) {
            break;
        }
        buf_put(out, STR("\uFFFD"));
        text = str_skip(text, well_formed + 1);
    }
    buf_put_char(out, '"');
}

static void write_moment(struct buf *out, struct moment at, enum moment_form form)
{
    buf_put_char(out, '"');
    moment_print(out, at, form);
    buf_put_char(out, '"');
}

static void write_id(struct buf *out, struct id id)
{
    buf_put_char(out, '"');
    id_print(out, id);
    buf_put_char(out, '"');
}

static void write_texts(struct buf *out, const struct text_list *texts)
{
    buf_put_char(out, '[');
    for (size_t i = 0; i < texts->count; i++) {
        if (i > 0) {
            buf_put_char(out, ',');
        }
        json_write_text(out, texts->items[i]);
    }
    buf_put_char(out, ']');
}

static void write_list(struct buf *out, const struct shape *shape, const struct list *list)
{
    const char *item = list->items;

    buf_put_char(out, '[');
    for (size_t i = 0; i < list->count; i++, item += list->size) {
        if (i > 0) {
            buf_put_char(out, ',');
        }
        json_write(out, shape, item);
    }
    buf_put_char(out, ']');
}

/* What a member is written as. */
enum content {
    CONTENT_NONE,
    CONTENT_NULL,
    CONTENT_EMPTY,
    CONTENT_VALUE
};

static bool has_value(enum field_kind kind, const void *at)
{
    switch (kind) {
    case KIND_TEXT:
        return str_is_set(*(const struct str *)at);
    case KIND_EMAIL:
        return str_is_set(((const struct email *)at)->shown);
    case KIND_USERNAME:
        return str_is_set(((const struct username *)at)->shown);
    case KIND_ID:
        return id_is_set(*(const struct id *)at);
    case KIND_MOMENT:
        return moment_is_set(*(const struct moment *)at);
    case KIND_INT:
    case KIND_BOOL:
    case KIND_TEXTS:
    case KIND_LIST:
    case KIND_OBJECT:
        return true;
    case KIND_SECRET:
        return false;
    }
    return false;
}

static enum content content_of(const struct field *field, const char *object)
{
    enum presence presence = PRESENCE_VALUE;

    if (field->has_presence) {
        presence = *(const enum presence *)(const void *)(object + field->presence);
    }
    if (field->kind == KIND_SECRET || presence == PRESENCE_ABSENT) {
        return CONTENT_NONE;
    }
    if (presence == PRESENCE_NULL) {
        return CONTENT_NULL;
    }
    if (field->flags & REQUIRED || has_value(field->kind, object + field->offset)) {
        return CONTENT_VALUE;
    }
    if (field->flags & NULL_IF_NONE) {
        return CONTENT_NULL;
    }
    return field->flags & EMPTY_IF_NONE ? CONTENT_EMPTY : CONTENT_NONE;
}

static void write_value(struct buf *out, const struct shape *shape, const struct field *field,
                        const void *at)
{
    switch (field->kind) {
    case KIND_TEXT:
        json_write_text(out, *(const struct str *)at);
        return;
    case KIND_EMAIL:
        json_write_text(out, ((const struct email *)at)->shown);
        return;
    case KIND_USERNAME:
        json_write_text(out, ((const struct username *)at)->shown);
        return;
    case KIND_ID:
        write_id(out, *(const struct id *)at);
        return;
    case KIND_MOMENT:
        write_moment(out, *(const struct moment *)at, shape->moments);
        return;
    case KIND_INT:
        buf_put_int(out, *(const int64_t *)at);
        return;
    case KIND_BOOL:
        buf_put(out, *(const bool *)at ? STR("true") : STR("false"));
        return;
    case KIND_TEXTS:
        write_texts(out, at);
        return;
    case KIND_LIST:
        write_list(out, field->of, at);
        return;
    case KIND_OBJECT:
        json_write(out, field->of, at);
        return;
    case KIND_SECRET:
        return;
    }
}

static void write_content(struct buf *out, const struct shape *shape, const struct field *field,
                          const char *object)
{
    switch (content_of(field, object)) {
    case CONTENT_NULL:
        buf_put(out, STR("null"));
        return;
    case CONTENT_EMPTY:
        buf_put(out, STR("\"\""));
        return;
    case CONTENT_VALUE:
        write_value(out, shape, field, object + field->offset);
        return;
    case CONTENT_NONE:
        return;
    }
}

void json_write(struct buf *out, const struct shape *shape, const void *object)
{
    bool first = true;

    buf_put_char(out, '{');
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        if (content_of(field, object) == CONTENT_NONE) {
            continue;
        }
        if (!first) {
            buf_put_char(out, ',');
        }
        first = false;
        buf_put_char(out, '"');
        buf_put(out, str_of(field->name)); /* ours, and never one that needs an escape */
        buf_put(out, STR("\":"));
        write_content(out, shape, field, object);
    }
    buf_put_char(out, '}');
}
