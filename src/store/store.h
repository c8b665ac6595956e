/* The store: two engines behind one small table, units of work, typed statements.
 *
 * A thread that works with the store opens a seat (its own connection) and runs its units on it.
 * The statements are in store/sql; tools/sqlgen.py makes one typed function of each (q_…, in
 * "store/queries.h"), which is all that the floors above call. */
#pragma once

#include "base/err.h"
#include "base/moment.h"
#include "base/str.h"
#include "model/unit.h"

struct arena;
struct store;
struct seat;

struct store_settings {
    struct str url; /* sqlite:FILE (relative to the data directory) or postgresql://… */
    /* SQLite */
    int64_t busy_ms;     /* how long a unit waits for its turn at writing before ERR_BUSY */
    int64_t cache_bytes; /* page cache of each connection */
    int64_t log_bytes;   /* of the log; longer, and units that write are ERR_STORE_FULL */
    /* PostgreSQL */
    int64_t connect_s, statement_ms, lock_ms;
    bool pooler, prepare;
};
extern const struct setting_table store_settings_table;

/* Is there a store at that address? ERR_MISSING when there is nothing; otherwise as store_open,
 * which would make it. Makes and changes nothing. */
enum err store_look(const struct store_settings *settings, struct str data_directory,
                    struct reason *reason);

/* ERR_CONFIG: the address cannot be right. ERR_STORE: what is there is no store of ours.
 * ERR_STORE_DOWN: it cannot be reached. The settings may go away afterwards. */
enum err store_open(const struct store_settings *settings, struct str data_directory,
                    struct reason *reason, struct store **ret);
void store_close(struct store *store); /* NULL is fine; every seat is closed before */

/* Brings the schema up to this binary's, under a lock, each migration in a transaction of its own.
 * A schema newer than this binary is ERR_STORE with a reason in plain words. */
enum err store_migrate(struct store *store, struct reason *reason);

/* Runs what store_migrate would, with the rows that are there, and keeps nothing of it: on a copy
 * (SQLite), or in a transaction that is rolled back (PostgreSQL, which holds the same locks
 * meanwhile). Fails as store_migrate does, and changes nothing either way. */
enum {
    STORE_STEPS = 64 /* no store is further behind */
};
struct store_steps {
    size_t count;
    int64_t ms[STORE_STEPS]; /* what each took, the oldest first: the last is the newest schema */
};
enum err store_rehearse(struct store *store, struct reason *reason, struct store_steps *ret);

/* The name of a migration, 1 being the first. */
const char *store_migration_name(int64_t version);

struct store_version {
    int64_t schema, newest; /* what the store has; what this binary brings */
};
enum err store_version(struct store *store, struct store_version *ret);

enum err seat_open(struct store *store, struct seat **ret);
void seat_close(struct seat *seat); /* NULL is fine */

/* One unit of work. At most one is open on a seat at a time. */
struct tx;

/* Never TX_NONE. ERR_BUSY, ERR_STORE_DOWN. Everything the unit reads lives in `arena`. */
enum err tx_begin(struct seat *seat, enum unit_kind kind, struct arena *arena, struct tx **ret);

/* ERR_OK means that every write of the unit is durable. With any other answer nothing of it is
 * there, and ERR_STORE_RETRY says that the whole unit may be run again. The unit is over either
 * way.
 *
 * A statement that fails with anything but ERR_MISSING spoils its unit: every further statement and
 * tx_commit answer the same error, and nothing is kept. */
enum err tx_commit(struct tx *tx);

/* NULL is fine, and so is a unit that is over. May wait as tx_commit does: what the unit was told
 * by the store (that a key is taken, say) is settled when this returns. */
void tx_rollback(struct tx *tx);

/* Has any writing statement of the unit succeeded? */
bool tx_has_written(const struct tx *tx);

/* After ERR_TAKEN: the unique index in the way, named TABLE_COLUMN after its first column
 * ("users_email_key"). No text otherwise. */
struct str tx_conflict(const struct tx *tx);

/* Why the newest unit of this seat failed, in the engine's words: for the log alone. Holds until
 * the next tx_begin on the seat. */
const struct reason *seat_reason(const struct seat *seat);

/* Cheap: can this store be reached and read now? */
enum err seat_ping(struct seat *seat);

/* Does what writers would otherwise do in the middle of a commit, where there is enough of it:
 * brings SQLite's log into the file. For a thread that has no unit open, a few times a second. */
void seat_tidy(struct seat *seat);

/* Waits until another process may have written (true), `ms` have passed, or store_wake is called.
 * One thread at a time; on PostgreSQL it is also the one that tells the other nodes of what was
 * written here. That nothing was heard says nothing: who has to know looks into the store now and
 * then. */
bool store_wait(struct store *store, int64_t ms);
void store_wake(struct store *store); /* from any thread: the wait under way, or else the next */

/* For metrics: how often was committed, and how many units each commit carried. */
struct store_counters {
    uint64_t commits, units, rollbacks, waits;
    uint64_t batch[8]; /* commits that carried 1, 2, 3-4, 5-8, 9-16, 17-32, 33-64, more units */
};
void store_counters(const struct store *store, struct store_counters *ret);
