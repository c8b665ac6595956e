/* The store: picking the engine, and the life of seats and units. */
#include "store/store.h"

#include "base/setting.h"
#include "store/engine.h"

#include <unistd.h>

#include <poll.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/eventfd.h>

/* clang-format off */
static const struct setting rows[] = {
    {"store", "url", SETTING_TEXT, offsetof(struct store_settings, url),
     .initial = "sqlite:signet.db",
     .help = "where everything is kept: sqlite:FILE, relative to the data directory, or postgresql://USER@HOST/DATABASE?sslmode=verify-full; a password is better kept in ~/.pgpass"},
    {"store", "busy_timeout", SETTING_NUMBER, offsetof(struct store_settings, busy_ms),
     .initial = "5000", .least = 10, .most = 60000,
     .help = "milliseconds that a request waits for its turn at writing before it is told to come back"},
    {"store", "cache", SETTING_BYTES, offsetof(struct store_settings, cache_bytes),
     .initial = "8m", .least = 262144, .most = 4294967296,
     .help = "page cache of each connection to SQLite"},
    {"store", "log_most", SETTING_BYTES, offsetof(struct store_settings, log_bytes),
     .initial = "1g", .least = 67108864, .most = 1099511627776,
     .help = "how long SQLite's log may grow while somebody reads the file and does not end; then changes are refused until it has been emptied"},
    {"store", "connect_timeout", SETTING_SECONDS, offsetof(struct store_settings, connect_s),
     .initial = "5s", .least = 2, .most = 60,
     .help = "how long a connection to a PostgreSQL server may take to be made, for each of its addresses"},
    {"store", "statement_timeout", SETTING_NUMBER, offsetof(struct store_settings, statement_ms),
     .initial = "10000", .least = 100, .most = 600000,
     .help = "milliseconds that PostgreSQL may take for one statement"},
    {"store", "lock_timeout", SETTING_NUMBER, offsetof(struct store_settings, lock_ms),
     .initial = "5000", .least = 10, .most = 60000,
     .help = "milliseconds that a statement waits for what another unit holds in PostgreSQL"},
    {"store", "pooler", SETTING_SWITCH, offsetof(struct store_settings, pooler), .initial = "no",
     .help = "yes when a pooler hands connections out by transaction (pgbouncer): then nothing is left on them"},
    {"store", "prepare", SETTING_SWITCH, offsetof(struct store_settings, prepare), .initial = "yes",
     .help = "no when that pooler cannot keep prepared statements (pgbouncer before 1.21)"},
};
/* clang-format on */

const struct setting_table store_settings_table = {rows, ARRAY_LEN(rows),
                                                   sizeof(struct store_settings)};

static const struct engine *const engines[] = {&sqlite_engine, &postgres_engine};

static const struct engine *engine_for(struct str url)
{
    for (size_t i = 0; i < ARRAY_LEN(engines); i++) {
        if (str_starts(url, str_of(engines[i]->scheme))) {
            return engines[i];
        }
    }
    return NULL;
}

static enum err no_engine(struct reason *reason)
{
    /* Without the address: there may be a password in it. */
    return fail(reason, ERR_CONFIG, STR("store.url"),
                "store.url is no address of a store; write sqlite:FILE or "
                "postgresql://HOST/DATABASE");
}

enum err store_look(const struct store_settings *settings, struct str data_directory,
                    struct reason *reason)
{
    const struct engine *engine = engine_for(settings->url);

    return engine ? engine->look(settings, data_directory, reason) : no_engine(reason);
}

enum err store_open(const struct store_settings *settings, struct str data_directory,
                    struct reason *reason, struct store **ret)
{
    const struct engine *engine = engine_for(settings->url);

    if (!engine) {
        return no_engine(reason);
    }
    struct store *store = calloc(1, engine->store_size);
    if (!store) {
        return ERR_MEMORY;
    }
    store->engine = engine;
    store->bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    enum err err =
        store->bell < 0 ? ERR_SYSTEM : engine->open(store, settings, data_directory, reason);
    if (err != ERR_OK) {
        store_close(store);
        return err;
    }
    *ret = store;
    return ERR_OK;
}

void store_close(struct store *store)
{
    if (store) {
        store->engine->close(store);
        (void)close(store->bell);
        free(store);
    }
}

static void wait_for_bell(struct store *store, int64_t ms)
{
    struct pollfd wait = {.fd = store->bell, .events = POLLIN};
    eventfd_t rung;

    if (!atomic_load(&store->woken) && poll(&wait, 1, (int)ms) > 0) {
        (void)eventfd_read(store->bell, &rung);
    }
}

bool store_wait(struct store *store, int64_t ms)
{
    bool written = false;

    if (store->engine->wait) {
        written = store->engine->wait(store, ms);
    } else {
        wait_for_bell(store, ms);
    }
    atomic_store(&store->woken, false);
    return written;
}

void store_wake(struct store *store)
{
    atomic_store(&store->woken, true);
    (void)eventfd_write(store->bell, 1);
}

enum err store_migrate(struct store *store, struct reason *reason)
{
    return store->engine->migrate(store, reason);
}

enum err migration_check(int64_t version, struct reason *reason)
{
    return version <= migration_count ? ERR_OK
                                      : fail(reason, ERR_STORE, (struct str){0},
                                             "the store was written by a newer signet (schema "
                                             "%lld, this binary knows %lld)",
                                             (long long)version, (long long)migration_count);
}

enum err store_rehearse(struct store *store, struct reason *reason, struct store_steps *ret)
{
    return store->engine->rehearse(store, reason, ret);
}

void store_steps_note(struct store_steps *steps, int64_t began_ms)
{
    if (steps && steps->count < STORE_STEPS) {
        steps->ms[steps->count++] = monotonic_ms() - began_ms;
    }
}

const char *store_migration_name(int64_t version)
{
    return migrations[version - 1].name;
}

enum err store_version(struct store *store, struct store_version *ret)
{
    int64_t schema;

    TRY(store->engine->version(store, &schema));
    *ret = (struct store_version){.schema = schema, .newest = migration_count};
    return ERR_OK;
}

void store_counters(const struct store *store, struct store_counters *ret)
{
    *ret = (struct store_counters){0};
    if (store->engine->counters) {
        store->engine->counters(store, ret);
    }
}

enum err seat_open(struct store *store, struct seat **ret)
{
    struct seat *seat = calloc(1, store->engine->seat_size);

    if (!seat) {
        return ERR_MEMORY;
    }
    seat->store = store;
    enum err err = store->engine->seat_open(seat);
    if (err != ERR_OK) {
        seat_close(seat);
        return err;
    }
    *ret = seat;
    return ERR_OK;
}

void seat_close(struct seat *seat)
{
    if (seat) {
        tx_rollback(&seat->tx);
        seat->store->engine->seat_close(seat);
        free(seat);
    }
}

enum err seat_ping(struct seat *seat)
{
    return seat->store->engine->ping(seat);
}

void seat_tidy(struct seat *seat)
{
    if (seat->store->engine->tidy) {
        seat->store->engine->tidy(seat);
    }
}

const struct reason *seat_reason(const struct seat *seat)
{
    return &seat->reason;
}

enum err tx_begin(struct seat *seat, enum unit_kind kind, struct arena *arena, struct tx **ret)
{
    struct tx *tx = &seat->tx;

    if (tx->open) {
        return fail(&seat->reason, ERR_STORE, (struct str){0},
                    "a unit is open on this seat already");
    }
    seat->reason = (struct reason){0};
    if (kind == TX_NONE) {
        return fail(&seat->reason, ERR_STORE, (struct str){0}, "a unit of the kind none was begun");
    }
    *tx = (struct tx){.seat = seat, .kind = kind, .arena = arena};
    TRY(seat->store->engine->begin(tx));
    tx->open = true;
    *ret = tx;
    return ERR_OK;
}

static enum err run_last(struct tx *tx)
{
    int64_t changed;

    if (!tx->last.statement) {
        return ERR_OK;
    }
    TRY(statement_run(tx, tx->last.statement, tx->last.values, &changed));
    return changed > 0 ? ERR_OK : ERR_STORE_RETRY;
}

enum err tx_commit(struct tx *tx)
{
    const struct engine *engine = tx->seat->store->engine;

    if (!tx->open) {
        return fail(&tx->seat->reason, ERR_STORE, (struct str){0}, "the unit is over already");
    }
    if (tx->spoiled != ERR_OK) {
        tx_rollback(tx);
        return tx->spoiled;
    }
    if (tx->last.statement && tx->kind == TX_LATE && !tx->written && engine->commit_last) {
        tx->open = false;
        return engine->commit_last(tx);
    }
    enum err err = run_last(tx);
    if (err != ERR_OK) {
        tx_rollback(tx);
        return err;
    }
    tx->open = false;
    return engine->commit(tx);
}

void tx_rollback(struct tx *tx)
{
    if (tx && tx->open) {
        tx->open = false;
        tx->seat->store->engine->rollback(tx);
    }
}

bool tx_has_written(const struct tx *tx)
{
    return tx->written;
}

struct str tx_conflict(const struct tx *tx)
{
    return str_of(tx->conflict[0] ? tx->conflict : NULL);
}
