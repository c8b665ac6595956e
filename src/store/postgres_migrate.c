/* Migrations on PostgreSQL: each in a transaction of its own, under a lock that ends with it, so
 * that a node which dies leaves neither half a schema nor a lock behind. */
#include "store/postgres_migrate.h"

#include "base/moment.h"
#include "store/engine.h"

/* The lock's number is "Signet" in ASCII. Whoever holds it may take its time. */
#define BEGIN_SQL                                                                                  \
    "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;"                          \
    "SELECT pg_advisory_xact_lock(91620905084276)"

/* A rehearsal asks for the same locks, but stands in nobody's way for long. */
#define REHEARSE_SQL                                                                               \
    "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 2000;"                       \
    "SELECT pg_advisory_xact_lock(91620905084276)"

#define VERSIONS_SQL                                                                               \
    "CREATE TABLE IF NOT EXISTS schema_version (version bigint PRIMARY KEY,"                       \
    " name text NOT NULL, applied_at timestamptz NOT NULL)"

static enum err read_version(struct postgres *connection, int64_t *ret, struct reason *reason)
{
    int64_t there;

    TRY(postgres_number(connection, "SELECT count(to_regclass('schema_version'))", &there, reason));
    if (there == 0) {
        *ret = 0;
        return ERR_OK;
    }
    return postgres_number(connection, "SELECT max(version) FROM schema_version", ret, reason);
}

static enum err apply(struct postgres *connection, int64_t version, struct reason *reason)
{
    const struct migration *migration = &migrations[version - 1];
    char note[256];

    TRY(postgres_script(connection, migration->name, migration->postgres, reason));
    (void)snprintf(note, sizeof note, "INSERT INTO schema_version VALUES (%lld, '%s', now())",
                   (long long)version, migration->name);
    return postgres_script(connection, "schema_version", note, reason);
}

/* The version that there is, once the lock is held. */
static enum err begin_at(struct postgres *connection, int64_t *ret, struct reason *reason)
{
    TRY(postgres_script(connection, "schema_version", VERSIONS_SQL, reason));
    TRY(read_version(connection, ret, reason));
    return migration_check(*ret, reason);
}

static enum err migrate_once(struct postgres *connection, struct reason *reason, bool *ret_done)
{
    int64_t version;

    TRY(postgres_script(connection, "the lock of migrations", BEGIN_SQL, reason));
    TRY(begin_at(connection, &version, reason));
    *ret_done = version == migration_count;
    if (!*ret_done) {
        TRY(apply(connection, version + 1, reason));
    }
    return postgres_script(connection, "COMMIT", "COMMIT", reason);
}

enum err postgres_migrate(const struct postgres_address *address, struct reason *reason)
{
    struct postgres *connection;
    enum err err = ERR_OK;
    bool done = false;

    TRY(postgres_open(address, POSTGRES_MIGRATING, reason, &connection));
    while (err == ERR_OK && !done) {
        err = migrate_once(connection, reason, &done);
    }
    if (err != ERR_OK) {
        /* A pooler keeps the connection, and must not keep the transaction. */
        (void)!postgres_script(connection, "ROLLBACK", "ROLLBACK", NULL);
    }
    postgres_close(connection);
    return err == ERR_STORE_RETRY ? ERR_STORE_DOWN : err; /* the connection was lost */
}

static enum err rehearse_all(struct postgres *connection, struct reason *reason,
                             struct store_steps *steps)
{
    int64_t version;

    TRY(postgres_script(connection, "the lock of migrations", REHEARSE_SQL, reason));
    TRY(begin_at(connection, &version, reason));
    for (; version < migration_count; version++) {
        int64_t began = monotonic_ms();
        TRY(apply(connection, version + 1, reason));
        store_steps_note(steps, began);
    }
    return ERR_OK;
}

enum err postgres_rehearse(const struct postgres_address *address, struct reason *reason,
                           struct store_steps *ret)
{
    struct store_steps steps = {0};
    struct postgres *connection;

    TRY(postgres_open(address, POSTGRES_MIGRATING, reason, &connection));
    enum err err = rehearse_all(connection, reason, &steps);
    (void)!postgres_script(connection, "ROLLBACK", "ROLLBACK", NULL); /* well or not */
    postgres_close(connection);
    if (err != ERR_OK) {
        return err == ERR_STORE_RETRY ? ERR_STORE_DOWN : err;
    }
    *ret = steps;
    return ERR_OK;
}

enum err postgres_version(const struct postgres_address *address, struct reason *reason,
                          int64_t *ret)
{
    struct postgres *connection;

    TRY(postgres_open(address, POSTGRES_LISTENING, reason, &connection));
    enum err err = read_version(connection, ret, reason);
    postgres_close(connection);
    return err == ERR_STORE_RETRY ? ERR_STORE_DOWN : err;
}
