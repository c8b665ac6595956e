/* Opening a store without the service around it. */
#include "app/depot.h"

#include "base/arena.h"
#include "base/buf.h"
#include "crypto/digest.h"
#include "crypto/password.h"
#include "store/rows.h"
#include "store/store.h"

#include <stdlib.h>

enum {
    KEEP = 64 << 10,
    LIMIT = 64 << 20,
    STATEMENT_MS = 600000, /* one statement may write, count or clear a lot */
    NAMED = 100
};

static enum err check_version(struct depot *depot, struct reason *reason)
{
    struct store_version version;

    TRY(store_version(depot->store, &version));
    if (version.schema > version.newest) {
        return fail(reason, ERR_CONFIG, STR(""),
                    "the store was written by a newer signet (schema %lld, this one knows %lld): "
                    "use that one",
                    (long long)version.schema, (long long)version.newest);
    }
    if (version.schema < version.newest) {
        return fail(reason, ERR_CONFIG, STR(""),
                    "the store is of an older signet (schema %lld, this one has %lld): use that "
                    "one, or run `signet migrate` first",
                    (long long)version.schema, (long long)version.newest);
    }
    return ERR_OK;
}

static enum err open_store(struct depot *depot, const struct store_settings *settings,
                           struct str data, enum depot_use use, struct reason *reason)
{
    struct store_settings patient = *settings;

    patient.statement_ms = STATEMENT_MS;
    if (use == DEPOT_FILL) {
        TRY(store_open(&patient, data, reason, &depot->store));
        return store_migrate(depot->store, reason);
    }
    enum err e = store_look(&patient, data, reason);
    if (e == ERR_MISSING) {
        return fail(reason, ERR_CONFIG, STR(""), "there is no store there");
    }
    TRY(e);
    TRY(store_open(&patient, data, reason, &depot->store));
    return check_version(depot, reason);
}

static enum err furnish(struct depot *depot, const struct store_settings *settings, struct str data,
                        enum depot_use use, struct reason *reason)
{
    depot->arena = arena_create(KEEP, LIMIT);
    if (!depot->arena) {
        return ERR_MEMORY;
    }
    TRY(password_start());
    TRY(digester_create(&depot->digester));
    TRY(open_store(depot, settings, data, use, reason));
    return seat_open(depot->store, &depot->seat);
}

enum err depot_open(const struct store_settings *settings, struct str data, enum depot_use use,
                    struct reason *reason, struct depot **ret)
{
    struct depot *depot = calloc(1, sizeof *depot);

    if (!depot) {
        return ERR_MEMORY;
    }
    enum err e = furnish(depot, settings, data, use, reason);
    if (e != ERR_OK) {
        depot_close(depot);
        return e;
    }
    *ret = depot;
    return ERR_OK;
}

void depot_close(struct depot *depot)
{
    if (depot) {
        seat_close(depot->seat);
        store_close(depot->store);
        digester_destroy(depot->digester);
        arena_destroy(depot->arena);
        free(depot);
    }
}

void depot_close_at(struct depot **depot)
{
    depot_close(*depot);
}

enum err depot_begin(struct depot *depot, enum unit_kind kind)
{
    return tx_begin(depot->seat, kind, depot->arena, &depot->tx);
}

enum err depot_said(const struct depot *depot, enum err e, struct reason *reason)
{
    const char *words = seat_reason(depot->seat)->detail;

    return e == ERR_OK || !words[0] ? e : fail(reason, e, STR(""), "%s", words);
}

enum err depot_keep(struct depot *depot, struct reason *reason)
{
    return depot_said(depot, tx_commit(depot->tx), reason);
}

enum err depot_is_empty(struct depot *depot, struct reason *reason)
{
    char memory[NAMED];
    struct buf found = buf_over(memory, sizeof memory);
    int64_t rows;

    for (size_t i = 0; i < store_table_count; i++) {
        const struct store_table *table = &store_tables[i];
        if (table->seeded) {
            continue; /* what every new store has */
        }
        TRY(rows_count(depot->tx, table, &rows));
        if (rows > 0) {
            buf_print(&found, "%s%s %lld", found.len ? ", " : "", table->name, (long long)rows);
        }
    }
    return found.len == 0 ? ERR_OK
                          : fail(reason, ERR_CONFIG, STR(""),
                                 "the store is not empty: rows in %.*s", STR_ARG(buf_str(&found)));
}

enum err depot_clear(struct depot *depot)
{
    for (size_t i = store_table_count; i > 0; i--) {
        TRY(rows_clear(depot->tx, &store_tables[i - 1]));
    }
    return ERR_OK;
}
