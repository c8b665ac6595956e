/* Colours. */
#include "model/colour.h"

#include "base/hex.h"

bool colour_is_fine(struct str text)
{
    bool right = (text.len == 4 || text.len == 7) && text.ptr[0] == '#';

    for (size_t i = 1; right && i < text.len; i++) {
        right = hex_digit(text.ptr[i]) >= 0;
    }
    return right;
}
