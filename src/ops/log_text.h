/* Writing text into a log line: a cursor over memory of the caller's, and the escaping. */
#pragma once

#include "base/str.h"

#include <stdint.h>
#include <string.h>

/* What does not fit is not written; the lines bound each of their parts so that all of them fit. */
struct log_text {
    char *at, *end;
};

enum log_escape {
    ESCAPE_JSON,
    ESCAPE_HUMAN
};

/* Literals of ours, as they are. Inline, because a line is made of some thirty of them. */
static inline void log_text_raw(struct log_text *out, struct str text)
{
    if (text.len <= (size_t)(out->end - out->at)) {
        memcpy(out->at, text.ptr, text.len);
        out->at += text.len;
    }
}

/* Decimal digits. */
void log_text_number(struct log_text *out, uint64_t number);

/* Text from outside, at most `most` bytes of output. */
void log_text_escaped(struct log_text *out, struct str text, size_t most, enum log_escape escape);
