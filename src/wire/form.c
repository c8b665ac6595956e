/* Queries and form bodies. */
#include "wire/form.h"

#include "base/arena.h"
#include "base/hex.h"
#include "text/normal.h"

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
