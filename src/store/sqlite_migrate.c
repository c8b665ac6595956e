/* Migrations on SQLite: each in a transaction of its own, by a connection that is there for nothing
 * else. They are rehearsed on a copy of the file. */
#include "store/sqlite_migrate.h"

#include "base/moment.h"
#include "store/engine.h"

#include <unistd.h>

#include <limits.h>
#include <stdio.h>

enum {
    ENDS = 16 /* the longest of what SQLite puts behind a name, and more */
};

static enum err read_version(struct sqlite *connection, int64_t *ret, struct reason *reason)
{
    int64_t tables;

    TRY(sqlite_number(connection,
                      "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'", &tables,
                      reason));
    if (tables == 0) {
        *ret = 0;
        return ERR_OK;
    }
    return sqlite_number(connection, "SELECT max(version) FROM schema_version", ret, reason);
}

static enum err apply(struct sqlite *connection, int64_t version, struct reason *reason)
{
    const struct migration *migration = &migrations[version - 1];
    char note[256];
    int64_t orphans = 0;

    TRY(sqlite_script(connection, migration->name, migration->sqlite, reason));
    TRY(sqlite_number(connection, "SELECT count(*) FROM pragma_foreign_key_check", &orphans,
                      reason));
    if (orphans > 0) {
        return fail(reason, ERR_STORE, (struct str){0},
                    "migration %s leaves %lld rows without parent", migration->name,
                    (long long)orphans);
    }
    (void)snprintf(note, sizeof note, "INSERT INTO schema_version VALUES (%lld, '%s', %lld)",
                   (long long)version, migration->name, (long long)moment_now().ms);
    return sqlite_script(connection, "schema_version", note, reason);
}

/* One migration, inside of a transaction. */
static enum err migrate_once(struct sqlite *connection, struct reason *reason, bool *ret_done)
{
    int64_t version;

    TRY(sqlite_script(connection, "schema_version",
                      "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY,"
                      " name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT",
                      reason));
    TRY(read_version(connection, &version, reason));
    TRY(migration_check(version, reason));
    *ret_done = version == migration_count;
    return *ret_done ? ERR_OK : apply(connection, version + 1, reason);
}

static enum err migrate_all(struct sqlite *connection, struct reason *reason,
                            struct store_steps *steps)
{
    bool done = false;

    while (!done) {
        int64_t began = monotonic_ms();
        TRY(sqlite_control(connection, STEP_BEGIN_IMMEDIATE, reason));
        enum err err = migrate_once(connection, reason, &done);
        if (err == ERR_OK) {
            err = sqlite_control(connection, STEP_COMMIT, reason);
        }
        if (err != ERR_OK && sqlite_in_transaction(connection)) {
            (void)sqlite_control(connection, STEP_ROLLBACK, reason);
        }
        TRY(err);
        if (!done) {
            store_steps_note(steps, began);
        }
    }
    return ERR_OK;
}

enum err sqlite_migrate(const struct sqlite_file *file, struct reason *reason)
{
    struct sqlite *connection;

    TRY(sqlite_open(file, USE_MIGRATING, reason, &connection));
    enum err err = migrate_all(connection, reason, NULL);
    sqlite_close(connection);
    return err;
}

enum err sqlite_version(const struct sqlite_file *file, int64_t *ret)
{
    struct sqlite *connection;

    TRY(sqlite_open(file, USE_READING, NULL, &connection));
    enum err err = read_version(connection, ret, NULL);
    sqlite_close(connection);
    return err;
}

/* Rehearsing. The copy is what SQLite makes of one view of the file, so the server goes on beside
 * it; it lies in the same folder, as nowhere else is sure to have the room, or to be as private. */

static enum err copy_and_migrate(const struct sqlite_file *file, const struct sqlite_file *copy,
                                 struct reason *reason, struct store_steps *ret)
{
    struct sqlite *from, *to;

    TRY(sqlite_open(file, USE_READING, reason, &from));
    enum err err = sqlite_open(copy, USE_MIGRATING, reason, &to);
    if (err == ERR_OK) {
        err = sqlite_script(to, "the copy", "PRAGMA synchronous = OFF", reason);
        if (err == ERR_OK) {
            err = sqlite_copy(from, to, reason);
        }
        if (err == ERR_OK) {
            err = migrate_all(to, reason, ret);
        }
        sqlite_close(to);
    }
    sqlite_close(from);
    return err;
}

/* The file and those that SQLite keeps beside it; there is room behind the name. */
static void remove_all(char *path, size_t length)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};

    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        (void)snprintf(path + length, ENDS, "%s", ends[i]);
        (void)unlink(path);
    }
}

enum err sqlite_rehearse(const struct sqlite_file *file, struct reason *reason,
                         struct store_steps *ret)
{
    char path[PATH_MAX + ENDS];
    struct sqlite_file copy = *file;
    struct store_steps steps = {0};

    int length = snprintf(path, PATH_MAX, "%s.rehearsal-%ld", file->path, (long)getpid());
    if (length < 0 || length >= PATH_MAX) {
        return fail(reason, ERR_STORE, STR("store.url"), "the file name in store.url is too long");
    }
    copy.path = path;
    enum err err = copy_and_migrate(file, &copy, reason, &steps);
    remove_all(path, (size_t)length);
    TRY(err);
    *ret = steps;
    return ERR_OK;
}
