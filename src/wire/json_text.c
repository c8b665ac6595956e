/* Texts: most are slices of what was sent, and only those with escapes are written anew. */
#include "wire/json_text.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/hex.h"
#include "text/normal.h"

#include <string.h>

enum {
    HIGH_SURROGATE = 0xd800,
    LOW_SURROGATE = 0xdc00,
    BEHIND_SURROGATES = 0xe000,
    BEHIND_BASIC_PLANE = 0x10000
};

static bool is_plain(char c)
{
    return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

/* The bytes at the beginning that stand for themselves. */
static struct str take_plain(struct str *rest)
{
    size_t length = 0;

    while (length < rest->len && is_plain(rest->ptr[length])) {
        length++;
    }
    struct str plain = str_sub(*rest, 0, length);
    *rest = str_skip(*rest, length);
    return plain;
}

static bool take(struct str *rest, struct str expected)
{
    if (!str_starts(*rest, expected)) {
        return false;
    }
    *rest = str_skip(*rest, expected.len);
    return true;
}

/* \u and four digits. */
static bool take_unit(struct str *rest, uint32_t *ret)
{
    unsigned char bytes[2];

    if (!take(rest, STR("\\u")) || hex_parse(str_sub(*rest, 0, 4), bytes, sizeof bytes) != ERR_OK) {
        return false;
    }
    *rest = str_skip(*rest, 4);
    *ret = (uint32_t)bytes[0] << 8 | bytes[1];
    return true;
}

/* A character as one unit of UTF-16, or as two. */
static bool take_code(struct str *rest, uint32_t *ret)
{
    uint32_t high = 0, low = 0;

    if (!take_unit(rest, &high) || high == 0) {
        return false;
    }
    if (high < HIGH_SURROGATE || high >= BEHIND_SURROGATES) {
        *ret = high;
        return true;
    }
    if (high >= LOW_SURROGATE || !take_unit(rest, &low) || low < LOW_SURROGATE ||
        low >= BEHIND_SURROGATES) {
        return false;
    }
    *ret = BEHIND_BASIC_PLANE + ((high - HIGH_SURROGATE) << 10) + (low - LOW_SURROGATE);
    return true;
}

static void put_code(struct buf *out, uint32_t code)
{
    if (code < 0x80) {
        buf_put_char(out, (char)code);
        return;
    }
    if (code < 0x800) {
        buf_put_char(out, (char)(0xc0 | code >> 6));
    } else if (code < BEHIND_BASIC_PLANE) {
        buf_put_char(out, (char)(0xe0 | code >> 12));
        buf_put_char(out, (char)(0x80 | (code >> 6 & 0x3f)));
    } else {
        buf_put_char(out, (char)(0xf0 | code >> 18));
        buf_put_char(out, (char)(0x80 | (code >> 12 & 0x3f)));
        buf_put_char(out, (char)(0x80 | (code >> 6 & 0x3f)));
    }
    buf_put_char(out, (char)(0x80 | (code & 0x3f)));
}

/* A character by its number, or by a letter that stands for it. */
static bool take_escape(struct str *rest, struct buf *out)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    uint32_t code = 0;

    if (str_starts(*rest, STR("\\u"))) {
        if (!take_code(rest, &code)) {
            return false;
        }
        put_code(out, code);
        return true;
    }
    const char *letter = rest->len > 1 ? memchr(letters, rest->ptr[1], sizeof letters - 1) : NULL;
    if (!letter) {
        return false;
    }
    buf_put_char(out, meanings[letter - letters]);
    *rest = str_skip(*rest, 2);
    return true;
}

/* What begins with `plain` and goes on with an escape. What it means is never longer than it is. */
static enum err take_escaped(struct arena *arena, struct str plain, struct str *rest,
                             struct str *ret)
{
    struct buf out = buf_in_arena(arena, plain.len + rest->len);

    buf_put(&out, plain);
    while (str_starts(*rest, STR("\\"))) {
        if (!take_escape(rest, &out)) {
            return ERR_BODY_MALFORMED;
        }
        buf_put(&out, take_plain(rest));
    }
    return buf_end(&out, ret);
}

enum err json_text_take(struct arena *arena, struct str *rest, struct str *ret)
{
    struct str text = take_plain(rest);

    if (str_starts(*rest, STR("\\"))) {
        TRY(take_escaped(arena, text, rest, &text));
    }
    if (!take(rest, STR("\"")) || text_well_formed(text) != text.len) {
        return ERR_BODY_MALFORMED;
    }
    *ret = text;
    return ERR_OK;
}
