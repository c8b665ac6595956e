/* Pictures by their beginning: whatever is read is within the limits. */
#include "fuzz/harness.h"
#include "picture/header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size};
    struct picture_header header;
    struct reason reason = {0};

    enum err e = picture_header_read(bytes, &reason, &header);
    PROMISE(reason.err == e);
    if (e == ERR_OK) {
        PROMISE(header.width > 0 && header.height > 0);
        PROMISE((uint64_t)header.width * header.height <= PICTURE_PIXELS);
        PROMISE(header.orientation >= 1 && header.orientation <= 8);
    }
    return 0;
}
