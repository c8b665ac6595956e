/* Names as they stand in addresses: "iron-temple". */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct arena;

enum {
    SLUG_MOST = 63
};

/* Lower-case ASCII letters and digits with single hyphens between; nothing that could be taken for
 * an identifier. */
bool slug_is_fine(struct str slug);

/* What a name becomes: "Käse & Söhne" is "kase-sohne". Letters that ASCII has nothing for are left
 * out; of a name that has no others nothing is left, which is no slug. ERR_FIELD_VALUE when it is
 * not UTF-8. */
enum err slug_of(struct arena *arena, struct str name, struct str *ret);
