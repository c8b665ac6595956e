/* What durable writes to PostgreSQL are measured against: bare libpq, a prepared INSERT of one row
 * that commits by itself, one connection for each caller. yardstick-insert postgresql:… CALLERS
 * SECONDS    (its table is made anew) */
#include "base/buf.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/number.h"

#include <libpq-fe.h>

#include <pthread.h>
#include <stdlib.h>

enum {
    CALLERS_MOST = 64,
    TIME_TEXT = 32
};

/* The store's own table of events, so that both write the same row and only the units around it
 * differ. */
static const char schema[] =
    "CREATE TABLE events (sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
    " at timestamptz NOT NULL, actor uuid, verb text COLLATE \"C\" NOT NULL, subject uuid,"
    " source text COLLATE \"C\", face text COLLATE \"C\", details jsonb,"
    " writer xid8 NOT NULL DEFAULT pg_current_xact_id());"
    "CREATE INDEX events_subject ON events (subject, sequence);"
    "CREATE INDEX events_writer ON events (writer)";
static const char insert[] =
    "INSERT INTO events (at, actor, verb, subject, source, face)"
    " VALUES ($1, $2, 'login', $2, '127.0.0.1', 'edge')"
    " RETURNING sequence";

struct caller {
    const char *url;
    pthread_barrier_t *ready, *start;
    const int64_t *until;
    int64_t rows;
    enum err err;
};

static void connection_close(PGconn **connection)
{
    PQfinish(*connection);
}

static enum err run(PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK;

    PQclear(result);
    return done ? ERR_OK : ERR_STORE;
}

static enum err prepare(PGconn *connection)
{
    PGresult *result = PQprepare(connection, "insert", insert, 0, NULL);
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK;

    PQclear(result);
    return done ? ERR_OK : ERR_STORE;
}

static enum err write_row(PGconn *connection)
{
    struct moment now = moment_now();
    char at[TIME_TEXT + 1] = {0}, text[ID_TEXT + 1] = {0};
    struct buf at_out = buf_over(at, TIME_TEXT), out = buf_over(text, ID_TEXT);
    const char *const values[] = {at, text};
    struct id id;

    TRY(id_make(now, &id));
    id_print(&out, id);
    moment_print(&at_out, now, MOMENT_MILLIS);
    PGresult *result = PQexecPrepared(connection, "insert", 2, values, NULL, NULL, 0);
    bool done = PQresultStatus(result) == PGRES_TUPLES_OK;
    PQclear(result);
    return done ? ERR_OK : ERR_STORE;
}

static enum err write_until_the_end(struct caller *caller, PGconn *connection)
{
    while (monotonic_ns() < *caller->until) {
        TRY(write_row(connection));
        caller->rows++;
    }
    return ERR_OK;
}

static void *caller_run(void *argument)
{
    struct caller *caller = argument;
    CLEANUP(connection_close) PGconn *connection = PQconnectdb(caller->url);

    caller->err = prepare(connection);
    (void)pthread_barrier_wait(caller->ready); /* the clock starts when all are connected */
    (void)pthread_barrier_wait(caller->start);
    if (caller->err == ERR_OK) {
        caller->err = write_until_the_end(caller, connection);
    }
    return NULL;
}

static enum err make_table(const char *url)
{
    CLEANUP(connection_close) PGconn *connection = PQconnectdb(url);

    TRY(run(connection, "SET client_min_messages = error"));
    TRY(run(connection, "DROP TABLE IF EXISTS events"));
    return run(connection, schema);
}

static enum err measure(const char *url, int64_t count, int64_t seconds)
{
    struct caller callers[CALLERS_MOST];
    pthread_t threads[CALLERS_MOST];
    pthread_barrier_t ready, start;
    int64_t until, rows = 0;

    TRY(make_table(url));
    if (pthread_barrier_init(&ready, NULL, (unsigned)count + 1) != 0 ||
        pthread_barrier_init(&start, NULL, (unsigned)count + 1) != 0) {
        return ERR_SYSTEM;
    }
    for (int64_t i = 0; i < count; i++) {
        callers[i] = (struct caller){.url = url, .ready = &ready, .start = &start, .until = &until};
        if (pthread_create(&threads[i], NULL, caller_run, &callers[i]) != 0) {
            exit(1); /* those already made wait for this one for ever */
        }
    }
    (void)pthread_barrier_wait(&ready);
    int64_t begun = monotonic_ns();
    until = begun + seconds * 1000000000;
    (void)pthread_barrier_wait(&start);
    enum err err = ERR_OK;
    for (int64_t i = 0; i < count; i++) {
        (void)pthread_join(threads[i], NULL);
        rows += callers[i].rows;
        err = err == ERR_OK ? callers[i].err : err;
    }
    TRY(err);
    double elapsed = (double)(monotonic_ns() - begun) / 1e9;
    printf("{\"rows\": %lld, \"seconds\": %.6f, \"rate\": %.2f, \"version\": \"libpq %d\"}\n",
           (long long)rows, elapsed, (double)rows / elapsed, PQlibVersion());
    return ERR_OK;
}

int main(int count, char **arguments)
{
    int64_t callers, seconds;

    if (count != 4 || number_parse(str_of(arguments[2]), 1, CALLERS_MOST, &callers) != ERR_OK ||
        number_parse(str_of(arguments[3]), 1, 600, &seconds) != ERR_OK) {
        (void)fputs("usage: yardstick-insert postgresql:… CALLERS SECONDS\n", stderr);
        return 2;
    }
    enum err err = measure(arguments[1], callers, seconds);
    if (err != ERR_OK) {
        (void)fprintf(stderr, "yardstick-insert: %s\n", err_name(err));
        return 1;
    }
    return 0;
}
