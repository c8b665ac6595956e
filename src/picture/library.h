/* libgd, loaded in the child that draws and nowhere else: it brings some forty libraries along, of
 * which no server wants to carry one. The one file that includes gd.h; nothing is linked with it.
 */
#pragma once

#include "base/err.h"

#include <gd.h>

/* Our name of each function that is used, and libgd's. */
#define PICTURE_FUNCTIONS(X)                                                                       \
    X(version, gdVersionString)                                                                    \
    X(on_error, gdSetErrorMethod)                                                                  \
    X(from_png, gdImageCreateFromPngPtr)                                                           \
    X(from_jpeg, gdImageCreateFromJpegPtr)                                                         \
    X(from_webp, gdImageCreateFromWebpPtr)                                                         \
    X(from_gif, gdImageCreateFromGifPtr)                                                           \
    X(create, gdImageCreateTrueColor)                                                              \
    X(blend, gdImageAlphaBlending)                                                                 \
    X(keep_alpha, gdImageSaveAlpha)                                                                \
    X(resample, gdImageCopyResampled)                                                              \
    X(get_pixel, gdImageGetTrueColorPixel)                                                         \
    X(set_pixel, gdImageSetPixel)                                                                  \
    X(to_webp, gdImageWebpPtrEx)                                                                   \
    X(destroy, gdImageDestroy)                                                                     \
    X(release, gdFree)

/* Each has the type that libgd's own header gives it. */
struct picture_library {
#define FUNCTION(name, function) __typeof__(function) *(name);
    PICTURE_FUNCTIONS(FUNCTION)
#undef FUNCTION
};

/* ERR_CONFIG: it is not installed, or too old. */
enum err picture_library_load(struct reason *reason, struct picture_library *ret);
