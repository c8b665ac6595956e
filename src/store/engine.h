/* What an engine brings, and what it shares with store.c. Only the files of this floor include
 * this.
 *
 * An engine extends `struct store` and `struct seat` by making them the first member of its own. */
#pragma once

#include "base/err.h"
#include "base/str.h"
#include "model/unit.h"
#include "store/statement.h"
#include "store/store.h"

struct arena;

struct store {
    const struct engine *engine;
    int bell;           /* an eventfd: rung to end a wait */
    _Atomic bool woken; /* by store_wake */
};

enum {
    CONFLICT_MAX = 128
};

/* A statement with its values. */
struct errand {
    const struct statement *statement; /* NULL: none */
    const struct value *values;
};

struct tx {
    struct seat *seat;
    enum unit_kind kind;
    struct arena *arena;
    bool open, written;
    enum err spoiled;            /* the first error of a statement; what is left is rolling back */
    struct errand last;          /* what tx_commit is to run */
    char conflict[CONFLICT_MAX]; /* after ERR_TAKEN */
};

struct seat {
    struct store *store;
    struct tx tx;
    struct reason reason; /* of the newest unit */
};

struct engine {
    /* Mandatory: "sqlite:", what its addresses begin with, and the sizes of what it makes of
     * `struct store` and `struct seat`. */
    const char *scheme;
    size_t store_size, seat_size;

    /* Mandatory. As store_look has it. */
    enum err (*look)(const struct store_settings *settings, struct str data_directory,
                     struct reason *reason);

    /* Mandatory. `store` is all zeros but for what is common. `settings` has an address of this
     * scheme; texts in it may go away afterwards. ERR_CONFIG: the address cannot be right.
     * ERR_STORE: what is there is no store. ERR_STORE_DOWN: it cannot be reached. */
    enum err (*open)(struct store *store, const struct store_settings *settings,
                     struct str data_directory, struct reason *reason);

    /* Mandatory. Lets go of what `open` took, also when that failed half-way. Every seat is closed
     * before. */
    void (*close)(struct store *store);

    /* Mandatory. Two processes may migrate at once: one waits. ERR_STORE: a newer schema, or a
     * migration that does not run. */
    enum err (*migrate)(struct store *store, struct reason *reason);

    /* Mandatory. As migrate, on a copy or undone in the end. */
    enum err (*rehearse)(struct store *store, struct reason *reason, struct store_steps *ret);

    /* Mandatory. The schema that the store has; 0 when it is empty. */
    enum err (*version)(struct store *store, int64_t *ret);

    /* Optional: an engine without it counts nothing. */
    void (*counters)(const struct store *store, struct store_counters *ret);

    /* Optional: without it a wait is only over in the end, or when woken. As store_wait. */
    bool (*wait)(struct store *store, int64_t ms);

    /* Mandatory. As `open` and `close`, for a seat. */
    enum err (*seat_open)(struct seat *seat);
    void (*seat_close)(struct seat *seat);

    /* Mandatory. ERR_STORE_DOWN: it cannot be read now; the next call tries anew. */
    enum err (*ping)(struct seat *seat);

    /* Optional: an engine without it tidies up by itself. As seat_tidy. */
    void (*tidy)(struct seat *seat);

    /* Mandatory. ERR_BUSY: the turn at writing did not come in time. After an error nothing is
     * open. */
    enum err (*begin)(struct tx *tx);

    /* Mandatory. ERR_OK only for what is durable; ERR_STORE_RETRY when running the unit again may
     * help. Whatever it answers, nothing is open afterwards. */
    enum err (*commit)(struct tx *tx);

    /* Optional: keeps a unit that has written nothing but what it wants to run last. Without it, it
     * is run like any other, and then `commit`. ERR_STORE_RETRY, too, when it changes no row. */
    enum err (*commit_last)(struct tx *tx);

    /* Mandatory. Also after a failed statement, a lost connection, or no statement at all. */
    void (*rollback)(struct tx *tx);

    /* Mandatory. Starts a statement. ERR_TAKEN: a unique key stands against it, and tx->conflict
     * names it. ERR_BUSY, ERR_STORE_FULL, ERR_STORE_DOWN, ERR_STORE_RETRY as in err.h. After an
     * error the statement is over; after ERR_OK `finish` is called. */
    enum err (*execute)(struct tx *tx, const struct statement *s, const struct value *values);

    /* Mandatory. The next row, its texts in the unit's arena; ERR_MISSING when there is none left.
     */
    enum err (*fetch)(struct tx *tx, const struct statement *s, void *ret_row);

    /* Mandatory. Ends the statement and tells how many rows it changed. Cannot fail. */
    int64_t (*finish)(struct tx *tx, const struct statement *s);
};

/* Another migration has run, since that moment (monotonic). NULL is fine. */
void store_steps_note(struct store_steps *steps, int64_t began_ms);

extern const struct engine sqlite_engine, postgres_engine;

/* The schema, written by tools/sqlgen.py into migrations.c. Version n is migrations[n - 1]. */
struct migration {
    const char *name, *sha256; /* of its source, that a released one can be told to be unchanged */
    const char *sqlite, *postgres;
};
extern const struct migration migrations[];
extern const int64_t migration_count;

/* ERR_STORE: this schema is newer than any that the program knows. */
enum err migration_check(int64_t version, struct reason *reason);
