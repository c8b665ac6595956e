#include "base/check.h"
#include "base/rcu.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

static void note(void *object)
{
    atomic_fetch_add((_Atomic int *)object, 1);
}

static void what_nobody_looks_at_is_freed(void **state)
{
    struct rcu *rcu;
    struct rcu_reader *reader;
    _Atomic int freed = 0;

    (void)state;
    assert_ok(rcu_create(&rcu));
    assert_ok(rcu_join(rcu, &reader));
    rcu_enter(reader);
    rcu_leave(reader);
    rcu_defer(rcu, note, &freed);
    assert_int_equal(freed, 0);
    rcu_collect(rcu);
    assert_int_equal(freed, 1);
    rcu_collect(rcu);
    assert_int_equal(freed, 1);
    rcu_part(rcu, reader);
    rcu_destroy(rcu);
}

static void what_somebody_may_still_see_stays_and_nobody_waits_for_it(void **state)
{
    struct rcu *rcu;
    struct rcu_reader *slow, *quick;
    _Atomic int first = 0, second = 0;

    (void)state;
    assert_ok(rcu_create(&rcu));
    assert_ok(rcu_join(rcu, &slow));
    assert_ok(rcu_join(rcu, &quick));
    rcu_enter(slow);
    rcu_defer(rcu, note, &first);
    rcu_collect(rcu); /* would never end if it waited for this very thread */
    assert_int_equal(first, 0);

    /* One who came after it was taken away cannot see it, and does not keep it. */
    rcu_enter(quick);
    rcu_leave(slow);
    rcu_defer(rcu, note, &second);
    rcu_collect(rcu);
    assert_int_equal(first, 1);
    assert_int_equal(second, 0);
    rcu_leave(quick);
    rcu_collect(rcu);
    assert_int_equal(second, 1);
    rcu_part(rcu, quick);
    rcu_part(rcu, slow);
    rcu_destroy(rcu);
}

static void the_end_frees_what_is_left(void **state)
{
    struct rcu *rcu;
    struct rcu_reader *reader;
    _Atomic int freed = 0;

    (void)state;
    assert_ok(rcu_create(&rcu));
    assert_ok(rcu_join(rcu, &reader));
    rcu_enter(reader);
    rcu_defer(rcu, note, &freed);
    rcu_defer(rcu, note, &freed);
    rcu_collect(rcu);
    rcu_part(rcu, reader); /* one who is gone looks no more */
    rcu_destroy(rcu);
    assert_int_equal(freed, 2);
}

enum {
    READERS = 4,
    ROUNDS = 2000
};

struct shared {
    struct rcu *rcu;
    int *_Atomic thing;
    atomic_bool over, wrong;
};

static void spoil_and_free(void *thing)
{
    *(int *)thing = -1;
    free(thing);
}

static int *thing_of(int value)
{
    int *thing = malloc(sizeof *thing);

    assert_non_null(thing);
    *thing = value;
    return thing;
}

static void *look(void *with)
{
    struct shared *shared = with;
    struct rcu_reader *reader;

    if (rcu_join(shared->rcu, &reader) != ERR_OK) {
        shared->wrong = true;
        return NULL;
    }
    while (!shared->over) {
        rcu_enter(reader);
        const int *thing = atomic_load_explicit(&shared->thing, memory_order_acquire);
        if (*thing < 0) {
            shared->wrong = true;
        }
        rcu_leave(reader);
    }
    rcu_part(shared->rcu, reader);
    return NULL;
}

static void *collect_too(void *with)
{
    struct shared *shared = with;

    while (!shared->over) {
        rcu_collect(shared->rcu);
    }
    return NULL;
}

static void nobody_ever_sees_what_was_freed(void **state)
{
    struct shared shared = {.thing = thing_of(0)};
    pthread_t threads[READERS + 1];

    (void)state;
    assert_ok(rcu_create(&shared.rcu));
    for (int i = 0; i <= READERS; i++) {
        assert_int_equal(
            pthread_create(&threads[i], NULL, i < READERS ? look : collect_too, &shared), 0);
    }
    for (int i = 1; i <= ROUNDS; i++) {
        rcu_defer(shared.rcu, spoil_and_free, atomic_exchange(&shared.thing, thing_of(i)));
        rcu_collect(shared.rcu);
    }
    shared.over = true;
    for (int i = 0; i <= READERS; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    assert_false(shared.wrong);
    rcu_destroy(shared.rcu);
    free(shared.thing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_looks_at_is_freed),
        cmocka_unit_test(what_somebody_may_still_see_stays_and_nobody_waits_for_it),
        cmocka_unit_test(the_end_frees_what_is_left),
        cmocka_unit_test(nobody_ever_sees_what_was_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
