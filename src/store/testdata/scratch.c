/* Folders and stores for tests. */
#include "store/testdata/scratch.h"

#include "base/arena.h"
#include "base/check.h"
#include "store/testdata/queries.h"

#include <unistd.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

void scratch_open(struct scratch *scratch)
{
    struct reason reason = {0};

    assert_ok(store_open(&scratch->settings, str_of(scratch->folder), &reason, &scratch->store));
    assert_ok(store_migrate(scratch->store, &reason));
    assert_ok(seat_open(scratch->store, &scratch->seat));
}

void scratch_close(struct scratch *scratch)
{
    seat_close(scratch->seat);
    store_close(scratch->store);
    scratch->seat = NULL;
    scratch->store = NULL;
}

void scratch_make(struct scratch *scratch, const char *url)
{
    *scratch = (struct scratch){
        .folder = "/tmp/signet-store-XXXXXX",
        .settings = {.url = str_of(url),
                     .busy_ms = 20000,
                     .cache_bytes = 1 << 20,
                     .log_bytes = 1 << 30,
                     .connect_s = 5,
                     .statement_ms = 20000,
                     .lock_ms = 20000,
                     .prepare = true},
    };
    assert_non_null(mkdtemp(scratch->folder));
    scratch->arena = arena_create(1 << 16, 1 << 26);
    assert_non_null(scratch->arena);
    scratch_open(scratch);
}

void scratch_remove(struct scratch *scratch)
{
    scratch_close(scratch);
    arena_destroy(scratch->arena);

    DIR *folder = opendir(scratch->folder);
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        (void)unlinkat(dirfd(folder), entry->d_name, 0);
    }
    (void)closedir(folder);
    assert_int_equal(rmdir(scratch->folder), 0);
}

static enum err put_halves(struct tx *tx, int64_t number)
{
    TRY(q_pair_half(tx, number, 1));
    return q_pair_half(tx, number, 2);
}

enum err scratch_put_pair(struct seat *seat, struct arena *arena, int64_t number)
{
    struct tx *tx;

    TRY(tx_begin(seat, TX_WRITE, arena, &tx));
    enum err err = put_halves(tx, number);
    if (err != ERR_OK) {
        tx_rollback(tx);
        return err;
    }
    return tx_commit(tx);
}

int64_t scratch_count_pairs(struct scratch *scratch)
{
    struct pairs_broken_row *broken;
    struct pairs_from_row *halves;
    size_t broken_count, half_count;
    struct tx *tx;

    assert_ok(tx_begin(scratch->seat, TX_READ, scratch->arena, &tx));
    assert_ok(q_pairs_broken(tx, &broken, &broken_count));
    assert_int_equal(broken_count, 0);
    assert_ok(q_pairs_from(tx, INT64_MIN, INT64_MAX, &halves, &half_count));
    assert_ok(tx_commit(tx));
    arena_reset(scratch->arena);
    return (int64_t)half_count / 2;
}

bool scratch_has_pair(struct scratch *scratch, int64_t number)
{
    struct pair_halves_row row;
    struct tx *tx;

    assert_ok(tx_begin(scratch->seat, TX_READ, scratch->arena, &tx));
    assert_ok(q_pair_halves(tx, number, &row));
    assert_ok(tx_commit(tx));
    arena_reset(scratch->arena);
    assert_int_not_equal(row.halves, 1);
    return row.halves == 2;
}

struct id scratch_id(uint8_t number)
{
    return (struct id){
        .bytes = {[6] = 0x70, [8] = 0x80, [15] = number}
    };
}
