/* Decoding one character. */
#include "ops/utf8.h"

static size_t length_by_first_byte(unsigned char first)
{
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xc2) {
        return 0; /* a continuation, or the start of something overlong */
    }
    if (first < 0xe0) {
        return 2;
    }
    if (first < 0xf0) {
        return 3;
    }
    return first < 0xf5 ? 4 : 0;
}

size_t utf8_decode(struct str text, uint32_t *ret_code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = text.len > 0 ? length_by_first_byte((unsigned char)text.ptr[0]) : 0;

    if (length == 0 || length > text.len) {
        return 0;
    }
    uint32_t code = (unsigned char)text.ptr[0];
    if (length > 1) {
        code &= 0x7fU >> length;
    }
    for (size_t i = 1; i < length; i++) {
        unsigned char next = (unsigned char)text.ptr[i];
        if ((next & 0xc0) != 0x80) {
            return 0;
        }
        code = code << 6 | (next & 0x3f);
    }
    if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        return 0;
    }
    *ret_code = code;
    return length;
}
