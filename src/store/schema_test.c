/* The real schema and the real statements, in an empty store. */
#include "base/arena.h"
#include "base/check.h"
#include "store/engine.h"
#include "store/statement.h"

#include <unistd.h>

#include <stdlib.h>

static const struct store_settings settings = {
    .url = {"sqlite:signet.db", 16},
    .busy_ms = 1000,
    .cache_bytes = 1 << 20,
    .log_bytes = INT64_MAX
};

static void remove_store(const char *folder)
{
    static const char *const names[] = {"", "/signet.db", "/signet.db-wal", "/signet.db-shm"};
    char path[128];

    for (size_t i = ARRAY_LEN(names); i-- > 0;) {
        (void)snprintf(path, sizeof path, "%s%s", folder, names[i]);
        (void)remove(path);
    }
}

static void the_schema_is_made_once(void **state)
{
    (void)state;
    char folder[] = "/tmp/signet-schema-XXXXXX";
    struct reason reason = {0};
    struct store_version version;
    struct store *store;

    assert_non_null(mkdtemp(folder));
    assert_ok(store_open(&settings, str_of(folder), &reason, &store));
    assert_ok(store_version(store, &version));
    assert_int_equal(version.schema, 0);
    for (int round = 0; round < 2; round++) {
        assert_ok(store_migrate(store, &reason));
        assert_ok(store_version(store, &version));
        assert_int_equal(version.schema, migration_count);
        assert_int_equal(version.newest, migration_count);
    }
    store_close(store);
    remove_store(folder);
}

static void looking_for_a_store_makes_none(void **state)
{
    (void)state;
    char folder[] = "/tmp/signet-schema-XXXXXX", path[128];
    struct store_settings elsewhere = settings;
    struct reason reason = {0};
    struct store *store;

    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/signet.db", folder);
    assert_err(store_look(&settings, str_of(folder), &reason), ERR_MISSING);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_ok(store_open(&settings, str_of(folder), &reason, &store));
    assert_ok(store_look(&settings, str_of(folder), &reason));
    store_close(store);
    elsewhere.url = STR("postgres:x");
    assert_err(store_look(&elsewhere, str_of(folder), &reason), ERR_CONFIG);
    remove_store(folder);
}

/* All parameters are NULL here: a statement may be refused for that, but not for its text. */
static void prepare_and_run(struct seat *seat, struct arena *arena, const struct statement *s)
{
    const struct value *none = arena_array(arena, UINT8_MAX, sizeof *none);
    int64_t changed;
    struct tx *tx;

    assert_non_null(none);
    assert_ok(tx_begin(seat, TX_WRITE, arena, &tx));
    if (statement_run(tx, s, none, &changed) != ERR_OK &&
        strstr(seat_reason(seat)->detail, "(1)") != NULL) {
        fail_msg("%s", seat_reason(seat)->detail);
    }
    tx_rollback(tx);
    arena_reset(arena);
}

static void every_statement_fits_the_schema(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(4096, 1 << 20);
    char folder[] = "/tmp/signet-schema-XXXXXX";
    struct reason reason = {0};
    struct store *store;
    struct seat *seat;

    assert_non_null(mkdtemp(folder));
    assert_ok(store_open(&settings, str_of(folder), &reason, &store));
    assert_ok(store_migrate(store, &reason));
    assert_ok(seat_open(store, &seat));
    assert_true(statement_count > 0);
    for (size_t i = 0; i < statement_count; i++) {
        assert_int_equal(statements[i]->number, i);
        prepare_and_run(seat, arena, statements[i]);
    }
    seat_close(seat);
    store_close(store);
    remove_store(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_schema_is_made_once),
        cmocka_unit_test(looking_for_a_store_makes_none),
        cmocka_unit_test(every_statement_fits_the_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
