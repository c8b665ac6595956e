#include "base/check.h"
#include "base/idmap.h"
#include "base/rcu.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    ENTRIES = 20000,
    READERS = 3
};

static struct id id_of(int64_t n)
{
    struct id id = {0};

    uint64_t tail = (uint64_t)n * 0x2545F4914F6CDD1D; /* that of a real identifier is random */

    memcpy(id.bytes, &n, sizeof n);
    memcpy(id.bytes + 8, &tail, sizeof tail);
    return id;
}

static bool is_even(struct idmap_value value, void *with)
{
    (void)with;
    return value.number % 2 == 0;
}

static void count_down(void *object)
{
    int *left = object;

    if (left) {
        (*left)--;
    }
}

static void what_is_put_is_found(void **state)
{
    (void)state;
    struct rcu *rcu;
    struct idmap *map;
    struct idmap_value value;
    int left = ENTRIES; /* all of them hold the same */

    assert_ok(rcu_create(&rcu));
    assert_ok(idmap_create(rcu, count_down, &map));
    for (int64_t n = 1; n <= ENTRIES; n++) {
        assert_ok(idmap_put(map, id_of(n), (struct idmap_value){n, &left}));
    }
    assert_int_equal(idmap_count(map), ENTRIES);
    assert_ok(idmap_put_number(map, id_of(7), 70));
    assert_true(idmap_get(map, id_of(7), &value));
    assert_int_equal(value.number, 70);
    assert_ptr_equal(value.object, &left);
    assert_false(idmap_get(map, id_of(ENTRIES + 1), &value));

    assert_ok(idmap_sweep(map, is_even, NULL));
    rcu_collect(rcu);
    assert_int_equal(idmap_count(map), ENTRIES / 2 + 1);
    assert_true(idmap_get(map, id_of(8), &value));
    assert_false(idmap_get(map, id_of(9), &value));
    assert_int_equal(left, ENTRIES / 2 + 1); /* what was swept has been released */
    idmap_destroy(map);
    assert_int_equal(left, 0);
    rcu_destroy(rcu);
}

static void an_object_that_is_replaced_is_released_when_nobody_reads(void **state)
{
    (void)state;
    struct rcu *rcu;
    struct idmap *map;
    int first = 1, second = 1;

    assert_ok(rcu_create(&rcu));
    assert_ok(idmap_create(rcu, count_down, &map));
    assert_ok(idmap_put(map, id_of(1), (struct idmap_value){0, &first}));
    assert_ok(idmap_put(map, id_of(1), (struct idmap_value){0, &second}));
    assert_int_equal(first, 1);
    rcu_collect(rcu);
    assert_int_equal(first, 0);
    assert_int_equal(second, 1);
    idmap_destroy(map);
    assert_int_equal(second, 0);
    rcu_destroy(rcu);
}

static void a_map_that_gives_way_is_released_when_nobody_reads(void **state)
{
    (void)state;
    struct rcu *rcu;
    struct rcu_reader *reader;
    struct idmap *map, *by;
    struct idmap_value before, value;
    int old = 1, new = 1;

    assert_ok(rcu_create(&rcu));
    assert_ok(rcu_join(rcu, &reader));
    assert_ok(idmap_create(rcu, count_down, &map));
    assert_ok(idmap_create(rcu, count_down, &by));
    assert_ok(idmap_put(map, id_of(1), (struct idmap_value){1, &old}));
    assert_ok(idmap_put(by, id_of(2), (struct idmap_value){2, &new}));
    assert_ok(idmap_put(by, id_of(3), (struct idmap_value){3, NULL}));

    rcu_enter(reader);
    assert_true(idmap_get(map, id_of(1), &before));
    idmap_replace(map, by);
    assert_int_equal(idmap_count(map), 2);
    assert_false(idmap_get(map, id_of(1), &value));
    assert_true(idmap_get(map, id_of(2), &value));
    assert_ptr_equal(value.object, &new);
    rcu_collect(rcu);
    assert_int_equal(*(const int *)before.object, 1);
    rcu_leave(reader);
    rcu_collect(rcu);
    assert_int_equal(old, 0);
    assert_int_equal(new, 1);

    idmap_destroy(map);
    assert_int_equal(new, 0);
    rcu_part(rcu, reader);
    rcu_destroy(rcu);
}

static struct id id_made(int64_t n)
{
    struct id id;

    assert_ok(id_make((struct moment){INT64_C(1750000000123) + n}, &id));
    return id;
}

static void put_made(struct idmap *map, int64_t count)
{
    for (int64_t n = 0; n < count; n++) {
        assert_ok(idmap_put_number(map, id_made(n), n));
    }
}

/* Of identifiers that are not there, as nearly all are that the service asks for. */
static size_t probes_of_misses(const struct idmap *map)
{
    size_t probes = 0;

    for (int64_t n = 0; n < ENTRIES; n++) {
        probes += idmap_probes(map, id_made(n));
    }
    return probes;
}

/* Random identifiers take 1.5 probes each in a table that is filled to a third, and 3.8 at six
 * tenths. */
static void few_slots_are_looked_at_however_many_there_are(void **state)
{
    (void)state;
    struct rcu *rcu;
    struct idmap *map;

    assert_ok(rcu_create(&rcu));
    assert_ok(idmap_create(rcu, NULL, &map));
    assert_int_equal(idmap_probes(map, id_made(0)), 1);
    put_made(map, ENTRIES);
    assert_in_range(probes_of_misses(map), ENTRIES, 3 * ENTRIES);
    put_made(map, ENTRIES);
    assert_in_range(probes_of_misses(map), 2 * ENTRIES, 8 * ENTRIES);
    idmap_destroy(map);
    rcu_destroy(rcu);
}

struct shared {
    struct rcu *rcu;
    struct idmap *map;
    _Atomic int64_t put; /* everything up to here has been put */
    atomic_bool wrong;
};

static void *read_all_the_time(void *with)
{
    struct shared *shared = with;
    struct rcu_reader *reader;
    struct idmap_value value;

    if (rcu_join(shared->rcu, &reader) != ERR_OK) {
        shared->wrong = true;
        return NULL;
    }
    for (int64_t n = 1; shared->put < ENTRIES; n = n % ENTRIES + 1) {
        rcu_enter(reader);
        bool must_be_there = n <= shared->put;
        bool there = idmap_get(shared->map, id_of(n), &value);
        if ((must_be_there && !there) || (there && value.number != n)) {
            shared->wrong = true;
        }
        rcu_leave(reader);
    }
    rcu_part(shared->rcu, reader);
    return NULL;
}

static void readers_see_every_entry_once_it_is_put(void **state)
{
    (void)state;
    struct shared shared = {0};
    pthread_t readers[READERS];

    assert_ok(rcu_create(&shared.rcu));
    assert_ok(idmap_create(shared.rcu, NULL, &shared.map));
    for (int i = 0; i < READERS; i++) {
        assert_int_equal(pthread_create(&readers[i], NULL, read_all_the_time, &shared), 0);
    }
    for (int64_t n = 1; n <= ENTRIES; n++) {
        assert_ok(idmap_put(shared.map, id_of(n), (struct idmap_value){n, NULL}));
        shared.put = n;
        if (n % 1000 == 0) {
            rcu_collect(shared.rcu);
        }
    }
    for (int i = 0; i < READERS; i++) {
        (void)pthread_join(readers[i], NULL);
    }
    assert_false(shared.wrong);
    idmap_destroy(shared.map);
    rcu_destroy(shared.rcu);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_found),
        cmocka_unit_test(an_object_that_is_replaced_is_released_when_nobody_reads),
        cmocka_unit_test(a_map_that_gives_way_is_released_when_nobody_reads),
        cmocka_unit_test(few_slots_are_looked_at_however_many_there_are),
        cmocka_unit_test(readers_see_every_entry_once_it_is_put),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
