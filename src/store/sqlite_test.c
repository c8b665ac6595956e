/* What is SQLite's alone: the file, its neighbours, and what is said when it is not right. */
#include "base/arena.h"
#include "base/check.h"
#include "base/moment.h"
#include "store/sqlite.h"
#include "store/testdata/queries.h"
#include "store/testdata/scratch.h"

#include <sqlite3.h>
#include <unistd.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

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

static void path_in(const struct scratch *s, const char *name, char (*ret)[128])
{
    (void)snprintf(*ret, sizeof *ret, "%s/%s", s->folder, name);
}

static void nobody_else_may_read_the_files(void **state)
{
    struct scratch *s = *state;
    static const char *const names[] = {"signet.db", "signet.db-wal", "signet.db-shm"};

    assert_ok(scratch_put_pair(s->seat, s->arena, 1));
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char path[128];
        struct stat found;
        path_in(s, names[i], &path);
        assert_int_equal(stat(path, &found), 0);
        assert_int_equal(found.st_mode & 0777, 0600);
    }
}

static void closing_leaves_one_file(void **state)
{
    struct scratch *s = *state;
    char path[128];

    assert_ok(scratch_put_pair(s->seat, s->arena, 1));
    scratch_close(s);
    path_in(s, "signet.db-wal", &path);
    assert_int_equal(access(path, F_OK), -1);
    scratch_open(s);
    assert_true(scratch_has_pair(s, 1));
}

static enum err open_at(const char *url, const char *folder, struct reason *reason)
{
    struct store_settings settings = {.url = str_of(url), .busy_ms = 1000, .cache_bytes = 1 << 20};
    struct store *store = NULL;
    enum err err = store_open(&settings, str_of(folder), reason, &store);

    store_close(store);
    return err;
}

static void a_wrong_address_is_told_in_plain_words(void **state)
{
    struct scratch *s = *state;
    struct reason reason = {0};

    assert_err(open_at("mysql://x", s->folder, &reason), ERR_CONFIG);
    assert_string_equal(reason.detail,
                        "store.url is no address of a store; write sqlite:FILE or "
                        "postgresql://HOST/DATABASE");
    reason = (struct reason){0};
    assert_err(open_at("sqlite:", s->folder, &reason), ERR_CONFIG);
    assert_string_equal(reason.detail, "store.url names no file");
    reason = (struct reason){0};
    assert_err(open_at("sqlite:/nowhere/at/all.db", s->folder, &reason), ERR_STORE_DOWN);
    assert_string_equal(reason.detail, "the directory for /nowhere/at/all.db does not exist");
    reason = (struct reason){0};
    assert_err(open_at("sqlite:signet.db/below", s->folder, &reason), ERR_STORE_DOWN);
    assert_non_null(strstr(reason.detail, "does not exist"));
}

static void what_is_no_database_is_left_alone(void **state)
{
    struct scratch *s = *state;
    struct reason reason = {0};
    char path[128], text[] = "Dear diary, today I was taken for a database. It was not amusing.\n";

    path_in(s, "diary", &path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 100; i++) {
        assert_true(fputs(text, file) >= 0);
    }
    assert_int_equal(fclose(file), 0);
    assert_err(open_at("sqlite:diary", s->folder, &reason), ERR_STORE);
    assert_string_equal(reason.detail, "the file is not a database");

    struct stat found;
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_size, 100 * strlen(text));
}

static void an_odd_name_is_a_name_all_the_same(void **state)
{
    struct scratch *s = *state;
    struct reason reason = {0};
    char path[128];

    assert_ok(open_at("sqlite:file:x?mode=memory", s->folder, &reason));
    path_in(s, "file:x?mode=memory", &path);
    assert_int_equal(access(path, F_OK), 0);
}

/* A connection as another program would open it. */
static sqlite3 *foreign_connection(const struct scratch *s)
{
    char path[128];
    sqlite3 *db = NULL;

    path_in(s, "signet.db", &path);
    (void)sqlite3_open(path, &db);
    return db;
}

static void run_foreign(const struct scratch *s, const char *sql)
{
    sqlite3 *db = foreign_connection(s);

    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_close(db);
}

static void a_newer_store_is_not_touched(void **state)
{
    struct scratch *s = *state;
    struct reason reason = {0};

    run_foreign(s, "INSERT INTO schema_version VALUES (7, '0007_x', 1)");
    assert_err(store_migrate(s->store, &reason), ERR_STORE);
    assert_string_equal(reason.detail,
                        "the store was written by a newer signet (schema 7, this "
                        "binary knows 2)");
}

static void a_migration_that_fails_leaves_nothing_behind(void **state)
{
    struct scratch s = {
        .folder = "/tmp/signet-store-XXXXXX",
        .settings = {STR("sqlite:signet.db"), 20000, 1 << 20}
    };
    struct reason reason = {0};
    struct store_version version;
    (void)state;

    assert_non_null(mkdtemp(s.folder));
    run_foreign(&s, "CREATE TABLE notes (x)"); /* the first migration's last table */
    assert_ok(store_open(&s.settings, str_of(s.folder), &reason, &s.store));
    assert_err(store_migrate(s.store, &reason), ERR_STORE);
    assert_string_equal(reason.detail, "0001_things: table notes already exists (1)");
    assert_ok(store_version(s.store, &version));
    assert_int_equal(version.schema, 0);
    run_foreign(&s, "DROP TABLE notes");
    reason = (struct reason){0};
    assert_ok(store_migrate(s.store, &reason));
    store_close(s.store);
    scratch_open(&s);
    scratch_remove(&s);
}

static void a_migration_may_leave_no_row_without_its_parent(void **state)
{
    struct scratch *s = *state;
    struct reason reason = {0};
    struct store_version version;

    run_foreign(s,
                "DELETE FROM schema_version WHERE version = 2; ALTER TABLE notes DROP COLUMN at;"
                "INSERT INTO parts VALUES ('nobody', 1)");
    assert_err(store_migrate(s->store, &reason), ERR_STORE);
    assert_string_equal(reason.detail, "migration 0002_notes leaves 1 rows without parent");
    assert_ok(store_version(s->store, &version));
    assert_int_equal(version.schema, 1);
}

static int64_t files_in(const char *folder)
{
    DIR *listing = opendir(folder);
    int64_t count = 0;

    assert_non_null(listing);
    while (readdir(listing)) {
        count++;
    }
    (void)closedir(listing);
    return count;
}

static void a_rehearsal_runs_what_is_pending_and_changes_nothing(void **state)
{
    struct scratch *s = *state;
    struct reason reason = {0};
    struct store_version version;
    struct store_steps steps;

    run_foreign(s,
                "DELETE FROM schema_version WHERE version = 2; DELETE FROM notes;"
                "ALTER TABLE notes DROP COLUMN at");
    int64_t files = files_in(s->folder);
    assert_ok(store_rehearse(s->store, &reason, &steps));
    assert_int_equal(steps.count, 1);
    assert_true(steps.ms[0] >= 0);
    assert_int_equal(files_in(s->folder), files);
    assert_ok(store_version(s->store, &version));
    assert_int_equal(version.schema, 1);
    assert_ok(store_migrate(s->store, &reason)); /* which finds no column of the rehearsal's */
    assert_ok(store_rehearse(s->store, &reason, &steps));
    assert_int_equal(steps.count, 0);
}

static void a_rehearsal_tells_of_the_rows_that_are_in_the_way(void **state)
{
    struct scratch *s = *state;
    struct reason reason = {0};
    struct store_steps steps;

    run_foreign(s,
                "DELETE FROM schema_version WHERE version = 2; DELETE FROM notes;"
                "ALTER TABLE notes DROP COLUMN at; INSERT INTO parts VALUES ('nobody', 1)");
    int64_t files = files_in(s->folder);
    assert_err(store_rehearse(s->store, &reason, &steps), ERR_STORE);
    assert_string_equal(reason.detail, "migration 0002_notes leaves 1 rows without parent");
    assert_int_equal(files_in(s->folder), files);
}

static void the_settings_that_durability_hangs_on_are_set(void **state)
{
    struct scratch *s = *state;
    static const struct {
        const char *sql;
        int64_t expected;
    } table[] = {
        {"SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'", 1},
        {"SELECT synchronous FROM pragma_synchronous",                          2},
        {"SELECT foreign_keys FROM pragma_foreign_keys",                        1},
        {"SELECT trusted_schema FROM pragma_trusted_schema",                    0},
    };
    char path[128];
    struct reason reason = {0};
    struct sqlite *connection;

    path_in(s, "signet.db", &path);
    struct sqlite_file file = {.path = path, .busy_ms = 1000, .cache_bytes = 1 << 20};
    assert_ok(sqlite_open(&file, USE_WRITING, &reason, &connection));
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        int64_t number = -1;
        assert_ok(sqlite_number(connection, table[i].sql, &number, &reason));
        assert_int_equal(number, table[i].expected);
    }
    /* Defensive: not even we can write into the schema by hand. */
    assert_err(sqlite_script(connection, "test",
                             "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = ''",
                             &reason),
               ERR_STORE);
    sqlite_close(connection);

    assert_ok(sqlite_open(&file, USE_READING, &reason, &connection));
    assert_err(sqlite_script(connection, "test", "DELETE FROM pairs", &reason), ERR_STORE_DOWN);
    sqlite_close(connection);
}

static off_t size_in(const struct scratch *s, const char *name)
{
    struct stat found;
    char path[128];

    path_in(s, name, &path);
    assert_int_equal(stat(path, &found), 0);
    return found.st_size;
}

/* One unit after the other, of some 40 pages each: in all far more than the log may have. */
static void write_much(struct scratch *s, bool tidied)
{
    static char line[150000];
    struct note_insert_row row;
    struct tx *tx;

    memset(line, 'x', sizeof line);
    for (int i = 0; i < 200; i++) {
        assert_ok(tx_begin(s->seat, TX_WRITE, s->arena, &tx));
        assert_ok(q_note_insert(tx, (struct str){line, sizeof line}, (struct moment){1}, &row));
        assert_ok(tx_commit(tx));
        if (tidied) {
            seat_tidy(s->seat);
        }
        arena_reset(s->arena);
    }
}

static void a_log_that_is_tidied_stays_short(void **state)
{
    struct scratch *s = *state;

    write_much(s, /* tidied= */ true);
    assert_true(size_in(s, "signet.db-wal") < 6 << 20);
    assert_true(size_in(s, "signet.db") > 20 << 20);
}

/* As it is with the command line, which has no job for that. */
static void a_log_that_is_not_is_bounded_all_the_same(void **state)
{
    struct scratch *s = *state;

    for (int i = 0; i < 4; i++) {
        write_much(s, /* tidied= */ false);
    }
    assert_true(size_in(s, "signet.db-wal") > 8 << 20);
    assert_true(size_in(s, "signet.db-wal") < 24 << 20);
}

static void tidying_ends_where_others_read(void **state)
{
    struct scratch *s = *state;
    struct pair_halves_row row;
    struct seat *reader;
    struct tx *view;

    assert_ok(scratch_put_pair(s->seat, s->arena, 1));
    assert_ok(seat_open(s->store, &reader));
    assert_ok(tx_begin(reader, TX_READ, s->arena, &view));
    assert_ok(q_pair_halves(view, 2, &row));
    struct arena *arena = s->arena;
    s->arena = arena_create(4096, 1 << 20);
    assert_non_null(s->arena);
    write_much(s, /* tidied= */ true);
    assert_ok(scratch_put_pair(s->seat, s->arena, 2));
    seat_tidy(s->seat);
    assert_ok(q_pair_halves(view, 2, &row));
    assert_int_equal(row.halves, 0); /* the view is what it was */
    assert_ok(tx_commit(view));
    seat_close(reader);
    arena_destroy(s->arena);
    s->arena = arena;
    write_much(s, /* tidied= */ true);
    assert_int_equal(scratch_count_pairs(s), 2);
    assert_true(size_in(s, "signet.db") > 40 << 20);
}

/* A process that holds the lock of all writers until its input ends. */
static pid_t hold_write_lock(const struct scratch *s, int *ret_input)
{
    int input[2], ready[2];
    char byte = 0;

    assert_int_equal(pipe2(input, O_CLOEXEC), 0);
    assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(input[1]);
        sqlite3 *db = foreign_connection(s);
        bool holds = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK;
        _exit(!holds || write(ready[1], &byte, 1) != 1 || read(input[0], &byte, 1) != 0);
    }
    (void)close(input[0]);
    (void)close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    (void)close(ready[0]);
    *ret_input = input[1];
    return child;
}

static void assert_ended_well(pid_t child)
{
    int status;

    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void another_process_that_writes_is_waited_for_but_not_for_ever(void **state)
{
    struct scratch *s = *state;
    int input;

    scratch_close(s);
    s->settings.busy_ms = 50;
    scratch_open(s);
    pid_t child = hold_write_lock(s, &input);
    int64_t before = monotonic_ms();
    assert_err(scratch_put_pair(s->seat, s->arena, 1), ERR_BUSY);
    assert_true(monotonic_ms() - before < 10000);
    assert_false(scratch_has_pair(s, 1)); /* reading goes on meanwhile */
    (void)close(input);
    assert_ended_well(child);
    assert_ok(scratch_put_pair(s->seat, s->arena, 1));
}

static void nothing_is_locked_while_nobody_works(void **state)
{
    struct scratch *s = *state;

    for (int64_t number = 0; number < 5; number++) {
        assert_ok(scratch_put_pair(s->seat, s->arena, 2 * number));
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct scratch own = {.settings = s->settings};
            memcpy(own.folder, s->folder, sizeof own.folder);
            own.settings.busy_ms = 50;
            struct reason reason = {0};
            _exit(store_open(&own.settings, str_of(own.folder), &reason, &own.store) != ERR_OK ||
                  seat_open(own.store, &own.seat) != ERR_OK ||
                  scratch_put_pair(own.seat, s->arena, 2 * number + 1) != ERR_OK);
        }
        assert_ended_well(child);
        assert_true(scratch_has_pair(s, 2 * number + 1));
    }
}

static void processes_that_start_at_once_migrate_once(void **state)
{
    (void)state;

    for (int round = 0; round < 5; round++) {
        struct scratch s = {
            .folder = "/tmp/signet-store-XXXXXX",
            .settings = {STR("sqlite:signet.db"), 20000, 1 << 20}
        };
        pid_t children[4];
        int start[2];

        assert_non_null(mkdtemp(s.folder));
        assert_int_equal(pipe2(start, O_CLOEXEC), 0);
        for (size_t i = 0; i < ARRAY_LEN(children); i++) {
            children[i] = fork();
            assert_true(children[i] >= 0);
            if (children[i] == 0) {
                char byte;
                struct reason reason = {0};
                (void)close(start[1]);
                _exit(read(start[0], &byte, 1) != 0 ||
                      store_open(&s.settings, str_of(s.folder), &reason, &s.store) != ERR_OK ||
                      store_migrate(s.store, &reason) != ERR_OK);
            }
        }
        (void)close(start[0]);
        (void)close(start[1]); /* now */
        for (size_t i = 0; i < ARRAY_LEN(children); i++) {
            assert_ended_well(children[i]);
        }
        scratch_open(&s);
        struct store_version version;
        assert_ok(store_version(s.store, &version));
        assert_int_equal(version.schema, version.newest);
        scratch_remove(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nobody_else_may_read_the_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(closing_leaves_one_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_wrong_address_is_told_in_plain_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_database_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_odd_name_is_a_name_all_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_newer_store_is_not_touched, set_up, tear_down),
        cmocka_unit_test(a_migration_that_fails_leaves_nothing_behind),
        cmocka_unit_test_setup_teardown(a_migration_may_leave_no_row_without_its_parent, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_rehearsal_runs_what_is_pending_and_changes_nothing,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_rehearsal_tells_of_the_rows_that_are_in_the_way, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_log_that_is_tidied_stays_short, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_log_that_is_not_is_bounded_all_the_same, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(tidying_ends_where_others_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_settings_that_durability_hangs_on_are_set, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(another_process_that_writes_is_waited_for_but_not_for_ever,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_locked_while_nobody_works, set_up, tear_down),
        cmocka_unit_test(processes_that_start_at_once_migrate_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
