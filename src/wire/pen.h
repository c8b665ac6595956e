/* Writing JSON that no struct stands behind: the pen puts the commas and knows what is open. */
#pragma once

#include "base/buf.h"

enum {
    PEN_DEPTH = 32
};

/* Starts with `out` alone set. */
struct pen {
    struct buf *out;
    bool comma;              /* something stands before the next value */
    char closing[PEN_DEPTH]; /* the brackets that are open */
    unsigned depth;
};

/* Each writes one value: in an object under its name, in an array, or as the whole, with no text
 * for a name. What is deeper than PEN_DEPTH makes the buffer fail. */
void pen_object(struct pen *pen, struct str name); /* until pen_end */
void pen_array(struct pen *pen, struct str name);  /* likewise */
void pen_text(struct pen *pen, struct str name, struct str text);
void pen_int(struct pen *pen, struct str name, int64_t number);
void pen_bool(struct pen *pen, struct str name, bool yes);
void pen_json(struct pen *pen, struct str name, struct str json); /* as it is */

/* Closes what was opened last. */
void pen_end(struct pen *pen);
