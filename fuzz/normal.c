/* Normal forms: what has one keeps it, and they agree with each other. */
#include "text/normal.h"

#include "base/arena.h"
#include "fuzz/harness.h"

typedef enum err changing(struct arena *arena, struct str text, struct str *ret);

static struct str changed(struct arena *arena, changing *change, struct str text)
{
    struct str ret;

    PROMISE(change(arena, text, &ret) == ERR_OK);
    PROMISE(ret.ptr[ret.len] == '\0');
    PROMISE(text_well_formed(ret) == ret.len);
    return ret;
}

static void assert_refused(struct arena *arena, struct str text)
{
    struct str ret;
    size_t length;

    PROMISE(text_nfc(arena, text, &ret) == ERR_FIELD_VALUE);
    PROMISE(text_nfkc(arena, text, &ret) == ERR_FIELD_VALUE);
    PROMISE(text_fold(arena, text, &ret) == ERR_FIELD_VALUE);
    PROMISE(text_length(text, &length) == ERR_FIELD_VALUE);
    PROMISE(!text_is_visible(text));
}

static void put_into_one_line(struct arena *arena, struct str text)
{
    struct str line;

    PROMISE(text_as_one_line(arena, text, &line) == ERR_OK);
    PROMISE(text_is_one_line(line) && line.len <= text.len);
    PROMISE(str_eq(line, text) == text_is_one_line(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 12, 1 << 26);
    struct str text = {(const char *)data, size};
    size_t length;

    if (text_well_formed(text) != size) {
        assert_refused(arena, text);
        text.len = text_well_formed(text); /* what stands before the mistake is worth a look */
    }
    PROMISE(text_length(text, &length) == ERR_OK && length <= text.len);
    put_into_one_line(arena, text);
    struct str nfc = changed(arena, text_nfc, text);
    struct str nfkc = changed(arena, text_nfkc, text);
    struct str folded = changed(arena, text_fold, text);

    PROMISE(str_eq(changed(arena, text_nfc, nfc), nfc));
    PROMISE(str_eq(changed(arena, text_nfkc, nfkc), nfkc));
    PROMISE(str_eq(changed(arena, text_fold, folded), folded));
    PROMISE(str_eq(changed(arena, text_nfc, nfkc), nfkc));
    PROMISE(str_eq(changed(arena, text_nfkc, nfc), nfkc));
    PROMISE(str_eq(changed(arena, text_fold, nfc), folded));
    PROMISE(str_eq(changed(arena, text_nfc, folded), folded));
    return 0;
}
