/* SHA-256 over the digest so far and the row. */
#include "app/content.h"

#include "app/progress.h"
#include "app/record.h"
#include "base/arena.h"
#include "base/buf.h"
#include "crypto/digest.h"

enum {
    KEEP = 64 << 10,
    LIMIT = 256 << 20
};

enum err content_create(struct digester *digester, struct content *ret)
{
    *ret = (struct content){.digester = digester, .arena = arena_create(KEEP, LIMIT)};
    return ret->arena ? ERR_OK : ERR_MEMORY;
}

void content_destroy(struct content *content)
{
    arena_destroy(content->arena);
    content->arena = NULL;
}

void content_begin(struct content *content)
{
    content->digest = (struct key32){0};
    content->rows = 0;
}

enum err content_add(struct content *content, const struct store_table *table,
                     const struct value *row)
{
    struct buf bytes = buf_in_arena(content->arena, LIMIT / 2);
    struct str text;

    buf_put(&bytes,
            (struct str){(const char *)content->digest.bytes, sizeof content->digest.bytes});
    record_put_row(&bytes, table, row, content->arena, /* normal= */ true);
    TRY(buf_end(&bytes, &text));
    TRY(digest_sha256(content->digester, text, &content->digest));
    content->rows++;
    arena_reset(content->arena);
    return ERR_OK;
}

static enum err measure_all(struct content *content, struct rows_reader *reader,
                            const struct store_table *table)
{
    const struct value *row;
    enum err e;

    content_begin(content);
    while ((e = rows_reader_next(reader, &row)) == ERR_OK) {
        TRY(content_add(content, table, row));
        progress_advance(content->progress);
    }
    return e == ERR_MISSING ? ERR_OK : e;
}

enum err content_measure(struct content *content, struct tx *tx, const struct store_table *table)
{
    CLEANUP(rows_reader_close_at) struct rows_reader *reader = NULL;

    TRY(rows_reader_open(tx, table, &reader));
    return measure_all(content, reader, table);
}

enum err content_summary(struct digester *digester, const struct key32 *digests, size_t count,
                         char ret[CONTENT_TEXT])
{
    struct buf out = buf_over(ret, CONTENT_TEXT - 1);
    struct key32 all;

    TRY(digest_sha256(digester, (struct str){(const char *)digests, count * sizeof *digests},
                      &all));
    buf_put_hex(&out, all.bytes, (CONTENT_TEXT - 1) / 2);
    ret[CONTENT_TEXT - 1] = '\0';
    return ERR_OK;
}
