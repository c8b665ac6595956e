/* The bytes of a backup, before they are sealed: a head, and then row after row of each table. Also
 * what a row is measured by, whichever engine keeps it.
 *
 * Numbers are big-endian. A text has its length in front, a value that may be none a byte before
 * it.
 */
#pragma once

#include "base/err.h"
#include "base/moment.h"
#include "base/secret.h"
#include "store/rows.h"

struct arena;
struct buf;

enum {
    RECORD_TABLES = 64
};

struct record_table {
    int64_t rows, mark; /* as rows_mark has it */
};

struct record_head {
    int64_t schema;
    struct moment created;
    struct str version; /* of the signet that wrote it */
    struct key32 master;
    size_t count;
    struct record_table tables[RECORD_TABLES]; /* those that are kept, in their order */
};

/* A row as bytes, the same for the same row on both engines if `normal`: then JSON is written as
 * json_normalise does. `arena` is for that alone. */
void record_put_row(struct buf *out, const struct store_table *table, const struct value *row,
                    struct arena *arena, bool normal);
void record_put_head(struct buf *out, const struct record_head *head);

/* Where bytes come from, piece by piece: `more` gives the next piece, which holds until it is asked
 * again, or ERR_MISSING at the end. */
struct record_input {
    enum err (*more)(void *with, struct str *ret);
    void *with;
    struct str left;
};

/* ERR_FIELD_VALUE, with a reason: it ends early, or cannot be right. What is read lies in the
 * arena. */
enum err record_read_head(struct record_input *input, struct arena *arena, struct reason *reason,
                          struct record_head *ret);
enum err record_read_row(struct record_input *input, const struct store_table *table,
                         struct arena *arena, struct reason *reason, struct value *ret_row);
enum err record_read_key(struct record_input *input, struct reason *reason, struct key32 *ret);

/* ERR_FIELD_VALUE when there is something left. */
enum err record_read_end(struct record_input *input, struct reason *reason);
