/* Which bytes may stand where in a request. */
#pragma once

#include "base/str.h"

enum {
    CHARS_TOKEN = 1, /* methods and header names (RFC 9110, 5.6.2) */
    CHARS_PATH = 2,  /* pchar and the slash (RFC 3986, 3.3), percent too */
    CHARS_QUERY = 4, /* everything visible but '#': browsers send more than RFC 3986 has */
    CHARS_VALUE = 8, /* header values: no control character, not even the tab, which RFC 9110 has
                        but readers take for a blank here and for text there */
    CHARS_HOST = 16  /* names and IPv4 addresses */
};

/* Whether each byte belongs to the class; true for empty text. */
bool chars_are(struct str text, unsigned class);
