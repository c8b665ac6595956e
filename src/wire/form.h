/* Query strings and form bodies (application/x-www-form-urlencoded), and percent-decoding. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct arena;
struct buf;
struct shape;

/* Decodes %XX once. Refuses broken escapes, control characters (so %00 and %0D%0A) and what is not
 * UTF-8: ERR_FIELD_VALUE. With `plus_is_space` set, a + is a space, as in queries. */
enum err percent_decode(struct arena *arena, struct str text, bool plus_is_space, struct str *ret);

/* The way back, for a name or a value in a query or a form: all but letters, digits and -._~
 * becomes %XX. */
void percent_encode(struct buf *out, struct str text);

/* The value of `name` in a query, decoded; no text when it is absent, an empty one for `name=` and
 * `name`. ERR_FIELD_VALUE when the name is given twice, when the value cannot be decoded, or when
 * any name cannot, for then nobody knows whose it is. */
enum err form_value(struct arena *arena, struct str query, struct str name, struct str *ret);

/* Reads a query into *ret by table, as json_read reads an object: names no row has are ignored, an
 * empty text counts as none. Numbers are decimal, switches true or false; lists and objects are
 * never read. On failure `reason` names the parameter:
 *     ERR_FIELD_MISSING   REQUIRED, and absent or empty
 *     ERR_FIELD_TYPE      no number, no switch
 *     ERR_FIELD_VALUE     given twice, broken escapes, too long, or refused by its kind */
enum err form_read(struct arena *arena, struct str query, const struct shape *shape, void *ret,
                   struct reason *reason);
