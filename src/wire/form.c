/* Queries and form bodies. */
#include "wire/form.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/hex.h"
#include "base/number.h"
#include "text/normal.h"
#include "wire/fields.h"
#include "wire/value.h"

/* The byte that the escape at the text's beginning stands for; -1 if it is none. */
static int escaped_byte(struct str text)
{
    int high = text.len > 2 ? hex_digit(text.ptr[1]) : -1;
    int low = text.len > 2 ? hex_digit(text.ptr[2]) : -1;

    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static bool is_control(int byte)
{
    return byte < 0x20 || byte == 0x7f;
}

enum err percent_decode(struct arena *arena, struct str text, bool plus_is_space, struct str *ret)
{
    char *decoded = arena_alloc(arena, text.len + 1);
    size_t length = 0;

    if (!decoded) {
        return ERR_MEMORY;
    }
    for (size_t at = 0; at < text.len; at++) {
        int byte = (unsigned char)text.ptr[at];
        if (byte == '%') {
            byte = escaped_byte(str_skip(text, at));
            at += 2;
        } else if (byte == '+' && plus_is_space) {
            byte = ' ';
        }
        if (is_control(byte)) { /* a broken escape, below zero, is among them */
            return ERR_FIELD_VALUE;
        }
        decoded[length++] = (char)byte;
    }
    struct str whole = {decoded, length};
    if (text_well_formed(whole) != length) {
        return ERR_FIELD_VALUE;
    }
    *ret = whole;
    return ERR_OK;
}

void percent_encode(struct buf *out, struct str text)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            buf_put_char(out, (char)c);
        } else {
            buf_put(out, (struct str){
                             (char[]){'%', digits[c >> 4], digits[c & 15]},
                             3
            });
        }
    }
}

static enum err key_decode(struct arena *arena, struct str key, struct str *ret)
{
    if (!str_contains(key, '%') && !str_contains(key, '+')) {
        *ret = key;
        return ERR_OK;
    }
    return percent_decode(arena, key, /* plus_is_space= */ true, ret);
}

enum err form_value(struct arena *arena, struct str query, struct str name, struct str *ret)
{
    struct str pair, found = {0};

    while (str_next(&query, '&', &pair)) {
        struct str key, value;
        if (!str_cut(pair, '=', &key, &value)) {
            value = STR("");
        }
        TRY(key_decode(arena, key, &key));
        if (!str_eq(key, name)) {
            continue;
        }
        if (str_is_set(found)) {
            return ERR_FIELD_VALUE;
        }
        found = value;
    }
    if (!str_is_set(found)) {
        *ret = (struct str){0};
        return ERR_OK;
    }
    return percent_decode(arena, found, /* plus_is_space= */ true, ret);
}

static enum err read_switch(struct str text, bool *ret)
{
    *ret = str_eq(text, STR("true"));
    return *ret || str_eq(text, STR("false")) ? ERR_OK : ERR_FIELD_TYPE;
}

static enum err read_value(struct arena *arena, const struct field *field, struct str text,
                           void *ret)
{
    if (value_is_too_long(field, text)) {
        return ERR_FIELD_VALUE;
    }
    if (field->kind == KIND_INT) {
        return number_parse(text, INT64_MIN, INT64_MAX, ret) == ERR_OK ? ERR_OK : ERR_FIELD_TYPE;
    }
    return field->kind == KIND_BOOL ? read_switch(text, ret)
                                    : value_parse(arena, field->kind, text, ret);
}

/* A form sends its empty boxes along; but an empty number is no number, and to take it for an
 * absent one would answer what was not asked. */
static bool counts_as_none(const struct field *field, struct str text)
{
    return !str_is_set(text) ||
           (text.len == 0 && (field->kind == KIND_TEXT || field->flags & REQUIRED));
}

static enum err read_parameter(struct arena *arena, struct str query, const struct field *field,
                               char *ret)
{
    struct str text;

    TRY(form_value(arena, query, str_of(field->name), &text));
    if (field->has_presence) {
        *(enum presence *)(void *)(ret + field->presence) =
            text.len > 0 ? PRESENCE_VALUE : PRESENCE_ABSENT;
    }
    if (counts_as_none(field, text)) {
        return field->flags & REQUIRED ? ERR_FIELD_MISSING : ERR_OK;
    }
    return read_value(arena, field, text, ret + field->offset);
}

enum err form_read(struct arena *arena, struct str query, const struct shape *shape, void *ret,
                   struct reason *reason)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        enum err e = read_parameter(arena, query, field, ret);
        if (e != ERR_OK) {
            return fail(reason, e, str_of(field->name), "a parameter of the query");
        }
    }
    return ERR_OK;
}
