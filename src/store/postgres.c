/* PostgreSQL connections. */
#include "store/postgres.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/number.h"
#include "store/postgres_address.h"
#include "store/postgres_fault.h"
#include "store/postgres_library.h"
#include "store/postgres_value.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum {
    PARAMETERS_MOST = UINT8_MAX,
    OLDEST_SERVER = 130000, /* the first with xid8 and pg_current_snapshot */
    GRACE_MS = 2000,        /* how much later than the server itself we give a statement up */
    BINARY = 1
};

struct postgres {
    struct postgres_library pq;
    PGconn *link;
    const struct postgres_address *address;
    enum postgres_unit unit;
    bool begins;   /* the unit's BEGIN goes out with its next statement */
    bool open;     /* BEGIN has been sent */
    bool lost;     /* only closing is left */
    bool late;     /* lost because no answer came */
    bool timeless; /* waits without an end */
    int owed;      /* ends of answers that nobody has waited for */
    int good;      /* results of the newest exchange before one that failed */
    PGresult *result;
    int row;
    char conflict[128];
    Oid types[PARAMETERS_MOST];
    const char *values[PARAMETERS_MOST];
    int sizes[PARAMETERS_MOST], formats[PARAMETERS_MOST];
    struct postgres_value encoded[PARAMETERS_MOST];
    bool prepared[]; /* by the number of the statement */
};

static const char *const begin_sql[] = {
    [POSTGRES_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    [POSTGRES_WRITE] = "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE",
};

/* Each statement has been shown to find its rows by an index, so a whole table is read only where
 * there is no other way. That also keeps a unit from standing in the way of all others: what a
 * serializable unit reads, it watches. (Where a table is read nevertheless, the cost set on it must
 * not make the server compile the plan.) A unit that waits for a password's hash is idle, not for
 * a minute though. */
#define LIMITS(X)                                                                                  \
    X("statement_timeout", "%lld")                                                                 \
    X("lock_timeout", "%lld")                                                                      \
    X("idle_in_transaction_session_timeout", "60000")                                              \
    X("enable_seqscan", "off")                                                                     \
    X("jit", "off")
#define LIMIT_OF_SESSION(name, value) "SET " name " = " value ";"
#define LIMIT_OF_UNIT(name, value)    ", set_config('" name "', '" value "', true)"

/* Notices would go to the standard error. */
static void ignore_notice(void *nothing, const PGresult *notice)
{
    (void)nothing;
    (void)notice;
}

/* libpq's words come in lines. */
static enum err refused(struct postgres *connection, struct reason *reason)
{
    char words[sizeof reason->detail];

    (void)snprintf(words, sizeof words, "%s", connection->pq.error_message(connection->link));
    for (char *at = words; *at; at++) {
        *at = *at == '\n' || *at == '\t' ? ' ' : *at;
    }
    return fail(reason, ERR_STORE_DOWN, STR("store.url"), "%s", words);
}

/* Waiting. libpq's own waits have no end, so that a server which is stopped in its tracks would
 * keep a thread for good. */

static int64_t deadline_of(const struct postgres *connection)
{
    return connection->timeless ? INT64_MAX
                                : monotonic_ms() + connection->address->statement_ms + GRACE_MS;
}

static bool wait_for_result(struct postgres *connection, int64_t until)
{
    for (;;) {
        int unsent = connection->pq.flush(connection->link);
        if (unsent < 0 || !connection->pq.is_busy(connection->link)) {
            return true; /* also when the connection broke: the result says so */
        }
        int64_t left = until == INT64_MAX ? -1 : until - monotonic_ms();
        short events = unsent ? POLLIN | POLLOUT : POLLIN;
        struct pollfd wait = {.fd = connection->pq.socket(connection->link), .events = events};
        if (until != INT64_MAX && left <= 0) {
            return false;
        }
        if (poll(&wait, 1, (int)left) > 0 && (wait.revents & ~POLLOUT) != 0 &&
            connection->pq.consume_input(connection->link) == 0) {
            return true;
        }
    }
}

/* The next result, or NULL at the end of each command's. Marks the connection when it is lost. */
static PGresult *next_result(struct postgres *connection, int64_t until)
{
    if (!wait_for_result(connection, until)) {
        connection->lost = true;
        connection->late = true;
        return NULL;
    }
    PGresult *result = connection->pq.get_result(connection->link);
    if (!result && connection->pq.status(connection->link) == CONNECTION_BAD) {
        connection->lost = true;
    }
    return result;
}

static bool is_good(const struct postgres *connection, const PGresult *result)
{
    ExecStatusType status = connection->pq.result_status(result);

    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* Of several results the last counts, but the first that failed before all others. */
static void keep(struct postgres *connection, PGresult *result)
{
    if (connection->result && !is_good(connection, connection->result)) {
        connection->pq.clear(result);
        return;
    }
    connection->pq.clear(connection->result);
    connection->result = result;
    connection->good += is_good(connection, result);
}

static void forget_result(struct postgres *connection)
{
    connection->pq.clear(connection->result);
    connection->result = NULL;
    connection->good = 0;
    connection->row = 0;
}

/* Marks the end of what was queued, sends it, and reads the answers up to that mark: one way there
 * and back, however many commands there were. */
static void exchange(struct postgres *connection)
{
    int64_t until = deadline_of(connection);
    int ends = connection->owed + 1, silent = 0;

    forget_result(connection);
    connection->owed = 0;
    connection->lost |= connection->pq.pipeline_sync(connection->link) != 1;
    while (ends > 0 && !connection->lost) {
        PGresult *result = next_result(connection, until);
        silent = result ? 0 : silent + 1;
        if (!result) {
            connection->lost |= silent > 2; /* it has nothing to say and should have */
        } else if (connection->pq.result_status(result) == PGRES_PIPELINE_SYNC) {
            connection->pq.clear(result);
            ends--;
        } else if (ends > 1) {
            connection->pq.clear(result);
        } else {
            keep(connection, result);
        }
    }
}

/* The queue could not take a command: nothing that was sent with it can be relied on. */
static bool queued(struct postgres *connection, int sent)
{
    connection->lost |= sent != 1;
    return sent == 1;
}

static bool queue_plain(struct postgres *connection, const char *sql)
{
    return queued(connection, connection->pq.send_query_params(connection->link, sql, 0, NULL, NULL,
                                                               NULL, NULL, BINARY));
}

/* Errors */

static void note_conflict(struct postgres *connection)
{
    const char *name =
        connection->pq.result_error_field(connection->result, PG_DIAG_CONSTRAINT_NAME);

    (void)snprintf(connection->conflict, sizeof connection->conflict, "%s", name ? name : "");
}

/* What the newest exchange came to, if not to a good result. */
static enum err failed(struct postgres *connection, const char *what, struct reason *reason)
{
    const char *state = connection->pq.result_error_field(connection->result, PG_DIAG_SQLSTATE);
    const char *words =
        connection->pq.result_error_field(connection->result, PG_DIAG_MESSAGE_PRIMARY);
    bool leave;
    enum err err = postgres_fault(state, &leave);

    if (connection->late) {
        return fail(reason, ERR_STORE_DOWN, (struct str){0}, "%s: the server does not answer",
                    what);
    }
    if (connection->lost) {
        err = ERR_STORE_RETRY;
    }
    if (err == ERR_TAKEN) {
        note_conflict(connection);
    }
    connection->lost |= leave;
    return fail(reason, err, (struct str){0}, "%s: %s (%s)", what,
                words ? words : "the connection was lost", state ? state : "no answer");
}

static bool succeeded(const struct postgres *connection)
{
    return !connection->lost && connection->result && is_good(connection, connection->result);
}

/* Opening */

static enum err connect_to_server(struct postgres *connection, struct reason *reason)
{
    char patience[24];
    /* What stands in the address counts before what stands before it here. */
    const char *const names[] = {"connect_timeout",      "application_name",
                                 "target_session_attrs", "keepalives_idle",
                                 "keepalives_interval",  "keepalives_count",
                                 "tcp_user_timeout",     "dbname",
                                 "client_encoding",      NULL};
    const char *const values[] = {patience, "signet", "read-write", "10",
                                  "3",      "3",      "10000",      connection->address->url,
                                  "UTF8",   NULL};

    (void)snprintf(patience, sizeof patience, "%lld", (long long)connection->address->connect_s);
    connection->link = connection->pq.connect(names, values, 1);
    return connection->pq.status(connection->link) == CONNECTION_OK ? ERR_OK
                                                                    : refused(connection, reason);
}

static enum err check_server(struct postgres *connection, struct reason *reason)
{
    const char *encoding = connection->pq.parameter_status(connection->link, "server_encoding");

    if (connection->pq.server_version(connection->link) < OLDEST_SERVER) {
        return fail(reason, ERR_STORE, STR("store.url"), "PostgreSQL 13 or newer is needed");
    }
    if (encoding && strcmp(encoding, "UTF8") != 0) {
        return fail(reason, ERR_STORE, STR("store.url"),
                    "the database is encoded in %s; it has to be UTF8", encoding);
    }
    return ERR_OK;
}

static enum err set_limits(struct postgres *connection, struct reason *reason)
{
    char sql[512];

    if (connection->address->pooler) {
        return ERR_OK; /* each unit brings its own */
    }
    (void)snprintf(sql, sizeof sql, LIMITS(LIMIT_OF_SESSION),
                   (long long)connection->address->statement_ms,
                   (long long)connection->address->lock_ms);
    return postgres_script(connection, "opening", sql, reason);
}

static enum err connect_for(struct postgres *connection, enum postgres_use use,
                            struct reason *reason)
{
    TRY(connect_to_server(connection, reason));
    (void)connection->pq.set_notice_receiver(connection->link, ignore_notice, NULL);
    TRY(check_server(connection, reason));
    if (connection->pq.set_nonblocking(connection->link, 1) != 0) {
        return refused(connection, reason);
    }
    if (use != POSTGRES_UNITS) {
        return ERR_OK;
    }
    TRY(set_limits(connection, reason));
    return connection->pq.enter_pipeline_mode(connection->link) == 1 ? ERR_OK
                                                                     : refused(connection, reason);
}

enum err postgres_open(const struct postgres_address *address, enum postgres_use use,
                       struct reason *reason, struct postgres **ret)
{
    struct postgres_library pq;

    TRY(postgres_library_load(reason, &pq));
    struct postgres *connection = calloc(1, sizeof *connection + statement_count);
    if (!connection) {
        return ERR_MEMORY;
    }
    connection->pq = pq;
    connection->address = address;
    connection->timeless = use == POSTGRES_MIGRATING;
    enum err err = connect_for(connection, use, reason);
    if (err != ERR_OK) {
        postgres_close(connection);
        return err == ERR_STORE ? ERR_STORE : ERR_STORE_DOWN;
    }
    *ret = connection;
    return ERR_OK;
}

void postgres_close(struct postgres *connection)
{
    if (connection) {
        connection->pq.clear(connection->result);
        connection->pq.finish(connection->link);
        free(connection);
    }
}

bool postgres_is_well(struct postgres *connection)
{
    struct pollfd wait = {.fd = connection->pq.socket(connection->link), .events = POLLIN};

    for (int i = 0; i < 3 && !connection->lost && poll(&wait, 1, 0) > 0; i++) {
        connection->lost = connection->pq.consume_input(connection->link) == 0;
    }
    return !connection->lost && connection->pq.status(connection->link) == CONNECTION_OK;
}

/* Units */

void postgres_begin(struct postgres *connection, enum postgres_unit unit)
{
    connection->unit = unit;
    connection->begins = true;
    connection->open = false;
    connection->conflict[0] = '\0';
}

static bool queue_begin(struct postgres *connection)
{
    char limits[512];

    if (!connection->begins) {
        return true;
    }
    connection->begins = false;
    connection->open = true;
    if (!queue_plain(connection, begin_sql[connection->unit])) {
        return false;
    }
    if (!connection->address->pooler) {
        return true;
    }
    (void)snprintf(limits, sizeof limits, "SELECT 0" LIMITS(LIMIT_OF_UNIT),
                   (long long)connection->address->statement_ms,
                   (long long)connection->address->lock_ms);
    return queue_plain(connection, limits);
}

/* The end of a unit that nothing hangs on: sent, and its answer read before that of the next. */
static void end_without_waiting(struct postgres *connection, const char *sql)
{
    if (connection->lost || !queue_plain(connection, sql)) {
        return;
    }
    if (queued(connection, connection->pq.pipeline_sync(connection->link))) {
        connection->owed++;
        connection->lost |= connection->pq.flush(connection->link) < 0;
    }
}

static enum err commit_and_wait(struct postgres *connection, struct reason *reason)
{
    if (!connection->lost && queue_plain(connection, "COMMIT")) {
        exchange(connection);
    }
    if (connection->lost) {
        return fail(reason, ERR_STORE_DOWN, (struct str){0},
                    "COMMIT: the connection was lost before the answer; it may be kept or not");
    }
    if (!succeeded(connection)) {
        return failed(connection, "COMMIT", reason);
    }
    /* A transaction that cannot be committed is rolled back, and that is no error to the server. */
    bool kept = strcmp(connection->pq.cmd_status(connection->result), "COMMIT") == 0;
    return kept ? ERR_OK : fail(reason, ERR_STORE, (struct str){0}, "COMMIT: it was rolled back");
}

enum err postgres_commit(struct postgres *connection, struct reason *reason)
{
    bool open = connection->open;

    connection->begins = false;
    connection->open = false;
    if (!open) {
        return ERR_OK;
    }
    if (connection->unit == POSTGRES_READ) {
        end_without_waiting(connection, "COMMIT");
        return ERR_OK;
    }
    return commit_and_wait(connection, reason);
}

void postgres_rollback(struct postgres *connection)
{
    if (connection->open) {
        end_without_waiting(connection, "ROLLBACK");
    }
    connection->begins = false;
    connection->open = false;
}

/* Statements */

static enum err encode_all(struct postgres *connection, const struct statement *s,
                           const struct value *values, struct arena *arena)
{
    for (int i = 0; i < s->parameters; i++) {
        struct postgres_value *value = &connection->encoded[i];
        TRY(postgres_encode(&values[i], arena, value));
        connection->types[i] = value->type;
        connection->values[i] = value->bytes;
        connection->sizes[i] = value->size;
        connection->formats[i] = BINARY;
    }
    return ERR_OK;
}

static bool queue_statement(struct postgres *connection, const struct statement *s)
{
    const struct postgres *c = connection;

    if (!c->address->prepare) {
        return queued(connection,
                      c->pq.send_query_params(c->link, s->postgres, s->parameters, c->types,
                                              c->values, c->sizes, c->formats, BINARY));
    }
    if (!c->prepared[s->number] &&
        !queued(connection,
                c->pq.send_prepare(c->link, s->name, s->postgres, s->parameters, c->types))) {
        return false;
    }
    return queued(connection, c->pq.send_query_prepared(c->link, s->name, s->parameters, c->values,
                                                        c->sizes, c->formats, BINARY));
}

enum err postgres_execute(struct postgres *connection, const struct statement *s,
                          const struct value *values, const struct postgres_target *target)
{
    int before = connection->begins ? 1 + connection->address->pooler : 0;

    TRY(encode_all(connection, s, values, target->arena));
    forget_result(connection);
    if (!connection->lost && queue_begin(connection) && queue_statement(connection, s)) {
        exchange(connection);
    }
    /* Once prepared it stays so, even if its first run failed. */
    connection->prepared[s->number] |= connection->good > before;
    return succeeded(connection) ? ERR_OK : failed(connection, s->name, target->reason);
}

static enum err read_row(struct postgres *connection, const struct statement *s,
                         const struct postgres_target *target, void *ret_row)
{
    const struct postgres_library *pq = &connection->pq;
    const PGresult *result = connection->result;

    for (int i = 0; i < (int)s->column_count; i++) {
        struct str bytes = {pq->get_value(result, connection->row, i),
                            (size_t)pq->get_length(result, connection->row, i)};
        if (pq->get_is_null(result, connection->row, i)) {
            continue; /* the row is zeroed */
        }
        enum err err = pq->fformat(result, i) == BINARY
                           ? postgres_decode(pq->ftype(result, i), bytes, &s->columns[i],
                                             target->arena, ret_row)
                           : ERR_FIELD_VALUE;
        if (err == ERR_FIELD_VALUE) {
            return fail(target->reason, ERR_STORE, (struct str){0},
                        "%s: the column for %s holds something else", s->name, s->columns[i].name);
        }
        TRY(err);
    }
    return ERR_OK;
}

enum err postgres_fetch(struct postgres *connection, const struct statement *s,
                        const struct postgres_target *target, void *ret_row)
{
    if (connection->row >= connection->pq.ntuples(connection->result)) {
        return ERR_MISSING;
    }
    if (connection->pq.nfields(connection->result) != (int)s->column_count) {
        return fail(target->reason, ERR_STORE, (struct str){0}, "%s: %d columns came", s->name,
                    connection->pq.nfields(connection->result));
    }
    TRY(read_row(connection, s, target, ret_row));
    connection->row++;
    return ERR_OK;
}

int64_t postgres_finish(struct postgres *connection)
{
    int64_t changed = 0;

    if (number_parse(str_of(connection->pq.cmd_tuples(connection->result)), 0, INT64_MAX,
                     &changed) != ERR_OK) {
        changed = 0; /* the command changes nothing that could be counted */
    }
    forget_result(connection);
    return changed;
}

struct str postgres_conflict(const struct postgres *connection)
{
    return str_of(connection->conflict);
}

enum err postgres_ping(struct postgres *connection, struct reason *reason)
{
    forget_result(connection);
    if (!connection->lost && queue_plain(connection, "SELECT 1")) {
        exchange(connection);
    }
    if (succeeded(connection) || !connection->lost) {
        return ERR_OK; /* in a unit that failed it is refused, but answered */
    }
    return fail(reason, ERR_STORE_DOWN, (struct str){0}, "the connection was lost");
}

/* Scripts */

static enum err ask(struct postgres *connection, const char *what, const char *sql,
                    struct reason *reason)
{
    int64_t until = deadline_of(connection);

    forget_result(connection);
    if (queued(connection, connection->pq.send_query(connection->link, sql))) {
        for (PGresult *result = next_result(connection, until); result;
             result = next_result(connection, until)) {
            keep(connection, result);
        }
    }
    return succeeded(connection) ? ERR_OK : failed(connection, what, reason);
}

enum err postgres_script(struct postgres *connection, const char *what, const char *sql,
                         struct reason *reason)
{
    enum err err = ask(connection, what, sql, reason);

    forget_result(connection);
    return err;
}

enum err postgres_number(struct postgres *connection, const char *sql, int64_t *ret,
                         struct reason *reason)
{
    TRY(ask(connection, sql, sql, reason));
    *ret = 0;
    if (connection->pq.ntuples(connection->result) > 0 &&
        !connection->pq.get_is_null(connection->result, 0, 0) &&
        number_parse(str_of(connection->pq.get_value(connection->result, 0, 0)), INT64_MIN,
                     INT64_MAX, ret) != ERR_OK) {
        return fail(reason, ERR_STORE, (struct str){0}, "%s: no number came", sql);
    }
    return ERR_OK;
}

/* Listening */

int postgres_socket(const struct postgres *connection)
{
    return connection->pq.socket(connection->link);
}

bool postgres_heard(struct postgres *connection)
{
    bool heard = false;

    connection->lost |= connection->pq.consume_input(connection->link) == 0;
    for (PGnotify *note = connection->pq.notifies(connection->link); note;
         note = connection->pq.notifies(connection->link)) {
        heard |= note->be_pid != connection->pq.backend_pid(connection->link);
        connection->pq.free(note);
    }
    return heard;
}
