/* Rows of cells on the terminal: for a person in columns under their heads, for a program one row a
 * line with tabs between. */
#pragma once

#include "base/id.h"
#include "base/moment.h"
#include "base/str.h"

struct arena;
struct buf;

enum {
    TABLE_MOST = 12 /* columns */
};

/* Filled cell by cell, row by row. What fails shows when it is printed. */
struct table {
    struct arena *arena;
    const char *const *heads; /* NULL: a table without */
    size_t columns;
    struct str *cells;
    size_t count, size; /* of the cells */
    bool failed;
};

struct table table_in_arena(struct arena *arena, const char *const *heads, size_t columns);

/* The next cell. Texts have no tab and no line end in them, and outlive the table. A moment that is
 * not set is an empty cell. */
void table_put(struct table *table, struct str text);
/* Somebody's own words, which may have more than one line: every control character in them becomes
 * a blank, so that they neither break the row nor speak to the terminal. */
void table_put_prose(struct table *table, struct str text);
void table_put_int(struct table *table, int64_t number);
void table_put_id(struct table *table, struct id id);
void table_put_moment(struct table *table, struct moment at);

enum table_form {
    TABLE_COLUMNS, /* aligned, with heads; an empty cell is a dash */
    TABLE_TABS     /* as they are, without heads: for cut, awk and the like */
};

/* Columns for a terminal, tabs for everything else. */
enum table_form table_form_for(int descriptor);

/* Columns are as wide as their widest cell, counted in code points; the last one is not filled up.
 * `out` fails if the table did. */
void table_print(struct buf *out, const struct table *table, enum table_form form);
