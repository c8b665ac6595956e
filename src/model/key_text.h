/* Service keys as they are shown: "signet_", 32 digits of the key's id, a point, 64 digits of its
 * secret, and 8 of a checksum over all before them; hexadecimal, in lower case.
 *
 * The beginning lets scanners of repositories and logs find one that leaked; the checksum tells a
 * slip of the keyboard from a guess before anything is looked up. */
#pragma once

#include "base/id.h"
#include "base/secret.h"

struct buf;

enum {
    KEY_TEXT = 7 + 32 + 1 + 64 + 8
};

/* Writes those KEY_TEXT characters. */
void key_text_print(struct buf *out, struct id id, const struct key32 *secret);

/* Whose key this is. ERR_FIELD_VALUE for everything that key_text_print cannot have printed. */
enum err key_text_parse(struct str text, struct id *ret);
