/* The texts of letters, made of mail/templates by tools/mailgen.py. HTML is escaped always: there
 * is no way to put a value in as it is. */
#pragma once

#include "base/err.h"
#include "mail/line.h"

#include <stddef.h>

struct buf;

/* X(constant, what {{…}} it stands for). The generator reads this very table. */
#define TEMPLATE_TABLE(X)                                                                          \
    X(TEMPLATE_LINK, "link")                                                                       \
    X(TEMPLATE_CODE, "code")                                                                       \
    X(TEMPLATE_VALIDITY, "validity")                                                               \
    X(TEMPLATE_BRAND, "brand")                                                                     \
    X(TEMPLATE_COLOUR, "colour")

enum template_value {
#define X(constant, name) constant,
    TEMPLATE_TABLE(X)
#undef X
    TEMPLATE_VALUES
};

struct template_piece {
    const char *text; /* NULL: a value */
    size_t length;
    enum template_value value;
};

struct template_part {
    const struct template_piece *pieces;
    size_t count;
};

struct template_texts {
    const char *language, *name;
    struct template_part subject, text, html;
};
extern const struct template_texts templates[]; /* ends with one without a name */

/* The one of that name; in English where it is not in that language. NULL when there is none. */
const struct template_texts *template_find(struct str language, struct str name);

struct template_values {
    struct line values[TEMPLATE_VALUES]; /* by enum template_value */
};

enum template_form {
    TEMPLATE_TEXT,
    TEMPLATE_HTML
};

/* Text into HTML: between tags, or in a quoted attribute. */
void template_escape(struct buf *out, struct str text);

/* ERR_FIELD_MISSING when it names a value that is not there. */
enum err template_write(const struct template_part *part, enum template_form form,
                        const struct template_values *values, struct buf *out);
