/* SQLite connections. */
#include "store/sqlite.h"

#include "base/buf.h"
#include "store/sqlite_value.h"

#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

/* A log that grew while a long reader held it is cut back to 32 MB. */
#define OPEN_SQL                                                                                   \
    "PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0;"                \
    "PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 33554432;"

/* Where nobody else brings the log into the file (writer_tidy does), whoever commits does it at so
 * many pages (16 MB) and waits for it. */
enum {
    LOG_PAGES_MOST = 4096,
    READERS_MS = 100 /* a view is over long before, but for those that somebody holds on to */
};

struct sqlite {
    sqlite3 *db;
    int log_pages; /* in the log since it was begun anew */
    sqlite3_stmt *steps[STEP_COUNT];
    sqlite3_stmt *ping;
    bool pending, row; /* of the running statement: a step was made; it brought a row */
    char conflict[128];
    sqlite3_stmt *prepared[]; /* by the number of the statement */
};

static const char *const step_sql[STEP_COUNT] = {
    [STEP_BEGIN] = "BEGIN",
    [STEP_BEGIN_IMMEDIATE] = "BEGIN IMMEDIATE",
    [STEP_SAVEPOINT] = "SAVEPOINT unit",
    [STEP_UNDO_SAVEPOINT] = "ROLLBACK TO unit",
    [STEP_RELEASE_SAVEPOINT] = "RELEASE unit",
    [STEP_COMMIT] = "COMMIT",
    [STEP_ROLLBACK] = "ROLLBACK",
};

static enum err constraint_err(int code)
{
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return ERR_TAKEN;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        /* What the unit had read went away before it wrote. Run again, it sees that itself. */
        return ERR_STORE_RETRY;
    default:
        return ERR_STORE;
    }
}

static bool disk_is_full(sqlite3 *db)
{
    int error = sqlite3_system_errno(db);

    return error == ENOSPC || error == EDQUOT;
}

static enum err err_of(sqlite3 *db, int code)
{
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return constraint_err(code);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_BUSY;
    case SQLITE_FULL:
        return ERR_STORE_FULL;
    case SQLITE_NOMEM:
        return ERR_MEMORY;
    case SQLITE_IOERR:
        return disk_is_full(db) ? ERR_STORE_FULL : ERR_STORE_DOWN;
    case SQLITE_CANTOPEN:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
    case SQLITE_READONLY:
        return ERR_STORE_DOWN;
    default:
        return ERR_STORE;
    }
}

/* "UNIQUE constraint failed: users.email_key, users.x", or "…: index 'users_email_key'". */
static void note_conflict(struct sqlite *connection)
{
    struct str message = str_of(sqlite3_errmsg(connection->db)), first;
    struct buf out = buf_over(connection->conflict, sizeof connection->conflict - 1);

    while (str_cut(message, ':', &first, &message)) {
    }
    (void)str_cut(first, ',', &first, &message);
    first = str_trim(first);
    if (str_starts(first, STR("index "))) {
        first = str_skip(first, strlen("index "));
    }
    for (size_t i = 0; i < first.len; i++) {
        if (first.ptr[i] != '\'') {
            buf_put_char(&out, first.ptr[i] == '.' ? '_' : first.ptr[i]);
        }
    }
    connection->conflict[out.len] = '\0';
}

static enum err failed(struct sqlite *connection, const char *what, struct reason *reason)
{
    int code = sqlite3_extended_errcode(connection->db);
    enum err err = err_of(connection->db, code);

    if (err == ERR_TAKEN) {
        note_conflict(connection);
    }
    return fail(reason, err, (struct str){0}, "%s: %s (%d)", what, sqlite3_errmsg(connection->db),
                code);
}

/* SQLite would make the file readable for all; what it makes beside it takes the same mode. */
static enum err make_file(const char *path, struct reason *reason)
{
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (file >= 0) {
        (void)close(file);
        return ERR_OK;
    }
    if (errno == EEXIST) {
        return ERR_OK;
    }
    if (errno == ENOENT || errno == ENOTDIR) {
        return fail(reason, ERR_STORE_DOWN, STR("store.url"), "the directory for %s does not exist",
                    path);
    }
    return fail(reason, ERR_STORE_DOWN, STR("store.url"), "cannot make %s: %s", path,
                strerrordesc_np(errno));
}

static int note_log(void *object, sqlite3 *db, const char *name, int pages)
{
    struct sqlite *connection = object;

    connection->log_pages = pages;
    if (pages >= LOG_PAGES_MOST) {
        /* What fails here is tried again at the next commit, with all of the pages. */
        (void)sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    }
    return SQLITE_OK;
}

static enum err script_error(struct sqlite *connection, int code, struct reason *reason)
{
    if ((code & 0xff) == SQLITE_NOTADB) {
        return fail(reason, ERR_STORE, STR("store.url"), "the file is not a database");
    }
    return failed(connection, "opening", reason);
}

/* Two processes that turn on the log at the same moment are told BUSY without waiting. */
static int turn_on_log(struct sqlite *connection, int64_t busy_ms)
{
    int64_t deadline = monotonic_ms() + busy_ms;

    for (;;) {
        int code = sqlite3_exec(connection->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
        if ((code & 0xff) != SQLITE_BUSY || monotonic_ms() >= deadline) {
            return code;
        }
        (void)usleep(1000);
    }
}

static int set_up(struct sqlite *connection, const struct sqlite_file *file, enum sqlite_use use)
{
    static const char *const use_sql[] = {
        [USE_READING] = "PRAGMA foreign_keys = ON; PRAGMA query_only = ON",
        [USE_WRITING] = "PRAGMA foreign_keys = ON",
        [USE_MIGRATING] = "PRAGMA foreign_keys = OFF",
    };
    char cache[64];

    (void)snprintf(cache, sizeof cache, "PRAGMA cache_size = -%lld",
                   (long long)(file->cache_bytes / 1024));
    sqlite_wait(connection, file->busy_ms);
    (void)sqlite3_db_config(connection->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);

    /* First what reads the header, so that anything but a database is told before it is touched. */
    int code = sqlite3_exec(connection->db, "PRAGMA schema_version", NULL, NULL, NULL);
    if (code == SQLITE_OK && use != USE_READING) {
        code = turn_on_log(connection, file->busy_ms);
    }
    (void)sqlite3_wal_hook(connection->db, note_log, connection);
    const char *const scripts[] = {OPEN_SQL, cache, use_sql[use]};
    for (size_t i = 0; i < ARRAY_LEN(scripts) && code == SQLITE_OK; i++) {
        code = sqlite3_exec(connection->db, scripts[i], NULL, NULL, NULL);
    }
    return code;
}

/* Where the log cannot be had (a network file system), SQLite goes on without and says nothing. */
static enum err check_log(struct sqlite *connection, struct reason *reason)
{
    int64_t on;

    TRY(sqlite_number(connection,
                      "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'", &on,
                      reason));
    return on ? ERR_OK
              : fail(reason, ERR_STORE_DOWN, STR("store.url"),
                     "the file system cannot hold SQLite's write-ahead log");
}

/* Where the file cannot be opened for writing (no descriptor was free at that moment, it is not
 * ours), SQLite opens it for reading alone and says nothing. */
static enum err check_writable(struct sqlite *connection, const struct sqlite_file *file,
                               enum sqlite_use use, struct reason *reason)
{
    return use != USE_READING && sqlite3_db_readonly(connection->db, "main") != 0
               ? fail(reason, ERR_STORE_DOWN, STR("store.url"), "cannot open %s for writing",
                      file->path)
               : ERR_OK;
}

static enum err open_connection(struct sqlite *connection, const struct sqlite_file *file,
                                enum sqlite_use use, struct reason *reason)
{
    /* Our own locks pass a connection from thread to thread, so SQLite's are not needed. */
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;

    if (use != USE_READING) {
        TRY(make_file(file->path, reason));
    }
    int code = sqlite3_open_v2(file->path, &connection->db, flags, NULL);
    if (code != SQLITE_OK) {
        return fail(reason, ERR_STORE_DOWN, STR("store.url"), "cannot open %s: %s", file->path,
                    sqlite3_errstr(code));
    }
    TRY(check_writable(connection, file, use, reason));
    code = set_up(connection, file, use);
    if (code != SQLITE_OK) {
        return script_error(connection, code, reason);
    }
    TRY(check_log(connection, reason));
    (void)sqlite3_db_release_memory(connection->db); /* pages of the schema, which is read once */
    return ERR_OK;
}

enum err sqlite_open(const struct sqlite_file *file, enum sqlite_use use, struct reason *reason,
                     struct sqlite **ret)
{
    struct sqlite *connection =
        calloc(1, sizeof *connection + statement_count * sizeof(sqlite3_stmt *));

    if (!connection) {
        return ERR_MEMORY;
    }
    enum err err = open_connection(connection, file, use, reason);
    if (err != ERR_OK) {
        sqlite_close(connection);
        return err;
    }
    *ret = connection;
    return ERR_OK;
}

void sqlite_close(struct sqlite *connection)
{
    if (!connection) {
        return;
    }
    for (size_t i = 0; i < STEP_COUNT; i++) {
        (void)sqlite3_finalize(connection->steps[i]);
    }
    for (size_t i = 0; i < statement_count; i++) {
        (void)sqlite3_finalize(connection->prepared[i]);
    }
    (void)sqlite3_finalize(connection->ping);
    (void)sqlite3_close(connection->db);
    free(connection);
}

void sqlite_wait(struct sqlite *connection, int64_t ms)
{
    (void)sqlite3_busy_timeout(connection->db, ms < 0 ? 0 : (int)ms);
}

bool sqlite_in_transaction(const struct sqlite *connection)
{
    return !sqlite3_get_autocommit(connection->db);
}

/* Prepared once for each connection, then kept. */
static enum err prepare(struct sqlite *connection, const char *sql, sqlite3_stmt **slot,
                        struct reason *reason)
{
    if (*slot) {
        return ERR_OK;
    }
    int code = sqlite3_prepare_v3(connection->db, sql, -1, SQLITE_PREPARE_PERSISTENT, slot, NULL);
    return code == SQLITE_OK ? ERR_OK : failed(connection, sql, reason);
}

/* Runs a statement without rows. The error is told before the reset, which may change its words. */
static enum err run(struct sqlite *connection, const char *sql, sqlite3_stmt **slot,
                    struct reason *reason)
{
    TRY(prepare(connection, sql, slot, reason));
    int code = sqlite3_step(*slot);
    enum err err =
        code == SQLITE_DONE || code == SQLITE_ROW ? ERR_OK : failed(connection, sql, reason);
    (void)sqlite3_reset(*slot);
    return err;
}

enum err sqlite_control(struct sqlite *connection, enum sqlite_step step, struct reason *reason)
{
    return run(connection, step_sql[step], &connection->steps[step], reason);
}

enum err sqlite_ping(struct sqlite *connection, struct reason *reason)
{
    return run(connection, "SELECT count(*) FROM sqlite_schema WHERE rowid = 1", &connection->ping,
               reason);
}

static enum err bind_all(struct sqlite *connection, const struct statement *s,
                         const struct value *values, struct reason *reason)
{
    for (int i = 0; i < s->parameters; i++) {
        if (sqlite_bind(connection->prepared[s->number], i + 1, &values[i]) != SQLITE_OK) {
            return failed(connection, s->name, reason);
        }
    }
    return ERR_OK;
}

static enum err step(struct sqlite *connection, const struct statement *s, struct reason *reason)
{
    int code = sqlite3_step(connection->prepared[s->number]);

    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        return failed(connection, s->name, reason);
    }
    connection->row = code == SQLITE_ROW;
    connection->pending = true;
    return ERR_OK;
}

enum err sqlite_execute(struct sqlite *connection, const struct statement *s,
                        const struct value *values, struct reason *reason)
{
    TRY(prepare(connection, s->sqlite, &connection->prepared[s->number], reason));
    enum err err = bind_all(connection, s, values, reason);
    if (err == ERR_OK) {
        err = step(connection, s, reason);
    }
    if (err != ERR_OK) {
        (void)sqlite_finish(connection, s);
    }
    return err;
}

int64_t sqlite_finish(struct sqlite *connection, const struct statement *s)
{
    sqlite3_stmt *prepared = connection->prepared[s->number];

    (void)sqlite3_reset(prepared);
    (void)sqlite3_clear_bindings(prepared); /* they point into the caller's memory */
    connection->pending = false;
    return s->writes ? sqlite3_changes64(connection->db) : 0;
}

static enum err read_row(sqlite3_stmt *prepared, const struct statement *s, struct arena *arena,
                         struct reason *reason, char *row)
{
    for (size_t i = 0; i < s->column_count; i++) {
        const struct column *column = &s->columns[i];
        enum err err = sqlite_column(prepared, (int)i, column->kind, arena, row + column->offset);
        if (err == ERR_FIELD_VALUE) {
            return fail(reason, ERR_STORE, (struct str){0},
                        "%s: the column for %s holds something else", s->name, column->name);
        }
        TRY(err);
    }
    return ERR_OK;
}

enum err sqlite_fetch(struct sqlite *connection, const struct statement *s,
                      const struct sqlite_target *target, void *ret_row)
{
    if (!connection->pending) {
        TRY(step(connection, s, target->reason));
    }
    if (!connection->row) {
        return ERR_MISSING;
    }
    connection->pending = false;
    return read_row(connection->prepared[s->number], s, target->arena, target->reason, ret_row);
}

struct str sqlite_conflict(const struct sqlite *connection)
{
    return str_of(connection->conflict);
}

enum err sqlite_script(struct sqlite *connection, const char *what, const char *sql,
                       struct reason *reason)
{
    int code = sqlite3_exec(connection->db, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? ERR_OK : failed(connection, what, reason);
}

enum err sqlite_number(struct sqlite *connection, const char *sql, int64_t *ret,
                       struct reason *reason)
{
    sqlite3_stmt *prepared = NULL;

    TRY(prepare(connection, sql, &prepared, reason));
    int code = sqlite3_step(prepared);
    enum err err =
        code == SQLITE_ROW || code == SQLITE_DONE ? ERR_OK : failed(connection, sql, reason);
    if (err == ERR_OK) {
        *ret = code == SQLITE_ROW ? sqlite3_column_int64(prepared, 0) : 0;
    }
    (void)sqlite3_finalize(prepared);
    return err;
}

enum err sqlite_copy(struct sqlite *from, struct sqlite *to, struct reason *reason)
{
    sqlite3_backup *backup = sqlite3_backup_init(to->db, "main", from->db, "main");

    if (!backup) {
        return failed(to, "copying", reason);
    }
    /* All in one step, so that it never begins anew because somebody wrote in between: with the
     * log, a reader keeps no writer waiting. */
    (void)sqlite3_backup_step(backup, -1);
    int code = sqlite3_backup_finish(backup);
    return code == SQLITE_OK ? ERR_OK : failed(to, "copying", reason);
}

int sqlite_log_pages(const struct sqlite *connection)
{
    return connection->log_pages;
}

bool sqlite_checkpoint(struct sqlite *connection, enum sqlite_checkpoint how)
{
    static const int modes[] = {
        [CHECKPOINT_BESIDE] = SQLITE_CHECKPOINT_PASSIVE,
        [CHECKPOINT_WHOLE] = SQLITE_CHECKPOINT_RESTART,
        [CHECKPOINT_SHORTEN] = SQLITE_CHECKPOINT_TRUNCATE,
    };
    sqlite3_file *file = NULL;

    sqlite_wait(connection, how == CHECKPOINT_SHORTEN ? READERS_MS : 0);
    int code = sqlite3_wal_checkpoint_v2(connection->db, NULL, modes[how], NULL, NULL);
    if (how == CHECKPOINT_BESIDE &&
        sqlite3_file_control(connection->db, NULL, SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK) {
        /* SQLite itself waits for the disk only when nothing of the log is left, with others
         * writing so with their lock in its hand. Should this fail, that one is told, by its own
         * handle. */
        (void)file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
    }
    return code == SQLITE_OK;
}

void sqlite_prepare(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
}

const char *sqlite_library(void)
{
    return sqlite3_libversion();
}
