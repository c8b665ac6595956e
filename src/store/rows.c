/* Reading and writing whole tables by the generated statements of each. */
#include "store/rows.h"

#include "base/arena.h"
#include "store/engine.h"

#include <stdlib.h>
#include <string.h>

enum {
    PAGE = 500,
    KEEP = 64 << 10,
    LIMIT = 256 << 20 /* of a page */
};

struct rows_reader {
    struct tx *tx;
    const struct store_table *table;
    struct arena *pages[2]; /* the next page is asked for by the last row of the one before */
    int page;
    struct value *rows;
    size_t count, at;
    bool begun, ended;
};

struct rows_writer {
    struct tx *tx;
    const struct store_table *table;
    struct arena *arena;
    struct value *rows; /* as many as one statement takes */
    size_t count;
};

/* What a statement makes goes into our own memory and not into the unit's, which would have to hold
 * all of the table. */
static enum err run_many(struct tx *tx, struct arena *arena, const struct statement *s,
                         const struct value *values, struct rows_reader *ret)
{
    struct arena *outer = tx->arena;
    void *rows = NULL;

    tx->arena = arena;
    enum err err = statement_many(tx, s, values, &rows, &ret->count);
    tx->arena = outer;
    ret->rows = rows;
    return err;
}

static enum err run_in(struct tx *tx, struct arena *arena, const struct statement *s,
                       const struct value *values)
{
    struct arena *outer = tx->arena;
    int64_t changed;

    tx->arena = arena;
    enum err err = statement_run(tx, s, values, &changed);
    tx->arena = outer;
    return err;
}

enum err rows_reader_open(struct tx *tx, const struct store_table *table, struct rows_reader **ret)
{
    struct rows_reader *reader = calloc(1, sizeof *reader);

    if (!reader) {
        return ERR_MEMORY;
    }
    reader->tx = tx;
    reader->table = table;
    reader->pages[0] = arena_create(KEEP, LIMIT);
    reader->pages[1] = arena_create(KEEP, LIMIT);
    if (!reader->pages[0] || !reader->pages[1]) {
        rows_reader_close(reader);
        return ERR_MEMORY;
    }
    *ret = reader;
    return ERR_OK;
}

void rows_reader_close(struct rows_reader *reader)
{
    if (reader) {
        arena_destroy(reader->pages[0]);
        arena_destroy(reader->pages[1]);
        free(reader);
    }
}

void rows_reader_close_at(struct rows_reader **reader)
{
    rows_reader_close(*reader);
}

/* The engines know columns, not values: each value is told its kind, and a bool, of which they
 * write no more than its own byte, becomes a number. */
static void name_kinds(const struct store_table *table, struct value *rows, size_t count)
{
    for (size_t i = 0; i < count * table->column_count; i++) {
        bool yes;
        rows[i].kind = table->columns[i % table->column_count].kind;
        if (rows[i].kind == VALUE_BOOL) {
            memcpy(&yes, &rows[i].number, sizeof yes);
            rows[i].number = yes;
        }
    }
}

static enum err read_page(struct rows_reader *reader)
{
    const struct store_table *table = reader->table;
    struct value values[ROWS_COLUMNS + 1];
    size_t count = 0;

    if (reader->begun) {
        const struct value *last = reader->rows + (reader->count - 1) * table->column_count;
        for (; count < table->key_count; count++) {
            values[count] = last[table->key[count]];
        }
    }
    values[count] = value_int(PAGE);
    reader->page ^= 1;
    arena_reset(reader->pages[reader->page]);
    TRY(run_many(reader->tx, reader->pages[reader->page],
                 reader->begun ? table->next : table->first, values, reader));
    name_kinds(table, reader->rows, reader->count);
    reader->begun = true;
    reader->at = 0;
    reader->ended = reader->count < PAGE;
    return ERR_OK;
}

enum err rows_reader_next(struct rows_reader *reader, const struct value **ret_row)
{
    if (reader->at == reader->count && !reader->ended) {
        TRY(read_page(reader));
    }
    if (reader->at == reader->count) {
        return ERR_MISSING;
    }
    *ret_row = reader->rows + reader->at++ * reader->table->column_count;
    return ERR_OK;
}

enum err rows_writer_open(struct tx *tx, const struct store_table *table, struct rows_writer **ret)
{
    struct rows_writer *writer = calloc(1, sizeof *writer);

    if (!writer) {
        return ERR_MEMORY;
    }
    writer->tx = tx;
    writer->table = table;
    writer->arena = arena_create(KEEP, LIMIT);
    writer->rows = calloc(table->many * table->column_count, sizeof *writer->rows);
    if (!writer->arena || !writer->rows) {
        rows_writer_close(writer);
        return ERR_MEMORY;
    }
    *ret = writer;
    return ERR_OK;
}

void rows_writer_close(struct rows_writer *writer)
{
    if (writer) {
        arena_destroy(writer->arena);
        free(writer->rows);
        free(writer);
    }
}

void rows_writer_close_at(struct rows_writer **writer)
{
    rows_writer_close(*writer);
}

static bool has_text(enum value_kind kind)
{
    return kind == VALUE_TEXT || kind == VALUE_JSON || kind == VALUE_BYTES;
}

enum err rows_writer_put(struct rows_writer *writer, const struct value *row)
{
    const struct store_table *table = writer->table;
    struct value *own = writer->rows + writer->count * table->column_count;

    for (size_t i = 0; i < table->column_count; i++) {
        own[i] = row[i];
        if (has_text(row[i].kind) && str_is_set(row[i].text)) {
            TRY(arena_copy(writer->arena, row[i].text, &own[i].text));
        }
    }
    writer->count++;
    if (writer->count < table->many) {
        return ERR_OK;
    }
    TRY(run_in(writer->tx, writer->arena, table->fill, writer->rows));
    writer->count = 0;
    arena_reset(writer->arena);
    return ERR_OK;
}

enum err rows_writer_end(struct rows_writer *writer)
{
    const struct store_table *table = writer->table;

    for (size_t i = 0; i < writer->count; i++) {
        TRY(run_in(writer->tx, writer->arena, table->insert,
                   writer->rows + i * table->column_count));
    }
    writer->count = 0;
    return ERR_OK;
}

enum err rows_count(struct tx *tx, const struct store_table *table, int64_t *ret)
{
    return statement_one(tx, table->count, NULL, ret);
}

enum err rows_clear(struct tx *tx, const struct store_table *table)
{
    int64_t changed;

    return statement_run(tx, table->clear, NULL, &changed);
}

enum err rows_mark(struct tx *tx, const struct store_table *table, int64_t *ret)
{
    if (!table->mark) {
        *ret = 0;
        return ERR_OK;
    }
    return statement_one(tx, table->mark, NULL, ret);
}

enum err rows_move_mark(struct tx *tx, const struct store_table *table, int64_t mark)
{
    const struct value value = value_int(mark);
    int64_t changed;

    return table->move && mark > 0 ? statement_run(tx, table->move, &value, &changed) : ERR_OK;
}
