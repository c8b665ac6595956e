/* Query strings and form bodies (application/x-www-form-urlencoded), and percent-decoding. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct arena;

/* Decodes %XX once. Refuses broken escapes, control characters (so %00 and %0D%0A) and what is not
 * UTF-8: ERR_FIELD_VALUE. With `plus_is_space` set, a + is a space, as in queries. */
enum err percent_decode(struct arena *arena, struct str text, bool plus_is_space, struct str *ret);

/* The value of `name` in a query, decoded; no text when it is absent, an empty one for `name=` and
 * `name`. ERR_FIELD_VALUE when the name is given twice, when the value cannot be decoded, or when
 * any name cannot, for then nobody knows whose it is. */
enum err form_value(struct arena *arena, struct str query, struct str name, struct str *ret);
