/* Hexadecimal digits: what is read is printed as it was but for the case, and nothing is read of
 * another length than was asked for. */
#include "base/hex.h"

#include "base/buf.h"
#include "fuzz/harness.h"

enum {
    MOST = 64
};

static bool is_all_digits(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!str_contains(STR("0123456789abcdefABCDEF"), text.ptr[i])) {
            return false;
        }
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    bool right = size % 2 == 0 && is_all_digits(text);
    char printed[2 * MOST];

    for (size_t count = 0; count <= MOST; count++) {
        uint8_t *bytes = malloc(count > 0 ? count : 1);
        struct buf out = buf_over(printed, sizeof printed);
        PROMISE(bytes);
        enum err e = hex_parse(text, bytes, count);
        PROMISE(e == (right && size == 2 * count ? ERR_OK : ERR_FIELD_VALUE));
        if (e == ERR_OK) {
            buf_put_hex(&out, bytes, count);
            PROMISE(str_eq_nocase(buf_str(&out), text));
            PROMISE(hex_is_ours(text) == str_eq(buf_str(&out), text));
        }
        bool ours = e == ERR_OK && hex_is_ours(text);
        PROMISE(hex_parse_ours(text, bytes, count) == (ours ? ERR_OK : ERR_FIELD_VALUE));
        free(bytes);
    }
    return 0;
}
