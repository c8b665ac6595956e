/* Reading hexadecimal digits. */
#include "base/hex.h"

int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

enum err hex_parse(struct str text, void *memory, size_t size)
{
    unsigned char *to = memory;

    if (text.len != 2 * size) {
        return ERR_FIELD_VALUE;
    }
    for (size_t i = 0; i < size; i++) {
        int high = hex_digit(text.ptr[2 * i]), low = hex_digit(text.ptr[2 * i + 1]);
        if (high < 0 || low < 0) {
            return ERR_FIELD_VALUE;
        }
        to[i] = (unsigned char)(high << 4 | low);
    }
    return ERR_OK;
}

bool hex_is_ours(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (hex_digit(text.ptr[i]) < 0 || (text.ptr[i] >= 'A' && text.ptr[i] <= 'F')) {
            return false;
        }
    }
    return true;
}

enum err hex_parse_ours(struct str text, void *memory, size_t size)
{
    return hex_is_ours(text) ? hex_parse(text, memory, size) : ERR_FIELD_VALUE;
}
