/* A disk that fills up and a disk that fails, made by a file system of SQLite's that does as it is
 * told: nothing that could be lost is acknowledged, and work goes on when the disk does. */
#include "base/arena.h"
#include "base/check.h"
#include "store/testdata/queries.h"
#include "store/testdata/scratch.h"

#include <sqlite3.h>
#include <unistd.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* What the next writes and syncs of log files do. */
struct faults {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    _Atomic int write_code, sync_code; /* SQLITE_OK: nothing goes wrong */
    _Atomic int main_code;             /* what writes of the main file do */
    _Atomic int sync_skips;            /* so many syncs go well before */
    _Atomic int opened, syncs;         /* main files opened; log syncs done */
    _Atomic bool for_reading; /* the next main file can be opened for no more, as without a free
                               * descriptor: SQLite goes on with that */
};

/* An open file: ours in front, the real one behind. */
struct faulty_file {
    sqlite3_file file;
    struct faults *faults;
    bool is_log;
    sqlite3_file *real;
};

static struct faulty_file *own(sqlite3_file *file)
{
    return (struct faulty_file *)file;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
    return own(file)->real;
}

static int file_close(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int file_read(sqlite3_file *file, void *memory, int size, sqlite3_int64 at)
{
    return real_of(file)->pMethods->xRead(real_of(file), memory, size, at);
}

static int file_write(sqlite3_file *file, const void *memory, int size, sqlite3_int64 at)
{
    struct faults *faults = own(file)->faults;
    int code = atomic_load(own(file)->is_log ? &faults->write_code : &faults->main_code);

    return code != SQLITE_OK ? code
                             : real_of(file)->pMethods->xWrite(real_of(file), memory, size, at);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int file_sync(sqlite3_file *file, int flags)
{
    struct faults *faults = own(file)->faults;

    if (own(file)->is_log) {
        atomic_fetch_add(&faults->syncs, 1);
        int code = atomic_load(&faults->sync_code);
        if (code != SQLITE_OK && atomic_fetch_sub(&faults->sync_skips, 1) <= 0) {
            atomic_store(&faults->sync_code, SQLITE_OK); /* once, as a kernel does it */
            return code;
        }
    }
    return real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), ret);
}

static int file_lock(sqlite3_file *file, int lock)
{
    return real_of(file)->pMethods->xLock(real_of(file), lock);
}

static int file_unlock(sqlite3_file *file, int lock)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), lock);
}

static int file_is_reserved(sqlite3_file *file, int *ret)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret);
}

static int file_control(sqlite3_file *file, int operation, void *argument)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
}

static int file_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int file_traits(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, ret);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

static const sqlite3_io_methods file_methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int open_file(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                     int *ret_flags)
{
    struct faults *faults = vfs->pAppData;
    struct faulty_file *ours = own(file);

    ours->faults = faults;
    ours->is_log = (flags & SQLITE_OPEN_WAL) != 0;
    ours->real = (sqlite3_file *)(void *)(ours + 1);
    if ((flags & SQLITE_OPEN_MAIN_DB) && atomic_exchange(&faults->for_reading, false)) {
        flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
    }
    int code = faults->real->xOpen(faults->real, name, ours->real, flags, ret_flags);
    ours->file.pMethods = ours->real->pMethods ? &file_methods : NULL;
    if (flags & SQLITE_OPEN_MAIN_DB) {
        atomic_fetch_add(&faults->opened, 1);
    }
    return code;
}

/* A test's store, on a disk that can be told to fail. */
struct bench {
    struct scratch scratch;
    struct faults faults;
};

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);

    assert_non_null(bench);
    struct faults *faults = &bench->faults;
    faults->real = sqlite3_vfs_find(NULL);
    faults->vfs = *faults->real;
    faults->vfs.zName = "faulty";
    faults->vfs.szOsFile = (int)sizeof(struct faulty_file) + faults->real->szOsFile;
    faults->vfs.pNext = NULL;
    faults->vfs.pAppData = faults;
    faults->vfs.xOpen = open_file;
    assert_int_equal(sqlite3_vfs_register(&faults->vfs, /* as default= */ 1), SQLITE_OK);
    scratch_make(&bench->scratch, "sqlite:signet.db");
    assert_ok(scratch_put_pair(bench->scratch.seat, bench->scratch.arena, 0));
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;

    scratch_remove(&bench->scratch);
    (void)sqlite3_vfs_unregister(&bench->faults.vfs);
    free(bench);
    return 0;
}

static void a_full_disk_is_told_and_work_goes_on_after_it(void **state)
{
    struct bench *b = *state;
    struct scratch *s = &b->scratch;

    atomic_store(&b->faults.write_code, SQLITE_FULL);
    for (int i = 0; i < 3; i++) {
        assert_err(scratch_put_pair(s->seat, s->arena, 1), ERR_STORE_FULL);
    }
    assert_non_null(strstr(seat_reason(s->seat)->detail, "disk is full"));
    assert_true(scratch_has_pair(s, 0)); /* reading goes on */
    assert_false(scratch_has_pair(s, 1));

    atomic_store(&b->faults.write_code, SQLITE_OK);
    assert_ok(scratch_put_pair(s->seat, s->arena, 1));
    scratch_close(s);
    scratch_open(s);
    assert_int_equal(scratch_count_pairs(s), 2);
}

/* Found by R05: a log that had taken the last of the disk could never be emptied. */
static void after_a_full_disk_the_log_is_emptied_before_it_grows(void **state)
{
    struct bench *b = *state;
    struct scratch *s = &b->scratch;

    atomic_store(&b->faults.main_code, SQLITE_FULL);
    atomic_store(&b->faults.write_code, SQLITE_FULL);
    assert_err(scratch_put_pair(s->seat, s->arena, 1), ERR_STORE_FULL);
    atomic_store(&b->faults.write_code, SQLITE_OK); /* there is room, but not for both */
    for (int i = 0; i < 3; i++) {
        assert_err(scratch_put_pair(s->seat, s->arena, 1), ERR_STORE_FULL);
    }
    assert_non_null(strstr(seat_reason(s->seat)->detail, "no room yet"));
    assert_int_equal(scratch_count_pairs(s), 1);
    atomic_store(&b->faults.main_code, SQLITE_OK);
    (void)usleep(150000); /* it is not looked all the time */
    assert_ok(scratch_put_pair(s->seat, s->arena, 1));
    assert_int_equal(scratch_count_pairs(s), 2);
}

static void a_failed_sync_is_no_success_and_opens_the_file_anew(void **state)
{
    struct bench *b = *state;
    struct scratch *s = &b->scratch;

    assert_true(scratch_has_pair(s, 0));
    int opened = atomic_load(&b->faults.opened);
    int syncs = atomic_load(&b->faults.syncs);
    atomic_store(&b->faults.sync_code, SQLITE_IOERR_FSYNC);
    assert_err(scratch_put_pair(s->seat, s->arena, 1), ERR_STORE_DOWN);
    assert_int_equal(atomic_load(&b->faults.syncs), syncs + 1); /* not tried a second time */
    assert_false(scratch_has_pair(s, 1));
    assert_int_equal(atomic_load(&b->faults.opened), opened + 1); /* the reader's */
    assert_ok(scratch_put_pair(s->seat, s->arena, 2));
    assert_int_equal(atomic_load(&b->faults.opened), opened + 2); /* and the writer's */
    assert_false(scratch_has_pair(s, 1));
    scratch_close(s);
    scratch_open(s);
    assert_false(scratch_has_pair(s, 1));
    assert_int_equal(scratch_count_pairs(s), 2);
}

/* Found by R07: the writer's connection, opened anew at such a moment, was kept for ever. */
static void a_file_that_opens_for_reading_alone_is_opened_again_for_writing(void **state)
{
    struct bench *b = *state;
    struct scratch *s = &b->scratch;

    atomic_store(&b->faults.sync_code, SQLITE_IOERR_FSYNC);
    assert_err(scratch_put_pair(s->seat, s->arena, 1), ERR_STORE_DOWN);
    assert_false(scratch_has_pair(s, 1)); /* the reader has opened it by now */
    atomic_store(&b->faults.for_reading, true);
    assert_err(scratch_put_pair(s->seat, s->arena, 2), ERR_STORE_DOWN);
    assert_false(atomic_load(&b->faults.for_reading));
    assert_ok(scratch_put_pair(s->seat, s->arena, 3));
}

struct caller {
    struct seat *seat;
    struct arena *arena;
    int64_t number;
    pthread_t thread;
    enum err outcome;
};

static void *put_one(void *argument)
{
    struct caller *caller = argument;

    caller->outcome = scratch_put_pair(caller->seat, caller->arena, caller->number);
    return NULL;
}

static enum err weigh(struct seat *seat, struct arena *arena, int64_t weight)
{
    struct tx *tx;

    TRY(tx_begin(seat, TX_LATE, arena, &tx));
    enum err err = q_thing_weigh(tx, scratch_id(1), weight);
    if (err != ERR_OK) {
        tx_rollback(tx);
        return err;
    }
    return tx_commit(tx);
}

static void *weigh_one(void *argument)
{
    struct caller *caller = argument;

    caller->outcome = weigh(caller->seat, caller->arena, caller->number);
    return NULL;
}

/* Starts callers that queue behind the unit that is open. */
static void queue_callers(struct scratch *s, struct caller *callers, size_t count,
                          void *(*work)(void *))
{
    struct store_counters before, now;

    store_counters(s->store, &before);
    for (size_t i = 0; i < count; i++) {
        assert_ok(seat_open(s->store, &callers[i].seat));
        callers[i].arena = arena_create(4096, 1 << 20);
        assert_non_null(callers[i].arena);
        assert_int_equal(pthread_create(&callers[i].thread, NULL, work, &callers[i]), 0);
        do { /* one after another, so that their order is known */
            store_counters(s->store, &now);
        } while (now.waits < before.waits + i + 1);
    }
}

static void join_callers(struct caller *callers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(pthread_join(callers[i].thread, NULL), 0);
        seat_close(callers[i].seat);
        arena_destroy(callers[i].arena);
    }
}

static struct tx *begin_pair(struct scratch *s, int64_t number)
{
    struct tx *tx = NULL;

    assert_ok(tx_begin(s->seat, TX_WRITE, s->arena, &tx));
    assert_ok(q_pair_half(tx, number, 1));
    assert_ok(q_pair_half(tx, number, 2));
    return tx;
}

/* Four units of which the last finds its key taken; the first sync fails. True when they were all
 * in one batch: on a busy machine its time may run out before, and then the rest is a batch of its
 * own. */
static bool fail_a_batch(struct bench *b, int64_t number)
{
    struct scratch *s = &b->scratch;
    struct caller callers[] = {{.number = number + 1}, {.number = number + 2}, {.number = 0}};
    struct tx *tx = begin_pair(s, number);

    queue_callers(s, callers, ARRAY_LEN(callers), put_one);
    atomic_store(&b->faults.sync_code, SQLITE_IOERR_FSYNC);
    assert_err(tx_commit(tx), ERR_STORE_DOWN);
    assert_int_not_equal(seat_reason(s->seat)->detail[0], '\0');
    join_callers(callers, ARRAY_LEN(callers));
    assert_err(callers[2].outcome, ERR_TAKEN); /* by a pair that was durable long before */
    assert_false(scratch_has_pair(s, number));
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(scratch_has_pair(s, callers[i].number), callers[i].outcome == ERR_OK);
    }
    return callers[0].outcome == ERR_STORE_DOWN && callers[1].outcome == ERR_STORE_DOWN;
}

static void when_the_commit_of_a_batch_fails_none_of_it_is_kept(void **state)
{
    struct bench *b = *state;
    struct scratch *s = &b->scratch;
    struct store_counters counters;
    int64_t number = 10;

    while (!fail_a_batch(b, number)) {
        number += 10;
        assert_true(number < 1000);
    }
    store_counters(s->store, &counters);
    assert_int_equal(scratch_count_pairs(s), counters.units);
    scratch_close(s);
    scratch_open(s);
    assert_int_equal(scratch_count_pairs(s), counters.units);
}

static void put_weight(struct scratch *s)
{
    struct thing_take_row row;
    struct tx *tx;

    assert_ok(tx_begin(s->seat, TX_WRITE, s->arena, &tx));
    assert_ok(q_thing_put(tx, scratch_id(1), STR("one")));
    assert_ok(q_thing_take(tx, scratch_id(1), &row)); /* weighs 1 from here on */
    assert_ok(tx_commit(tx));
}

/* Three want the same of one, as one of them may have it, in a batch whose sync fails; otherwise as
 * above. The weight is what the one has by then. */
static bool fail_errands(struct bench *b, int64_t *weight)
{
    struct scratch *s = &b->scratch;
    struct caller callers[] = {{.number = *weight}, {.number = *weight}, {.number = *weight}};
    struct tx *tx = begin_pair(s, 1);
    size_t lost = 0;

    queue_callers(s, callers, ARRAY_LEN(callers), weigh_one);
    atomic_store(&b->faults.sync_code, SQLITE_IOERR_FSYNC);
    assert_err(tx_commit(tx), ERR_STORE_DOWN);
    join_callers(callers, ARRAY_LEN(callers));
    for (size_t i = 0; i < ARRAY_LEN(callers); i++) {
        lost += callers[i].outcome == ERR_STORE_DOWN; /* those, too, whom another was ahead of */
        *weight += callers[i].outcome == ERR_OK;
    }
    return lost == ARRAY_LEN(callers);
}

static void when_the_commit_fails_what_was_run_for_others_is_not_kept(void **state)
{
    struct bench *b = *state;
    struct scratch *s = &b->scratch;
    int64_t weight = 1;

    put_weight(s);
    for (int tries = 1; !fail_errands(b, &weight); tries++) {
        assert_true(tries < 100);
    }
    assert_ok(weigh(s->seat, s->arena, weight)); /* it weighs what it did */
}

static void of_those_who_want_the_same_one_is_kept_and_the_others_are_told(void **state)
{
    struct bench *b = *state;
    struct scratch *s = &b->scratch;
    struct caller callers[] = {{.number = 1}, {.number = 1}, {.number = 1}};
    int kept = 0;

    put_weight(s);
    struct tx *tx = begin_pair(s, 1);
    queue_callers(s, callers, ARRAY_LEN(callers), weigh_one);
    assert_ok(tx_commit(tx));
    join_callers(callers, ARRAY_LEN(callers));
    for (size_t i = 0; i < ARRAY_LEN(callers); i++) {
        kept += callers[i].outcome == ERR_OK;
        assert_true(callers[i].outcome == ERR_OK || callers[i].outcome == ERR_STORE_RETRY);
    }
    assert_int_equal(kept, 1);
}

static void one_sync_is_for_the_whole_batch(void **state)
{
    struct bench *b = *state;
    struct scratch *s = &b->scratch;
    struct caller callers[] = {{.number = 2}, {.number = 3}, {.number = 0}, {.number = 4}};
    struct store_counters before, after;
    struct tx *tx = begin_pair(s, 1);

    queue_callers(s, callers, ARRAY_LEN(callers), put_one);
    store_counters(s->store, &before);
    int syncs = atomic_load(&b->faults.syncs);
    assert_ok(tx_commit(tx));
    join_callers(callers, ARRAY_LEN(callers));
    store_counters(s->store, &after);
    assert_int_equal(after.units - before.units, 4); /* and one was undone */
    assert_err(callers[2].outcome, ERR_TAKEN);
    assert_true(after.commits - before.commits < 4); /* 5 ms may have run out on a slow machine */
    assert_int_equal(atomic_load(&b->faults.syncs) - syncs, after.commits - before.commits);
    assert_int_equal(scratch_count_pairs(s), 5);
}

/* More than the page cache holds: SQLite has to write before the commit, and finds the disk full.
 */
static enum err write_much(struct scratch *s)
{
    struct note_count_row row;
    struct tx *tx;
    static char line[4000];

    memset(line, 'x', sizeof line);
    TRY(tx_begin(s->seat, TX_WRITE, s->arena, &tx));
    enum err err = q_note_count(tx, &row);
    for (int i = 0; err == ERR_OK && i < 12; i++) {
        err = q_notes_fill(tx, (struct str){line, sizeof line}, 4096);
    }
    if (err == ERR_OK) {
        return tx_commit(tx);
    }
    tx_rollback(tx);
    return err;
}

static void a_disk_that_is_full_in_the_middle_loses_the_batch_and_no_more(void **state)
{
    struct bench *b = *state;
    struct scratch *s = &b->scratch;
    struct caller callers[] = {{.number = 2}};
    struct note_count_row row;
    struct tx *tx;

    atomic_store(&b->faults.write_code, SQLITE_FULL);
    assert_err(write_much(s), ERR_STORE_FULL);
    atomic_store(&b->faults.write_code, SQLITE_IOERR_WRITE);
    assert_err(write_much(s), ERR_STORE_DOWN);
    atomic_store(&b->faults.write_code, SQLITE_OK);

    tx = begin_pair(s, 1); /* nobody is stuck, the turn goes on */
    queue_callers(s, callers, ARRAY_LEN(callers), put_one);
    assert_ok(tx_commit(tx));
    join_callers(callers, ARRAY_LEN(callers));
    assert_ok(callers[0].outcome);
    assert_int_equal(scratch_count_pairs(s), 3);
    assert_ok(tx_begin(s->seat, TX_READ, s->arena, &tx));
    assert_ok(q_note_count(tx, &row));
    assert_int_equal(row.count, 1);
    assert_ok(tx_commit(tx));
    assert_ok(write_much(s)); /* and it is the disk that failed before, not the unit */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_full_disk_is_told_and_work_goes_on_after_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(after_a_full_disk_the_log_is_emptied_before_it_grows,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_file_that_opens_for_reading_alone_is_opened_again_for_writing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failed_sync_is_no_success_and_opens_the_file_anew, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(when_the_commit_of_a_batch_fails_none_of_it_is_kept, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(when_the_commit_fails_what_was_run_for_others_is_not_kept,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            of_those_who_want_the_same_one_is_kept_and_the_others_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_sync_is_for_the_whole_batch, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_disk_that_is_full_in_the_middle_loses_the_batch_and_no_more, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
