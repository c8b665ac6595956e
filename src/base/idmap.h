/* A map from identifiers to a number and an object, read by many without a lock and written by one
 * at a time.
 *
 * Keys are identifiers of our own making: their last seven bytes are random and serve as the hash.
 */
#pragma once

#include "base/err.h"
#include "base/id.h"

#include <stdint.h>

struct idmap;
struct rcu;

struct idmap_value {
    int64_t number;
    void *object; /* or NULL; the map's own once it is put */
};

/* Outgrown tables and replaced objects are given to `rcu`: readers have entered it. `release` frees
 * an object; it may be NULL where there are none. */
enum err idmap_create(struct rcu *rcu, void (*release)(void *object), struct idmap **ret);
void idmap_destroy(struct idmap *map); /* NULL is fine; when nobody reads any more */

bool idmap_get(const struct idmap *map, struct id id, struct idmap_value *ret);
enum err idmap_put(struct idmap *map, struct id id, struct idmap_value value); /* frees its object
                                                                                * when it fails */

/* Sets the number alone and leaves the object as it is (none for a new entry). */
enum err idmap_put_number(struct idmap *map, struct id id, int64_t number);

/* Drops every entry for which `keep` says no. */
enum err idmap_sweep(struct idmap *map, bool (*keep)(struct idmap_value value, void *with),
                     void *with);

/* What is in `map` gives way to what is in `by`, all at once for those who read. `by`, which was
 * created alike, is the map's own from then on. */
void idmap_replace(struct idmap *map, struct idmap *by);

/* How many slots are looked at to find `id`, or to find that it is not there. For tests: a map that
 * has become slow answers as before. */
size_t idmap_probes(const struct idmap *map, struct id id);

int64_t idmap_count(const struct idmap *map);
