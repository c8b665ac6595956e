/* The store on a PostgreSQL server: each seat has a connection of its own, each unit is a
 * transaction.
 *
 * Units that may write are SERIALIZABLE. They load, decide and write, and what they decide on must
 * still be so when they are kept: that another administrator is left, that the password has not
 * been changed. The server watches over that for every unit, written and yet to be written; locks
 * would have to be remembered in each. The price is that a unit may have to run again
 * (ERR_STORE_RETRY), which the floor above does. Units that only read see one view and are never
 * refused. */
#include "base/buf.h"
#include "base/moment.h"
#include "base/random.h"
#include "store/engine.h"
#include "store/postgres.h"
#include "store/postgres_address.h"
#include "store/postgres_herald.h"
#include "store/postgres_migrate.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAUSE_FIRST_MS = 20,
    PAUSE_MOST_MS = 1000
};

struct postgres_store {
    struct store common;
    struct postgres_address address;
    struct herald *herald;
    _Atomic uint64_t kept, undone;
};

struct postgres_seat {
    struct seat common;
    struct postgres *connection; /* NULL until the next unit, after it was lost */
    int64_t pause_ms, again;     /* after a connection that could not be made */
    struct reason refused;       /* why it could not */
};

static struct postgres_store *own_store(struct store *store)
{
    return (struct postgres_store *)store;
}

static struct postgres_seat *own_seat(struct seat *seat)
{
    return (struct postgres_seat *)seat;
}

static enum err engine_look(const struct store_settings *settings, struct str data_directory,
                            struct reason *reason)
{
    CLEANUP(postgres_address_release) struct postgres_address address = {0};
    int64_t version;

    (void)data_directory;
    TRY(postgres_address_read(settings, reason, &address));
    TRY(postgres_version(&address, reason, &version));
    return version == 0 ? ERR_MISSING : ERR_OK;
}

static enum err engine_open(struct store *store, const struct store_settings *settings,
                            struct str data_directory, struct reason *reason)
{
    struct postgres_store *own = own_store(store);
    struct postgres *trial;

    (void)data_directory;
    TRY(postgres_address_read(settings, reason, &own->address));
    TRY(herald_create(&own->address, store->bell, &own->herald));
    TRY(postgres_open(&own->address, POSTGRES_UNITS, reason, &trial));
    postgres_close(trial);
    return ERR_OK;
}

static void engine_close(struct store *store)
{
    struct postgres_store *own = own_store(store);

    herald_destroy(own->herald);
    postgres_address_release(&own->address);
}

static enum err engine_migrate(struct store *store, struct reason *reason)
{
    return postgres_migrate(&own_store(store)->address, reason);
}

static enum err engine_rehearse(struct store *store, struct reason *reason, struct store_steps *ret)
{
    return postgres_rehearse(&own_store(store)->address, reason, ret);
}

static enum err engine_version(struct store *store, int64_t *ret)
{
    return postgres_version(&own_store(store)->address, NULL, ret);
}

static void engine_counters(const struct store *store, struct store_counters *ret)
{
    const struct postgres_store *own = (const struct postgres_store *)store;

    ret->commits = atomic_load(&own->kept);
    ret->units = ret->commits;
    ret->batch[0] = ret->commits;
    ret->rollbacks = atomic_load(&own->undone);
}

static bool engine_wait(struct store *store, int64_t ms)
{
    return herald_wait(own_store(store)->herald, ms, &store->woken);
}

/* Connections. A seat whose connection was lost makes a new one with its next unit; if that fails,
 * it says so at once until some time has passed, a different one for each seat, so that they
 * neither keep threads waiting nor come to a server that has just started all at the same moment.
 */

static void put_off(struct postgres_seat *seat)
{
    uint16_t chance = 0;

    (void)!random_fill(&chance, sizeof chance); /* without it they come together, and that is all */
    seat->pause_ms = seat->pause_ms == 0 ? PAUSE_FIRST_MS : 2 * seat->pause_ms;
    seat->pause_ms = seat->pause_ms > PAUSE_MOST_MS ? PAUSE_MOST_MS : seat->pause_ms;
    seat->again = monotonic_ms() + seat->pause_ms / 2 + chance % (seat->pause_ms / 2 + 1);
}

static enum err connect_anew(struct postgres_seat *seat)
{
    struct postgres_store *store = own_store(seat->common.store);

    if (monotonic_ms() < seat->again) {
        return fail(&seat->common.reason, ERR_STORE_DOWN, (struct str){0}, "%s",
                    seat->refused.detail);
    }
    seat->refused = (struct reason){0};
    enum err err =
        postgres_open(&store->address, POSTGRES_UNITS, &seat->refused, &seat->connection);
    if (err != ERR_OK) {
        put_off(seat);
        return fail(&seat->common.reason, err, (struct str){0}, "%s", seat->refused.detail);
    }
    seat->pause_ms = 0;
    return ERR_OK;
}

static enum err ready(struct postgres_seat *seat)
{
    if (seat->connection && postgres_is_well(seat->connection)) {
        return ERR_OK;
    }
    postgres_close(seat->connection);
    seat->connection = NULL;
    return connect_anew(seat);
}

static enum err engine_seat_open(struct seat *seat)
{
    return connect_anew(own_seat(seat));
}

static void engine_seat_close(struct seat *seat)
{
    postgres_close(own_seat(seat)->connection);
}

static enum err engine_ping(struct seat *seat)
{
    struct postgres_seat *own = own_seat(seat);

    if (!seat->tx.open) {
        TRY(ready(own));
    }
    return postgres_ping(own->connection, &seat->reason);
}

static enum err engine_begin(struct tx *tx)
{
    struct postgres_seat *seat = own_seat(tx->seat);

    TRY(ready(seat));
    postgres_begin(seat->connection, tx->kind == TX_READ ? POSTGRES_READ : POSTGRES_WRITE);
    return ERR_OK;
}

static void count(struct tx *tx, bool kept)
{
    struct postgres_store *store = own_store(tx->seat->store);

    if (tx->written || tx->kind == TX_WRITE) {
        atomic_fetch_add(kept ? &store->kept : &store->undone, 1);
    }
}

static enum err engine_commit(struct tx *tx)
{
    enum err err = postgres_commit(own_seat(tx->seat)->connection, &tx->seat->reason);

    count(tx, err == ERR_OK);
    if (err == ERR_OK && tx->written) {
        herald_tell(own_store(tx->seat->store)->herald);
    }
    return err;
}

static void engine_rollback(struct tx *tx)
{
    postgres_rollback(own_seat(tx->seat)->connection);
    count(tx, false);
}

static enum err engine_execute(struct tx *tx, const struct statement *s, const struct value *values)
{
    struct postgres *connection = own_seat(tx->seat)->connection;
    struct postgres_target target = {tx->arena, &tx->seat->reason};

    enum err err = postgres_execute(connection, s, values, &target);
    if (err == ERR_TAKEN) {
        struct buf name = buf_over(tx->conflict, sizeof tx->conflict - 1);
        buf_put(&name, postgres_conflict(connection));
    }
    return err;
}

static enum err engine_fetch(struct tx *tx, const struct statement *s, void *ret_row)
{
    struct postgres_target target = {tx->arena, &tx->seat->reason};

    return postgres_fetch(own_seat(tx->seat)->connection, s, &target, ret_row);
}

static int64_t engine_finish(struct tx *tx, const struct statement *s)
{
    (void)s;
    return postgres_finish(own_seat(tx->seat)->connection);
}

const struct engine postgres_engine = {
    .scheme = "postgresql:",
    .store_size = sizeof(struct postgres_store),
    .seat_size = sizeof(struct postgres_seat),
    .look = engine_look,
    .open = engine_open,
    .close = engine_close,
    .migrate = engine_migrate,
    .rehearse = engine_rehearse,
    .version = engine_version,
    .counters = engine_counters,
    .wait = engine_wait,
    .seat_open = engine_seat_open,
    .seat_close = engine_seat_close,
    .ping = engine_ping,
    .begin = engine_begin,
    .commit = engine_commit,
    .rollback = engine_rollback,
    .execute = engine_execute,
    .fetch = engine_fetch,
    .finish = engine_finish,
};
