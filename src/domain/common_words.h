/* What tools/commonwords.py makes of the list of common passwords. For domain/guessable.c alone. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Which letter an ASCII character is taken for: itself, or the one that it is written instead of.
 */
extern const char common_letters[128];

/* FNV-1a hashes of the passwords' outlines, in ascending order. */
extern const uint64_t common_words[];
extern const size_t common_word_count;
