/* Uploads: the first line of the input is the content-type, the rest the body. What is found lies
 * in the body, between two boundaries, with none in it. */
#include "wire/multipart.h"

#include "fuzz/harness.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str input = {(const char *)data, size}, type, body, content = {0};
    struct reason reason = {0};

    str_cut(input, '\n', &type, &body);
    enum err e = multipart_read(type, body, STR("file"), &reason, &content);
    PROMISE(reason.err == e);
    if (e == ERR_OK) {
        PROMISE(str_is_set(content) && content.ptr > body.ptr);
        PROMISE(content.ptr + content.len < body.ptr + body.len);
        PROMISE(memcmp(content.ptr + content.len, "\r\n--", 4) == 0);
        PROMISE(str_starts(body, STR("--")));
    }
    return 0;
}
