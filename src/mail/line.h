/* One line of text: the only thing that a header, or a place in a template, takes. Only line_parse
 * makes one, so that no line end, NUL or other control character gets into a letter. */
#pragma once

#include "base/err.h"
#include "base/str.h"

enum {
    LINE_MOST = 2048
};

struct line {
    struct str text;
};

/* UTF-8 without control characters, U+2028 and U+2029 among them; at most LINE_MOST bytes.
 * ERR_FIELD_VALUE otherwise. No text is a line of its own kind: one that is not there. */
enum err line_parse(struct str text, struct line *ret);
