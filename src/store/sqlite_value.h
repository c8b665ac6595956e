/* Values as SQLite takes and gives them. For the files of this engine alone, whose one way to
 * sqlite3.h it is. */
#pragma once

#include "base/err.h"
#include "store/statement.h"

#include <sqlite3.h>

struct arena;

/* SQLITE_OK, or SQLite's own code. Texts are not copied: the value outlives the statement's run. */
int sqlite_bind(sqlite3_stmt *prepared, int at, const struct value *value);

/* A column into the member of a row, which stays as it is where the column is NULL. ERR_FIELD_VALUE
 * when it holds something else; ERR_MEMORY. */
enum err sqlite_column(sqlite3_stmt *prepared, int at, enum value_kind kind, struct arena *arena,
                       void *ret);
