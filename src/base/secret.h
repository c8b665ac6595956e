/* What must not be seen: passwords, keys, tokens as they are sent.
 *
 * A type of its own, so that neither the log nor a shape takes it by mistake; wherever it lives, it
 * is wiped (in an arena by the arena, elsewhere by secret_wipe). */
#pragma once

#include "base/str.h"

#include <stdint.h>

struct secret {
    struct str hidden; /* read it only where it is used up: hashed, compared, sent */
};

/* 32 bytes of key material or a digest of a secret. */
struct key32 {
    uint8_t bytes[32];
};

bool secret_eq(struct str a, struct str b); /* in time that depends on the lengths alone */

/* Whether the bytes repeat themselves or go on in equal steps, as those of examples do: zeros, the
 * same sixteen twice, 00 01 02 …. Nobody drew them at random. */
bool secret_is_pattern(struct str text);

bool key32_eq(const struct key32 *a, const struct key32 *b); /* likewise */
void key32_wipe(struct key32 *key);                          /* for CLEANUP too */
