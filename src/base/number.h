/* Reading numbers, with their range. */
#pragma once

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

/* Decimal digits, a minus in front if `least` is negative; no plus, no space, nothing behind.
 * ERR_FIELD_VALUE when it is no number or outside of least..most. */
enum err number_parse(struct str text, int64_t least, int64_t most, int64_t *ret);
