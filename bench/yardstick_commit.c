/* What durable writes are measured against: bare SQLite, one row a transaction, one fsync each.
 *   yardstick-commit FILE SECONDS    (FILE must not exist) */
#include "base/buf.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/number.h"

#include <sqlite3.h>
#include <unistd.h>

/* The store's own table of events, so that both write the same row and only the committing differs.
 */
static const char schema[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "CREATE TABLE events (sequence INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,"
    " actor TEXT, verb TEXT NOT NULL, subject TEXT, source TEXT, face TEXT, details TEXT) STRICT;"
    "CREATE INDEX events_subject ON events (subject, sequence)";
static const char insert[] =
    "INSERT INTO events (at, actor, verb, subject, source, face)"
    " VALUES (?1, ?2, 'login', ?2, '127.0.0.1', 'edge')";

static void connection_close(sqlite3 **connection)
{
    (void)sqlite3_close(*connection);
}

static void statement_end(sqlite3_stmt **statement)
{
    (void)sqlite3_finalize(*statement);
}

static enum err write_row(sqlite3_stmt *statement)
{
    struct moment now = moment_now();
    char text[ID_TEXT];
    struct buf out = buf_over(text, sizeof text);
    struct id id;

    TRY(id_make(now, &id));
    id_print(&out, id);
    if (sqlite3_bind_int64(statement, 1, now.ms) != SQLITE_OK ||
        sqlite3_bind_text(statement, 2, text, ID_TEXT, SQLITE_STATIC) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_DONE || sqlite3_reset(statement) != SQLITE_OK) {
        return ERR_STORE;
    }
    return ERR_OK;
}

static enum err write_until(sqlite3 *connection, int64_t until, int64_t *ret_commits)
{
    CLEANUP(statement_end) sqlite3_stmt *statement = NULL;
    int64_t commits = 0;

    if (sqlite3_prepare_v2(connection, insert, -1, &statement, NULL) != SQLITE_OK) {
        return ERR_STORE;
    }
    while (monotonic_ns() < until) {
        TRY(write_row(statement));
        commits++;
    }
    *ret_commits = commits;
    return ERR_OK;
}

static enum err measure(const char *file, int64_t seconds)
{
    CLEANUP(connection_close) sqlite3 *connection = NULL;
    int64_t commits;

    if (sqlite3_open(file, &connection) != SQLITE_OK ||
        sqlite3_exec(connection, schema, NULL, NULL, NULL) != SQLITE_OK) {
        return ERR_STORE;
    }
    int64_t begun = monotonic_ns();
    TRY(write_until(connection, begun + seconds * 1000000000, &commits));
    double elapsed = (double)(monotonic_ns() - begun) / 1e9;
    printf("{\"commits\": %lld, \"seconds\": %.6f, \"rate\": %.2f, \"version\": \"SQLite %s\"}\n",
           (long long)commits, elapsed, (double)commits / elapsed, sqlite3_libversion());
    return ERR_OK;
}

int main(int count, char **arguments)
{
    int64_t seconds;

    if (count != 3 || number_parse(str_of(arguments[2]), 1, 600, &seconds) != ERR_OK ||
        access(arguments[1], F_OK) == 0) {
        (void)fputs("usage: yardstick-commit FILE SECONDS    (FILE must not exist)\n", stderr);
        return 2;
    }
    return measure(arguments[1], seconds) == ERR_OK ? 0 : 1;
}
