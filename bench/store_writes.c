/* Durable writes through the store: many callers, each with a unit of one row after the other.
 *   store-writes DIRECTORY|postgresql:… CALLERS SECONDS    (what is there is empty) */
#include "base/arena.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/number.h"
#include "model/event.h"
#include "store/queries.h"
#include "store/store.h"

#include <pthread.h>

enum {
    CALLERS_MOST = 64,
    KEEP = 4096,
    LIMIT = 65536,
    PAGE = 10000,
    COUNTING = 1 << 30
};

struct caller {
    struct store *store;
    pthread_barrier_t *ready, *start;
    const int64_t *until;
    int64_t rows;
    enum err err;
};

static void seat_close_at(struct seat **seat)
{
    seat_close(*seat);
}

static void store_close_at(struct store **store)
{
    store_close(*store);
}

static enum err write_row(struct seat *seat, struct arena *arena)
{
    struct event event = {.at = moment_now(),
                          .verb = event_verb_name(EVENT_LOGIN),
                          .source = STR("127.0.0.1"),
                          .face = STR("edge")};
    struct tx *tx;

    TRY(id_make(event.at, &event.actor));
    event.subject = event.actor;
    TRY(tx_begin(seat, TX_WRITE, arena, &tx));
    enum err err = q_event_insert(tx, &event);
    if (err != ERR_OK) {
        tx_rollback(tx);
        return err;
    }
    err = tx_commit(tx);
    arena_reset(arena);
    return err;
}

static enum err write_until_the_end(struct caller *caller, struct seat *seat, struct arena *arena)
{
    while (monotonic_ns() < *caller->until) {
        TRY(write_row(seat, arena));
        caller->rows++;
    }
    return ERR_OK;
}

static void *caller_run(void *argument)
{
    struct caller *caller = argument;
    CLEANUP(seat_close_at) struct seat *seat = NULL;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, LIMIT);

    caller->err = arena ? seat_open(caller->store, &seat) : ERR_MEMORY;
    (void)pthread_barrier_wait(caller->ready); /* the clock starts when every seat is taken */
    (void)pthread_barrier_wait(caller->start);
    if (caller->err == ERR_OK) {
        caller->err = write_until_the_end(caller, seat, arena);
    }
    return NULL;
}

static enum err position_now(struct seat *seat, struct arena *arena, struct str *ret)
{
    struct events_position_row end;
    struct tx *tx;

    TRY(tx_begin(seat, TX_READ, arena, &tx));
    enum err err = q_events_position(tx, &end);
    tx_rollback(tx);
    *ret = end.position;
    return err;
}

/* Page by page, in one view. */
static enum err count_since(struct tx *tx, struct str position, int64_t *ret)
{
    struct event *events;
    size_t count = PAGE;

    *ret = 0;
    for (int64_t after = 0; count == PAGE; *ret += (int64_t)count) {
        TRY(q_events_since(tx, position, after, PAGE, &events, &count));
        after = count > 0 ? events[count - 1].sequence : after;
    }
    return ERR_OK;
}

/* Runs all callers to their end: how many rows they were told are kept, and how long it took. */
static enum err run_callers(struct store *store, int64_t count, int64_t duration, int64_t *ret_rows,
                            int64_t *ret_elapsed)
{
    struct caller callers[CALLERS_MOST];
    pthread_t threads[CALLERS_MOST];
    pthread_barrier_t ready, start;
    int64_t until, rows = 0;
    enum err err = ERR_OK;

    if (pthread_barrier_init(&ready, NULL, (unsigned)count + 1) != 0 ||
        pthread_barrier_init(&start, NULL, (unsigned)count + 1) != 0) {
        return ERR_SYSTEM;
    }
    for (int64_t i = 0; i < count; i++) {
        callers[i] =
            (struct caller){.store = store, .ready = &ready, .start = &start, .until = &until};
        if (pthread_create(&threads[i], NULL, caller_run, &callers[i]) != 0) {
            exit(1); /* those already made wait for this one for ever */
        }
    }
    (void)pthread_barrier_wait(&ready);
    int64_t begun = monotonic_ns();
    until = begun + duration;
    (void)pthread_barrier_wait(&start);
    for (int64_t i = 0; i < count; i++) {
        (void)pthread_join(threads[i], NULL);
        rows += callers[i].rows;
        err = err == ERR_OK ? callers[i].err : err;
    }
    *ret_elapsed = monotonic_ns() - begun;
    *ret_rows = rows;
    return err;
}

/* Whether as many are there as callers were told of. */
static enum err compare(struct store *store, struct str position, int64_t rows)
{
    CLEANUP(seat_close_at) struct seat *seat = NULL;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, COUNTING);
    int64_t there = 0;
    struct tx *tx;

    if (!arena) {
        return ERR_MEMORY;
    }
    TRY(seat_open(store, &seat));
    TRY(tx_begin(seat, TX_READ, arena, &tx));
    enum err err = count_since(tx, position, &there);
    tx_rollback(tx);
    if (err == ERR_OK && there != rows) {
        (void)fprintf(stderr, "store-writes: told of %lld rows, but %lld are there\n",
                      (long long)rows, (long long)there);
        return ERR_STORE;
    }
    return err;
}

static enum err run_and_compare(struct store *store, int64_t count, int64_t seconds,
                                int64_t *ret_rows, int64_t *ret_elapsed)
{
    CLEANUP(seat_close_at) struct seat *seat = NULL;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, LIMIT);
    struct str position;

    if (!arena) {
        return ERR_MEMORY;
    }
    TRY(seat_open(store, &seat));
    TRY(position_now(seat, arena, &position));
    TRY(run_callers(store, count, seconds * 1000000000, ret_rows, ret_elapsed));
    return compare(store, position, *ret_rows);
}

static enum err measure(const char *where, int64_t count, int64_t seconds)
{
    struct str address = str_of(where);
    bool server = str_starts(address, STR("postgresql:"));
    const struct store_settings settings = {
        .url = server ? address : STR("sqlite:signet.db"),
        .busy_ms = 10000,
        .cache_bytes = 1048576,
        .log_bytes = INT64_MAX,
        .connect_s = 5,
        .statement_ms = 10000,
        .lock_ms = 10000,
        .prepare = true,
    };
    CLEANUP(store_close_at) struct store *store = NULL;
    struct store_counters before, after;
    struct reason reason = {0};
    int64_t rows, elapsed;

    TRY(store_open(&settings, server ? STR(".") : address, &reason, &store));
    TRY(store_migrate(store, &reason));
    store_counters(store, &before);
    TRY(run_and_compare(store, count, seconds, &rows, &elapsed));
    store_counters(store, &after);
    printf(
        "{\"callers\": %lld, \"rows\": %lld, \"seconds\": %.6f, \"rate\": %.2f, "
        "\"units\": %llu, \"commits\": %llu}\n",
        (long long)count, (long long)rows, (double)elapsed / 1e9,
        (double)rows / ((double)elapsed / 1e9), (unsigned long long)(after.units - before.units),
        (unsigned long long)(after.commits - before.commits));
    return ERR_OK;
}

int main(int count, char **arguments)
{
    int64_t callers, seconds;

    if (count != 4 || number_parse(str_of(arguments[2]), 1, CALLERS_MOST, &callers) != ERR_OK ||
        number_parse(str_of(arguments[3]), 1, 600, &seconds) != ERR_OK) {
        (void)fputs("usage: store-writes DIRECTORY|postgresql:… CALLERS SECONDS\n", stderr);
        return 2;
    }
    enum err err = measure(arguments[1], callers, seconds);
    if (err != ERR_OK) {
        (void)fprintf(stderr, "store-writes: %s\n", err_name(err));
        return 1;
    }
    return 0;
}
