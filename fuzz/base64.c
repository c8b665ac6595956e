/* base64url: what is read is written as it was, and what is written is read. */
#include "wire/base64.h"

#include "base/arena.h"
#include "base/buf.h"
#include "fuzz/harness.h"

static struct str written(struct arena *arena, struct str bytes)
{
    struct buf out = buf_in_arena(arena, 2 * bytes.len + 16);
    struct str text;

    base64_put(&out, bytes.ptr, bytes.len);
    PROMISE(buf_end(&out, &text) == ERR_OK);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 12, 1 << 26);
    struct str input = {(const char *)data, size}, bytes;

    if (base64_parse(arena, input, &bytes) == ERR_OK) {
        PROMISE(str_eq(written(arena, bytes), input));
    }
    PROMISE(base64_parse(arena, written(arena, input), &bytes) == ERR_OK);
    PROMISE(str_eq(bytes, input));
    return 0;
}
