/* Whole tables, row by row, in the order of their keys: what backups and copies are made of. Which
 * tables there are is generated from the schema (tools/sqltables.py), so none is forgotten. */
#pragma once

#include "base/err.h"
#include "store/statement.h"

#include <stdint.h>

struct rows_reader;
struct rows_writer;
struct tx;

struct store_table {
    const char *name;
    bool is_void; /* a backup leaves its rows out: they let somebody in */
    bool seeded;  /* has rows in a new store already */
    size_t column_count;
    const struct column *columns;
    size_t key_count;
    const uint8_t *key; /* places of the columns by which its rows are ordered */
    size_t many;        /* rows that `fill` takes */
    const struct statement *first, *next, *insert, *fill, *count, *clear;
    const struct statement *mark, *move; /* the number given out last; NULL when it numbers none */
};

enum {
    ROWS_COLUMNS = 32 /* no table has more; a test sees to it */
};

/* Parents before their children. */
extern const struct store_table store_tables[];
extern const size_t store_table_count;

/* All rows as this unit sees them, a page at a time: it may be any number of them. */
enum err rows_reader_open(struct tx *tx, const struct store_table *table, struct rows_reader **ret);
void rows_reader_close(struct rows_reader *reader); /* NULL is fine */
void rows_reader_close_at(struct rows_reader **reader);

/* The next row, a value for each column, which holds until the next call. ERR_MISSING at the end.
 */
enum err rows_reader_next(struct rows_reader *reader, const struct value **ret_row);

/* Puts rows as they are, numbers included, several with each statement. */
enum err rows_writer_open(struct tx *tx, const struct store_table *table, struct rows_writer **ret);
void rows_writer_close(struct rows_writer *writer); /* NULL is fine; drops what was not written */
void rows_writer_close_at(struct rows_writer **writer);

/* The row may go away afterwards; it is written now or with one of the next. */
enum err rows_writer_put(struct rows_writer *writer, const struct value *row);
enum err rows_writer_end(struct rows_writer *writer); /* writes what is left */

enum err rows_count(struct tx *tx, const struct store_table *table, int64_t *ret);
enum err rows_clear(struct tx *tx, const struct store_table *table);

/* The number that the table gave out last, also to rows that are gone since: 0 for none, and for a
 * table that numbers nothing. It is moved when the rows are there. */
enum err rows_mark(struct tx *tx, const struct store_table *table, int64_t *ret);
enum err rows_move_mark(struct tx *tx, const struct store_table *table, int64_t mark);
