/* Reading decimal numbers. */
#include "base/number.h"

enum err number_parse(struct str text, int64_t least, int64_t most, int64_t *ret)
{
    bool negative = least < 0 && text.len > 0 && text.ptr[0] == '-';
    struct str digits = str_skip(text, negative ? 1 : 0);
    int64_t number = 0;

    if (digits.len == 0) {
        return ERR_FIELD_VALUE;
    }
    for (size_t i = 0; i < digits.len; i++) {
        int digit = digits.ptr[i] - '0';
        if (digit < 0 || digit > 9 || __builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, negative ? -digit : digit, &number)) {
            return ERR_FIELD_VALUE;
        }
    }
    if (number < least || number > most) {
        return ERR_FIELD_VALUE;
    }
    *ret = number;
    return ERR_OK;
}
