/* Times: what is read is a point in time, and is printed as it was in the form it was read in. */
#include "base/moment.h"

#include "base/buf.h"
#include "fuzz/harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    char printed[64];
    struct buf out = buf_over(printed, sizeof printed);
    struct moment at;

    if (moment_parse(text, &at) == ERR_OK) {
        moment_print(&out, at, str_contains(text, '.') ? MOMENT_MILLIS : MOMENT_SECONDS);
        PROMISE(str_eq(buf_str(&out), text));
    }
    return 0;
}
