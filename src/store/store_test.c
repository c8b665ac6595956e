/* What every engine must do, asked through the interface alone: the tests take the store's address.
 */
#include "base/arena.h"
#include "base/check.h"
#include "base/moment.h"
#include "store/store.h"
#include "store/testdata/cluster.h"
#include "store/testdata/model/thing.h"
#include "store/testdata/queries.h"
#include "store/testdata/scratch.h"

#include <stdlib.h>

/* Where the stores of a test are made: in SQLite if there is no cluster. */
struct place {
    struct cluster *cluster;
    char url[CLUSTER_URL];
    bool pooler; /* as if the next unit had another connection */
};

static int set_up(void **state)
{
    struct place *place = *state;
    struct scratch *scratch = malloc(sizeof *scratch);

    assert_non_null(scratch);
    if (place->cluster) {
        cluster_database(place->cluster, place->url);
    }
    scratch_make(scratch, place->url);
    if (place->pooler) {
        scratch_close(scratch);
        scratch->settings.pooler = true;
        scratch->settings.prepare = false;
        scratch_open(scratch);
    }
    *state = scratch;
    return 0;
}

static int tear_down(void **state)
{
    scratch_remove(*state);
    free(*state);
    return 0;
}

static struct tx *begin(struct scratch *s, enum unit_kind kind)
{
    struct tx *tx = NULL;

    assert_ok(tx_begin(s->seat, kind, s->arena, &tx));
    return tx;
}

static void assert_same_thing(const struct thing *a, const struct thing *b)
{
    assert_true(id_eq(a->id, b->id));
    assert_true(str_eq(a->name.shown, b->name.shown));
    assert_true(str_eq(a->name.key, b->name.key));
    assert_true(str_eq(a->picture, b->picture));
    assert_int_equal(str_is_set(a->picture), str_is_set(b->picture));
    assert_int_equal(a->weight, b->weight);
    assert_int_equal(a->heavy, b->heavy);
    assert_int_equal(a->made.ms, b->made.ms);
    assert_true(key32_eq(&a->digest, &b->digest));
    assert_int_equal(a->colour, b->colour);
}

static void put_thing(struct scratch *s, const struct thing *thing)
{
    struct tx *tx = begin(s, TX_WRITE);

    assert_ok(q_thing_insert(tx, thing, &thing->digest, thing->colour));
    assert_ok(tx_commit(tx));
}

static void get_thing(struct scratch *s, struct id id, struct thing *ret)
{
    struct tx *tx = begin(s, TX_READ);

    memset(ret, 'x', sizeof *ret);
    assert_ok(q_thing_by_id(tx, id, ret));
    assert_ok(tx_commit(tx));
}

static void every_kind_comes_back_as_it_went(void **state)
{
    struct scratch *s = *state;
    struct thing found, thing = {
                            .id = scratch_id(1),
                            .name = {STR("Grün €"), STR("grün €")},
                            .picture = {"\0\xff\0",                3},
                            .weight = INT64_MIN,
                            .heavy = true,
                            .made = {1748773800007},
                            .digest = {{[0] = 1, [31] = 0xff}   },
                            .colour = COLOUR_GREEN,
    };

    put_thing(s, &thing);
    get_thing(s, thing.id, &found);
    assert_same_thing(&found, &thing);
    assert_int_equal(found.in_no_column, 0);
}

static void no_value_comes_back_as_none(void **state)
{
    struct scratch *s = *state;
    struct thing found, thing = {
                            .id = scratch_id(2), .name = {STR("x"), STR("")}
    };

    put_thing(s, &thing);
    get_thing(s, thing.id, &found);
    assert_same_thing(&found, &thing);
    assert_true(str_is_set(found.name.key)); /* empty text is a text */
    assert_null(found.picture.ptr);

    thing = (struct thing){
        .id = scratch_id(3), .name = {STR("y"), STR("y")},
             .picture = STR("")
    };
    put_thing(s, &thing);
    get_thing(s, thing.id, &found);
    assert_same_thing(&found, &thing); /* and empty bytes are bytes */
}

static void a_column_of_another_type_is_told(void **state)
{
    struct scratch *s = *state;
    struct thing_wrong_row row;

    put_thing(s, &(struct thing){
                     .id = scratch_id(1), .name = {STR("a"), STR("a")}
    });
    struct tx *tx = begin(s, TX_READ);
    assert_err(q_thing_wrong(tx, scratch_id(1), &row), ERR_STORE);
    assert_string_equal(seat_reason(s->seat)->detail,
                        "thing_wrong: the column for weight holds something else");
    tx_rollback(tx);
}

static void what_is_not_there_is_missing_and_spoils_nothing(void **state)
{
    struct scratch *s = *state;
    struct thing thing = {.weight = 7};
    struct tx *tx = begin(s, TX_WRITE);
    int64_t changed;

    assert_err(q_thing_by_id(tx, scratch_id(9), &thing), ERR_MISSING);
    assert_int_equal(thing.weight, 7); /* written on success only */
    assert_err(q_thing_rename(tx, STR("z"), scratch_id(9)), ERR_MISSING);
    assert_ok(q_thing_remove(tx, scratch_id(9), &changed));
    assert_int_equal(changed, 0);
    assert_ok(q_thing_put(tx, scratch_id(9), STR("new")));
    assert_ok(q_thing_rename(tx, STR("z"), scratch_id(9)));
    assert_ok(q_thing_remove(tx, scratch_id(9), &changed));
    assert_int_equal(changed, 1);
    assert_ok(tx_commit(tx));
}

static void rows_come_as_an_array(void **state)
{
    struct scratch *s = *state;
    struct pairs_from_row *rows;
    size_t count;
    struct tx *tx = begin(s, TX_WRITE);

    assert_ok(q_pairs_from(tx, 0, 100, &rows, &count));
    assert_int_equal(count, 0);
    for (int64_t number = 0; number < 100; number++) {
        assert_ok(q_pair_half(tx, number, 1));
    }
    assert_ok(q_pairs_from(tx, 10, 77, &rows, &count));
    assert_int_equal(count, 77);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(rows[i].number, 10 + i);
        assert_int_equal(rows[i].half, 1);
    }
    tx_rollback(tx);
}

static void too_many_rows_for_the_arena_are_an_error(void **state)
{
    struct scratch *s = *state;
    CLEANUP(arena_destroy_at) struct arena *small = arena_create(256, 1024);
    struct pairs_from_row *rows;
    size_t count;
    struct tx *tx = begin(s, TX_WRITE);

    for (int64_t number = 0; number < 100; number++) {
        assert_ok(q_pair_half(tx, number, 1));
    }
    assert_ok(tx_commit(tx));
    assert_ok(tx_begin(s->seat, TX_READ, small, &tx));
    assert_err(q_pairs_from(tx, 0, 100, &rows, &count), ERR_MEMORY);
    assert_err(tx_commit(tx), ERR_MEMORY);
}

static void changing_statements_can_answer_rows(void **state)
{
    struct scratch *s = *state;
    struct note_insert_row first, second;
    struct notes_remove_row *rows;
    size_t count;
    struct tx *tx = begin(s, TX_WRITE);

    assert_ok(q_note_insert(tx, STR("a"), (struct moment){5}, &first));
    assert_ok(q_note_insert(tx, STR("b"), (struct moment){6}, &second));
    assert_int_equal(second.sequence, first.sequence + 1);
    assert_ok(tx_commit(tx));
    tx = begin(s, TX_WRITE);
    assert_ok(q_notes_remove(tx, &rows, &count));
    assert_int_equal(count, 3); /* the migration brought one */
    assert_str(rows[2].line, "b");
    assert_ok(q_note_insert(tx, STR("c"), (struct moment){7}, &first));
    assert_int_equal(first.sequence, second.sequence + 1); /* numbers are not used again */
    assert_ok(tx_commit(tx));
}

static void a_taken_key_is_named_and_spoils_the_unit(void **state)
{
    struct scratch *s = *state;
    struct tx *tx = begin(s, TX_WRITE);

    assert_ok(q_thing_put(tx, scratch_id(1), STR("a")));
    assert_false(str_is_set(tx_conflict(tx)));
    assert_ok(tx_commit(tx));

    tx = begin(s, TX_LATE);
    assert_ok(q_pair_half(tx, 1, 1));
    assert_err(q_thing_put(tx, scratch_id(2), STR("a")), ERR_TAKEN);
    assert_str(tx_conflict(tx), "things_name");
    assert_err(q_pair_half(tx, 1, 2), ERR_TAKEN); /* only a rollback may follow */
    assert_err(tx_commit(tx), ERR_TAKEN);
    assert_false(scratch_has_pair(s, 1));

    tx = begin(s, TX_WRITE);
    assert_false(str_is_set(tx_conflict(tx)));
    assert_err(q_thing_put(tx, scratch_id(1), STR("b")), ERR_TAKEN);
    assert_str(tx_conflict(tx), "things_id");
    tx_rollback(tx);
}

static void a_taken_expression_is_named_by_its_index(void **state)
{
    struct scratch *s = *state;
    struct tx *tx = begin(s, TX_WRITE);

    assert_ok(q_thing_put_heavy(tx, scratch_id(1), STR("a")));
    assert_err(q_thing_put_heavy(tx, scratch_id(2), STR("A")), ERR_TAKEN);
    assert_str(tx_conflict(tx), "things_lower_name");
    tx_rollback(tx);
}

static void a_parent_that_went_away_asks_for_another_try(void **state)
{
    struct scratch *s = *state;
    struct tx *tx = begin(s, TX_WRITE);

    assert_err(q_part_insert(tx, scratch_id(7), 1), ERR_STORE_RETRY);
    assert_err(tx_commit(tx), ERR_STORE_RETRY);

    tx = begin(s, TX_WRITE); /* a rule of the schema that is broken is our fault */
    assert_err(q_thing_put(tx, scratch_id(7), STR("text, integer")), ERR_STORE);
    tx_rollback(tx);
}

static void what_is_committed_is_seen_and_what_is_not_is_not(void **state)
{
    struct scratch *s = *state;
    struct seat *other;
    struct pair_halves_row row;
    struct tx *reading, *writing;

    assert_ok(seat_open(s->store, &other));
    assert_ok(tx_begin(other, TX_READ, s->arena, &reading));
    assert_ok(q_pair_halves(reading, 1, &row));
    assert_int_equal(row.halves, 0);

    writing = begin(s, TX_WRITE);
    assert_ok(q_pair_half(writing, 1, 1));
    assert_true(tx_has_written(writing));
    assert_ok(q_pair_halves(reading, 1, &row));
    assert_int_equal(row.halves, 0);
    assert_ok(tx_commit(writing));

    assert_ok(q_pair_halves(reading, 1, &row)); /* one view from beginning to end */
    assert_int_equal(row.halves, 0);
    assert_ok(tx_commit(reading));
    assert_ok(tx_begin(other, TX_READ, s->arena, &reading));
    assert_ok(q_pair_halves(reading, 1, &row));
    assert_int_equal(row.halves, 1);
    tx_rollback(reading);
    seat_close(other);
}

static void a_late_unit_reads_what_it_wrote(void **state)
{
    struct scratch *s = *state;
    struct pair_halves_row row;
    struct tx *tx = begin(s, TX_LATE);

    assert_ok(q_pair_halves(tx, 5, &row));
    assert_int_equal(row.halves, 0);
    assert_false(tx_has_written(tx));
    assert_ok(q_pair_half(tx, 5, 1));
    assert_ok(q_pair_halves(tx, 5, &row));
    assert_int_equal(row.halves, 1);
    tx_rollback(tx);
    assert_false(scratch_has_pair(s, 5));
}

static void a_late_unit_holds_nobody_up_before_it_writes(void **state)
{
    struct scratch *s = *state;
    struct seat *other;
    struct pair_halves_row row;
    struct tx *late;

    assert_ok(seat_open(s->store, &other));
    assert_ok(tx_begin(other, TX_LATE, s->arena, &late));
    assert_ok(q_pair_halves(late, 1, &row));
    assert_ok(scratch_put_pair(s->seat, s->arena, 1)); /* would wait for ever otherwise */
    assert_ok(q_pair_half(late, 2, 1));
    assert_ok(tx_commit(late));
    seat_close(other);
}

static void assert_weight(struct scratch *s, struct id id, int64_t weight)
{
    struct thing thing;

    get_thing(s, id, &thing);
    assert_int_equal(thing.weight, weight);
}

static void the_last_statement_is_run_when_its_unit_is_kept(void **state)
{
    static const enum unit_kind kinds[] = {TX_LATE, TX_WRITE};
    struct scratch *s = *state;
    struct thing thing = {
        .id = scratch_id(1), .name = {STR("a"), STR("a")},
             .weight = 1
    };
    struct tx *tx;

    put_thing(s, &thing);
    tx = begin(s, TX_LATE);
    assert_ok(q_thing_weigh(tx, thing.id, 1));
    tx_rollback(tx);
    assert_weight(s, thing.id, 1);
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        tx = begin(s, kinds[i]);
        assert_ok(q_thing_weigh(tx, thing.id, 1 + (int64_t)i));
        assert_ok(q_thing_by_id(tx, thing.id, &thing));
        assert_int_equal(thing.weight, 1 + i); /* not yet */
        assert_ok(tx_commit(tx));
        assert_weight(s, thing.id, 2 + (int64_t)i);
    }
}

static void a_last_statement_that_changes_nothing_undoes_its_unit(void **state)
{
    struct scratch *s = *state;
    struct pair_halves_row row;
    struct tx *tx = begin(s, TX_LATE);

    assert_ok(q_thing_weigh(tx, scratch_id(1), 1));
    assert_err(tx_commit(tx), ERR_STORE_RETRY);
    tx = begin(s, TX_LATE);
    assert_ok(q_thing_weigh(tx, scratch_id(1), 1));
    assert_ok(q_pair_half(tx, 1, 1));
    assert_err(tx_commit(tx), ERR_STORE_RETRY);
    tx = begin(s, TX_READ);
    assert_ok(q_pair_halves(tx, 1, &row));
    assert_int_equal(row.halves, 0);
    assert_err(q_thing_weigh(tx, scratch_id(1), 1), ERR_STORE); /* nor does who only reads */
    tx_rollback(tx);
    tx = begin(s, TX_LATE);
    assert_ok(q_thing_weigh(tx, scratch_id(1), 1));
    assert_err(q_thing_weigh(tx, scratch_id(1), 1), ERR_STORE); /* there is but one */
    tx_rollback(tx);
}

static void misuse_is_told(void **state)
{
    struct scratch *s = *state;
    struct tx *tx, *second = NULL;

    assert_err(tx_begin(s->seat, TX_NONE, s->arena, &tx), ERR_STORE);
    tx = begin(s, TX_READ);
    assert_err(tx_begin(s->seat, TX_READ, s->arena, &second), ERR_STORE);
    assert_string_equal(seat_reason(s->seat)->detail, "a unit is open on this seat already");
    assert_ok(tx_commit(tx));
    assert_err(tx_commit(tx), ERR_STORE);
    tx_rollback(tx); /* does nothing */
    tx_rollback(NULL);

    tx = begin(s, TX_READ);
    assert_err(q_pair_half(tx, 1, 1), ERR_STORE);
    assert_string_equal(seat_reason(s->seat)->detail,
                        "pair_half writes, in a unit that only reads");
    assert_err(tx_commit(tx), ERR_STORE);
    assert_err(q_pair_half(tx, 1, 1), ERR_STORE); /* it is over */

    tx = begin(s, TX_WRITE); /* and the seat is none the worse for it */
    assert_ok(q_pair_half(tx, 1, 1));
    assert_ok(tx_commit(tx));
}

static void an_open_unit_is_undone_with_its_seat(void **state)
{
    struct scratch *s = *state;
    struct seat *other;
    struct tx *tx;

    assert_ok(seat_open(s->store, &other));
    assert_ok(tx_begin(other, TX_WRITE, s->arena, &tx));
    assert_ok(q_pair_half(tx, 1, 1));
    seat_close(other);
    assert_false(scratch_has_pair(s, 1));
    assert_ok(scratch_put_pair(s->seat, s->arena, 1));
}

static void it_is_all_there_after_opening_again(void **state)
{
    struct scratch *s = *state;
    struct store_version version;
    struct note_first_row note;

    assert_ok(scratch_put_pair(s->seat, s->arena, 1));
    scratch_close(s);
    scratch_open(s);
    assert_true(scratch_has_pair(s, 1));
    assert_ok(store_version(s->store, &version));
    assert_int_equal(version.schema, 2);
    assert_int_equal(version.newest, 2);
    assert_ok(seat_ping(s->seat));

    struct tx *tx = begin(s, TX_READ);
    assert_ok(q_note_first(tx, &note));
    assert_str(note.line, "it's there, -- and {now} stays");
    int64_t age = moment_now().ms - note.at.ms;
    assert_true(age >= 0 && age < 600000);
    assert_ok(tx_commit(tx));
}

static void it_counts_commits(void **state)
{
    struct scratch *s = *state;
    struct store_counters before, after;

    store_counters(s->store, &before);
    assert_ok(scratch_put_pair(s->seat, s->arena, 1));
    assert_err(scratch_put_pair(s->seat, s->arena, 1), ERR_TAKEN);
    store_counters(s->store, &after);
    assert_int_equal(after.commits - before.commits, 1);
    assert_int_equal(after.units - before.units, 1);
    assert_int_equal(after.batch[0] - before.batch[0], 1);
    assert_int_equal(after.rollbacks - before.rollbacks, 1);
}

/* clang-format off */
#define AT(place, function) {#function, function, set_up, tear_down, place}
/* clang-format on */

static int run(const char *name, struct place *place)
{
    const struct CMUnitTest tests[] = {
        AT(place, every_kind_comes_back_as_it_went),
        AT(place, no_value_comes_back_as_none),
        AT(place, a_column_of_another_type_is_told),
        AT(place, what_is_not_there_is_missing_and_spoils_nothing),
        AT(place, rows_come_as_an_array),
        AT(place, too_many_rows_for_the_arena_are_an_error),
        AT(place, changing_statements_can_answer_rows),
        AT(place, a_taken_key_is_named_and_spoils_the_unit),
        AT(place, a_taken_expression_is_named_by_its_index),
        AT(place, a_parent_that_went_away_asks_for_another_try),
        AT(place, what_is_committed_is_seen_and_what_is_not_is_not),
        AT(place, a_late_unit_reads_what_it_wrote),
        AT(place, a_late_unit_holds_nobody_up_before_it_writes),
        AT(place, the_last_statement_is_run_when_its_unit_is_kept),
        AT(place, a_last_statement_that_changes_nothing_undoes_its_unit),
        AT(place, misuse_is_told),
        AT(place, an_open_unit_is_undone_with_its_seat),
        AT(place, it_is_all_there_after_opening_again),
        AT(place, it_counts_commits),
    };
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(int count, char **arguments)
{
    struct place place = {.url = "sqlite:signet.db"};
    struct cluster cluster;

    if (count == 1) {
        return run("SQLite", &place);
    }
    assert_string_equal(arguments[1], "postgres");
    if (!cluster_start(&cluster)) {
        return 77; /* skipped */
    }
    place.cluster = &cluster;
    place.pooler = count > 2;
    int failed = run("PostgreSQL", &place);
    cluster_remove(&cluster);
    return failed;
}
