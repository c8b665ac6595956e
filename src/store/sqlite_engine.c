/* The embedded store: many readers, each in a view of its own, and one writer for all. */
#include "base/buf.h"
#include "base/moment.h"
#include "store/engine.h"
#include "store/sqlite.h"
#include "store/sqlite_migrate.h"
#include "store/writer.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct sqlite_store {
    struct store common;
    struct sqlite_file file;
    struct writer *writer;
};

struct sqlite_seat {
    struct seat common;
    struct sqlite *reader; /* NULL at first and after a fault, until the next unit */
    struct sqlite *writer; /* while it is this seat's turn */
    unsigned generation;   /* the writer's, when the reader was opened */
    bool reading;          /* a view is open on the reader */
    struct place *place;
};

static struct sqlite_store *own_store(struct store *store)
{
    return (struct sqlite_store *)store;
}

static struct sqlite_seat *own_seat(struct seat *seat)
{
    return (struct sqlite_seat *)seat;
}

/* Always with a slash in it, so that no name is taken for one of SQLite's URIs. */
static enum err make_path(struct str url, struct str directory, struct reason *reason,
                          char path[PATH_MAX])
{
    struct str name = str_skip(url, strlen(sqlite_engine.scheme));
    struct buf out = buf_over(path, PATH_MAX - 1);

    if (name.len == 0 || str_contains(name, '\0')) {
        return fail(reason, ERR_CONFIG, STR("store.url"), "store.url names no file");
    }
    if (name.ptr[0] != '/') {
        buf_put(&out, directory.len > 0 ? directory : STR("."));
        buf_put_char(&out, '/');
    }
    buf_put(&out, name);
    if (out.failed) {
        return fail(reason, ERR_CONFIG, STR("store.url"), "the file name in store.url is too long");
    }
    path[out.len] = '\0';
    return ERR_OK;
}

static enum err engine_look(const struct store_settings *settings, struct str data_directory,
                            struct reason *reason)
{
    struct stat status;
    char path[PATH_MAX];

    TRY(make_path(settings->url, data_directory, reason, path));
    if (stat(path, &status) == 0) {
        return ERR_OK;
    }
    if (errno == ENOENT) {
        return ERR_MISSING;
    }
    return fail(reason, ERR_STORE_DOWN, STR("store.url"), "the store cannot be looked at: %s",
                strerrordesc_np(errno));
}

static enum err engine_open(struct store *store, const struct store_settings *settings,
                            struct str data_directory, struct reason *reason)
{
    struct sqlite_store *own = own_store(store);
    char path[PATH_MAX];

    TRY(make_path(settings->url, data_directory, reason, path));
    sqlite_prepare();
    own->file.busy_ms = settings->busy_ms;
    own->file.cache_bytes = settings->cache_bytes;
    own->file.log_bytes = settings->log_bytes;
    own->file.path = strdup(path);
    return own->file.path ? writer_open(&own->file, reason, &own->writer) : ERR_MEMORY;
}

static void engine_close(struct store *store)
{
    struct sqlite_store *own = own_store(store);

    writer_close(own->writer);
    free(own->file.path);
}

static enum err engine_migrate(struct store *store, struct reason *reason)
{
    return sqlite_migrate(&own_store(store)->file, reason);
}

static enum err engine_rehearse(struct store *store, struct reason *reason, struct store_steps *ret)
{
    return sqlite_rehearse(&own_store(store)->file, reason, ret);
}

static enum err engine_version(struct store *store, int64_t *ret)
{
    return sqlite_version(&own_store(store)->file, ret);
}

static void engine_counters(const struct store *store, struct store_counters *ret)
{
    writer_counters(((const struct sqlite_store *)store)->writer, ret);
}

/* Reading. The connection is opened with the first unit: a thread that has nothing to read needs
 * none. After a fault it is opened anew, so that nothing is read from what it had kept in memory.
 */
static enum err ready_reader(struct sqlite_seat *seat)
{
    struct sqlite_store *store = own_store(seat->common.store);
    unsigned generation = writer_generation(store->writer);

    if (seat->reader && seat->generation == generation) {
        return ERR_OK;
    }
    sqlite_close(seat->reader);
    seat->reader = NULL;
    TRY(sqlite_open(&store->file, USE_READING, &seat->common.reason, &seat->reader));
    seat->generation = generation;
    return ERR_OK;
}

static enum err begin_reading(struct sqlite_seat *seat)
{
    if (seat->reading) {
        return ERR_OK;
    }
    TRY(ready_reader(seat));
    TRY(sqlite_control(seat->reader, STEP_BEGIN, &seat->common.reason));
    seat->reading = true;
    return ERR_OK;
}

static void end_reading(struct sqlite_seat *seat, enum err fault)
{
    if (seat->reading) {
        seat->reading = false;
        if (sqlite_control(seat->reader, STEP_COMMIT, &seat->common.reason) != ERR_OK ||
            fault == ERR_STORE_DOWN) {
            sqlite_close(seat->reader);
            seat->reader = NULL;
        }
    }
}

static enum err engine_seat_open(struct seat *seat)
{
    return place_create(own_store(seat->store)->writer, &seat->reason, &own_seat(seat)->place);
}

static void engine_seat_close(struct seat *seat)
{
    sqlite_close(own_seat(seat)->reader);
    place_destroy(own_seat(seat)->place);
}

static enum err engine_ping(struct seat *seat)
{
    struct sqlite_seat *own = own_seat(seat);

    if (!own->reading) {
        TRY(ready_reader(own));
    }
    return sqlite_ping(own->reader, &seat->reason);
}

static void engine_tidy(struct seat *seat)
{
    struct sqlite_seat *own = own_seat(seat);

    if (!own->reading && ready_reader(own) == ERR_OK) {
        writer_tidy(own->place, own->reader);
        sqlite_wait(own->reader, own_store(seat->store)->file.busy_ms);
    }
}

static enum err begin_writing(struct sqlite_seat *seat)
{
    end_reading(seat, ERR_OK); /* the view may be older than what the turn will see */
    return writer_take(seat->place, &seat->writer);
}

static enum err engine_begin(struct tx *tx)
{
    return tx->kind == TX_WRITE ? begin_writing(own_seat(tx->seat)) : ERR_OK;
}

static enum err engine_commit(struct tx *tx)
{
    struct sqlite_seat *seat = own_seat(tx->seat);

    end_reading(seat, ERR_OK);
    if (!seat->writer) {
        return ERR_OK;
    }
    seat->writer = NULL;
    return writer_keep(seat->place);
}

static enum err engine_commit_last(struct tx *tx)
{
    struct sqlite_seat *seat = own_seat(tx->seat);

    end_reading(seat, ERR_OK);
    return writer_keep_last(seat->place, &tx->last);
}

static void engine_rollback(struct tx *tx)
{
    struct sqlite_seat *seat = own_seat(tx->seat);

    end_reading(seat, tx->spoiled);
    if (seat->writer) {
        seat->writer = NULL;
        writer_undo(seat->place, tx->spoiled);
    }
}

static struct sqlite *connection_of(const struct sqlite_seat *seat)
{
    return seat->writer ? seat->writer : seat->reader;
}

static enum err engine_execute(struct tx *tx, const struct statement *s, const struct value *values)
{
    struct sqlite_seat *seat = own_seat(tx->seat);

    if (!seat->writer) {
        TRY(s->writes ? begin_writing(seat) : begin_reading(seat));
    }
    enum err err = sqlite_execute(connection_of(seat), s, values, &tx->seat->reason);
    if (err == ERR_TAKEN) {
        struct buf name = buf_over(tx->conflict, sizeof tx->conflict - 1);
        buf_put(&name, sqlite_conflict(connection_of(seat)));
    }
    return err;
}

static enum err engine_fetch(struct tx *tx, const struct statement *s, void *ret_row)
{
    struct sqlite_target target = {tx->arena, &tx->seat->reason};

    return sqlite_fetch(connection_of(own_seat(tx->seat)), s, &target, ret_row);
}

static int64_t engine_finish(struct tx *tx, const struct statement *s)
{
    return sqlite_finish(connection_of(own_seat(tx->seat)), s);
}

const struct engine sqlite_engine = {
    .scheme = "sqlite:",
    .store_size = sizeof(struct sqlite_store),
    .seat_size = sizeof(struct sqlite_seat),
    .look = engine_look,
    .open = engine_open,
    .close = engine_close,
    .migrate = engine_migrate,
    .rehearse = engine_rehearse,
    .version = engine_version,
    .counters = engine_counters,
    .seat_open = engine_seat_open,
    .seat_close = engine_seat_close,
    .ping = engine_ping,
    .tidy = engine_tidy,
    .begin = engine_begin,
    .commit = engine_commit,
    .commit_last = engine_commit_last,
    .rollback = engine_rollback,
    .execute = engine_execute,
    .fetch = engine_fetch,
    .finish = engine_finish,
};
