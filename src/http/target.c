/* Decoding the path once, and refusing every form that is not the normal one. */
#include "http/target.h"

#include "base/arena.h"
#include "base/hex.h"
#include "http/chars.h"

#include <string.h>

/* The byte that an escape at the front of `text` stands for, or -1. */
static int escaped_byte(struct str text)
{
    int high = text.len < 3 ? -1 : hex_digit(text.ptr[1]);
    int low = text.len < 3 ? -1 : hex_digit(text.ptr[2]);

    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* A slash that is data, not structure, would read as structure to whoever decodes after us. */
static bool may_be_escaped(int byte)
{
    return byte >= ' ' && byte != 0x7f && byte != '/' && byte != '\\';
}

static enum err path_decode(struct str raw, struct arena *arena, struct str *ret)
{
    char *text = arena_alloc(arena, raw.len);
    size_t len = 0;

    if (!text) {
        return ERR_MEMORY;
    }
    while (raw.len > 0) {
        bool escape = raw.ptr[0] == '%';
        int byte = escape ? escaped_byte(raw) : (unsigned char)raw.ptr[0];
        if (escape && !may_be_escaped(byte)) {
            return ERR_REQUEST_MALFORMED;
        }
        text[len++] = (char)byte;
        raw = str_skip(raw, escape ? 3 : 1);
    }
    *ret = (struct str){text, len};
    return ERR_OK;
}

/* RFC 3629, 4: by its first byte a sequence has so many more, the first of them in this range. */
static const struct {
    unsigned char least, most, more, least_second, most_second;
} sequences[] = {
    {0x00, 0x7f, 0, 0x00, 0xff},
    {0xc2, 0xdf, 1, 0x80, 0xbf},
    {0xe0, 0xe0, 2, 0xa0, 0xbf},
    {0xe1, 0xec, 2, 0x80, 0xbf},
    {0xed, 0xed, 2, 0x80, 0x9f}, /* no surrogates */
    {0xee, 0xef, 2, 0x80, 0xbf},
    {0xf0, 0xf0, 3, 0x90, 0xbf},
    {0xf1, 0xf3, 3, 0x80, 0xbf},
    {0xf4, 0xf4, 3, 0x80, 0x8f},
};

/* How many bytes the sequence at the front has; 0 if it is none. */
static size_t sequence_length(const unsigned char *at, size_t left)
{
    size_t row = 0;

    while (row < ARRAY_LEN(sequences) &&
           (at[0] < sequences[row].least || at[0] > sequences[row].most)) {
        row++;
    }
    if (row == ARRAY_LEN(sequences) || sequences[row].more >= left) {
        return 0;
    }
    for (size_t i = 1; i <= sequences[row].more; i++) {
        unsigned char least = i == 1 ? sequences[row].least_second : 0x80;
        unsigned char most = i == 1 ? sequences[row].most_second : 0xbf;
        if (at[i] < least || at[i] > most) {
            return 0;
        }
    }
    return 1U + sequences[row].more;
}

static bool is_utf8(struct str text)
{
    const unsigned char *at = (const unsigned char *)text.ptr;

    for (size_t i = 0; i < text.len;) {
        size_t length = sequence_length(at + i, text.len - i);
        if (length == 0) {
            return false;
        }
        i += length;
    }
    return true;
}

/* No segment is "." or "..", and none but the last is empty. */
static bool segments_are_normal(struct str path)
{
    struct str rest = str_skip(path, 1), segment;
    bool more = true;

    while (more) {
        more = str_cut(rest, '/', &segment, &rest);
        if (str_eq(segment, STR(".")) || str_eq(segment, STR("..")) || (more && segment.len == 0)) {
            return false;
        }
    }
    return true;
}

/* The query is left as it is, but for a NUL there is no use, and a broken escape would be read in
 * as many ways as there are readers. */
static bool query_is_sound(struct str query)
{
    if (!chars_are(query, CHARS_QUERY)) {
        return false;
    }
    while (query.len > 0) {
        if (query.ptr[0] == '%' && escaped_byte(query) <= 0) {
            return false;
        }
        query = str_skip(query, 1);
    }
    return true;
}

enum err target_read(struct http_request *request, struct arena *arena)
{
    struct str path, query;

    if (request->method == OPTIONS && str_eq(request->target, STR("*"))) {
        request->path = request->target;
        return ERR_OK;
    }
    str_cut(request->target, '?', &path, &query);
    if (!str_starts(path, STR("/")) || !chars_are(path, CHARS_PATH) || !query_is_sound(query)) {
        return ERR_REQUEST_MALFORMED;
    }
    if (str_contains(path, '%')) {
        TRY(path_decode(path, arena, &path));
        if (!is_utf8(path)) {
            return ERR_REQUEST_MALFORMED;
        }
    }
    if (!segments_are_normal(path)) {
        return ERR_REQUEST_MALFORMED;
    }
    request->path = path;
    request->query = query;
    return ERR_OK;
}
