/* UUIDs: what is read is printed as it was, but for the case of its letters. */
#include "base/id.h"

#include "base/buf.h"
#include "fuzz/harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    char printed[ID_TEXT];
    struct buf out = buf_over(printed, sizeof printed);
    struct id id;

    if (id_parse(text, &id) == ERR_OK) {
        PROMISE(id_is_set(id));
        id_print(&out, id);
        PROMISE(str_eq_nocase(buf_str(&out), text));
    }
    return 0;
}
