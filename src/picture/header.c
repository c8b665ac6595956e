/* PNG (W3C), JPEG (T.81) with Exif, WebP (RFC 9649), GIF89a. */
#include "picture/header.h"

/* A number of `count` bytes, the highest first or last. The caller has seen that they are there. */
static uint32_t big(struct str bytes, size_t at, size_t count)
{
    uint32_t number = 0;

    for (size_t i = 0; i < count; i++) {
        number = number << 8 | (uint8_t)bytes.ptr[at + i];
    }
    return number;
}

static uint32_t little(struct str bytes, size_t at, size_t count)
{
    uint32_t number = 0;

    for (size_t i = count; i > 0; i--) {
        number = number << 8 | (uint8_t)bytes.ptr[at + i - 1];
    }
    return number;
}

static void larger(struct picture_header *header, uint32_t width, uint32_t height)
{
    header->width = width > header->width ? width : header->width;
    header->height = height > header->height ? height : header->height;
}

static bool is_at(struct str bytes, size_t at, struct str text)
{
    return str_eq(str_sub(bytes, at, text.len), text);
}

static bool read_png(struct str bytes, struct picture_header *ret)
{
    static const struct str signature = {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16};

    if (!str_starts(bytes, signature) || bytes.len < 24) {
        return false;
    }
    *ret = (struct picture_header){.format = PICTURE_PNG};
    larger(ret, big(bytes, 16, 4), big(bytes, 20, 4));
    return true;
}

/* The screen, and the first picture on it. */
static bool read_gif(struct str bytes, struct picture_header *ret)
{
    enum {
        SCREEN = 13, /* bytes, before the colours */
        PICTURE = 10
    };
    size_t at = SCREEN;

    if ((!str_starts(bytes, STR("GIF87a")) && !str_starts(bytes, STR("GIF89a"))) ||
        bytes.len < SCREEN) {
        return false;
    }
    *ret = (struct picture_header){.format = PICTURE_GIF};
    larger(ret, little(bytes, 6, 2), little(bytes, 8, 2));
    unsigned flags = (uint8_t)bytes.ptr[10];
    at += flags & 0x80 ? 3 * ((size_t)2 << (flags & 7)) : 0;
    while (at + 1 < bytes.len && bytes.ptr[at] == '!') { /* extensions */
        at += 2;
        while (at < bytes.len && bytes.ptr[at] != 0) {
            at += 1 + (size_t)(uint8_t)bytes.ptr[at];
        }
        at++;
    }
    if (at + PICTURE > bytes.len || bytes.ptr[at] != ',') {
        return false;
    }
    larger(ret, little(bytes, at + 1, 2) + little(bytes, at + 5, 2),
           little(bytes, at + 3, 2) + little(bytes, at + 7, 2));
    return true;
}

static bool read_webp(struct str bytes, struct picture_header *ret)
{
    if (!str_starts(bytes, STR("RIFF")) || !is_at(bytes, 8, STR("WEBP")) || bytes.len < 30) {
        return false;
    }
    *ret = (struct picture_header){.format = PICTURE_WEBP};
    if (is_at(bytes, 12, STR("VP8X"))) {
        larger(ret, little(bytes, 24, 3) + 1, little(bytes, 27, 3) + 1);
        return true;
    }
    if (is_at(bytes, 12, STR("VP8L")) && bytes.ptr[20] == 0x2f) {
        uint32_t bits = little(bytes, 21, 4);
        larger(ret, (bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
        return true;
    }
    if (is_at(bytes, 12, STR("VP8 ")) && is_at(bytes, 23, STR("\x9d\x01\x2a"))) {
        larger(ret, little(bytes, 26, 2) & 0x3fff, little(bytes, 28, 2) & 0x3fff);
        return true;
    }
    return false;
}

/* The entry 0x0112 of the first directory of an Exif segment; 1 where it is not there. */
static unsigned exif_orientation(struct str exif)
{
    enum {
        ENTRY = 12,
        ORIENTATION = 0x0112,
        MOST_ENTRIES = 256
    };
    struct str tiff = str_skip(exif, 6); /* "Exif", two zeros */

    if (!str_starts(exif, (struct str){"Exif\0\0", 6}) || tiff.len < 14 ||
        (!str_starts(tiff, STR("II")) && !str_starts(tiff, STR("MM")))) {
        return 1;
    }
    uint32_t (*number)(struct str, size_t, size_t) = tiff.ptr[0] == 'I' ? little : big;
    size_t at = number(tiff, 4, 4);
    if (at > tiff.len - 2) {
        return 1;
    }
    uint32_t count = number(tiff, at, 2);
    at += 2;
    for (uint32_t i = 0; i < count && i < MOST_ENTRIES && at + ENTRY <= tiff.len; i++) {
        uint32_t value = number(tiff, at + 8, 2);
        if (number(tiff, at, 2) == ORIENTATION && value >= 1 && value <= 8) {
            return value;
        }
        at += ENTRY;
    }
    return 1;
}

/* The markers that begin a frame, and say its size: C0 to CF without C4, C8 and CC. */
static bool begins_frame(unsigned marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* One segment: true when the size is known. */
static bool take_segment(unsigned marker, struct str segment, struct picture_header *ret)
{
    if (marker == 0xe1 && ret->orientation == 1) {
        ret->orientation = exif_orientation(segment);
    }
    if (!begins_frame(marker) || segment.len < 5) {
        return false;
    }
    larger(ret, big(segment, 3, 2), big(segment, 1, 2));
    return true;
}

static bool read_jpeg(struct str bytes, struct picture_header *ret)
{
    size_t at = 2;

    if (!str_starts(bytes, STR("\xff\xd8\xff"))) {
        return false;
    }
    *ret = (struct picture_header){.format = PICTURE_JPEG, .orientation = 1};
    while (at + 4 <= bytes.len && (uint8_t)bytes.ptr[at] == 0xff) {
        unsigned marker = (uint8_t)bytes.ptr[at + 1];
        if (marker == 0xff) { /* fill */
            at++;
            continue;
        }
        size_t length = big(bytes, at + 2, 2);
        if (marker == 0xda || marker == 0xd9 || length < 2) {
            return false; /* the compressed part, before any size */
        }
        if (take_segment(marker, str_sub(bytes, at + 4, length - 2), ret)) {
            return true;
        }
        at += 2 + length;
    }
    return false;
}

enum err picture_header_read(struct str bytes, struct reason *reason, struct picture_header *ret)
{
    struct picture_header header;

    if (bytes.len > PICTURE_BYTES) {
        return fail(reason, ERR_PICTURE_LARGE, STR(""), "%zu bytes", bytes.len);
    }
    if (!read_png(bytes, &header) && !read_jpeg(bytes, &header) && !read_webp(bytes, &header) &&
        !read_gif(bytes, &header)) {
        return fail(reason, ERR_PICTURE_TYPE, STR(""), "no picture by its beginning");
    }
    if (header.width == 0 || header.height == 0) {
        return fail(reason, ERR_PICTURE_TYPE, STR(""), "a picture without any size");
    }
    if ((uint64_t)header.width * header.height > PICTURE_PIXELS) {
        return fail(reason, ERR_PICTURE_LARGE, STR(""), "%u x %u pixels", header.width,
                    header.height);
    }
    header.orientation = header.orientation > 0 ? header.orientation : 1;
    *ret = header;
    return ERR_OK;
}
