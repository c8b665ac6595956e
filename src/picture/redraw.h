/* Decoding a picture and drawing it anew: in the child alone, since what decodes pictures is what
 * attackers of pictures attack. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct picture_library;

enum {
    REDRAWN_SIDE = 512 /* pixels, of the longer side at most */
};

/* A WebP of the first picture in `bytes`, upright, without anything else that was in them. *ret is
 * the library's: release it there. ERR_PICTURE_TYPE when it cannot be decoded, with ERR_PICTURE_…
 * of picture_header_read; ERR_MEMORY. */
enum err redraw(const struct picture_library *library, struct str bytes, struct str *ret);
