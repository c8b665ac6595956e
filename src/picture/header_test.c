#include "base/check.h"
#include "picture/header.h"

#include <stdlib.h>

/* clang-format off */
#define BYTES(text) {text, sizeof(text) - 1}

#define PNG_OF(width, height) "\x89PNG\r\n\x1a\n\0\0\0\rIHDR" width height "\x08\x06\0\0\0"
#define GIF_OF(screen, picture) "GIF89a" screen "\0\0\0," picture "\0"
#define FRAME(height, width) "\xff\xc0\0\x0b\x08" height width "\x01\x01\x11\0"
#define EXIF(count, entry) \
    "\xff\xe1\0\x22" \
    "Exif\0\0MM\0*\0\0\0\x08" count entry "\0\0\0\0"

static void each_format_says_its_size(void **state)
{
    static const struct {
        struct str bytes;
        enum picture_format format;
        uint32_t width, height;
    } table[] = {
        {BYTES(PNG_OF("\0\0\x02\x80", "\0\0\x01\xe0")), PICTURE_PNG, 640, 480},
        {BYTES(GIF_OF("\x80\x02\xe0\x01", "\0\0\0\0\x10\0\x10\0")), PICTURE_GIF, 640, 480},
        {BYTES(GIF_OF("\x10\0\x10\0", "\x01\0\0\0\x80\x02\xe0\x01")), PICTURE_GIF, 641, 480},
        {BYTES("GIF87a\x10\0\x10\0\x80\0\0RGBrgb!\xf9\x04\0\0\0\0\0,\0\0\0\0\x10\0\x10\0\0"),
         PICTURE_GIF, 16, 16},
        {BYTES("\xff\xd8" FRAME("\x01\xe0", "\x02\x80")), PICTURE_JPEG, 640, 480},
        {BYTES("\xff\xd8\xff\xe0\0\x04hi\xff\xff\xc4\0\x03x" FRAME("\x01\xe0", "\x02\x80")),
         PICTURE_JPEG, 640, 480},
        {BYTES("RIFF....WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0"), PICTURE_WEBP, 640, 480 },
        {BYTES("RIFF....WEBPVP8L....\x2f\x7f\xc2\x77\0......"), PICTURE_WEBP, 640, 480 },
        {BYTES("RIFF....WEBPVP8 .......\x9d\x01\x2a\x80\x02\xe0\x01."), PICTURE_WEBP, 640, 480 },
    };
    struct picture_header header;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        assert_ok(picture_header_read(table[i].bytes, NULL, &header));
        assert_int_equal(header.format, table[i].format);
        assert_int_equal(header.width, table[i].width);
        assert_int_equal(header.height, table[i].height);
        assert_int_equal(header.orientation, 1);
    }
}

static void what_is_cut_off_before_its_size_is_no_picture(void **state)
{
    static const struct str whole[] = {
        BYTES(PNG_OF("\0\0\x02\x80", "\0\0\x01\xe0")),
        BYTES(GIF_OF("\x80\x02\xe0\x01", "\0\0\0\0\x10\0\x10\0")),
        BYTES("\xff\xd8\xff\xe0\0\x04hi" FRAME("\x01\xe0", "\x02\x80")),
        BYTES("RIFF....WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0"),
    };
    static const size_t known_at[] = {24, 23, 17, 30};
    struct picture_header header;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
        for (size_t length = 0; length < known_at[i]; length++) {
            /* A copy of that size, so that the sanitizer sees who reads on. */
            char *copy = malloc(length > 0 ? length : 1);
            assert_non_null(copy);
            memcpy(copy, whole[i].ptr, length);
            assert_err(picture_header_read((struct str){copy, length}, NULL, &header),
                       ERR_PICTURE_TYPE);
            free(copy);
        }
        assert_ok(picture_header_read(str_sub(whole[i], 0, known_at[i]), NULL, &header));
    }
}

static void what_is_something_else_is_no_picture(void **state)
{
    static const struct str bytes[] = {
        BYTES(""),
        BYTES("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        BYTES("%PDF-1.7 and much more that is no picture"),
        BYTES("BM is a bitmap of Windows, and is not drawn"),
        BYTES("MM\0*\0\0\0\x08 a TIFF, which neither is"),
        BYTES("RIFF....WAVEfmt \x10\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        BYTES("GIF88a\x10\0\x10\0\0\0\0,\0\0\0\0\x10\0\x10\0\0"),
        BYTES("\xff\xd8\xff\xd9"),
        BYTES("\xff\xd8\xff\xda\0\x08scan, before any size"),
        BYTES(PNG_OF("\0\0\0\0", "\0\0\0\x10")),
        BYTES("\xff\xd8" FRAME("\0\0", "\0\x10")),
    };
    struct reason reason = {0};
    struct picture_header header;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bytes); i++) {
        assert_err(picture_header_read(bytes[i], &reason, &header), ERR_PICTURE_TYPE);
    }
    assert_int_equal(reason.err, ERR_PICTURE_TYPE);
}

static void bombs_are_known_by_their_size(void **state)
{
    static const struct str bytes[] = {
        BYTES(PNG_OF("\0\0\xea\x60", "\0\0\xea\x60")), /* 60,000 both ways */
        BYTES(PNG_OF("\xff\xff\xff\xff", "\xff\xff\xff\xff")),
        BYTES(PNG_OF("\0\0\x0f\xa1", "\0\0\x0f\xa0")), /* 4,001 x 4,000 */
        BYTES(GIF_OF("\xff\xff\xff\xff", "\0\0\0\0\x10\0\x10\0")),
        BYTES(GIF_OF("\x10\0\x10\0", "\xff\xff\xff\xff\xff\xff\xff\xff")),
        BYTES("\xff\xd8" FRAME("\xff\xff", "\xff\xff")),
        BYTES("RIFF....WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff"),
        BYTES("RIFF....WEBPVP8L....\x2f\xff\xff\xff\xff......"),
    };
    struct picture_header header;
    char *many = calloc(1, PICTURE_BYTES + 1);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bytes); i++) {
        assert_err(picture_header_read(bytes[i], NULL, &header), ERR_PICTURE_LARGE);
    }
    assert_non_null(many);
    memcpy(many, bytes[0].ptr, 16);
    many[18] = many[22] = 1;
    assert_ok(picture_header_read((struct str){many, PICTURE_BYTES}, NULL, &header));
    assert_err(picture_header_read((struct str){many, PICTURE_BYTES + 1}, NULL, &header),
               ERR_PICTURE_LARGE);
    free(many);
    /* As many as may be. */
    assert_ok(picture_header_read((struct str)BYTES(PNG_OF("\0\0\x0f\xa0", "\0\0\x0f\xa0")), NULL, &header));
}

static void exif_says_how_the_camera_was_held(void **state)
{
    static const struct {
        struct str bytes;
        unsigned orientation;
    } table[] = {
        {BYTES("\xff\xd8" EXIF("\0\x01", "\x01\x12\0\x03\0\0\0\x01\0\x06\0\0")
                   FRAME("\0\x10", "\0\x10")),
         6},
        {BYTES("\xff\xd8" EXIF("\0\x01", "\x01\x12\0\x03\0\0\0\x01\0\x09\0\0")
                   FRAME("\0\x10", "\0\x10")),
         1},
        {BYTES("\xff\xd8" EXIF("\xff\xff", "\x01\x10\0\x03\0\0\0\x01\0\x06\0\0")
                   FRAME("\0\x10", "\0\x10")),
         1},
        {BYTES("\xff\xd8\xff\xe1\0\x10"
               "Exif\0\0MM\0*\xff\xff\xff\xff" FRAME("\0\x10", "\0\x10")),
         1 },
        {BYTES("\xff\xd8\xff\xe1\0\x22"
               "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0\0\0\0\0" FRAME(
                   "\0\x10", "\0\x10")),
         8},
        {BYTES("\xff\xd8\xff\xe1\0\x0a"
               "Exif\0\0MM" FRAME("\0\x10", "\0\x10")),
         1 },
    };
    struct picture_header header;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        assert_ok(picture_header_read(table[i].bytes, NULL, &header));
        assert_int_equal(header.orientation, table[i].orientation);
    }
}

/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_format_says_its_size),
        cmocka_unit_test(what_is_cut_off_before_its_size_is_no_picture),
        cmocka_unit_test(what_is_something_else_is_no_picture),
        cmocka_unit_test(bombs_are_known_by_their_size),
        cmocka_unit_test(exif_says_how_the_camera_was_held),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
