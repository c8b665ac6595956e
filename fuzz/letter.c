/* What is sealed of a letter: what is read is printed as it was. */
#include "model/letter.h"

#include "base/buf.h"
#include "fuzz/harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    static char printed[32 << 10];
    struct buf out = buf_over(printed, sizeof printed);
    struct letter letter = {0};

    if (letter_parse(text, &letter) == ERR_OK) {
        letter_print(&out, &letter);
        PROMISE(str_eq(buf_str(&out), text));
    }
    return 0;
}
