/* What goes wrong with a PostgreSQL server, and many units at once: a real server, really killed.
 */
#include "base/arena.h"
#include "base/check.h"
#include "base/moment.h"
#include "store/postgres_fault.h"
#include "store/testdata/cluster.h"
#include "store/testdata/model/thing.h"
#include "store/testdata/queries.h"
#include "store/testdata/scratch.h"

#include <unistd.h>

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>

enum {
    WRITERS = 8,
    TAKERS = 50,
    RESTARTS = 3
};

struct place {
    struct cluster *cluster;
    char url[CLUSTER_URL];
    struct scratch scratch;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);

    assert_non_null(place);
    place->cluster = *state;
    cluster_database(place->cluster, place->url);
    scratch_make(&place->scratch, place->url);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;

    scratch_remove(&place->scratch);
    free(place);
    return 0;
}

static struct tx *begin(struct scratch *s, enum unit_kind kind)
{
    struct tx *tx = NULL;

    assert_ok(tx_begin(s->seat, kind, s->arena, &tx));
    return tx;
}

/* As the floor above does it. */
static enum err put_with_patience(struct seat *seat, struct arena *arena, int64_t number)
{
    enum err err = ERR_STORE_RETRY;

    for (int i = 0; i < 20 && err == ERR_STORE_RETRY; i++) {
        err = scratch_put_pair(seat, arena, number);
    }
    return err;
}

static int64_t backend_of(const struct place *place)
{
    return cluster_number(place->url,
                          "SELECT pid FROM pg_stat_activity WHERE pid <> "
                          "pg_backend_pid() AND datname = current_database() LIMIT 1");
}

static void terminate_all(const struct place *place)
{
    cluster_run(place->url,
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE "
                "pid <> pg_backend_pid() AND datname = current_database()");
}

static void a_connection_lost_in_a_unit_asks_for_another_try(void **state)
{
    struct place *place = *state;
    struct scratch *s = &place->scratch;
    struct tx *tx = begin(s, TX_WRITE);

    assert_ok(q_pair_half(tx, 1, 1));
    terminate_all(place);
    assert_err(q_pair_half(tx, 1, 2), ERR_STORE_RETRY);
    assert_err(tx_commit(tx), ERR_STORE_RETRY);
    assert_ok(scratch_put_pair(s->seat, s->arena, 1));
    assert_true(scratch_has_pair(s, 1));
}

static void a_connection_lost_between_units_is_not_noticed(void **state)
{
    struct place *place = *state;
    struct scratch *s = &place->scratch;

    assert_ok(scratch_put_pair(s->seat, s->arena, 1));
    terminate_all(place);
    assert_ok(scratch_put_pair(s->seat, s->arena, 2));
    assert_true(scratch_has_pair(s, 1));
    terminate_all(place);
    assert_ok(seat_ping(s->seat));
}

/* The server ends the connection while it commits: nobody can know, so nobody is told it is kept,
 * nor that it may be run again. */
static void a_commit_without_an_answer_is_neither_kept_nor_run_again(void **state)
{
    struct place *place = *state;
    struct scratch *s = &place->scratch;
    struct tx *tx;

    cluster_run(place->url,
                "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10);"
                " RETURN NULL; END $$;"
                "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED"
                " FOR EACH ROW EXECUTE FUNCTION die()");
    struct note_insert_row row;
    tx = begin(s, TX_WRITE);
    assert_ok(q_note_insert(tx, STR("a"), (struct moment){5}, &row));
    assert_err(tx_commit(tx), ERR_STORE_DOWN);
    assert_non_null(strstr(seat_reason(s->seat)->detail, "may be kept or not"));
    assert_ok(scratch_put_pair(s->seat, s->arena, 1));
}

static void a_server_that_does_not_answer_holds_nobody(void **state)
{
    struct place *place = *state;
    struct scratch *s = &place->scratch;
    int64_t begun;

    scratch_close(s);
    s->settings.statement_ms = 200;
    scratch_open(s);
    pid_t backend = (pid_t)backend_of(place);
    assert_int_equal(kill(backend, SIGSTOP), 0);
    begun = monotonic_ms();
    assert_err(scratch_put_pair(s->seat, s->arena, 1), ERR_STORE_DOWN);
    assert_in_range(monotonic_ms() - begun, 200, 20000);
    assert_int_equal(kill(backend, SIGCONT), 0);
    assert_ok(scratch_put_pair(s->seat, s->arena, 2));
    assert_false(scratch_has_pair(s, 1));
}

static void a_lock_that_does_not_come_is_busy(void **state)
{
    struct place *place = *state;
    struct scratch *s = &place->scratch;
    struct seat *other;
    struct tx *holder;

    scratch_close(s);
    s->settings.lock_ms = 50;
    scratch_open(s);
    assert_ok(seat_open(s->store, &other));
    assert_ok(tx_begin(other, TX_WRITE, s->arena, &holder));
    assert_ok(q_pair_half(holder, 1, 1));
    assert_err(scratch_put_pair(s->seat, s->arena, 1), ERR_BUSY);
    assert_ok(tx_commit(holder));
    seat_close(other);
}

static void a_server_that_is_away_is_told_at_once_and_found_again(void **state)
{
    struct place *place = *state;
    struct scratch *s = &place->scratch;

    assert_ok(scratch_put_pair(s->seat, s->arena, 1));
    cluster_end(place->cluster, SIGINT);
    int64_t begun = monotonic_ms();
    for (int i = 0; i < 100; i++) {
        assert_err(put_with_patience(s->seat, s->arena, 2), ERR_STORE_DOWN);
    }
    assert_true(monotonic_ms() - begun < 20000);
    assert_err(seat_ping(s->seat), ERR_STORE_DOWN);
    cluster_start_again(place->cluster);
    int64_t until = monotonic_ms() + 20000;
    while (scratch_put_pair(s->seat, s->arena, 2) != ERR_OK && monotonic_ms() < until) {
        (void)usleep(10000);
    }
    assert_true(scratch_has_pair(s, 2));
}

/* Writers, while the server is killed under them. */

struct writer_thread {
    struct scratch *scratch;
    const _Atomic bool *stop;
    int64_t first, acknowledged, refused;
    int64_t *numbers;
    enum err unexpected;
};

enum {
    NUMBERS_MOST = 1 << 20
};

static void *write_on(void *argument)
{
    struct writer_thread *writer = argument;
    struct arena *arena = arena_create(4096, 1 << 20);
    struct seat *seat = NULL;

    assert_non_null(arena);
    assert_ok(seat_open(writer->scratch->store, &seat));
    for (int64_t number = writer->first; !atomic_load(writer->stop); number++) {
        enum err err = scratch_put_pair(seat, arena, number);
        arena_reset(arena);
        if (err == ERR_OK && writer->acknowledged < NUMBERS_MOST) {
            writer->numbers[writer->acknowledged++] = number;
        } else if (err == ERR_STORE_DOWN || err == ERR_STORE_RETRY) {
            writer->refused++;
            (void)usleep(1000);
        } else {
            writer->unexpected = err;
        }
    }
    seat_close(seat);
    arena_destroy(arena);
    return NULL;
}

static int64_t check_writer(struct scratch *s, const struct writer_thread *writer)
{
    assert_ok(writer->unexpected);
    for (int64_t i = 0; i < writer->acknowledged; i++) {
        if (!scratch_has_pair(s, writer->numbers[i])) {
            fail_msg("pair %lld was acknowledged and is gone", (long long)writer->numbers[i]);
        }
    }
    free(writer->numbers);
    return writer->acknowledged;
}

static void what_was_acknowledged_outlives_the_server(void **state)
{
    struct place *place = *state;
    struct scratch *s = &place->scratch;
    struct writer_thread writers[WRITERS];
    pthread_t threads[WRITERS];
    _Atomic bool stop = false;
    int64_t acknowledged = 0, refused = 0;

    for (int i = 0; i < WRITERS; i++) {
        writers[i] =
            (struct writer_thread){.scratch = s, .stop = &stop, .first = (int64_t)i * NUMBERS_MOST};
        writers[i].numbers = calloc(NUMBERS_MOST, sizeof(int64_t));
        assert_non_null(writers[i].numbers);
        assert_int_equal(pthread_create(&threads[i], NULL, write_on, &writers[i]), 0);
    }
    for (int i = 0; i < RESTARTS; i++) {
        (void)usleep(300000);
        cluster_end(place->cluster, SIGQUIT);
        cluster_start_again(place->cluster);
    }
    (void)usleep(1500000); /* longer than any of them puts off coming back */
    atomic_store(&stop, true);
    for (int i = 0; i < WRITERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_ok(put_with_patience(s->seat, s->arena, -1));
    for (int i = 0; i < WRITERS; i++) {
        refused += writers[i].refused;
        acknowledged += check_writer(s, &writers[i]);
    }
    assert_true(acknowledged > 0);
    assert_in_range(scratch_count_pairs(s), acknowledged, acknowledged + refused + 1);
    print_message("%lld units acknowledged over %d deaths of the server, none lost, %lld refused\n",
                  (long long)acknowledged, RESTARTS, (long long)refused);
}

static void two_processes_migrate_at_once(void **state)
{
    struct place *place = *state;
    char url[CLUSTER_URL];
    struct scratch fresh;
    pid_t children[4];
    int status;

    cluster_database(place->cluster, url);
    for (size_t i = 0; i < ARRAY_LEN(children); i++) {
        children[i] = fork();
        if (children[i] == 0) {
            scratch_make(&fresh, url);
            scratch_remove(&fresh);
            _exit(0);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(children); i++) {
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(cluster_number(url, "SELECT count(*) FROM schema_version"), 2);
}

static void a_newer_schema_is_told_and_left_alone(void **state)
{
    struct place *place = *state;
    struct reason reason = {0};

    cluster_run(place->url, "INSERT INTO schema_version VALUES (9, 'later', now())");
    assert_err(store_migrate(place->scratch.store, &reason), ERR_STORE);
    assert_string_equal(reason.detail,
                        "the store was written by a newer signet (schema 9, this binary knows 2)");
}

static void a_rehearsal_runs_what_is_pending_and_changes_nothing(void **state)
{
    struct place *place = *state;
    struct reason reason = {0};
    struct store_version version;
    struct store_steps steps;

    cluster_run(place->url,
                "DELETE FROM schema_version WHERE version = 2; DELETE FROM notes;"
                "ALTER TABLE notes DROP COLUMN at");
    assert_ok(store_rehearse(place->scratch.store, &reason, &steps));
    assert_int_equal(steps.count, 1);
    assert_ok(store_version(place->scratch.store, &version));
    assert_int_equal(version.schema, 1);
    assert_int_equal(cluster_number(place->url, "SELECT count(*) FROM notes"), 0);
    assert_ok(store_migrate(place->scratch.store, &reason));
    assert_ok(store_rehearse(place->scratch.store, &reason, &steps));
    assert_int_equal(steps.count, 0);
}

/* So a migration that somebody's work keeps waiting is told, and no queue forms behind it. */
static void a_rehearsal_does_not_wait_for_long(void **state)
{
    struct place *place = *state;
    struct reason reason = {0};
    struct store_steps steps;
    struct note_count_row row;

    cluster_run(place->url,
                "DELETE FROM schema_version WHERE version = 2; DELETE FROM notes;"
                "ALTER TABLE notes DROP COLUMN at");
    struct tx *tx = begin(&place->scratch, TX_WRITE);
    assert_ok(q_note_count(tx, &row));
    assert_err(store_rehearse(place->scratch.store, &reason, &steps), ERR_BUSY);
    tx_rollback(tx);
}

struct taker {
    struct scratch *scratch;
    pthread_barrier_t *start;
    int64_t taken, missed, other;
};

static enum err take_once(struct seat *seat, struct arena *arena)
{
    struct thing_take_row row;
    struct tx *tx;

    TRY(tx_begin(seat, TX_WRITE, arena, &tx));
    enum err err = q_thing_take(tx, scratch_id(1), &row);
    if (err != ERR_OK) {
        tx_rollback(tx);
        return err;
    }
    return tx_commit(tx);
}

static void *take(void *argument)
{
    struct taker *taker = argument;
    struct arena *arena = arena_create(4096, 1 << 20);
    struct seat *seat = NULL;
    enum err err = ERR_STORE_RETRY;

    assert_non_null(arena);
    assert_ok(seat_open(taker->scratch->store, &seat));
    (void)pthread_barrier_wait(taker->start);
    while (err == ERR_STORE_RETRY) {
        err = take_once(seat, arena);
    }
    taker->taken = err == ERR_OK;
    taker->missed = err == ERR_MISSING;
    taker->other = !taker->taken && !taker->missed;
    seat_close(seat);
    arena_destroy(arena);
    return NULL;
}

static void what_may_be_taken_once_is_taken_once(void **state)
{
    struct place *place = *state;
    struct scratch *s = &place->scratch;
    struct taker takers[TAKERS];
    pthread_t threads[TAKERS];
    pthread_barrier_t start;
    int64_t taken = 0, missed = 0;
    struct tx *tx = begin(s, TX_WRITE);

    assert_ok(q_thing_put(tx, scratch_id(1), STR("code")));
    assert_ok(tx_commit(tx));
    assert_int_equal(pthread_barrier_init(&start, NULL, TAKERS), 0);
    for (int i = 0; i < TAKERS; i++) {
        takers[i] = (struct taker){.scratch = s, .start = &start};
        assert_int_equal(pthread_create(&threads[i], NULL, take, &takers[i]), 0);
    }
    for (int i = 0; i < TAKERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        taken += takers[i].taken;
        missed += takers[i].missed;
    }
    assert_int_equal(taken, 1);
    assert_int_equal(missed, TAKERS - 1);
    (void)pthread_barrier_destroy(&start);
}

static void put_heavy(struct scratch *s, uint8_t number, const char *name)
{
    struct thing thing = {
        .id = scratch_id(number), .name = {str_of(name), str_of(name)},
             .heavy = true
    };
    struct tx *tx = begin(s, TX_WRITE);

    assert_ok(q_thing_insert(tx, &thing, &thing.digest, thing.colour));
    assert_ok(tx_commit(tx));
}

/* Each sees that another is left, and steps down: one after the other, the second would not. */
static void two_that_see_each_other_cannot_both_go(void **state)
{
    struct place *place = *state;
    struct scratch *s = &place->scratch;
    struct things_heavy_but_row left;
    struct seat *other;
    struct tx *first, *second;

    put_heavy(s, 1, "a");
    put_heavy(s, 2, "b");
    assert_ok(seat_open(s->store, &other));
    first = begin(s, TX_LATE);
    assert_ok(tx_begin(other, TX_LATE, s->arena, &second));
    assert_ok(q_things_heavy_but(first, scratch_id(1), &left));
    assert_int_equal(left.count, 1);
    assert_ok(q_things_heavy_but(second, scratch_id(2), &left));
    assert_int_equal(left.count, 1);
    assert_ok(q_thing_lighten(first, scratch_id(1)));
    assert_ok(tx_commit(first));
    enum err err = q_thing_lighten(second, scratch_id(2));
    err = err == ERR_OK ? tx_commit(second) : err;
    assert_err(err, ERR_STORE_RETRY);
    tx_rollback(second);

    assert_ok(
        tx_begin(other, TX_LATE, s->arena, &second)); /* run again, it sees how things stand */
    assert_ok(q_things_heavy_but(second, scratch_id(2), &left));
    assert_int_equal(left.count, 0);
    tx_rollback(second);
    seat_close(other);
}

static void codes_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *state;
        enum err err;
        bool leave;
    } rows[] = {
        {"23505", ERR_TAKEN,       false},
        {"23503", ERR_STORE_RETRY, false},
        {"23514", ERR_STORE,       false},
        {"40001", ERR_STORE_RETRY, false},
        {"40P01", ERR_STORE_RETRY, false},
        {"53100", ERR_STORE_FULL,  false},
        {"53300", ERR_STORE_DOWN,  true },
        {"57P01", ERR_STORE_DOWN,  true },
        {"57014", ERR_BUSY,        false},
        {"25006", ERR_STORE_DOWN,  true },
        {"26000", ERR_STORE_RETRY, true },
        {"42601", ERR_STORE,       false},
        {NULL,    ERR_STORE,       false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bool leave;
        assert_string_equal(err_name(postgres_fault(rows[i].state, &leave)), err_name(rows[i].err));
        assert_int_equal(leave, rows[i].leave);
    }
}

static void what_cannot_be_reached_is_told(void **state)
{
    struct place *place = *state;
    struct store_settings settings = place->scratch.settings;
    struct reason reason = {0};
    struct store *store;

    settings.url = STR("postgresql://user:secret@host/x?secret=1");
    assert_err(store_open(&settings, STR("."), &reason, &store), ERR_CONFIG);
    assert_null(strstr(reason.detail, "secret"));
    reason = (struct reason){0};
    settings.url = STR("postgresql:///x?host=/nowhere");
    assert_err(store_open(&settings, STR("."), &reason, &store), ERR_STORE_DOWN);
    assert_non_null(strstr(reason.detail, "/nowhere"));
}

/* clang-format off */
#define WITH(function) {#function, function, set_up, tear_down, &cluster}
/* clang-format on */

int main(void)
{
    struct cluster cluster;
    const struct CMUnitTest tests[] = {
        WITH(a_connection_lost_in_a_unit_asks_for_another_try),
        WITH(a_connection_lost_between_units_is_not_noticed),
        WITH(a_commit_without_an_answer_is_neither_kept_nor_run_again),
        WITH(a_server_that_does_not_answer_holds_nobody),
        WITH(a_lock_that_does_not_come_is_busy),
        WITH(two_processes_migrate_at_once),
        WITH(a_newer_schema_is_told_and_left_alone),
        WITH(a_rehearsal_runs_what_is_pending_and_changes_nothing),
        WITH(a_rehearsal_does_not_wait_for_long),
        WITH(what_may_be_taken_once_is_taken_once),
        WITH(two_that_see_each_other_cannot_both_go),
        WITH(what_cannot_be_reached_is_told),
        WITH(a_server_that_is_away_is_told_at_once_and_found_again),
        WITH(what_was_acknowledged_outlives_the_server),
        cmocka_unit_test(codes_are_told_apart),
    };

    if (!cluster_start(&cluster)) {
        return 77; /* skipped */
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    cluster_remove(&cluster);
    return failed;
}
