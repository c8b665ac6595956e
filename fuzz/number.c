/* Numbers: what is read lies in its range and, but for zeros in front, is printed as it was. */
#include "base/number.h"

#include "base/buf.h"
#include "fuzz/harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    char printed[24];
    struct buf out = buf_over(printed, sizeof printed);
    int64_t number, again;

    if (number_parse(text, INT64_MIN, INT64_MAX, &number) == ERR_OK) {
        buf_put_int(&out, number);
        PROMISE(!out.failed);
        PROMISE(number_parse(buf_str(&out), number, number, &again) == ERR_OK && again == number);
        PROMISE(str_ends(text, str_skip(buf_str(&out), number < 0 ? 1 : 0)));
    }
    if (number_parse(text, -1, 65535, &number) == ERR_OK) {
        PROMISE(number >= -1 && number <= 65535);
    }
    return 0;
}
