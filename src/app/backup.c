/* Writing and reading the file of a backup. */
#include "app/backup.h"

#include "app/config.h"
#include "app/content.h"
#include "app/data_directory.h"
#include "app/depot.h"
#include "app/progress.h"
#include "app/sealed_file.h"
#include "base/arena.h"
#include "base/buf.h"

#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

enum {
    KEEP = 64 << 10,
    LIMIT = 256 << 20
};

/* Writing */

struct writing {
    struct depot *depot;
    struct sealed_file *file;
    struct content content;
    struct arena *arena; /* of one row */
    struct progress *progress;
    struct backup_told *told;
};

static enum err put(struct writing *w, const struct buf *bytes, struct reason *reason)
{
    struct str text;

    TRY(buf_end(bytes, &text));
    enum err e = sealed_file_put(w->file, text, reason);
    arena_reset(w->arena);
    return e;
}

static enum err put_rows(struct writing *w, const struct store_table *table, struct reason *reason)
{
    CLEANUP(rows_reader_close_at) struct rows_reader *reader = NULL;
    const struct value *row;
    enum err e;

    content_begin(&w->content);
    TRY(rows_reader_open(w->depot->tx, table, &reader));
    while ((e = rows_reader_next(reader, &row)) == ERR_OK) {
        struct buf bytes = buf_in_arena(w->arena, LIMIT / 2);
        record_put_row(&bytes, table, row, w->arena, /* normal= */ false);
        TRY(put(w, &bytes, reason));
        TRY(content_add(&w->content, table, row));
        progress_advance(w->progress);
    }
    return e == ERR_MISSING ? ERR_OK : depot_said(w->depot, e, reason);
}

static enum err put_table(struct writing *w, const struct store_table *table, size_t at,
                          struct reason *reason)
{
    struct buf bytes = buf_in_arena(w->arena, LIMIT / 2);
    struct key32 *digest = &w->told->digests[at];

    TRY(put_rows(w, table, reason));
    if (w->content.rows != w->told->head.tables[at].rows) {
        return fail(reason, ERR_STORE, STR(""), "%s: %lld rows were counted, %lld came",
                    table->name, (long long)w->told->head.tables[at].rows,
                    (long long)w->content.rows);
    }
    *digest = w->content.digest;
    buf_put(&bytes, (struct str){(const char *)digest->bytes, sizeof digest->bytes});
    return put(w, &bytes, reason);
}

static enum err count_rows(struct depot *depot, struct backup_told *told)
{
    struct record_head *head = &told->head;

    for (size_t i = 0; i < store_table_count; i++) {
        const struct store_table *table = &store_tables[i];
        if (table->is_void) {
            continue;
        }
        if (head->count == RECORD_TABLES) {
            return ERR_STORE;
        }
        struct record_table *counted = &head->tables[head->count++];
        TRY(rows_count(depot->tx, table, &counted->rows));
        TRY(rows_mark(depot->tx, table, &counted->mark));
        told->rows += counted->rows;
    }
    return ERR_OK;
}

static enum err put_all(struct writing *w, struct reason *reason)
{
    struct buf bytes = buf_in_arena(w->arena, LIMIT / 2);
    size_t at = 0;

    record_put_head(&bytes, &w->told->head);
    TRY(put(w, &bytes, reason));
    for (size_t i = 0; i < store_table_count; i++) {
        if (!store_tables[i].is_void) {
            TRY(put_table(w, &store_tables[i], at++, reason));
        }
    }
    return sealed_file_end(w->file, reason);
}

static enum err write_file(struct depot *depot, const struct backup_order *order, const char *path,
                           struct reason *reason, struct backup_told *told)
{
    CLEANUP(sealed_file_close_at) struct sealed_file *file = NULL;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, LIMIT);
    struct writing w = {.depot = depot, .arena = arena, .progress = order->progress, .told = told};

    if (!arena) {
        return ERR_MEMORY;
    }
    TRY(sealed_file_create(path, order->passphrase, depot->digester, reason, &file));
    w.file = file;
    enum err e = content_create(depot->digester, &w.content);
    if (e == ERR_OK) {
        e = put_all(&w, reason);
    }
    content_destroy(&w.content);
    return e;
}

static bool same(const struct backup_told *a, const struct backup_told *b)
{
    return a->rows == b->rows && a->head.count == b->head.count &&
           a->head.created.ms == b->head.created.ms && key32_eq(&a->head.master, &b->head.master) &&
           memcmp(a->digests, b->digests, a->head.count * sizeof a->digests[0]) == 0;
}

static enum err read_back(struct depot *depot, const struct backup_order *order, const char *path,
                          struct reason *reason, const struct backup_told *told)
{
    struct backup_told again = {0};
    const struct backup_reading reading = {.path = path,
                                           .passphrase = order->passphrase,
                                           .digester = depot->digester,
                                           .progress = order->progress};

    TRY(backup_read(&reading, reason, &again));
    bool is_same = same(told, &again);
    key32_wipe(&again.head.master);
    return is_same ? ERR_OK
                   : fail(reason, ERR_SYSTEM, STR(""),
                          "what was read back is not what was written: is the disk at fault?");
}

/* The view of the store lasts no longer than the writing. */
static enum err fill_and_check(struct depot *depot, const struct backup_order *order,
                               const char *path, struct reason *reason, struct backup_told *told)
{
    struct record_head *head = &told->head;
    struct store_version version;

    head->created = moment_now();
    head->version = STR(SIGNET_VERSION);
    TRY(store_version(depot->store, &version));
    head->schema = version.schema;
    TRY(depot_begin(depot, TX_READ));
    TRY(depot_said(depot, count_rows(depot, told), reason));
    progress_expect(order->progress, 2 * told->rows);
    enum err e = write_file(depot, order, path, reason, told);
    tx_rollback(depot->tx);
    TRY(e);
    return read_back(depot, order, path, reason, told);
}

static bool name_it(const char *from, const char *to, bool force)
{
    if (force) {
        return rename(from, to) == 0;
    }
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) {
        return true;
    }
    /* Not every file system knows that; a link never takes another's place either. */
    return errno == EINVAL && link(from, to) == 0 && unlink(from) == 0;
}

/* The name is durable when its directory is. */
static bool sync_directory_of(struct arena *arena, struct str path)
{
    const char *slash = strrchr(path.ptr, '/');
    struct str folder = {path.ptr, slash ? (size_t)(slash - path.ptr) + 1 : 0};

    if (arena_print(arena, &folder, "%.*s.", STR_ARG(folder)) != ERR_OK) {
        return false;
    }
    int directory = open(folder.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = directory >= 0 && fsync(directory) == 0;
    if (directory >= 0) {
        (void)close(directory);
    }
    return synced;
}

static enum err make_file(struct depot *depot, const struct backup_order *order,
                          struct reason *reason, struct backup_told *told)
{
    struct str name;

    TRY(arena_print(depot->arena, &name, "%s.%ld.part", order->path, (long)getpid()));
    const char *part = name.ptr;
    enum err e = fill_and_check(depot, order, part, reason, told);
    if (e == ERR_OK && !name_it(part, order->path, order->force)) {
        e = fail(reason, ERR_SYSTEM, STR(""), "cannot make %s: %s", order->path,
                 strerrordesc_np(errno));
    }
    if (e != ERR_OK) {
        (void)unlink(part);
        return e;
    }
    return sync_directory_of(depot->arena, name)
               ? ERR_OK
               : fail(reason, ERR_SYSTEM, STR(""), "cannot make the name %s durable: %s",
                      order->path, strerrordesc_np(errno));
}

enum err backup_make(const struct backup_order *order, struct reason *reason,
                     struct backup_told *ret)
{
    CLEANUP(depot_close_at) struct depot *depot = NULL;
    const struct config *config = order->config;
    struct backup_told told = {0};

    if (!order->force && access(order->path, F_OK) == 0) {
        return fail(reason, ERR_CONFIG, STR(""), "%s is there already; --force writes over it",
                    order->path);
    }
    enum err e = master_key_read(config->options.data, reason, &told.head.master);
    if (e == ERR_MISSING) {
        return fail(reason, ERR_CONFIG, STR(""), "there is no %.*s/master.key",
                    STR_ARG(config->options.data));
    }
    TRY(e);
    e = depot_open(&config->store, config->options.data, DEPOT_READ, reason, &depot);
    if (e == ERR_OK) {
        e = make_file(depot, order, reason, &told);
    }
    key32_wipe(&told.head.master);
    TRY(e);
    *ret = told;
    return ERR_OK;
}

/* Reading */

struct reader {
    const struct backup_reading *reading;
    struct record_input input;
    struct content content;
    struct arena *arena; /* of one row */
};

static enum err read_rows(struct reader *r, const struct store_table *table, int64_t rows,
                          struct reason *reason)
{
    struct value row[ROWS_COLUMNS];

    content_begin(&r->content);
    for (int64_t i = 0; i < rows; i++) {
        TRY(record_read_row(&r->input, table, r->arena, reason, row));
        TRY(content_add(&r->content, table, row));
        if (r->reading->take) {
            TRY(r->reading->take(r->reading->with, table, row));
        }
        progress_advance(r->reading->progress);
        arena_reset(r->arena);
    }
    return ERR_OK;
}

static enum err read_table(struct reader *r, const struct store_table *table, size_t at,
                           struct reason *reason, struct backup_told *told)
{
    struct key32 digest;

    TRY(read_rows(r, table, told->head.tables[at].rows, reason));
    TRY(record_read_key(&r->input, reason, &digest));
    if (!key32_eq(&digest, &r->content.digest)) {
        return fail(reason, ERR_FIELD_VALUE, STR(""),
                    "the rows of %s are not those that were written", table->name);
    }
    told->digests[at] = digest;
    told->rows += r->content.rows;
    return ERR_OK;
}

static enum err read_all(struct reader *r, struct reason *reason, struct backup_told *told)
{
    size_t at = 0;

    TRY(record_read_head(&r->input, r->arena, reason, &told->head));
    told->head.version = (struct str){0}; /* it lies in memory that goes */
    arena_reset(r->arena);
    for (size_t i = 0; i < store_table_count; i++) {
        if (!store_tables[i].is_void) {
            TRY(read_table(r, &store_tables[i], at++, reason, told));
        }
    }
    return record_read_end(&r->input, reason);
}

static enum err read_with(struct reader *r, struct reason *reason, struct backup_told *told)
{
    struct reason inner = {0};

    TRY(content_create(r->reading->digester, &r->content));
    enum err e = read_all(r, &inner, told);
    content_destroy(&r->content);
    if (e == ERR_FIELD_VALUE) { /* sealed by somebody who has the passphrase, and not as we do */
        return fail(reason, ERR_CONFIG, STR(""), "the backup cannot be used: %s", inner.detail);
    }
    return e;
}

enum err backup_read(const struct backup_reading *reading, struct reason *reason,
                     struct backup_told *ret)
{
    CLEANUP(sealed_file_close_at) struct sealed_file *file = NULL;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, LIMIT);
    struct reader reader = {.reading = reading, .arena = arena};
    struct backup_told told = {0};

    if (!arena) {
        return ERR_MEMORY;
    }
    TRY(sealed_file_open(reading->path, reading->passphrase, reading->digester, reason, &file));
    reader.input = (struct record_input){.more = sealed_file_more, .with = file};
    enum err e = read_with(&reader, reason, &told);
    if (e != ERR_OK) {
        key32_wipe(&told.head.master);
        return fail(reason, e, STR(""), "%s", sealed_file_reason(file)->detail);
    }
    *ret = told;
    return ERR_OK;
}

void backup_tell(struct buf *out, const struct backup_told *told)
{
    buf_print(out, "%lld rows of %zu tables, ", (long long)told->rows, told->head.count);
    moment_print(out, told->head.created, MOMENT_SECONDS);
    buf_print(out, ", schema %lld", (long long)told->head.schema);
}
