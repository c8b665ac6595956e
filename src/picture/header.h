/* What a picture says of itself at its beginning: its format and size, by its content alone, before
 * anything of it is decoded. */
#pragma once

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

enum picture_format {
    PICTURE_PNG,
    PICTURE_JPEG,
    PICTURE_WEBP,
    PICTURE_GIF
};

enum {
    PICTURE_BYTES = 5 << 20,
    PICTURE_PIXELS = 16000000
};

struct picture_header {
    enum picture_format format;
    uint32_t width, height; /* as they are stored */
    /* How the camera was held (Exif, 1 to 8); 1, upright, where nothing is said. */
    unsigned orientation;
};

/* Reads a few bytes of each part until the size is known, never what is compressed. Of several
 * sizes that a format says the largest counts. With a reason:
 *     ERR_PICTURE_TYPE    none of the four, or cut off before it says its size
 *     ERR_PICTURE_LARGE   more bytes or pixels than above */
enum err picture_header_read(struct str bytes, struct reason *reason, struct picture_header *ret);
