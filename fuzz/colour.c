/* Colours: whatever was chosen, what is printed is a colour that can be read on white. */
#include "model/colour.h"

#include "base/buf.h"
#include "base/hex.h"
#include "fuzz/harness.h"

#include <math.h>

/* WCAG 2, "relative luminance". */
static double luminance(const uint8_t parts[3])
{
    static const double weights[] = {0.2126, 0.7152, 0.0722};
    double sum = 0;

    for (size_t i = 0; i < ARRAY_LEN(weights); i++) {
        double part = parts[i] / 255.0;
        sum += weights[i] * (part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4));
    }
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    char printed[16];
    struct buf out = buf_over(printed, sizeof printed);
    uint8_t parts[3], given[3];

    colour_print_readable(&out, text);
    PROMISE(!out.failed && out.len == 7 && colour_is_fine(buf_str(&out)));
    PROMISE(hex_parse(str_skip(buf_str(&out), 1), parts, sizeof parts) == ERR_OK);
    PROMISE(1.05 / (luminance(parts) + 0.05) >= 4.5);
    if (!colour_is_fine(text)) {
        PROMISE(parts[0] == 0 && parts[1] == 0 && parts[2] == 0);
        return 0;
    }
    PROMISE((size == 4 || size == 7) && data[0] == '#');
    if (size == 7) {
        PROMISE(hex_parse(str_skip(text, 1), given, sizeof given) == ERR_OK);
        bool readable = 1.05 / (luminance(given) + 0.05) >= 4.5;
        PROMISE(!readable || str_eq_nocase(buf_str(&out), text));
    }
    return 0;
}
