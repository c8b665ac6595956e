/* Reads what every server in these comparisons sends: a status line, a length, no chunks. */
#include "bench/answer.h"

#include "base/number.h"

#include <string.h>

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
    if (framing.chunked || (!framing.measured && !bodiless)) {
        return ANSWER_BAD;
    }
    answer.closes = framing.closes;
    answer.body = bodiless ? 0 : (size_t)framing.length;
    *ret = answer;
    return ANSWER_READ;
}
