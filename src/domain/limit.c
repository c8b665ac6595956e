/* Rates by the time at which the allowance is full again (GCRA): one number for each key.
 *
 * The memory is fixed: a full set gives up the entry that is full again soonest, so that nobody is
 * refused because others fill it. */
#include "domain/limit.h"

#include "base/random.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    SLOTS = 65536,
    WAYS = 8,
    SECOND = 1000000
};

struct slot {
    uint64_t key;
    int64_t full_at; /* monotonic microseconds, so that high rates are exact too; 0: free */
};

struct limits {
    pthread_mutex_t lock;
    uint64_t seed; /* so that nobody can aim at a set */
    struct slot slots[SLOTS];
};

enum err limits_create(struct limits **ret)
{
    struct limits *limits = calloc(1, sizeof *limits); /* pages not yet reached cost nothing */

    if (!limits) {
        return ERR_MEMORY;
    }
    (void)pthread_mutex_init(&limits->lock, NULL);
    enum err e = random_fill(&limits->seed, sizeof limits->seed);
    if (e != ERR_OK) {
        limits_destroy(limits);
        return e;
    }
    *ret = limits;
    return ERR_OK;
}

void limits_destroy(struct limits *limits)
{
    if (limits) {
        (void)pthread_mutex_destroy(&limits->lock);
        free(limits);
    }
}

/* A seeded multiply-and-fold over the bytes: enough where a collision only shares an allowance. */
static uint64_t hash_of(const struct limits *limits, unsigned kind, struct str key)
{
    uint64_t hash = limits->seed ^ ((uint64_t)kind << 56);

    for (size_t i = 0; i < key.len; i++) {
        hash = (hash ^ (unsigned char)key.ptr[i]) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 29;
    }
    return hash | 1; /* never 0 */
}

/* The slot of this key; else, with `make`, the one in its set that is full again soonest. */
static struct slot *slot_for(struct limits *limits, uint64_t hash, bool make)
{
    struct slot *set = &limits->slots[(hash >> 20) % (SLOTS / WAYS) * WAYS], *oldest = set;

    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].key == hash) {
            return &set[i];
        }
        if (set[i].full_at < oldest->full_at) {
            oldest = &set[i];
        }
    }
    if (!make) {
        return NULL;
    }
    *oldest = (struct slot){.key = hash};
    return oldest;
}

int64_t limit_wait(struct limits *limits, unsigned kind, struct str key, struct rate rate,
                   int64_t monotonic_ms)
{
    int64_t wait = 0;

    if (rate.count == 0) {
        return 0;
    }
    (void)pthread_mutex_lock(&limits->lock);
    const struct slot *slot = slot_for(limits, hash_of(limits, kind, key), /* make= */ false);
    if (slot) {
        int64_t each = rate.seconds * SECOND / rate.count;
        wait = slot->full_at + each - (monotonic_ms * 1000 + rate.seconds * SECOND);
    }
    (void)pthread_mutex_unlock(&limits->lock);
    return wait <= 0 ? 0 : (wait + SECOND - 1) / SECOND;
}

void limit_count(struct limits *limits, unsigned kind, struct str key, struct rate rate,
                 int64_t monotonic_ms)
{
    if (rate.count == 0) {
        return;
    }
    (void)pthread_mutex_lock(&limits->lock);
    struct slot *slot = slot_for(limits, hash_of(limits, kind, key), /* make= */ true);
    int64_t now = monotonic_ms * 1000, from = slot->full_at > now ? slot->full_at : now;
    slot->full_at = from + rate.seconds * SECOND / rate.count;
    (void)pthread_mutex_unlock(&limits->lock);
}
