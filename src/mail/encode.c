/* Encoded words by Q, bodies by quoted-printable: readable where they are ASCII. */
#include "mail/encode.h"

#include "base/buf.h"
#include "base/hex.h"

enum {
    WORD_MOST = 75,
    PLAIN_MOST = 60, /* of a header that is left as it is: with its name it fits a line */
    LINE_WIDTH = 76
};
#define WORD_BEGIN "=?UTF-8?Q?"
#define WORD_END   "?="

static bool is_plain_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Letters, digits, and what has no meaning in any header, so that names need no quotes. */
static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_plain_char(text.ptr[i]) && text.ptr[i] != ' ' && text.ptr[i] != '-' &&
            text.ptr[i] != '\'') {
            return false;
        }
    }
    return text.len <= PLAIN_MOST &&
           (text.len == 0 || (text.ptr[0] != ' ' && text.ptr[text.len - 1] != ' '));
}

static void put_hex(struct buf *out, char c)
{
    static const char digits[] = "0123456789ABCDEF";

    buf_put_char(out, '=');
    buf_put_char(out, digits[(unsigned char)c >> 4]);
    buf_put_char(out, digits[(unsigned char)c & 15]);
}

static size_t character_bytes(struct str text, size_t at)
{
    size_t count = 1;

    while (at + count < text.len && ((unsigned char)text.ptr[at + count] & 0xc0) == 0x80) {
        count++;
    }
    return count;
}

static void put_q(struct buf *out, char c)
{
    if (c == ' ') {
        buf_put_char(out, '_');
    } else if (is_plain_char(c)) {
        buf_put_char(out, c);
    } else {
        put_hex(out, c);
    }
}

void encode_header(struct buf *out, struct line line)
{
    const size_t room = WORD_MOST - (sizeof WORD_BEGIN - 1) - (sizeof WORD_END - 1);
    struct str text = line.text;
    size_t used = 0, bytes;

    if (is_plain(text)) {
        buf_put(out, text);
        return;
    }
    buf_put(out, STR(WORD_BEGIN));
    for (size_t at = 0; at < text.len; at += bytes) {
        bytes = character_bytes(text, at);
        size_t width =
            bytes == 1 && (is_plain_char(text.ptr[at]) || text.ptr[at] == ' ') ? 1 : 3 * bytes;
        if (used + width > room) {
            buf_put(out, STR(WORD_END "\r\n " WORD_BEGIN));
            used = 0;
        }
        for (size_t i = 0; i < bytes; i++) {
            put_q(out, text.ptr[at + i]);
        }
        used += width;
    }
    buf_put(out, STR(WORD_END));
}

/* A dot or "From " at the beginning of a line mean something to some who handle mail on its way. */
static bool is_awkward(struct str line, size_t at)
{
    char c = line.ptr[at];
    bool last = at + 1 == line.len;

    return c == '=' || (unsigned char)c > 0x7e || ((unsigned char)c < 0x20 && c != '\t') ||
           (last && (c == ' ' || c == '\t')) ||
           (at == 0 && (c == '.' || str_starts(line, STR("From "))));
}

static void encode_line(struct buf *out, struct str line)
{
    size_t used = 0;

    for (size_t at = 0; at < line.len; at++) {
        bool awkward = is_awkward(line, at);
        size_t width = awkward ? 3 : 1;
        if (used + width > LINE_WIDTH - 1) {
            buf_put(out, STR("=\r\n"));
            used = 0;
        }
        if (awkward) {
            put_hex(out, line.ptr[at]);
        } else {
            buf_put_char(out, line.ptr[at]);
        }
        used += width;
    }
    buf_put(out, STR("\r\n"));
}

void encode_body(struct buf *out, struct str text)
{
    struct str line, rest = text;
    bool more;

    do {
        more = str_cut(rest, '\n', &line, &rest);
        if (more || line.len > 0) {
            encode_line(out, line);
        }
    } while (more);
}

static int hex_byte(struct str text, size_t at)
{
    struct str digits = str_sub(text, at + 1, 2);

    if (digits.len < 2 || hex_digit(digits.ptr[0]) < 0 || hex_digit(digits.ptr[1]) < 0) {
        return -1;
    }
    return hex_digit(digits.ptr[0]) * 16 + hex_digit(digits.ptr[1]);
}

static void decode_word(struct buf *out, struct str word)
{
    for (size_t at = 0; at < word.len; at++) {
        int byte = word.ptr[at] == '=' ? hex_byte(word, at) : -1;
        if (byte >= 0) {
            buf_put_char(out, (char)byte);
            at += 2;
        } else {
            buf_put_char(out, word.ptr[at] == '_' ? ' ' : word.ptr[at]);
        }
    }
}

/* The word at the beginning of `text`: its inside, and how long it is; 0 when there is none. */
static size_t find_word(struct str text, struct str *ret_inside)
{
    struct str inside = str_skip(text, sizeof WORD_BEGIN - 1);

    if (!str_starts(text, STR(WORD_BEGIN))) {
        return 0;
    }
    for (size_t i = 0; i + 1 < inside.len; i++) {
        if (inside.ptr[i] == '?' && inside.ptr[i + 1] == '=') {
            *ret_inside = str_sub(inside, 0, i);
            return sizeof WORD_BEGIN - 1 + i + 2;
        }
    }
    return 0;
}

/* Blanks between two words belong to neither. */
static size_t blanks_before_word(struct str text)
{
    size_t count = 0;
    struct str inside;

    while (count < text.len &&
           (text.ptr[count] == ' ' || text.ptr[count] == '\r' || text.ptr[count] == '\n')) {
        count++;
    }
    return find_word(str_skip(text, count), &inside) > 0 ? count : 0;
}

enum err decode_header(struct arena *arena, struct str value, struct str *ret)
{
    struct buf out = buf_in_arena(arena, value.len + 1);
    struct str inside;

    while (value.len > 0) {
        size_t length = find_word(value, &inside);
        if (length > 0) {
            decode_word(&out, inside);
            value = str_skip(value, length);
            value = str_skip(value, blanks_before_word(value));
        } else {
            buf_put_char(&out, value.ptr[0]);
            value = str_skip(value, 1);
        }
    }
    return buf_end(&out, ret);
}

static void decode_line(struct buf *out, struct str line, bool *ret_soft)
{
    *ret_soft = false;
    for (size_t at = 0; at < line.len; at++) {
        int byte = line.ptr[at] == '=' ? hex_byte(line, at) : -1;
        if (byte >= 0) {
            buf_put_char(out, (char)byte);
            at += 2;
        } else if (line.ptr[at] == '=' && at + 1 == line.len) {
            *ret_soft = true;
        } else {
            buf_put_char(out, line.ptr[at]);
        }
    }
}

enum err decode_body(struct arena *arena, struct str body, struct str *ret)
{
    struct buf out = buf_in_arena(arena, body.len + 1);
    struct str line, rest = body;
    bool more, soft;

    do {
        more = str_cut(rest, '\n', &line, &rest);
        if (str_ends(line, STR("\r"))) {
            line.len--;
        }
        decode_line(&out, line, &soft);
        if (more && !soft) {
            buf_put_char(&out, '\n');
        }
    } while (more);
    return buf_end(&out, ret);
}
