/* Many threads at one writing connection: turns, batches, and what one unit may do to another. */
#include "base/arena.h"
#include "base/check.h"
#include "base/moment.h"
#include "store/testdata/model/thing.h"
#include "store/testdata/queries.h"
#include "store/testdata/scratch.h"
#include "store/writer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>

enum {
    THREADS = 64,
    UNITS = 25
};

static int set_up(void **state)
{
    struct scratch *scratch = malloc(sizeof *scratch);

    assert_non_null(scratch);
    scratch_make(scratch, "sqlite:signet.db");
    *state = scratch;
    return 0;
}

static int tear_down(void **state)
{
    scratch_remove(*state);
    free(*state);
    return 0;
}

/* cmocka's assertions are for the main thread: workers count what went wrong. */
struct worker {
    struct scratch *scratch;
    struct seat *seat;
    struct arena *arena;
    pthread_t thread;
    int number;
    int acknowledged, refused, surprises;
};

static void start_workers(struct scratch *s, struct worker *workers, int count,
                          void *(*work)(void *))
{
    for (int i = 0; i < count; i++) {
        workers[i] = (struct worker){.scratch = s, .number = i};
        workers[i].arena = arena_create(4096, 1 << 20);
        assert_non_null(workers[i].arena);
        assert_ok(seat_open(s->store, &workers[i].seat));
    }
    for (int i = 0; i < count; i++) {
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
}

static void join_workers(struct worker *workers, int count)
{
    for (int i = 0; i < count; i++) {
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
        seat_close(workers[i].seat);
        arena_destroy(workers[i].arena);
        assert_int_equal(workers[i].surprises, 0);
    }
}

static void *put_pairs(void *argument)
{
    struct worker *w = argument;

    for (int i = 0; i < UNITS; i++) {
        if (scratch_put_pair(w->seat, w->arena, w->number * UNITS + i) == ERR_OK) {
            w->acknowledged++;
        } else {
            w->surprises++;
        }
        arena_reset(w->arena);
    }
    return NULL;
}

static void what_was_acknowledged_is_there_after_opening_again(void **state)
{
    struct scratch *s = *state;
    static struct worker workers[THREADS];
    struct store_counters counters;

    start_workers(s, workers, THREADS, put_pairs);
    join_workers(workers, THREADS);
    store_counters(s->store, &counters);
    assert_int_equal(counters.units, THREADS * UNITS);
    assert_true(counters.commits < counters.units); /* some commits carried several */
    assert_true(counters.waits > 0);

    uint64_t commits = 0;
    for (size_t i = 0; i < ARRAY_LEN(counters.batch); i++) {
        commits += counters.batch[i];
    }
    assert_int_equal(commits, counters.commits);
    assert_int_equal(counters.batch[ARRAY_LEN(counters.batch) - 1], 0); /* the batch is bounded */
    scratch_close(s);
    scratch_open(s);
    assert_int_equal(scratch_count_pairs(s), THREADS * UNITS);
}

/* Notes of some 25 pages each, so that the log grows. */
static void *put_notes(void *argument)
{
    static const char line[100000] = "a long note";
    struct note_insert_row row;
    struct worker *w = argument;
    struct tx *tx;

    for (int i = 0; i < UNITS; i++) {
        bool kept =
            tx_begin(w->seat, TX_WRITE, w->arena, &tx) == ERR_OK &&
            q_note_insert(tx, (struct str){line, sizeof line}, moment_now(), &row) == ERR_OK &&
            tx_commit(tx) == ERR_OK;
        w->acknowledged += kept;
        w->surprises += !kept;
        arena_reset(w->arena);
    }
    return NULL;
}

struct tidier {
    struct seat *seat;
    _Atomic bool stop;
};

static void *tidy_on(void *argument)
{
    struct tidier *tidier = argument;

    while (!atomic_load(&tidier->stop)) {
        seat_tidy(tidier->seat);
    }
    return NULL;
}

static void tidying_beside_writers_loses_nothing_and_keeps_the_log_short(void **state)
{
    enum {
        FEW = 12
    };
    struct scratch *s = *state;
    static struct worker workers[FEW];
    struct tidier tidier = {0};
    struct note_count_row row;
    pthread_t thread;
    struct stat log;
    char path[128];
    struct tx *tx;

    assert_ok(seat_open(s->store, &tidier.seat));
    assert_int_equal(pthread_create(&thread, NULL, tidy_on, &tidier), 0);
    start_workers(s, workers, FEW, put_notes);
    join_workers(workers, FEW);
    atomic_store(&tidier.stop, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    seat_close(tidier.seat);
    (void)snprintf(path, sizeof path, "%s/signet.db-wal", s->folder);
    assert_int_equal(stat(path, &log), 0);
    assert_true(log.st_size < FEW * UNITS * 100000); /* it was begun anew */
    scratch_close(s);
    scratch_open(s);
    assert_ok(tx_begin(s->seat, TX_READ, s->arena, &tx));
    assert_ok(q_note_count(tx, &row));
    assert_ok(tx_commit(tx));
    assert_int_equal(row.count, 1 + FEW * UNITS); /* one is the schema's own */
}

static enum err put_note(struct scratch *s)
{
    static char line[64000];
    struct note_insert_row row;
    struct tx *tx;

    memset(line, 'x', sizeof line);
    TRY(tx_begin(s->seat, TX_WRITE, s->arena, &tx));
    enum err err = q_note_insert(tx, (struct str){line, sizeof line}, moment_now(), &row);
    if (err != ERR_OK) {
        tx_rollback(tx);
        return err;
    }
    return tx_commit(tx);
}

static void a_reader_who_does_not_end_lets_the_log_grow_so_far_and_no_further(void **state)
{
    enum {
        MOST = 8 << 20,
        ENOUGH = 500
    };
    struct scratch *s = *state;
    struct seat *reader = NULL;
    struct note_count_row row;
    struct stat log;
    enum err err = ERR_OK;
    char path[128];
    struct tx *view, *tx;
    int kept = 0;

    scratch_close(s);
    s->settings.log_bytes = MOST;
    scratch_open(s);
    assert_ok(seat_open(s->store, &reader));
    assert_ok(tx_begin(reader, TX_READ, s->arena, &view));
    assert_ok(q_note_count(view, &row));
    int64_t before = row.count;
    while (err == ERR_OK && kept < ENOUGH) {
        err = put_note(s);
        kept += err == ERR_OK;
    }
    assert_err(err, ERR_STORE_FULL);
    assert_err(put_note(s), ERR_STORE_FULL);
    seat_tidy(s->seat); /* it cannot do anything yet */
    assert_err(put_note(s), ERR_STORE_FULL);
    (void)snprintf(path, sizeof path, "%s/signet.db-wal", s->folder);
    assert_int_equal(stat(path, &log), 0);
    assert_true(log.st_size < 2 * MOST);
    assert_ok(tx_begin(s->seat, TX_READ, s->arena, &tx)); /* who reads is not concerned */
    assert_ok(q_note_count(tx, &row));
    assert_int_equal(row.count, before + kept);
    assert_ok(tx_commit(tx));

    assert_ok(tx_commit(view));
    seat_close(reader);
    seat_tidy(s->seat);
    assert_ok(put_note(s));
}

static enum err run_unit(struct worker *w, int i, bool keep)
{
    struct pair_halves_row row;
    struct tx *tx;
    int64_t number = w->number * UNITS + i;

    TRY(tx_begin(w->seat, i % 2 ? TX_LATE : TX_WRITE, w->arena, &tx));
    enum err err = q_pair_half(tx, number, 1);
    if (err == ERR_OK) {
        err = q_pair_half(tx, number, 2);
    }
    if (err == ERR_OK) {
        err = q_pair_halves(tx, number, &row);
    }
    if (err == ERR_OK && row.halves != 2) {
        w->surprises++;
    }
    if (err != ERR_OK || !keep) {
        tx_rollback(tx);
        return err;
    }
    return tx_commit(tx);
}

/* Every third unit is undone, and every third meets a key that is taken. */
static void *keep_some(void *argument)
{
    struct worker *w = argument;

    for (int i = 0; i < UNITS; i++) {
        bool keep = i % 3 == 0;
        enum err err = run_unit(w, i, keep);
        w->acknowledged += err == ERR_OK && keep;
        w->surprises += err != ERR_OK;
        if (keep) {
            w->refused += run_unit(w, i, true) == ERR_TAKEN;
        }
        arena_reset(w->arena);
    }
    return NULL;
}

static void a_unit_that_is_undone_takes_no_other_with_it(void **state)
{
    struct scratch *s = *state;
    static struct worker workers[THREADS];
    int acknowledged = 0, refused = 0;

    start_workers(s, workers, THREADS, keep_some);
    join_workers(workers, THREADS);
    for (int i = 0; i < THREADS; i++) {
        acknowledged += workers[i].acknowledged;
        refused += workers[i].refused;
    }
    assert_int_equal(acknowledged, THREADS * ((UNITS + 2) / 3));
    assert_int_equal(refused, acknowledged);
    assert_int_equal(scratch_count_pairs(s), acknowledged);
    assert_true(scratch_has_pair(s, 0));
    assert_false(scratch_has_pair(s, 1));
}

/* Reads, and adds one if nobody else has. */
static enum err weigh(struct worker *w)
{
    struct thing thing;
    struct tx *tx;

    TRY(tx_begin(w->seat, TX_LATE, w->arena, &tx));
    enum err err = q_thing_by_id(tx, scratch_id(1), &thing);
    if (err == ERR_OK) {
        err = q_thing_weigh(tx, scratch_id(1), thing.weight);
    }
    if (err != ERR_OK) {
        tx_rollback(tx);
        return err;
    }
    return tx_commit(tx);
}

/* Between units of the other kind, which take their turn themselves, and of which some are undone.
 */
static void *weigh_on(void *argument)
{
    struct worker *w = argument;

    for (int i = 0; i < UNITS; i++) {
        enum err err = weigh(w);
        w->acknowledged += err == ERR_OK;
        w->refused += err == ERR_STORE_RETRY;
        w->surprises += err != ERR_OK && err != ERR_STORE_RETRY;
        if (w->number % 4 == 0) {
            w->surprises += run_unit(w, i, i % 2) != ERR_OK;
        }
        arena_reset(w->arena);
    }
    return NULL;
}

static void what_is_run_for_others_is_kept_for_each_who_was_told_so(void **state)
{
    struct scratch *s = *state;
    static struct worker workers[THREADS];
    struct store_counters before, after;
    struct thing thing;
    struct tx *tx;
    int acknowledged = 0, refused = 0;

    assert_ok(tx_begin(s->seat, TX_WRITE, s->arena, &tx));
    assert_ok(q_thing_put(tx, scratch_id(1), STR("one")));
    assert_ok(q_thing_take(tx, scratch_id(1), &(struct thing_take_row){0}));
    assert_ok(tx_commit(tx));
    store_counters(s->store, &before);
    start_workers(s, workers, THREADS, weigh_on);
    join_workers(workers, THREADS);
    store_counters(s->store, &after);
    for (int i = 0; i < THREADS; i++) {
        acknowledged += workers[i].acknowledged;
        refused += workers[i].refused;
    }
    assert_int_equal(acknowledged + refused, THREADS * UNITS);
    assert_true(acknowledged > 0 && refused > 0);
    assert_int_equal(scratch_count_pairs(s), THREADS / 4 * (UNITS / 2));
    assert_int_equal(after.units - before.units, acknowledged + THREADS / 4 * (UNITS / 2));
    scratch_close(s);
    scratch_open(s);
    assert_ok(tx_begin(s->seat, TX_READ, s->arena, &tx));
    assert_ok(q_thing_by_id(tx, scratch_id(1), &thing));
    assert_int_equal(thing.weight, 1 + acknowledged);
    assert_ok(tx_commit(tx));
}

static void an_errand_that_gets_no_turn_is_not_run(void **state)
{
    struct scratch *s = *state;
    struct worker w = {.arena = s->arena};
    struct tx *writing;

    scratch_close(s);
    s->settings.busy_ms = 50;
    scratch_open(s);
    assert_ok(seat_open(s->store, &w.seat));
    assert_ok(tx_begin(s->seat, TX_WRITE, s->arena, &writing));
    assert_ok(q_thing_put(writing, scratch_id(1), STR("one")));
    assert_ok(tx_commit(writing));
    assert_ok(tx_begin(s->seat, TX_WRITE, s->arena, &writing));
    assert_err(weigh(&w), ERR_BUSY);
    assert_ok(tx_commit(writing));
    assert_err(weigh(&w), ERR_STORE_RETRY); /* it has no weight, and the queue is as it was */
    seat_close(w.seat);
}

struct ledger {
    struct scratch *scratch;
    _Atomic int64_t newest; /* the highest number that was acknowledged */
    _Atomic bool done;
    int surprises;
};

static void *look_for_the_newest(void *argument)
{
    struct ledger *ledger = argument;
    struct arena *arena = arena_create(4096, 1 << 20);
    struct pair_halves_row row;
    struct seat *seat = NULL;
    struct tx *tx;

    ledger->surprises += !arena || seat_open(ledger->scratch->store, &seat) != ERR_OK;
    while (ledger->surprises == 0 && !atomic_load(&ledger->done)) {
        int64_t newest = atomic_load(&ledger->newest);
        bool seen = tx_begin(seat, TX_READ, arena, &tx) == ERR_OK &&
                    q_pair_halves(tx, newest, &row) == ERR_OK && tx_commit(tx) == ERR_OK;
        ledger->surprises += !seen || row.halves != 2;
        arena_reset(arena);
    }
    seat_close(seat);
    arena_destroy(arena);
    return NULL;
}

static void what_was_acknowledged_is_seen_at_once_elsewhere(void **state)
{
    struct scratch *s = *state;
    struct ledger ledger = {.scratch = s};
    pthread_t thread;

    assert_ok(scratch_put_pair(s->seat, s->arena, 0));
    assert_int_equal(pthread_create(&thread, NULL, look_for_the_newest, &ledger), 0);
    for (int64_t number = 1; number <= 500; number++) {
        assert_ok(scratch_put_pair(s->seat, s->arena, number));
        atomic_store(&ledger.newest, number);
        arena_reset(s->arena);
    }
    atomic_store(&ledger.done, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(ledger.surprises, 0);
}

static void waiting_for_a_turn_is_bounded(void **state)
{
    struct scratch *s = *state;
    struct seat *other;
    struct tx *tx;

    scratch_close(s);
    s->settings.busy_ms = 50;
    scratch_open(s);
    assert_ok(seat_open(s->store, &other));
    assert_ok(tx_begin(other, TX_WRITE, s->arena, &tx));

    int64_t before = monotonic_ms();
    assert_err(scratch_put_pair(s->seat, s->arena, 1), ERR_BUSY);
    int64_t waited = monotonic_ms() - before;
    assert_true(waited >= 49 && waited < 10000);
    assert_string_equal(seat_reason(s->seat)->detail, "no turn at writing within 50 ms");

    assert_ok(q_pair_half(tx, 2, 1)); /* who holds it is not disturbed, and the turn goes on */
    assert_ok(tx_commit(tx));
    assert_ok(scratch_put_pair(s->seat, s->arena, 1));
    seat_close(other);
}

static void a_late_unit_that_gets_no_turn_keeps_nothing(void **state)
{
    struct scratch *s = *state;
    struct pair_halves_row row;
    struct seat *other;
    struct tx *writing, *late;

    scratch_close(s);
    s->settings.busy_ms = 50;
    scratch_open(s);
    assert_ok(seat_open(s->store, &other));
    assert_ok(tx_begin(other, TX_WRITE, s->arena, &writing));
    assert_ok(tx_begin(s->seat, TX_LATE, s->arena, &late));
    assert_ok(q_pair_halves(late, 1, &row));
    assert_err(q_pair_half(late, 1, 1), ERR_BUSY);
    assert_err(tx_commit(late), ERR_BUSY);
    assert_ok(tx_commit(writing));
    seat_close(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_acknowledged_is_there_after_opening_again, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            tidying_beside_writers_loses_nothing_and_keeps_the_log_short, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_reader_who_does_not_end_lets_the_log_grow_so_far_and_no_further, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_unit_that_is_undone_takes_no_other_with_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_run_for_others_is_kept_for_each_who_was_told_so,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_errand_that_gets_no_turn_is_not_run, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_acknowledged_is_seen_at_once_elsewhere, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(waiting_for_a_turn_is_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_late_unit_that_gets_no_turn_keeps_nothing, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
