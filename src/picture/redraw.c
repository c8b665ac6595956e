/* Decode, scale, turn, encode. */
#include "picture/redraw.h"

#include "picture/header.h"
#include "picture/library.h"

enum {
    QUALITY = 82
};

struct size {
    int width, height;
};

static gdImagePtr decode(const struct picture_library *library, struct str bytes,
                         enum picture_format format)
{
    void *data = (void *)(uintptr_t)bytes.ptr; /* it is only read */
    int length = (int)bytes.len;

    switch (format) {
    case PICTURE_PNG:
        return library->from_png(length, data);
    case PICTURE_JPEG:
        return library->from_jpeg(length, data);
    case PICTURE_WEBP:
        return library->from_webp(length, data);
    case PICTURE_GIF:
        break;
    }
    return library->from_gif(length, data);
}

/* As large as it is, or smaller, of the same form. */
static struct size fitting(gdImagePtr picture)
{
    int64_t width = gdImageSX(picture), height = gdImageSY(picture);
    int64_t longer = width > height ? width : height;

    if (longer > REDRAWN_SIDE) {
        width = width * REDRAWN_SIDE / longer;
        height = height * REDRAWN_SIDE / longer;
    }
    return (struct size){width > 0 ? (int)width : 1, height > 0 ? (int)height : 1};
}

static gdImagePtr sheet(const struct picture_library *library, struct size size)
{
    gdImagePtr sheet = library->create(size.width, size.height);

    if (sheet) {
        library->blend(sheet, 0);
        library->keep_alpha(sheet, 1);
    }
    return sheet;
}

static gdImagePtr scale(const struct picture_library *library, gdImagePtr from)
{
    struct size size = fitting(from);
    gdImagePtr to = sheet(library, size);

    if (to) {
        library->resample(to, from, 0, 0, 0, 0, size.width, size.height, gdImageSX(from),
                          gdImageSY(from));
    }
    return to;
}

/* Exif counts how the first row and column of what is stored lie: 1 at the top and left, 2 and 4
 * mirrored, 3 upside down, from 5 on with rows for columns. */
static gdImagePtr turn(const struct picture_library *library, gdImagePtr from, unsigned orientation)
{
    bool swapped = orientation >= 5;
    int width = gdImageSX(from), height = gdImageSY(from);
    gdImagePtr to =
        sheet(library, swapped ? (struct size){height, width} : (struct size){width, height});

    for (int y = 0; to && y < gdImageSY(to); y++) {
        for (int x = 0; x < gdImageSX(to); x++) {
            int column = swapped ? y : x, row = swapped ? x : y;
            bool right =
                orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
            bool bottom =
                orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
            library->set_pixel(to, x, y,
                               library->get_pixel(from, right ? width - 1 - column : column,
                                                  bottom ? height - 1 - row : row));
        }
    }
    return to;
}

static enum err encode(const struct picture_library *library, gdImagePtr picture, struct str *ret)
{
    int length = 0;
    char *bytes = library->to_webp(picture, &length, QUALITY);

    if (!bytes || length <= 0) {
        return ERR_MEMORY;
    }
    *ret = (struct str){bytes, (size_t)length};
    return ERR_OK;
}

static enum err draw(const struct picture_library *library, gdImagePtr decoded,
                     unsigned orientation, struct str *ret)
{
    gdImagePtr small = scale(library, decoded);
    gdImagePtr upright = small && orientation > 1 ? turn(library, small, orientation) : small;
    enum err e = upright ? encode(library, upright, ret) : ERR_MEMORY;

    if (upright && upright != small) {
        library->destroy(upright);
    }
    if (small) {
        library->destroy(small);
    }
    return e;
}

enum err redraw(const struct picture_library *library, struct str bytes, struct str *ret)
{
    struct picture_header header;

    TRY(picture_header_read(bytes, NULL, &header));
    gdImagePtr decoded = decode(library, bytes, header.format);
    if (!decoded) {
        return ERR_PICTURE_TYPE;
    }
    enum err e = draw(library, decoded, header.orientation, ret);
    library->destroy(decoded);
    return e;
}
