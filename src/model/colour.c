/* Colours. */
#include "model/colour.h"

#include "base/buf.h"
#include "base/hex.h"

#include <math.h>

enum {
    CHANNELS = 3,
    SHADES = 100 /* steps from a colour down to black */
};

/* Red, green and blue, 0 to 255. */
struct colour {
    unsigned parts[CHANNELS];
};

bool colour_is_fine(struct str text)
{
    bool right = (text.len == 4 || text.len == 7) && text.ptr[0] == '#';

    for (size_t i = 1; right && i < text.len; i++) {
        right = hex_digit(text.ptr[i]) >= 0;
    }
    return right;
}

static struct colour read_colour(struct str text)
{
    bool is_short = text.len == 1 + CHANNELS;
    struct colour colour = {0};

    for (size_t i = 0; colour_is_fine(text) && i < CHANNELS; i++) {
        size_t high = is_short ? 1 + i : 1 + 2 * i, low = is_short ? high : high + 1;
        colour.parts[i] = (unsigned)(hex_digit(text.ptr[high]) << 4 | hex_digit(text.ptr[low]));
    }
    return colour;
}

static struct colour darker(struct colour colour, unsigned shade)
{
    for (size_t i = 0; i < CHANNELS; i++) {
        colour.parts[i] = colour.parts[i] * shade / SHADES;
    }
    return colour;
}

/* The contrast with white, 1 to 21: WCAG 2, "relative luminance" and "contrast ratio". */
static double contrast(struct colour colour)
{
    static const double weights[CHANNELS] = {0.2126, 0.7152, 0.0722};
    double luminance = 0;

    for (size_t i = 0; i < CHANNELS; i++) {
        double part = colour.parts[i] / 255.0;
        double linear = part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
        luminance += weights[i] * linear;
    }
    return 1.05 / (luminance + 0.05);
}

void colour_print_readable(struct buf *out, struct str colour)
{
    const double enough = 4.5;
    const struct colour given = read_colour(colour);
    unsigned shade = SHADES;

    while (shade > 0 && contrast(darker(given, shade)) < enough) {
        shade--;
    }
    struct colour chosen = darker(given, shade);
    buf_print(out, "#%02x%02x%02x", chosen.parts[0], chosen.parts[1], chosen.parts[2]);
}
