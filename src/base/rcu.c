/* Readers publish the epoch they entered in. A collection starts a new one, and frees what was
 * taken away before the oldest epoch that somebody is still in. */
#include "base/rcu.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

struct rcu_reader {
    struct rcu *rcu;
    struct rcu_reader *next;
    _Atomic uint64_t inside; /* the epoch it entered in; 0 is outside */
};

struct deferred {
    struct deferred *next;
    uint64_t unseen_from; /* the first epoch whose readers cannot see it; 0: not known yet */
    void (*release)(void *object);
    void *object;
};

struct rcu {
    _Atomic uint64_t epoch;
    pthread_mutex_t lock; /* guards the two lists */
    struct rcu_reader *readers;
    struct deferred *deferred;
};

enum err rcu_create(struct rcu **ret)
{
    struct rcu *rcu = calloc(1, sizeof *rcu);

    if (!rcu) {
        return ERR_MEMORY;
    }
    atomic_init(&rcu->epoch, 1);
    (void)pthread_mutex_init(&rcu->lock, NULL);
    *ret = rcu;
    return ERR_OK;
}

static void release_all(struct deferred *list)
{
    while (list) {
        struct deferred *next = list->next;
        list->release(list->object);
        free(list);
        list = next;
    }
}

void rcu_destroy(struct rcu *rcu)
{
    if (!rcu) {
        return;
    }
    release_all(rcu->deferred);
    while (rcu->readers) {
        struct rcu_reader *next = rcu->readers->next;
        free(rcu->readers);
        rcu->readers = next;
    }
    (void)pthread_mutex_destroy(&rcu->lock);
    free(rcu);
}

enum err rcu_join(struct rcu *rcu, struct rcu_reader **ret)
{
    struct rcu_reader *reader = calloc(1, sizeof *reader);

    if (!reader) {
        return ERR_MEMORY;
    }
    reader->rcu = rcu;
    (void)pthread_mutex_lock(&rcu->lock);
    reader->next = rcu->readers;
    rcu->readers = reader;
    (void)pthread_mutex_unlock(&rcu->lock);
    *ret = reader;
    return ERR_OK;
}

void rcu_part(struct rcu *rcu, struct rcu_reader *reader)
{
    if (!reader) {
        return;
    }
    (void)pthread_mutex_lock(&rcu->lock);
    struct rcu_reader **at = &rcu->readers;
    while (*at != reader) {
        at = &(*at)->next;
    }
    *at = reader->next;
    (void)pthread_mutex_unlock(&rcu->lock);
    free(reader);
}

void rcu_enter(struct rcu_reader *reader)
{
    /* Whoever enters in an epoch sees what was swapped in before it began. Sequentially consistent:
     * the store has to be seen before anything is looked at. */
    atomic_store(&reader->inside, atomic_load_explicit(&reader->rcu->epoch, memory_order_acquire));
}

void rcu_leave(struct rcu_reader *reader)
{
    atomic_store_explicit(&reader->inside, 0, memory_order_release);
}

void rcu_defer(struct rcu *rcu, void (*release)(void *object), void *object)
{
    struct deferred *note = malloc(sizeof *note);

    if (!note) {
        return;
    }
    (void)pthread_mutex_lock(&rcu->lock);
    *note = (struct deferred){.next = rcu->deferred, .release = release, .object = object};
    rcu->deferred = note;
    (void)pthread_mutex_unlock(&rcu->lock);
}

static uint64_t oldest_inside(const struct rcu *rcu)
{
    uint64_t oldest = UINT64_MAX;

    for (const struct rcu_reader *reader = rcu->readers; reader; reader = reader->next) {
        uint64_t inside = atomic_load(&reader->inside);
        oldest = inside != 0 && inside < oldest ? inside : oldest;
    }
    return oldest;
}

/* Takes what nobody can see any more off the list. */
static struct deferred *take_unseen(struct rcu *rcu)
{
    uint64_t now = atomic_fetch_add(&rcu->epoch, 1) + 1, oldest = oldest_inside(rcu);
    struct deferred **at = &rcu->deferred, *unseen = NULL;

    while (*at) {
        struct deferred *note = *at;
        note->unseen_from = note->unseen_from ? note->unseen_from : now;
        if (note->unseen_from <= oldest) {
            *at = note->next;
            note->next = unseen;
            unseen = note;
        } else {
            at = &note->next;
        }
    }
    return unseen;
}

void rcu_collect(struct rcu *rcu)
{
    struct deferred *unseen = NULL;

    (void)pthread_mutex_lock(&rcu->lock);
    if (rcu->deferred) {
        unseen = take_unseen(rcu);
    }
    (void)pthread_mutex_unlock(&rcu->lock);
    release_all(unseen);
}
