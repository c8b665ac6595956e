/* Letting readers look at shared things without a lock, and freeing those only when nobody looks.
 *
 * A reading thread joins once, enters before it looks and leaves after. A writer swaps a new thing
 * in and defers the old one; rcu_collect, called now and then, frees it when every reader that
 * could still see it has left. Nobody waits: a reader that stays inside for long only keeps memory.
 */
#pragma once

#include "base/err.h"

struct rcu;
struct rcu_reader;

enum err rcu_create(struct rcu **ret);
void rcu_destroy(struct rcu *rcu); /* NULL is fine; frees what is still deferred */

enum err rcu_join(struct rcu *rcu, struct rcu_reader **ret);
void rcu_part(struct rcu *rcu, struct rcu_reader *reader); /* NULL is fine */

void rcu_enter(struct rcu_reader *reader);
void rcu_leave(struct rcu_reader *reader);

/* Frees `object` at a later collection, when it is safe. If there is no memory for the note it is
 * leaked, not freed early.
 */
void rcu_defer(struct rcu *rcu, void (*release)(void *object), void *object);
void rcu_collect(struct rcu *rcu);
