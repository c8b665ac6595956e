/* Caught letters, and what mail can carry: any text comes back from the encoding as it was. */
#include "mail/caught.h"

#include "base/arena.h"
#include "base/buf.h"
#include "fuzz/harness.h"
#include "mail/encode.h"

static void there_and_back(struct arena *arena, struct str text)
{
    struct buf header = buf_in_arena(arena, 1 << 18), body = buf_in_arena(arena, 1 << 20);
    struct str encoded, back;
    struct line line;

    if (line_parse(text, &line) == ERR_OK) {
        encode_header(&header, line);
        PROMISE(buf_end(&header, &encoded) == ERR_OK);
        PROMISE(decode_header(arena, encoded, &back) == ERR_OK);
        PROMISE(str_eq(back, text));
    }
    if (line_of(arena, text, &line) == ERR_OK) {
        PROMISE(line_parse(line.text, &line) == ERR_OK);
        PROMISE(line.text.len <= text.len);
    }
    encode_body(&body, text);
    PROMISE(buf_end(&body, &encoded) == ERR_OK);
    PROMISE(decode_body(arena, encoded, &back) == ERR_OK);
    PROMISE(str_starts(back, text)); /* a last line gets its end */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 24);
    struct str text = {(const char *)data, size};
    struct caught caught;

    if (arena && size < 1 << 16) {
        there_and_back(arena, text);
        (void)!caught_parse(arena, text, &caught);
    }
    return 0;
}
