/* A map from identifiers to two numbers, read by many without a lock and written by one at a time.
 *
 * Keys are identifiers of our own making: their last eight bytes are random and serve as the hash.
 */
#pragma once

#include "base/err.h"
#include "base/id.h"

#include <stdint.h>

struct idmap;
struct rcu;

struct idmap_value {
    int64_t first, second;
};

/* Outgrown tables are given to `rcu`: readers have entered it. */
enum err idmap_create(struct rcu *rcu, struct idmap **ret);
void idmap_destroy(struct idmap *map); /* NULL is fine; when nobody reads any more */

bool idmap_get(const struct idmap *map, struct id id, struct idmap_value *ret);
enum err idmap_put(struct idmap *map, struct id id, struct idmap_value value);

/* Sets one number alone and leaves the other as it is (0 for a new entry). */
enum err idmap_put_first(struct idmap *map, struct id id, int64_t first);

/* Drops every entry for which `keep` says no. */
enum err idmap_sweep(struct idmap *map, bool (*keep)(struct idmap_value value, void *with),
                     void *with);

int64_t idmap_count(const struct idmap *map);
