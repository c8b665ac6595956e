/* Reading the file twice: to know that it is whole, and to fill the store. */
#include "app/restore.h"

#include "app/config.h"
#include "app/data_directory.h"
#include "app/depot.h"
#include "app/filling.h"
#include "app/progress.h"
#include "crypto/digest.h"
#include "crypto/password.h"
#include "domain/event.h"
#include "domain/installation.h"
#include "store/store.h"

#include <unistd.h>

struct restoring {
    const struct backup_order *order;
    struct depot *depot;
    struct filling filling;
    struct reason *reason;
    struct restore_told told;
};

static enum err take(void *with, const struct store_table *table, const struct value *row)
{
    struct restoring *r = with;

    return depot_said(r->depot, filling_put(&r->filling, table, row), r->reason);
}

static struct backup_reading reading_of(const struct backup_order *order, struct digester *digester)
{
    return (struct backup_reading){.path = order->path,
                                   .passphrase = order->passphrase,
                                   .digester = digester,
                                   .progress = order->progress};
}

/* Before anything is touched. */
static enum err check_file(struct restoring *r)
{
    CLEANUP(digester_destroy_at) struct digester *digester = NULL;

    TRY(password_start());
    TRY(digester_create(&digester));
    struct backup_reading reading = reading_of(r->order, digester);
    return backup_read(&reading, r->reason, &r->told.backup);
}

static enum err check_key(struct restoring *r)
{
    CLEANUP(key32_wipe) struct key32 there = {0};
    struct str data = r->order->config->options.data;

    enum err e = master_key_read(data, r->reason, &there);
    if (e == ERR_MISSING || (e == ERR_OK && key32_eq(&there, &r->told.backup.head.master))) {
        return ERR_OK;
    }
    TRY(e);
    r->told.key_replaced = true;
    return r->order->force ? ERR_OK
                           : fail(r->reason, ERR_CONFIG, STR(""),
                                  "%.*s/master.key is another one than the backup's; --force "
                                  "replaces it",
                                  STR_ARG(data));
}

static enum err check_target(struct restoring *r)
{
    struct reason found = {0};

    TRY(check_key(r));
    enum err e = depot_is_empty(r->depot, &found);
    if (e != ERR_CONFIG) {
        return depot_said(r->depot, e, r->reason);
    }
    return r->order->force ? ERR_OK
                           : fail(r->reason, e, STR(""), "%s; --force replaces them", found.detail);
}

/* What the operator does in the store itself is told as an event, like all they do. */
static struct ctx operator_ctx(struct depot *depot)
{
    return (struct ctx){.arena = depot->arena,
                        .tx = depot->tx,
                        .actor = actor_operator,
                        .now = moment_now(),
                        .source = STR("cli")};
}

/* When the newest event happened; never, when there is none. */
static enum err newest_event(struct depot *depot, struct moment *ret)
{
    struct ctx ctx = operator_ctx(depot);
    struct moment at;

    enum err e = event_last(&ctx, &at);
    if (e == ERR_MISSING) {
        return ERR_OK;
    }
    TRY(e);
    *ret = moment_before(*ret, at) ? at : *ret;
    return ERR_OK;
}

static enum err read_back(struct restoring *r)
{
    struct content content;
    size_t at = 0;

    enum err e = content_create(r->depot->digester, &content);
    content.progress = r->order->progress;
    for (size_t i = 0; i < store_table_count && e == ERR_OK; i++) {
        if (!store_tables[i].is_void) {
            e = filling_check(r->depot, &content, &store_tables[i], &r->told.backup.digests[at++],
                              r->reason);
        }
    }
    content_destroy(&content);
    return e;
}

static enum err move_marks(struct restoring *r)
{
    size_t at = 0;

    for (size_t i = 0; i < store_table_count; i++) {
        if (!store_tables[i].is_void) {
            TRY(rows_move_mark(r->depot->tx, &store_tables[i],
                               r->told.backup.head.tables[at++].mark));
        }
    }
    return ERR_OK;
}

/* The file may have been exchanged since it was checked: the digests are those of what was put. */
static enum err fill(struct restoring *r)
{
    struct backup_reading reading = reading_of(r->order, r->depot->digester);

    reading.take = take;
    reading.with = r;
    key32_wipe(&r->told.backup.head.master);
    TRY(backup_read(&reading, r->reason, &r->told.backup));
    TRY(depot_said(r->depot, filling_end(&r->filling), r->reason));
    return depot_said(r->depot, move_marks(r), r->reason);
}

static enum err replace(struct restoring *r)
{
    struct moment newest = {0};

    TRY(depot_begin(r->depot, TX_WRITE));
    TRY(check_target(r));
    TRY(depot_said(r->depot, newest_event(r->depot, &newest), r->reason));
    TRY(depot_said(r->depot, depot_clear(r->depot), r->reason));
    TRY(fill(r));
    TRY(read_back(r));
    TRY(depot_said(r->depot, newest_event(r->depot, &newest), r->reason));
    struct ctx ctx = operator_ctx(r->depot);
    enum err e = installation_begin_anew(&ctx, newest, &r->told.not_before);
    TRY(depot_said(r->depot, e, r->reason));
    /* The key first: alone it does no harm, while a store without it is closed for good. */
    TRY(master_key_put(r->order->config->options.data, &r->told.backup.head.master, r->reason));
    return depot_keep(r->depot, r->reason);
}

static enum err open_and_replace(struct restoring *r)
{
    CLEANUP(depot_close_at) struct depot *depot = NULL;
    const struct config *config = r->order->config;

    TRY(depot_open(&config->store, config->options.data, DEPOT_FILL, r->reason, &depot));
    r->depot = depot;
    r->filling.depot = depot;
    progress_expect(r->order->progress, 3 * r->told.backup.rows);
    enum err e = replace(r);
    filling_close(&r->filling);
    return e;
}

/* The server is kept away meanwhile. */
static enum err lock_and_replace(struct restoring *r)
{
    struct str data = r->order->config->options.data;
    int lock;

    TRY(data_directory_make(data, r->reason));
    TRY(data_directory_lock(data, r->reason, &lock));
    enum err e = open_and_replace(r);
    (void)close(lock);
    return e;
}

/* Until the second is over in which a token could still be one of before. */
static void wait_for(struct moment at)
{
    int64_t left = at.ms - moment_now().ms;

    if (left > 0 && left <= 1000) {
        (void)usleep((useconds_t)left * 1000);
    }
}

enum err restore_make(const struct backup_order *order, struct reason *reason,
                      struct restore_told *ret)
{
    struct restoring r = {.order = order, .reason = reason};

    enum err e = check_file(&r);
    if (e == ERR_OK) {
        e = lock_and_replace(&r);
    }
    key32_wipe(&r.told.backup.head.master);
    TRY(e);
    wait_for(r.told.not_before);
    *ret = r.told;
    return ERR_OK;
}
