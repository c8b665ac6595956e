/* Escaping: whatever comes in, the line stays one line, valid UTF-8, and harmless to a terminal. */
#include "ops/log_text.h"

#include "ops/utf8.h"

void log_text_number(struct log_text *out, uint64_t number)
{
    char digits[24];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    log_text_raw(out, (struct str){digits + at, sizeof digits - at});
}

static bool is_plain(char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;

/* The top bit of each byte that is zero; may also mark the byte above one. */
static uint64_t zero_bytes(uint64_t word)
{
    return (word - ones) & ~word & tops;
}

/* How many bytes in front can be copied as they are. Eight at a time: this is most of what a line
 * costs. */
static size_t plain_length(struct str text)
{
    size_t at = 0;

    while (text.len - at >= sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, text.ptr + at, sizeof word);
        uint64_t below_space = (word - ones * 0x20) & ~word & tops;
        uint64_t odd = (word & tops) | below_space | zero_bytes(word ^ ones * '"') |
                       zero_bytes(word ^ ones * '\\') | zero_bytes(word ^ ones * 0x7f);
        if (odd) {
            break;
        }
        at += sizeof word;
    }
    while (at < text.len && is_plain(text.ptr[at])) {
        at++;
    }
    return at;
}

/* Control characters beyond ASCII, line separators, and what turns the order of a line around. */
static bool is_deceptive(uint32_t code)
{
    return (code >= 0x80 && code < 0xa0) || code == 0x061c || code == 0x200e || code == 0x200f ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
           code == 0xfeff;
}

struct piece {
    size_t taken, len;
    char text[8];
};

static struct piece piece_of(size_t taken, struct str text)
{
    struct piece piece = {.taken = taken, .len = text.len};

    memcpy(piece.text, text.ptr, text.len);
    return piece;
}

static struct piece piece_of_code(size_t taken, uint32_t code)
{
    static const char digit[] = "0123456789abcdef";
    char text[] = {'\\',
                   'u',
                   digit[code >> 12 & 15],
                   digit[code >> 8 & 15],
                   digit[code >> 4 & 15],
                   digit[code & 15]};

    return piece_of(taken, (struct str){text, sizeof text});
}

/* The escape for the byte or character in front. */
static struct piece next_piece(struct str text, enum log_escape escape)
{
    uint32_t code = 0;
    size_t length = utf8_decode(text, &code);

    if (length == 0) {
        return piece_of(1, STR("\\ufffd"));
    }
    if (length > 1) {
        return is_deceptive(code) ? piece_of_code(length, code)
                                  : piece_of(length, str_sub(text, 0, length));
    }
    switch (text.ptr[0]) {
    case '"':
        return piece_of(1, escape == ESCAPE_JSON ? STR("\\\"") : STR("\""));
    case '\\': /* in the human form too, so that what looks like an escape is one */
        return piece_of(1, STR("\\\\"));
    case '\n':
        return piece_of(1, STR("\\n"));
    case '\r':
        return piece_of(1, STR("\\r"));
    case '\t':
        return piece_of(1, STR("\\t"));
    default:
        return piece_of_code(1, code);
    }
}

void log_text_escaped(struct log_text *out, struct str text, size_t most, enum log_escape escape)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    size_t room = (size_t)(out->end - out->at);

    most = most < room ? most : room;
    if (most < sizeof ellipsis) {
        return;
    }
    char *last = out->at + most - (sizeof ellipsis - 1); /* there is always room to say "cut" */
    while (text.len > 0) {
        size_t plain = plain_length(text);
        size_t fits = (size_t)(last - out->at);
        struct piece piece = {0};

        log_text_raw(out, str_sub(text, 0, plain < fits ? plain : fits));
        text = str_skip(text, plain < fits ? plain : fits);
        if (text.len == 0) {
            return;
        }
        if (plain < fits) {
            piece = next_piece(text, escape);
        }
        if (piece.len == 0 || piece.len > (size_t)(last - out->at)) {
            log_text_raw(out, (struct str){ellipsis, sizeof ellipsis - 1});
            return;
        }
        log_text_raw(out, (struct str){piece.text, piece.len});
        text = str_skip(text, piece.taken);
    }
}
