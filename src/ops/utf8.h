/* UTF-8 as RFC 3629 has it, no more. */
#pragma once

#include "base/str.h"

#include <stdint.h>

/* How many bytes the first character of a text takes; 0 when it is none: overlong, a surrogate,
 * beyond U+10FFFF, cut off, or the text is empty. */
size_t utf8_decode(struct str text, uint32_t *ret_code);
