/* Service keys: what is read has one form, and its id stands in it. */
#include "model/key_text.h"

#include "base/buf.h"
#include "fuzz/harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    char printed[KEY_TEXT];
    struct buf out = buf_over(printed, sizeof printed);
    struct id id;

    if (key_text_parse(text, &id) == ERR_OK) {
        PROMISE(size == KEY_TEXT && id_is_set(id));
        key_text_print(&out, id, &(struct key32){0});
        PROMISE(str_eq(str_sub(buf_str(&out), 0, 40), str_sub(text, 0, 40)));
    }
    return 0;
}
