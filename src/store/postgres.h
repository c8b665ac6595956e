/* One connection to PostgreSQL, its prepared statements, and PostgreSQL's errors in our words.
 *
 * Every wait for the server ends: what it has not answered in time is taken for lost. */
#pragma once

#include "base/err.h"
#include "store/statement.h"

struct arena;
struct buf;
struct postgres;
struct postgres_address;

enum postgres_use {
    POSTGRES_UNITS,
    POSTGRES_LISTENING,
    POSTGRES_MIGRATING /* waits for the server and its locks as long as it takes */
};

/* A connection for one thread at a time. `address` has to outlive it. ERR_CONFIG: libpq is
 * missing; ERR_STORE: the server cannot hold a store; ERR_STORE_DOWN: it cannot be reached, or
 * refuses us. */
enum err postgres_open(const struct postgres_address *address, enum postgres_use use,
                       struct reason *reason, struct postgres **ret);
void postgres_close(struct postgres *connection); /* NULL is fine */

/* False when the connection has been lost and is only there to be closed. Asks the socket, not the
 * server, so that it costs nothing to ask before each unit. */
bool postgres_is_well(struct postgres *connection);

/* For POSTGRES_UNITS. A unit begins on the server with its first statement, in the same message. */
enum postgres_unit {
    POSTGRES_READ, /* one view, which writes nothing */
    POSTGRES_WRITE /* as if all such units ran one after the other; else ERR_STORE_RETRY */
};
void postgres_begin(struct postgres *connection, enum postgres_unit unit);

/* ERR_OK only for what is kept. ERR_STORE_RETRY: it is not, and may be run again. ERR_STORE_DOWN:
 * the connection broke before the answer came, and nobody knows. The end of a unit that reads is
 * not waited for. */
enum err postgres_commit(struct postgres *connection, struct reason *reason);
void postgres_rollback(struct postgres *connection);

/* As the entries of struct engine have it. A connection that is lost under a statement is
 * ERR_STORE_RETRY: nothing was committed. */
struct postgres_target {
    struct arena *arena;
    struct reason *reason;
};
enum err postgres_execute(struct postgres *connection, const struct statement *s,
                          const struct value *values, const struct postgres_target *target);
enum err postgres_fetch(struct postgres *connection, const struct statement *s,
                        const struct postgres_target *target, void *ret_row);
int64_t postgres_finish(struct postgres *connection);

/* After ERR_TAKEN: the constraint in the way, which is named as tx_conflict has it. */
struct str postgres_conflict(const struct postgres *connection);

/* Asks the server for something, however little. For POSTGRES_UNITS. */
enum err postgres_ping(struct postgres *connection, struct reason *reason);

/* For the other two uses: several statements of which no row is wanted; one number, 0 for none. */
enum err postgres_script(struct postgres *connection, const char *what, const char *sql,
                         struct reason *reason);
enum err postgres_number(struct postgres *connection, const char *sql, int64_t *ret,
                         struct reason *reason);

/* For POSTGRES_LISTENING. The descriptor is readable when something came in; then this tells
 * whether a notification of another connection than this one was among it. */
int postgres_socket(const struct postgres *connection);
bool postgres_heard(struct postgres *connection);

/* Loads libpq to write its version; nothing when it is not installed. */
void postgres_library(struct buf *out);
