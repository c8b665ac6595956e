/* One line of text: the only thing that a header, or a place in a template, takes. Only line_parse
 * and line_of make one, so that no line end, NUL or other control character gets into a letter. */
#pragma once

#include "base/err.h"
#include "base/str.h"

enum {
    LINE_MOST = 2048
};

struct arena;

struct line {
    struct str text;
};

/* What text_is_one_line says; at most LINE_MOST bytes. ERR_FIELD_VALUE otherwise. No text is a line
 * of its own kind: one that is not there. */
enum err line_parse(struct str text, struct line *ret);

/* As line_parse, with blanks for what cannot stand in a line: for names that were stored before
 * they were looked at so, whose letters would wait until they expire. */
enum err line_of(struct arena *arena, struct str text, struct line *ret);
