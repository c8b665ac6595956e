/* One connection to an SQLite file, its prepared statements, and SQLite's errors in our words.
 * Only store/sqlite.c knows sqlite3.h. */
#pragma once

#include "base/err.h"
#include "store/statement.h"

struct arena;
struct sqlite;

struct sqlite_file {
    char *path;
    int64_t busy_ms, cache_bytes;
    int64_t log_bytes; /* where the log of what was written has this many, nothing more is */
};

enum sqlite_use {
    USE_READING,  /* refuses to write */
    USE_WRITING,  /* makes the file, with mode 0600, when there is none */
    USE_MIGRATING /* as writing; foreign keys are checked when a migration ends, not before */
};

/* A connection for one thread at a time. ERR_STORE: what is there is no SQLite file;
 * ERR_STORE_DOWN: it cannot be opened. The reason is in plain words. */
enum err sqlite_open(const struct sqlite_file *file, enum sqlite_use use, struct reason *reason,
                     struct sqlite **ret);
void sqlite_close(struct sqlite *connection); /* NULL is fine */

enum sqlite_step {
    STEP_BEGIN,           /* a view, from the first read on */
    STEP_BEGIN_IMMEDIATE, /* the only writer of all processes, or ERR_BUSY */
    STEP_SAVEPOINT,
    STEP_UNDO_SAVEPOINT, /* to be released afterwards */
    STEP_RELEASE_SAVEPOINT,
    STEP_COMMIT,
    STEP_ROLLBACK,
    STEP_COUNT
};
enum err sqlite_control(struct sqlite *connection, enum sqlite_step step, struct reason *reason);

/* False after an error on which SQLite has rolled back all by itself. */
bool sqlite_in_transaction(const struct sqlite *connection);

/* From now on the connection waits this long for the locks of others. */
void sqlite_wait(struct sqlite *connection, int64_t ms);

/* As the entries of struct engine have it. */
enum err sqlite_execute(struct sqlite *connection, const struct statement *s,
                        const struct value *values, struct reason *reason);
struct sqlite_target {
    struct arena *arena; /* for the texts of the row */
    struct reason *reason;
};
enum err sqlite_fetch(struct sqlite *connection, const struct statement *s,
                      const struct sqlite_target *target, void *ret_row);
int64_t sqlite_finish(struct sqlite *connection, const struct statement *s);

/* After ERR_TAKEN: the index in the way, as tx_conflict names it. */
struct str sqlite_conflict(const struct sqlite *connection);

/* Reads something, however little. */
enum err sqlite_ping(struct sqlite *connection, struct reason *reason);

/* Runs several statements of which no row is wanted, as migrations have them. `what` names them in
 * the reason. */
enum err sqlite_script(struct sqlite *connection, const char *what, const char *sql,
                       struct reason *reason);

/* One number, 0 for none. */
enum err sqlite_number(struct sqlite *connection, const char *sql, int64_t *ret,
                       struct reason *reason);

/* Copies everything, as one view of it has it, over what `to` has. Nobody is kept from writing. */
enum err sqlite_copy(struct sqlite *from, struct sqlite *to, struct reason *reason);

/* How many pages the log had after the last commit of this connection. */
int sqlite_log_pages(const struct sqlite *connection);

/* Brings the pages of the log into the file, as far as nobody reads what they replace. What it
 * leaves, the next one brings: true when nothing was left. From here on the connection waits
 * for locks of others no longer than this did, until sqlite_wait. */
enum sqlite_checkpoint {
    CHECKPOINT_BESIDE, /* others write meanwhile, and what they write may be left */
    CHECKPOINT_WHOLE, /* holding the lock of all writers; whoever writes next begins the log anew */
    CHECKPOINT_SHORTEN /* likewise, and gives the room of the log back; it waits for readers */
};
bool sqlite_checkpoint(struct sqlite *connection, enum sqlite_checkpoint how);

/* Before the first connection of the process, by one thread; again it changes nothing. SQLite
 * counts its memory no more: the count is under one lock, for which all threads would wait at every
 * allocation. Nor does it take room for twenty pages with each connection, of which most read few.
 */
void sqlite_prepare(void);

/* The version of SQLite that was loaded. */
const char *sqlite_library(void);
