/* The clear bytes of a backup, read as those who have the passphrase could have written them: what
 * is accepted is written again as the same bytes, and nothing else breaks. */
#include "app/record.h"
#include "base/arena.h"
#include "base/buf.h"
#include "fuzz/harness.h"

#include <string.h>

enum {
    LIMIT = 4 << 20,
    PIECE = 7 /* bytes that come at once, so that every value is cut somewhere */
};

static enum err next_piece(void *with, struct str *ret)
{
    struct str *left = with;

    if (left->len == 0) {
        return ERR_MISSING;
    }
    *ret = str_sub(*left, 0, PIECE);
    *left = str_skip(*left, ret->len);
    return ERR_OK;
}

static bool is_told(enum err e)
{
    return e == ERR_FIELD_VALUE || e == ERR_MEMORY;
}

static void read_head(struct arena *arena, struct str bytes)
{
    struct str left = bytes;
    struct record_input input = {.more = next_piece, .with = &left};
    struct buf out = buf_in_arena(arena, LIMIT / 4);
    struct reason reason = {0};
    struct record_head head;

    enum err e = record_read_head(&input, arena, &reason, &head);
    if (e != ERR_OK) {
        PROMISE(is_told(e));
        return;
    }
    record_put_head(&out, &head);
    PROMISE(!out.failed && str_starts(bytes, buf_str(&out)));
}

/* The key of an installation is what 32 bytes say, whatever they are. */
static void read_key(struct str bytes)
{
    struct str left = bytes;
    struct record_input input = {.more = next_piece, .with = &left};
    struct reason reason = {0};
    struct key32 key;

    enum err e = record_read_key(&input, &reason, &key);
    PROMISE(e == (bytes.len >= sizeof key.bytes ? ERR_OK : ERR_FIELD_VALUE));
    PROMISE(e != ERR_OK || memcmp(key.bytes, bytes.ptr, sizeof key.bytes) == 0);
}

static void read_rows(struct arena *arena, const struct store_table *table, struct str bytes)
{
    struct str left = bytes;
    struct record_input input = {.more = next_piece, .with = &left};
    struct buf out = buf_in_arena(arena, LIMIT / 4);
    struct buf normal = buf_in_arena(arena, LIMIT / 4);
    struct value row[ROWS_COLUMNS];
    struct reason reason = {0};
    enum err e;

    while ((e = record_read_row(&input, table, arena, &reason, row)) == ERR_OK) {
        record_put_row(&out, table, row, arena, /* normal= */ false);
        record_put_row(&normal, table, row, arena, /* normal= */ true);
    }
    PROMISE(is_told(e));
    PROMISE(out.failed || str_starts(bytes, buf_str(&out)));
    PROMISE(record_read_end(&input, &reason) == ERR_OK || left.len > 0 || input.left.len > 0);
}

/* The first byte says what the others are: a head, or rows of one of the tables. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(64 << 10, LIMIT);
    struct str bytes = {(const char *)data, size};

    PROMISE(arena);
    if (size == 0) {
        return 0;
    }
    size_t which = data[0] % (store_table_count + 1);
    if (which == 0) {
        read_head(arena, str_skip(bytes, 1));
        read_key(str_skip(bytes, 1));
    } else {
        read_rows(arena, &store_tables[which - 1], str_skip(bytes, 1));
    }
    return 0;
}
