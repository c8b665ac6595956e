/* Queries: what is decoded is clean, and comes back when it is encoded. The input is the name that
 * is asked for, a line's end, and the query. */
#include "wire/form.h"

#include "base/arena.h"
#include "base/buf.h"
#include "fuzz/harness.h"
#include "text/normal.h"

static void encode(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        buf_put_char(out, '%');
        buf_put_hex(out, text.ptr + i, 1);
    }
}

static void assert_clean(struct str text)
{
    PROMISE(text_well_formed(text) == text.len && text.ptr[text.len] == '\0');
    for (size_t i = 0; i < text.len; i++) {
        PROMISE((unsigned char)text.ptr[i] >= 0x20 && text.ptr[i] != 0x7f);
    }
}

static void assert_decodes_again(struct arena *arena, struct str text)
{
    struct buf out = buf_in_arena(arena, 3 * text.len + 1);
    struct str encoded, again;

    encode(&out, text);
    PROMISE(buf_end(&out, &encoded) == ERR_OK);
    PROMISE(percent_decode(arena, encoded, /* plus_is_space= */ false, &again) == ERR_OK);
    PROMISE(str_eq(again, text));
}

/* A query of that one pair gives it back. */
static void assert_found_again(struct arena *arena, struct str name, struct str value)
{
    struct buf out = buf_in_arena(arena, 3 * (name.len + value.len) + 2);
    struct str query, again;

    encode(&out, name);
    buf_put_char(&out, '=');
    encode(&out, value);
    PROMISE(buf_end(&out, &query) == ERR_OK);
    PROMISE(form_value(arena, query, name, &again) == ERR_OK);
    PROMISE(str_is_set(again) && str_eq(again, value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 12, 1 << 26);
    struct str text = {(const char *)data, size}, name, query, value;

    for (int plus = 0; plus < 2; plus++) {
        if (percent_decode(arena, text, plus, &value) == ERR_OK) {
            assert_clean(value);
            assert_decodes_again(arena, value);
        }
    }
    str_cut(text, '\n', &name, &query);
    if (form_value(arena, query, name, &value) == ERR_OK && str_is_set(value)) {
        assert_clean(value);
        if (text_is_visible(name)) { /* else it may hold what cannot be encoded */
            assert_found_again(arena, name, value);
        }
    }
    return 0;
}
