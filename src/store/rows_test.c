/* Whole tables of the real schema, on either engine: the tests take the store's address. */
#include "base/arena.h"
#include "base/check.h"
#include "model/event.h"
#include "store/queries.h"
#include "store/rows.h"
#include "store/store.h"
#include "store/testdata/cluster.h"

#include <unistd.h>

#include <dirent.h>
#include <stdlib.h>

enum {
    MANY = 1203 /* more than two pages, and not a multiple of what one statement takes */
};

struct place {
    struct cluster *cluster; /* NULL: SQLite */
    char url[CLUSTER_URL], folder[64];
    struct store *store;
    struct seat *seat;
    struct arena *arena;
};

static int set_up(void **state)
{
    struct place *p = *state;
    struct reason reason = {0};

    (void)snprintf(p->folder, sizeof p->folder, "/tmp/signet-rows-XXXXXX");
    assert_non_null(mkdtemp(p->folder));
    (void)snprintf(p->url, sizeof p->url, "sqlite:signet.db");
    if (p->cluster) {
        cluster_database(p->cluster, p->url);
    }
    const struct store_settings settings = {.url = str_of(p->url),
                                            .busy_ms = 5000,
                                            .log_bytes = INT64_MAX,
                                            .cache_bytes = 1 << 20,
                                            .connect_s = 5,
                                            .statement_ms = 20000,
                                            .lock_ms = 20000,
                                            .prepare = true};
    assert_ok(store_open(&settings, str_of(p->folder), &reason, &p->store));
    assert_ok(store_migrate(p->store, &reason));
    assert_ok(seat_open(p->store, &p->seat));
    p->arena = arena_create(4096, 1 << 20);
    assert_non_null(p->arena);
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;
    struct dirent *entry;
    char name[400];

    seat_close(p->seat);
    store_close(p->store);
    arena_destroy(p->arena);
    DIR *listing = opendir(p->folder);
    assert_non_null(listing);
    while ((entry = readdir(listing)) != NULL) {
        (void)snprintf(name, sizeof name, "%s/%s", p->folder, entry->d_name);
        (void)unlink(name);
    }
    (void)closedir(listing);
    (void)rmdir(p->folder);
    return 0;
}

static const struct store_table *table_of(const char *name)
{
    for (size_t i = 0; i < store_table_count; i++) {
        if (str_eq(str_of(store_tables[i].name), str_of(name))) {
            return &store_tables[i];
        }
    }
    fail_msg("no table %s", name);
    return NULL;
}

static struct tx *begin(struct place *p, enum unit_kind kind)
{
    struct tx *tx = NULL;

    assert_ok(tx_begin(p->seat, kind, p->arena, &tx));
    return tx;
}

/* An event of which every column that may be missing is missing in every other row. */
static void make_event(int64_t number, struct value row[ROWS_COLUMNS])
{
    const struct store_table *events = table_of("events");
    bool whole = number % 2 == 0;

    assert_int_equal(events->column_count, 8);
    row[0] = value_int(3 * number);
    row[1] = value_moment((struct moment){1748773800000 + number});
    row[2] = value_id(whole ? (struct id){{7, 1}} : (struct id){0});
    row[3] = value_text(STR("login"));
    row[4] = value_id(whole ? (struct id){{8, 1}} : (struct id){0});
    row[5] = value_text(whole ? STR("") : (struct str){0});
    row[6] = value_text(whole ? STR("\xc3\xa9") : (struct str){0});
    row[7] = value_json(whole ? STR("{\"b\": 1, \"aa\": [true]}") : (struct str){0});
}

static void put_events(struct tx *tx, int64_t count)
{
    CLEANUP(rows_writer_close_at) struct rows_writer *writer = NULL;
    struct value row[ROWS_COLUMNS];

    assert_ok(rows_writer_open(tx, table_of("events"), &writer));
    for (int64_t i = 1; i <= count; i++) {
        make_event(i, row);
        assert_ok(rows_writer_put(writer, row));
    }
    assert_ok(rows_writer_end(writer));
}

static void assert_value(const struct value *found, const struct value *right)
{
    assert_int_equal(found->kind, right->kind);
    if (right->kind == VALUE_ID) {
        assert_true(id_eq(found->id, right->id));
        return;
    }
    if (right->kind == VALUE_TEXT || right->kind == VALUE_JSON) {
        assert_int_equal(str_is_set(found->text), str_is_set(right->text));
        assert_true(right->kind == VALUE_JSON || str_eq(found->text, right->text));
        return;
    }
    assert_int_equal(found->number, right->number);
}

static void rows_come_back_as_they_went_and_in_order(void **state)
{
    CLEANUP(rows_reader_close_at) struct rows_reader *reader = NULL;
    struct value right[ROWS_COLUMNS];
    const struct value *row;
    struct place *p = *state;

    struct tx *tx = begin(p, TX_WRITE);
    put_events(tx, MANY);
    assert_ok(tx_commit(tx));
    tx = begin(p, TX_READ);
    assert_ok(rows_reader_open(tx, table_of("events"), &reader));
    for (int64_t i = 1; i <= MANY; i++) {
        assert_ok(rows_reader_next(reader, &row));
        make_event(i, right);
        for (size_t j = 0; j < 8; j++) {
            assert_value(&row[j], &right[j]);
        }
    }
    assert_err(rows_reader_next(reader, &row), ERR_MISSING);
    assert_err(rows_reader_next(reader, &row), ERR_MISSING);
    tx_rollback(tx);
    assert_true(arena_used(p->arena) < 4096); /* the pages were not the unit's */
}

/* A place in the list is a number that may be missing, which no number says. */
static void a_number_that_is_missing_stays_so(void **state)
{
    const struct store_table *users = table_of("users");
    const struct value *row;
    struct value user[ROWS_COLUMNS] = {0};
    size_t place = 0;
    struct place *p = *state;

    for (size_t i = 0; i < users->column_count; i++) {
        user[i].kind = users->columns[i].kind;
        place = str_eq(str_of(users->columns[i].name), STR("place")) ? i : place;
        user[i].number = user[i].kind == VALUE_INT || user[i].kind == VALUE_MOMENT ? 2 : 0;
    }
    assert_true(place > 0);
    struct tx *tx = begin(p, TX_WRITE);
    for (uint8_t i = 1; i <= 2; i++) {
        CLEANUP(rows_writer_close_at) struct rows_writer *writer = NULL;
        user[0].id = (struct id){{i}};
        user[place].none = i == 1;
        user[place].number = i == 1 ? 0 : 5;
        assert_ok(rows_writer_open(tx, users, &writer));
        assert_ok(rows_writer_put(writer, user));
        assert_ok(rows_writer_end(writer));
    }
    struct roster_waiting_row waiting;
    assert_ok(q_roster_waiting(tx, &waiting));
    assert_int_equal(waiting.count, 1);
    CLEANUP(rows_reader_close_at) struct rows_reader *reader = NULL;
    assert_ok(rows_reader_open(tx, users, &reader));
    assert_ok(rows_reader_next(reader, &row));
    assert_true(row[place].none);
    assert_ok(rows_reader_next(reader, &row));
    assert_false(row[place].none);
    assert_int_equal(row[place].number, 5);
    assert_err(rows_reader_next(reader, &row), ERR_MISSING);
    tx_rollback(tx);
}

static void a_reader_sees_one_view(void **state)
{
    CLEANUP(rows_reader_close_at) struct rows_reader *reader = NULL;
    const struct value *row;
    struct place *p = *state;
    struct seat *other;
    int64_t count = 0, told;

    struct tx *tx = begin(p, TX_WRITE);
    put_events(tx, MANY);
    assert_ok(tx_commit(tx));
    tx = begin(p, TX_READ);
    assert_ok(rows_reader_open(tx, table_of("events"), &reader));
    assert_ok(rows_reader_next(reader, &row));
    assert_ok(seat_open(p->store, &other));
    struct tx *writing;
    assert_ok(tx_begin(other, TX_WRITE, p->arena, &writing));
    assert_ok(rows_clear(writing, table_of("events")));
    assert_ok(tx_commit(writing));
    seat_close(other);
    do {
        count++;
    } while (rows_reader_next(reader, &row) == ERR_OK);
    assert_int_equal(count, MANY);
    assert_ok(rows_count(tx, table_of("events"), &told));
    assert_int_equal(told, MANY);
    tx_rollback(tx);
}

static void numbers_go_on_behind_the_mark(void **state)
{
    const struct store_table *events = table_of("events");
    struct place *p = *state;
    int64_t mark;

    struct tx *tx = begin(p, TX_WRITE);
    put_events(tx, 5);
    assert_ok(rows_move_mark(tx, events, 40)); /* the last ones are gone since */
    assert_ok(rows_mark(tx, events, &mark));
    assert_int_equal(mark, 40);
    assert_ok(q_event_insert(tx, &(struct event){.at = {1748773800000}, .verb = STR("login")}));
    assert_ok(rows_mark(tx, events, &mark));
    assert_int_equal(mark, 41);
    assert_ok(rows_mark(tx, table_of("users"), &mark));
    assert_int_equal(mark, 0);
    assert_ok(tx_commit(tx));
}

static void a_new_store_has_rows_where_it_says_so(void **state)
{
    struct place *p = *state;
    int64_t count;

    struct tx *tx = begin(p, TX_WRITE);
    assert_in_range(store_table_count, 1, 64);
    for (size_t i = 0; i < store_table_count; i++) {
        assert_in_range(store_tables[i].column_count, 1, ROWS_COLUMNS);
        assert_ok(rows_count(tx, &store_tables[i], &count));
        assert_int_equal(count > 0, store_tables[i].seeded);
    }
    for (size_t i = store_table_count; i > 0; i--) {
        assert_ok(rows_clear(tx, &store_tables[i - 1]));
    }
    assert_ok(rows_count(tx, table_of("roles"), &count));
    assert_int_equal(count, 0);
    tx_rollback(tx);
}

static void seeds_come_with_their_bools(void **state)
{
    CLEANUP(rows_reader_close_at) struct rows_reader *reader = NULL;
    const struct store_table *roles = table_of("roles");
    const struct value *row;
    struct place *p = *state;

    struct tx *tx = begin(p, TX_READ);
    assert_ok(rows_reader_open(tx, roles, &reader));
    while (rows_reader_next(reader, &row) == ERR_OK) {
        for (size_t i = 0; i < roles->column_count; i++) {
            if (row[i].kind == VALUE_BOOL) {
                assert_int_equal(row[i].number, 1);
            }
        }
    }
    tx_rollback(tx);
}

static void a_store_that_is_up_to_date_rehearses_nothing(void **state)
{
    struct reason reason = {0};
    struct store_steps steps;
    struct place *p = *state;

    assert_ok(store_rehearse(p->store, &reason, &steps));
    assert_int_equal(steps.count, 0);
}

/* clang-format off */
#define AT(place, function) {#function, function, set_up, tear_down, place}
/* clang-format on */

int main(int count, char **arguments)
{
    struct place place = {0};
    struct cluster cluster;

    (void)arguments;
    const struct CMUnitTest tests[] = {
        AT(&place, rows_come_back_as_they_went_and_in_order),
        AT(&place, a_number_that_is_missing_stays_so),
        AT(&place, a_reader_sees_one_view),
        AT(&place, numbers_go_on_behind_the_mark),
        AT(&place, a_new_store_has_rows_where_it_says_so),
        AT(&place, seeds_come_with_their_bools),
        AT(&place, a_store_that_is_up_to_date_rehearses_nothing),
    };
    if (count == 1) {
        return cmocka_run_group_tests_name("SQLite", tests, NULL, NULL);
    }
    if (!cluster_start(&cluster)) {
        return 77; /* skipped */
    }
    place.cluster = &cluster;
    int failed = cmocka_run_group_tests_name("PostgreSQL", tests, NULL, NULL);
    cluster_remove(&cluster);
    return failed;
}
