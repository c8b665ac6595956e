/* Names that programs and people write: of roles, of permissions. */
#pragma once

#include "base/str.h"

enum {
    NAME_MOST = 100 /* bytes */
};

/* Some text that is not too long, of ASCII letters, digits and the characters of `others`, with no
 * blank at its ends. */
bool name_is_fine(struct str name, const char *others);
