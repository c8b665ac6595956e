/* The one form a text is compared or hashed in, and what may be said of a text at all. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct arena;
struct buf;

/* How many bytes at its beginning are well-formed UTF-8: all of them, if it is. */
size_t text_well_formed(struct str text);

/* Whether it has no byte above 0x7f: then each byte is a character, and every form is itself. */
bool text_is_ascii(struct str text);

/* Whether every character of it can be seen: well-formed, and letters, marks, digits, punctuation
 * and symbols alone. No control, no format or other invisible character, no space of any kind,
 * nothing private and nothing that Unicode has not assigned (for that may normalise otherwise one
 * day). */
bool text_is_visible(struct str text);

/* Whether it is UTF-8 without control characters (C0, DEL and C1) and without U+2028 and U+2029:
 * one line that can stand in a heading, a table or a letter. */
bool text_is_one_line(struct str text);

/* The same text with a blank in the place of each character that is not for one line: itself, or in
 * the arena. For what was stored before it was looked at so. ERR_FIELD_VALUE when it is not UTF-8.
 */
enum err text_as_one_line(struct arena *arena, struct str text, struct str *ret);

/* How many code points, or ERR_FIELD_VALUE when it is not UTF-8. */
enum err text_length(struct str text, size_t *ret);

/* Normalised, in the arena, with a NUL behind it, and nowhere else, for passwords come through
 * here. ERR_FIELD_VALUE when it is not UTF-8. */
enum err text_nfc(struct arena *arena, struct str text, struct str *ret);
enum err text_nfkc(struct arena *arena, struct str text, struct str *ret);
enum err text_nfkd(struct arena *arena, struct str text, struct str *ret); /* marks on their own */

/* NFC and full case folding: equal for what a person would call the same name. As text_nfc. */
enum err text_fold(struct arena *arena, struct str text, struct str *ret);

/* Writes the version of libunistring that was loaded. */
void text_library(struct buf *out);
