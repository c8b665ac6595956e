/* One value that came as a text, by the kind of its field: the same in JSON and in queries. */
#pragma once

#include "base/err.h"
#include "wire/fields.h"

struct arena;

/* Longer than its field allows; a text that is not UTF-8 is, too. */
bool value_is_too_long(const struct field *field, struct str text);

/* What the kind's own parse function says to the text. ERR_FIELD_TYPE for kinds that are no texts.
 */
enum err value_parse(struct arena *arena, enum field_kind kind, struct str text, void *ret);
