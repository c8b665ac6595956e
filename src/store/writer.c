/* Turns at writing, and commits for many. Knows no SQLite; store/sqlite.h does. */
#include "store/writer.h"

#include "base/moment.h"
#include "store/engine.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A batch ends with this many units, or this long after its first one was done, which is not kept
 * waiting for ever by those who follow. */
enum {
    BATCH_UNITS = 64,
    BATCH_MS = 5
};

enum {
    PAGE_BYTES = 4096, /* as SQLite has it unless it is told otherwise */
    TIDY_PAGES = 1000, /* of the log, 4 MB: fewer are not worth the two waits for the disk */
    ROOM_MS = 100      /* before it is looked again whether a full disk has room */
};

struct place {
    struct writer *writer;
    struct place *next; /* in the queue, or in the batch */
    struct reason *reason;
    const struct errand *errand; /* until it was run; NULL for whoever wants the turn itself */
    bool queued;                 /* under the lock */
    enum err outcome;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t news;
    bool told; /* that it has the turn, or the outcome: once for each wait */
};

struct writer {
    const struct sqlite_file *file;
    _Atomic unsigned generation;
    _Atomic int log_pages; /* after the last commit */
    pthread_mutex_t lock;

    /* Under the lock. */
    bool taken;
    struct place *first, **last; /* those who wait for their turn */
    struct store_counters counters;

    /* Of the one whose turn it is. */
    struct sqlite *connection; /* NULL after a fault, until the next turn */
    bool open;                 /* a transaction is */
    struct place *batch;       /* those who wait for their outcome */
    size_t units;              /* how many of them are kept */
    int64_t first_ms;          /* when the first of them was done */
    bool was_full;             /* the disk, and the log has not been brought into the file since */
    int64_t room_ms;           /* when there was no room for that */
};

enum err writer_open(const struct sqlite_file *file, struct reason *reason, struct writer **ret)
{
    struct writer *writer = calloc(1, sizeof *writer);

    if (!writer) {
        return ERR_MEMORY;
    }
    enum err err = sqlite_open(file, USE_WRITING, reason, &writer->connection);
    if (err != ERR_OK) {
        free(writer);
        return err;
    }
    writer->file = file;
    writer->last = &writer->first;
    (void)pthread_mutex_init(&writer->lock, NULL); /* cannot fail on Linux without attributes */
    *ret = writer;
    return ERR_OK;
}

void writer_close(struct writer *writer)
{
    if (!writer) {
        return;
    }
    if (writer->connection) {
        (void)sqlite_checkpoint(writer->connection, CHECKPOINT_WHOLE);
    }
    sqlite_close(writer->connection);
    (void)pthread_mutex_destroy(&writer->lock);
    free(writer);
}

enum err place_create(struct writer *writer, struct reason *reason, struct place **ret)
{
    struct place *place = calloc(1, sizeof *place);
    pthread_condattr_t attributes;

    if (!place) {
        return ERR_MEMORY;
    }
    place->writer = writer;
    place->reason = reason;
    (void)pthread_mutex_init(&place->lock, NULL);
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&place->news, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    *ret = place;
    return ERR_OK;
}

void place_destroy(struct place *place)
{
    if (place) {
        (void)pthread_cond_destroy(&place->news);
        (void)pthread_mutex_destroy(&place->lock);
        free(place);
    }
}

unsigned writer_generation(const struct writer *writer)
{
    return atomic_load_explicit(&writer->generation, memory_order_acquire);
}

void writer_counters(struct writer *writer, struct store_counters *ret)
{
    (void)pthread_mutex_lock(&writer->lock);
    *ret = writer->counters;
    (void)pthread_mutex_unlock(&writer->lock);
}

/* The turn. The functions that end in _locked are called with the writer's lock held. Whoever is
 * told something is told it under a lock of his own, when the writer's was let go: all would only
 * wait for that one otherwise. */

static void tell(struct place *place)
{
    if (place) {
        (void)pthread_mutex_lock(&place->lock);
        place->told = true;
        (void)pthread_cond_signal(&place->news);
        (void)pthread_mutex_unlock(&place->lock);
    }
}

/* False when it was told nothing by then; 0 is for as long as it takes. */
static bool hear(struct place *place, int64_t deadline)
{
    struct timespec until = {deadline / 1000, deadline % 1000 * 1000000};
    int waited = 0;

    (void)pthread_mutex_lock(&place->lock);
    while (!place->told && waited != ETIMEDOUT) {
        waited = deadline ? pthread_cond_timedwait(&place->news, &place->lock, &until)
                          : pthread_cond_wait(&place->news, &place->lock);
    }
    bool told = place->told;
    place->told = false;
    (void)pthread_mutex_unlock(&place->lock);
    return told;
}

static void queue_locked(struct writer *writer, struct place *place)
{
    place->next = NULL;
    place->queued = true;
    *writer->last = place;
    writer->last = &place->next;
    writer->counters.waits++;
}

static void unqueue_locked(struct writer *writer, struct place *place)
{
    struct place **at = &writer->first;

    while (*at != place) {
        at = &(*at)->next;
    }
    *at = place->next;
    if (!*at) {
        writer->last = at;
    }
    place->queued = false;
}

/* Whose turn it is now; he is to be told. */
static struct place *pass_turn_locked(struct writer *writer)
{
    struct place *next = writer->first;

    if (next) {
        unqueue_locked(writer, next);
    } else {
        writer->taken = false;
    }
    return next;
}

static enum err await_turn(struct writer *writer, struct place *place, int64_t deadline)
{
    if (hear(place, deadline)) {
        return ERR_OK;
    }
    (void)pthread_mutex_lock(&writer->lock);
    bool late = place->queued;
    if (late) {
        unqueue_locked(writer, place);
    }
    (void)pthread_mutex_unlock(&writer->lock);
    if (!late) {
        (void)hear(place, 0); /* it was given the turn at that very moment */
        return ERR_OK;
    }
    return fail(place->reason, ERR_BUSY, (struct str){0}, "no turn at writing within %lld ms",
                (long long)writer->file->busy_ms);
}

static enum err take_turn(struct writer *writer, struct place *place, int64_t deadline)
{
    (void)pthread_mutex_lock(&writer->lock);
    bool waits = writer->taken;
    if (waits) {
        queue_locked(writer, place);
    }
    writer->taken = true;
    (void)pthread_mutex_unlock(&writer->lock);
    return waits ? await_turn(writer, place, deadline) : ERR_OK;
}

static void count_locked(struct writer *writer, size_t units)
{
    size_t bucket = 0;

    while (bucket < ARRAY_LEN(writer->counters.batch) - 1 && units > (size_t)1 << bucket) {
        bucket++;
    }
    writer->counters.commits++;
    writer->counters.units += units;
    writer->counters.batch[bucket]++;
}

static void note_fault(struct writer *writer, enum err fault)
{
    if (fault == ERR_STORE_FULL) {
        writer->was_full = true;
        writer->room_ms = 0;
    }
}

/* The outcome is told to all who wait for it, and the turn goes on. The next one is woken first: it
 * has work to do. */
static void settle(struct writer *writer, struct place *me, enum err outcome)
{
    (void)pthread_mutex_lock(&writer->lock);
    struct place *place = writer->batch;
    if (outcome == ERR_OK && writer->units > 0) {
        count_locked(writer, writer->units);
    }
    writer->batch = NULL;
    writer->units = 0;
    writer->open = false;
    note_fault(writer, outcome);
    struct place *turn = pass_turn_locked(writer);
    (void)pthread_mutex_unlock(&writer->lock);
    tell(turn);
    while (place) {
        struct place *next = place->next; /* once it is told it may be queued again */
        if (outcome != ERR_OK) {
            (void)fail(place->reason, outcome, (struct str){0}, "%s", me->reason->detail);
        }
        place->outcome = outcome == ERR_OK ? place->outcome : outcome;
        tell(place);
        place = next;
    }
}

static bool is_full(const struct writer *writer)
{
    return writer->units >= BATCH_UNITS ||
           (writer->units > 0 && monotonic_ms() - writer->first_ms >= BATCH_MS);
}

/* Its outcome, if the batch is kept. */
static void add_to_batch(struct writer *writer, struct place *place, enum err outcome)
{
    place->outcome = outcome;
    place->next = writer->batch;
    writer->batch = place;
}

/* Leaves the open transaction to the next in the queue, if there is one and the batch is not full.
 */
static bool leave_to_next(struct writer *writer, struct place *place, enum err *ret_outcome)
{
    (void)pthread_mutex_lock(&writer->lock);
    bool leaves = writer->first && !is_full(writer);
    bool waits =
        leaves && writer->units > 0; /* without one kept, nothing that it saw can be lost */
    if (waits) {
        add_to_batch(writer, place, ERR_OK);
    }
    struct place *turn = leaves ? pass_turn_locked(writer) : NULL;
    (void)pthread_mutex_unlock(&writer->lock);
    tell(turn);
    if (waits) {
        (void)hear(place, 0);
    }
    *ret_outcome = waits ? place->outcome : ERR_OK;
    return leaves;
}

/* The transaction. */

/* After a fault the connection is not believed any more: what it holds of the file may be ahead of
 * the disk. */
static void drop_connection(struct writer *writer)
{
    sqlite_close(writer->connection);
    writer->connection = NULL;
    atomic_fetch_add_explicit(&writer->generation, 1, memory_order_release);
}

/* Whoever reads the file keeps the log from being begun anew, for as long as they like: a backup, a
 * shell that somebody has forgotten. It is not to fill the disk meanwhile. */
static enum err check_log(struct writer *writer, struct place *place)
{
    int64_t bytes =
        (int64_t)PAGE_BYTES * atomic_load_explicit(&writer->log_pages, memory_order_relaxed);

    return bytes < writer->file->log_bytes
               ? ERR_OK
               : fail(place->reason, ERR_STORE_FULL, STR("store.log_most"),
                      "the log has %lld bytes, and somebody who reads the store keeps it from "
                      "being emptied",
                      (long long)bytes);
}

/* Once the disk was full, what is in the log goes into the file before anything is added to it, and
 * its room goes back: a log that took the last there is could never be emptied. */
static enum err make_room(struct writer *writer, struct place *place)
{
    int64_t now = monotonic_ms();

    if (writer->was_full && now - writer->room_ms >= ROOM_MS) {
        writer->room_ms = now;
        writer->was_full = !sqlite_checkpoint(writer->connection, CHECKPOINT_BESIDE);
        if (!writer->was_full) {
            (void)sqlite_checkpoint(writer->connection, CHECKPOINT_SHORTEN); /* no matter if not */
        }
    }
    return writer->was_full ? fail(place->reason, ERR_STORE_FULL, (struct str){0},
                                   "the disk was full, and has no room yet for what is in the log")
                            : ERR_OK;
}

static enum err begin_transaction(struct writer *writer, struct place *place, int64_t deadline)
{
    TRY(check_log(writer, place));
    if (!writer->connection) {
        TRY(sqlite_open(writer->file, USE_WRITING, place->reason, &writer->connection));
    }
    TRY(make_room(writer, place));
    sqlite_wait(writer->connection, deadline - monotonic_ms());
    enum err err = sqlite_control(writer->connection, STEP_BEGIN_IMMEDIATE, place->reason);
    if (err == ERR_STORE_DOWN) {
        drop_connection(writer);
    }
    TRY(err);
    writer->open = true;
    return ERR_OK;
}

/* A COMMIT that failed is never tried again: after a failed fsync the kernel may call the lost
 * pages clean, and the second would succeed without them. */
static enum err end_transaction(struct writer *writer, struct place *place)
{
    bool keeps = writer->units > 0;
    enum err err =
        sqlite_control(writer->connection, keeps ? STEP_COMMIT : STEP_ROLLBACK, place->reason);

    if (err != ERR_OK) {
        if (sqlite_in_transaction(writer->connection)) {
            (void)sqlite_control(writer->connection, STEP_ROLLBACK, place->reason);
        }
        drop_connection(writer);
        return err;
    }
    atomic_store_explicit(&writer->log_pages, sqlite_log_pages(writer->connection),
                          memory_order_relaxed);
    return ERR_OK;
}

/* What SQLite rolled back by itself (a full disk, an I/O error) is lost for the whole batch. */
static void abandon_transaction(struct writer *writer, struct place *place, enum err fault)
{
    if (sqlite_in_transaction(writer->connection)) {
        (void)sqlite_control(writer->connection, STEP_ROLLBACK, place->reason);
    }
    if (fault != ERR_STORE_FULL) {
        drop_connection(writer);
    }
}

static enum err begin_unit(struct writer *writer, struct place *place, int64_t deadline)
{
    if (!writer->open) {
        TRY(begin_transaction(writer, place, deadline));
    }
    return sqlite_control(writer->connection, STEP_SAVEPOINT, place->reason);
}

static enum err undo_unit(struct writer *writer, struct place *place)
{
    TRY(sqlite_control(writer->connection, STEP_UNDO_SAVEPOINT, place->reason));
    return sqlite_control(writer->connection, STEP_RELEASE_SAVEPOINT, place->reason);
}

static void count_unit(struct writer *writer)
{
    if (writer->units++ == 0) {
        writer->first_ms = monotonic_ms();
    }
}

/* One statement is kept or not as a whole, without a savepoint. */
static enum err run_errand(struct writer *writer, struct place *place)
{
    const struct statement *s = place->errand->statement;

    enum err err = sqlite_execute(writer->connection, s, place->errand->values, place->reason);
    place->errand = NULL;
    TRY(err);
    if (sqlite_finish(writer->connection, s) == 0) {
        return fail(place->reason, ERR_STORE_RETRY, (struct str){0}, "%s: changed meanwhile",
                    s->name);
    }
    count_unit(writer);
    return ERR_OK;
}

/* Who comes next, if it has an errand and the batch has room. */
static struct place *next_errand(struct writer *writer)
{
    (void)pthread_mutex_lock(&writer->lock);
    struct place *next = writer->first;
    if (next && next->errand && !is_full(writer)) {
        unqueue_locked(writer, next);
    } else {
        next = NULL;
    }
    (void)pthread_mutex_unlock(&writer->lock);
    return next;
}

/* The transaction of all is gone. */
static enum err lose_batch(struct writer *writer, struct place *place, enum err fault)
{
    abandon_transaction(writer, place, fault);
    settle(writer, place, fault);
    return fault;
}

/* The errands of those who come next; an error when the transaction is gone. */
static enum err run_errands(struct writer *writer, struct place *place)
{
    struct place *next;

    while (writer->open && (next = next_errand(writer))) {
        enum err err = run_errand(writer, next);
        add_to_batch(writer, next, err);
        if (!sqlite_in_transaction(writer->connection)) {
            return fail(place->reason, err, (struct str){0}, "%s", next->reason->detail);
        }
    }
    return ERR_OK;
}

/* The unit is over and in the transaction, or undone: commits it, or leaves that to the next. */
static enum err end_turn(struct writer *writer, struct place *place)
{
    enum err outcome = run_errands(writer, place);

    if (outcome != ERR_OK) {
        return lose_batch(writer, place, outcome);
    }
    if (leave_to_next(writer, place, &outcome)) {
        return outcome;
    }
    outcome = writer->open ? end_transaction(writer, place) : ERR_OK;
    settle(writer, place, outcome);
    return outcome;
}

/* Its own error is told, the others' outcome is theirs. */
static enum err give_up_turn(struct writer *writer, struct place *place, enum err err)
{
    if (writer->open && !sqlite_in_transaction(writer->connection)) {
        return lose_batch(writer, place, err);
    }
    (void)end_turn(writer, place);
    return err;
}

enum err writer_take(struct place *place, struct sqlite **ret)
{
    struct writer *writer = place->writer;
    int64_t deadline = monotonic_ms() + writer->file->busy_ms;

    TRY(take_turn(writer, place, deadline));
    enum err err = begin_unit(writer, place, deadline);
    if (err == ERR_OK) {
        *ret = writer->connection;
        return ERR_OK;
    }
    return give_up_turn(writer, place, err);
}

enum err writer_keep_last(struct place *place, const struct errand *last)
{
    struct writer *writer = place->writer;
    int64_t deadline = monotonic_ms() + writer->file->busy_ms;

    place->errand = last;
    enum err err = take_turn(writer, place, deadline);
    if (err != ERR_OK || !place->errand) {
        place->errand = NULL;
        return err == ERR_OK ? place->outcome : err;
    }
    err = writer->open ? ERR_OK : begin_transaction(writer, place, deadline);
    err = err == ERR_OK ? run_errand(writer, place) : err;
    place->errand = NULL;
    return err == ERR_OK ? end_turn(writer, place) : give_up_turn(writer, place, err);
}

enum err writer_keep(struct place *place)
{
    struct writer *writer = place->writer;
    enum err err = sqlite_control(writer->connection, STEP_RELEASE_SAVEPOINT, place->reason);

    if (err != ERR_OK) {
        writer_undo(place, err);
        return err;
    }
    count_unit(writer);
    return end_turn(writer, place);
}

void writer_undo(struct place *place, enum err fault)
{
    struct writer *writer = place->writer;

    (void)pthread_mutex_lock(&writer->lock);
    writer->counters.rollbacks++;
    (void)pthread_mutex_unlock(&writer->lock);
    note_fault(writer, fault);
    if (sqlite_in_transaction(writer->connection)) {
        fault = undo_unit(writer, place);
    }
    if (!sqlite_in_transaction(writer->connection) || fault != ERR_OK) {
        (void)lose_batch(writer, place, fault == ERR_OK ? ERR_STORE_DOWN : fault);
        return;
    }
    (void)end_turn(writer, place); /* the others' outcome is theirs */
}

/* The greater part goes while others write. What they have added by then is little, and goes in a
 * turn of its own, so that the log ends and is begun anew however many write. */
void writer_tidy(struct place *place, struct sqlite *beside)
{
    struct writer *writer = place->writer;

    if (atomic_load_explicit(&writer->log_pages, memory_order_relaxed) < TIDY_PAGES) {
        return;
    }
    (void)sqlite_checkpoint(beside, CHECKPOINT_BESIDE);
    if (take_turn(writer, place, monotonic_ms() + writer->file->busy_ms) != ERR_OK) {
        return;
    }
    enum err outcome = writer->open ? end_transaction(writer, place) : ERR_OK;
    if (!writer->connection || sqlite_checkpoint(writer->connection, CHECKPOINT_WHOLE)) {
        atomic_store_explicit(&writer->log_pages, 0, memory_order_relaxed);
    }
    settle(writer, place, outcome);
}
