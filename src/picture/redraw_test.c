#include "base/check.h"
#include "picture/header.h"
#include "picture/library.h"
#include "picture/redraw.h"

#include <gd.h>

enum {
    RED = 0xff0000,
    BLUE = 0x0000ff
};

static int set_up(void **state)
{
    static struct picture_library library;
    struct reason reason = {0};

    assert_ok(picture_library_load(&reason, &library));
    *state = &library;
    return 0;
}

/* Red, and blue in its upper left quarter. */
static gdImagePtr flag(int width, int height)
{
    gdImagePtr picture = gdImageCreateTrueColor(width, height);

    assert_non_null(picture);
    gdImageFilledRectangle(picture, 0, 0, width - 1, height - 1, RED);
    gdImageFilledRectangle(picture, 0, 0, width / 2 - 1, height / 2 - 1, BLUE);
    return picture;
}

static gdImagePtr drawn(const struct picture_library *library, const void *bytes, size_t length)
{
    struct picture_header header;
    struct str result;

    assert_ok(redraw(library, (struct str){bytes, length}, &result));
    assert_ok(picture_header_read(result, NULL, &header));
    assert_int_equal(header.format, PICTURE_WEBP);
    gdImagePtr picture = gdImageCreateFromWebpPtr((int)result.len, (void *)(uintptr_t)result.ptr);
    assert_non_null(picture);
    gdFree((void *)(uintptr_t)result.ptr);
    return picture;
}

static bool is_blue(gdImagePtr picture, int x, int y)
{
    int colour = gdImageGetTrueColorPixel(picture, x, y);

    return gdTrueColorGetBlue(colour) > 200 && gdTrueColorGetRed(colour) < 60;
}

typedef void *writer(gdImagePtr picture, int *size);

static void *as_jpeg(gdImagePtr picture, int *size)
{
    return gdImageJpegPtr(picture, size, 90);
}

static void each_format_is_drawn_no_larger_than_it_may_be(void **state)
{
    static writer *const writers[] = {gdImagePngPtr, as_jpeg, gdImageWebpPtr, gdImageGifPtr};
    static const struct {
        int width, height, drawn_width, drawn_height;
    } sizes[] = {
        {64,   48,  64,  48 },
        {1024, 512, 512, 256},
        {300,  900, 170, 512},
        {2000, 1,   512, 1  },
        {1,    1,   1,   1  },
    };

    for (size_t i = 0; i < ARRAY_LEN(writers); i++) {
        for (size_t j = 0; j < ARRAY_LEN(sizes); j++) {
            int length = 0;
            gdImagePtr from = flag(sizes[j].width, sizes[j].height);
            void *bytes = writers[i](from, &length);
            assert_non_null(bytes);
            gdImagePtr to = drawn(*state, bytes, (size_t)length);
            assert_int_equal(gdImageSX(to), sizes[j].drawn_width);
            assert_int_equal(gdImageSY(to), sizes[j].drawn_height);
            gdImageDestroy(from);
            gdImageDestroy(to);
            gdFree(bytes);
        }
    }
}

static void what_shines_through_still_does(void **state)
{
    gdImagePtr from = gdImageCreateTrueColor(40, 40);
    int length = 0;

    gdImageAlphaBlending(from, 0);
    gdImageSaveAlpha(from, 1);
    gdImageFilledRectangle(from, 0, 0, 39, 39, gdTrueColorAlpha(0, 0, 0, gdAlphaTransparent));
    void *bytes = gdImagePngPtr(from, &length);
    gdImagePtr to = drawn(*state, bytes, (size_t)length);
    assert_true(gdTrueColorGetAlpha(gdImageGetTrueColorPixel(to, 20, 20)) > 120);
    gdImageDestroy(from);
    gdImageDestroy(to);
    gdFree(bytes);
}

/* The blue quarter lies where it did for whoever held the camera. */
static void a_photograph_stands_upright(void **state)
{
    static const struct {
        bool right, bottom, swapped;
    } corners[] = {
        {0     },
        { false, false, false},
        { true,  false, false},
        { true,  true, false},
        { false, true, false},
        { false, false, true},
        {  true,  false, true},
        {  true,  true, true},
        {  false, true, true},
    };

    for (unsigned orientation = 1; orientation <= 8; orientation++) {
        char exif[] =
            "\xff\xe1\0\x22"
            "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x01\0\0\0\0\0\0";
        char photograph[6000];
        int length = 0;
        gdImagePtr from = flag(80, 40);
        char *bytes = gdImageJpegPtr(from, &length, 95);
        assert_true((size_t)length + sizeof exif < sizeof photograph);
        exif[29] = (char)orientation;
        memcpy(photograph, bytes, 2);
        memcpy(photograph + 2, exif, sizeof exif - 1);
        memcpy(photograph + 1 + sizeof exif, bytes + 2, (size_t)length - 2);
        gdImagePtr to = drawn(*state, photograph, (size_t)length + sizeof exif - 1);
        int width = corners[orientation].swapped ? 40 : 80;
        int height = corners[orientation].swapped ? 80 : 40;
        assert_int_equal(gdImageSX(to), width);
        for (int corner = 0; corner < 4; corner++) {
            bool right = corner & 1, bottom = corner & 2;
            assert_int_equal(is_blue(to, right ? width - 8 : 8, bottom ? height - 8 : 8),
                             right == corners[orientation].right &&
                                 bottom == corners[orientation].bottom);
        }
        gdImageDestroy(from);
        gdImageDestroy(to);
        gdFree(bytes);
    }
}

static void nothing_of_what_was_sent_is_left(void **state)
{
    static const char note[] = "SECRET and <script>alert(1)</script>";
    int length = 0;
    gdImagePtr from = flag(100, 100);
    char *bytes = gdImagePngPtr(from, &length), both[6000];
    struct str result;

    assert_true((size_t)length + sizeof note < sizeof both);
    memcpy(both, bytes, (size_t)length);
    memcpy(both + length, note, sizeof note);
    assert_ok(redraw(*state, (struct str){both, (size_t)length + sizeof note}, &result));
    assert_null(memmem(result.ptr, result.len, "SECRET", 6));
    gdFree((void *)(uintptr_t)result.ptr);
    gdFree(bytes);
    gdImageDestroy(from);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_format_is_drawn_no_larger_than_it_may_be, set_up),
        cmocka_unit_test_setup(what_shines_through_still_does, set_up),
        cmocka_unit_test_setup(a_photograph_stands_upright, set_up),
        cmocka_unit_test_setup(nothing_of_what_was_sent_is_left, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
