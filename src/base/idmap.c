/* Open addressing. A slot is published by its `full` mark and its key never changes after, so that
 * readers need no lock; growing and sweeping make a new table and swap it in. */
#include "base/idmap.h"

#include "base/rcu.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct slot {
    struct id id;
    _Atomic int64_t number;
    void *_Atomic object;
    _Atomic bool full;
};

struct table {
    size_t mask, used;
    struct slot slots[];
};

struct idmap {
    struct rcu *rcu;
    void (*release)(void *object);
    pthread_mutex_t lock; /* held by whoever writes */
    struct table *_Atomic table;
    _Atomic int64_t count;
};

static struct table *table_create(size_t slots)
{
    struct table *table = calloc(1, sizeof *table + slots * sizeof(struct slot));

    if (table) {
        table->mask = slots - 1;
    }
    return table;
}

enum err idmap_create(struct rcu *rcu, void (*release)(void *object), struct idmap **ret)
{
    struct idmap *map = calloc(1, sizeof *map);
    struct table *table = table_create(64);

    if (!map || !table) {
        free(map);
        free(table);
        return ERR_MEMORY;
    }
    map->rcu = rcu;
    map->release = release;
    (void)pthread_mutex_init(&map->lock, NULL);
    atomic_init(&map->table, table);
    *ret = map;
    return ERR_OK;
}

void idmap_destroy(struct idmap *map)
{
    if (!map) {
        return;
    }
    struct table *table = atomic_load(&map->table);
    for (size_t i = 0; map->release && i <= table->mask; i++) {
        map->release(table->slots[i].object);
    }
    free(table);
    (void)pthread_mutex_destroy(&map->lock);
    free(map);
}

/* By bits that are random: the lowest byte of the last eight is the one that begins with the two
 * bits of the variant, which are the same in all, and would leave three quarters of the slots
 * nobody's home. */
static size_t home_of(const struct table *table, struct id id)
{
    uint64_t tail;

    memcpy(&tail, id.bytes + sizeof id - sizeof tail, sizeof tail);
    return tail >> 8 & table->mask;
}

/* The slot that holds `id`, or the empty one where it would go. One is always empty. */
static struct slot *slot_for(struct table *table, struct id id)
{
    for (size_t at = home_of(table, id);; at = (at + 1) & table->mask) {
        struct slot *slot = &table->slots[at];
        if (!atomic_load_explicit(&slot->full, memory_order_acquire) || id_eq(slot->id, id)) {
            return slot;
        }
    }
}

size_t idmap_probes(const struct idmap *map, struct id id)
{
    struct table *table = atomic_load_explicit(&map->table, memory_order_acquire);
    size_t at = (size_t)(slot_for(table, id) - table->slots);

    return ((at - home_of(table, id)) & table->mask) + 1;
}

bool idmap_get(const struct idmap *map, struct id id, struct idmap_value *ret)
{
    struct table *table = atomic_load_explicit(&map->table, memory_order_acquire);
    struct slot *slot = slot_for(table, id);

    /* The empty place may have been taken by another since. */
    if (!atomic_load_explicit(&slot->full, memory_order_acquire) || !id_eq(slot->id, id)) {
        return false;
    }
    ret->number = atomic_load_explicit(&slot->number, memory_order_relaxed);
    ret->object = atomic_load_explicit(&slot->object, memory_order_acquire);
    return true;
}

static void slot_fill(struct table *table, struct id id, struct idmap_value value)
{
    struct slot *slot = slot_for(table, id);

    slot->id = id;
    atomic_store_explicit(&slot->number, value.number, memory_order_relaxed);
    atomic_store_explicit(&slot->object, value.object, memory_order_relaxed);
    atomic_store_explicit(&slot->full, true, memory_order_release);
    table->used++;
}

/* Nobody who comes now finds it any more. */
static void defer_object(struct idmap *map, void *object)
{
    if (object) {
        rcu_defer(map->rcu, map->release, object);
    }
}

/* Copies what is kept into a table with room for one more, and swaps it in. */
static enum err rebuild(struct idmap *map, bool (*keep)(struct idmap_value value, void *with),
                        void *with)
{
    struct table *old = atomic_load(&map->table);
    size_t kept = 0, slots = 64;

    for (size_t i = 0; i <= old->mask; i++) {
        struct slot *slot = &old->slots[i];
        struct idmap_value value = {slot->number, slot->object};
        kept += slot->full && (!keep || keep(value, with));
    }
    while (slots < 3 * (kept + 1)) {
        slots *= 2;
    }
    struct table *table = table_create(slots);
    if (!table) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i <= old->mask; i++) {
        struct slot *slot = &old->slots[i];
        struct idmap_value value = {slot->number, slot->object};
        if (slot->full && (!keep || keep(value, with))) {
            slot_fill(table, slot->id, value);
        }
    }
    atomic_store_explicit(&map->table, table, memory_order_release);
    atomic_store(&map->count, (int64_t)table->used);
    for (size_t i = 0; i <= old->mask; i++) {
        if (old->slots[i].full && !slot_for(table, old->slots[i].id)->full) {
            defer_object(map, old->slots[i].object);
        }
    }
    rcu_defer(map->rcu, free, old);
    return ERR_OK;
}

/* The object stays as it is when there is none to put. */
static enum err put_locked(struct idmap *map, struct id id, int64_t number, void *const *object)
{
    struct table *table = atomic_load(&map->table);
    struct slot *slot = slot_for(table, id);

    if (slot->full) {
        slot->number = number;
        if (object) {
            defer_object(map, atomic_exchange(&slot->object, *object));
        }
        return ERR_OK;
    }
    if (3 * (table->used + 1) > 2 * (table->mask + 1)) {
        TRY(rebuild(map, NULL, NULL));
        table = atomic_load(&map->table);
    }
    slot_fill(table, id, (struct idmap_value){number, object ? *object : NULL});
    atomic_store(&map->count, (int64_t)table->used);
    return ERR_OK;
}

static enum err put(struct idmap *map, struct id id, int64_t number, void *const *object)
{
    (void)pthread_mutex_lock(&map->lock);
    enum err e = put_locked(map, id, number, object);
    (void)pthread_mutex_unlock(&map->lock);
    return e;
}

enum err idmap_put(struct idmap *map, struct id id, struct idmap_value value)
{
    enum err e = put(map, id, value.number, &value.object);

    if (e != ERR_OK && value.object) {
        map->release(value.object);
    }
    return e;
}

enum err idmap_put_number(struct idmap *map, struct id id, int64_t number)
{
    return put(map, id, number, NULL);
}

enum err idmap_sweep(struct idmap *map, bool (*keep)(struct idmap_value value, void *with),
                     void *with)
{
    (void)pthread_mutex_lock(&map->lock);
    enum err e = rebuild(map, keep, with);
    (void)pthread_mutex_unlock(&map->lock);
    return e;
}

static void destroy(void *map)
{
    idmap_destroy(map);
}

void idmap_replace(struct idmap *map, struct idmap *by)
{
    (void)pthread_mutex_lock(&map->lock);
    atomic_store(&by->table, atomic_exchange(&map->table, by->table));
    atomic_store(&map->count, by->count);
    (void)pthread_mutex_unlock(&map->lock);
    rcu_defer(map->rcu, destroy, by); /* with what was in `map` */
}

int64_t idmap_count(const struct idmap *map)
{
    return atomic_load(&map->count);
}
