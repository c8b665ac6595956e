/* Reads what the servers in these comparisons send: a status line, and a length or chunks. */
#include "bench/answer.h"

#include "base/number.h"

#include <ctype.h>
#include <string.h>

enum {
    SIZE_DIGITS = 7 /* of a chunk */
};

static bool read_status(struct str line, int *ret)
{
    int64_t status;

    if (!str_starts(line, STR("HTTP/1.1 ")) || line.len < 12) {
        return false;
    }
    if (number_parse(str_sub(line, 9, 3), 200, 599, &status) != ERR_OK) {
        return false;
    }
    *ret = (int)status;
    return true;
}

/* What the headers said about where the answer ends. */
struct framing {
    bool measured, closes, chunked;
    int64_t length;
};

static bool read_header(struct str line, struct framing *framing)
{
    struct str name, value;

    if (!str_cut(line, ':', &name, &value)) {
        return false;
    }
    value = str_trim(value);
    if (str_eq_nocase(name, STR("content-length"))) {
        framing->measured = true;
        return number_parse(value, 0, INT32_MAX, &framing->length) == ERR_OK;
    }
    if (str_eq_nocase(name, STR("transfer-encoding"))) {
        framing->chunked = true;
    } else if (str_eq_nocase(name, STR("connection"))) {
        framing->closes = str_eq_nocase(value, STR("close"));
    }
    return true;
}

static struct str line_take(struct str *rest)
{
    struct str line;

    str_cut(*rest, '\n', &line, rest);
    if (str_ends(line, STR("\r"))) {
        line.len--;
    }
    return line;
}

enum answer_state answer_read(struct str received, bool to_head, struct answer *ret)
{
    const char *end = received.len ? memmem(received.ptr, received.len, "\r\n\r\n", 4) : NULL;
    struct framing framing = {0};
    struct answer answer = {0};

    if (!end) {
        return ANSWER_PARTIAL;
    }
    answer.head = (size_t)(end - received.ptr) + 4;
    struct str rest = str_sub(received, 0, answer.head - 2);
    if (!read_status(line_take(&rest), &answer.status)) {
        return ANSWER_BAD;
    }
    while (rest.len > 0) {
        if (!read_header(line_take(&rest), &framing)) {
            return ANSWER_BAD;
        }
    }
    bool bodiless = to_head || answer.status == 204 || answer.status == 304;
    if (framing.chunked == framing.measured && !bodiless) {
        return ANSWER_BAD;
    }
    answer.closes = framing.closes;
    answer.chunked = framing.chunked && !bodiless;
    answer.body = bodiless || framing.chunked ? 0 : (size_t)framing.length;
    *ret = answer;
    return ANSWER_READ;
}

/* The line before a chunk; extensions, which nobody here sends, are bad. */
static enum answer_state read_size(struct str received, size_t *ret_size, size_t *ret_line)
{
    static const char digits[] = "0123456789abcdef";
    size_t size = 0, at = 0;

    for (; at < received.len && at < SIZE_DIGITS; at++) {
        int c = tolower((unsigned char)received.ptr[at]);
        const char *digit = memchr(digits, c, sizeof digits - 1);
        if (!digit) {
            break;
        }
        size = size * 16 + (size_t)(digit - digits);
    }
    struct str end = str_sub(received, at, 2);
    *ret_size = size;
    *ret_line = at + 2;
    if (end.len < 2 && str_starts(STR("\r\n"), end)) {
        return ANSWER_PARTIAL;
    }
    return at > 0 && str_eq(end, STR("\r\n")) ? ANSWER_READ : ANSWER_BAD;
}

enum answer_state answer_measure(struct str received, size_t *ret)
{
    size_t at = 0, size, line;

    do {
        enum answer_state state = read_size(str_skip(received, at), &size, &line);
        if (state != ANSWER_READ) {
            return state;
        }
        at += line + size + 2;
        if (at > received.len) {
            return ANSWER_PARTIAL;
        }
        if (!str_eq(str_sub(received, at - 2, 2), STR("\r\n"))) {
            return ANSWER_BAD;
        }
    } while (size > 0);
    *ret = at;
    return ANSWER_READ;
}
