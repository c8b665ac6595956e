/* Word between the nodes that something was written. It only wakes: what is lost of it, the next
 * look into the store finds.
 *
 * NOTIFY makes the units that use it commit one after the other, so no unit does. The thread that
 * waits here sends it instead, once for all that was committed meanwhile, over the connection it
 * listens on. */
#pragma once

#include "base/err.h"
#include "store/postgres.h"

struct herald;

/* `address` has to outlive the herald, and `bell` is an eventfd, rung to end a wait. */
enum err herald_create(const struct postgres_address *address, int bell, struct herald **ret);
void herald_destroy(struct herald *herald); /* NULL is fine; nobody waits */

/* Something was committed here. From any thread; costs nothing when that is known already. */
void herald_tell(struct herald *herald);

/* True when another process has written; false when the time is over, or `*stop` is set and the
 * bell rung. One thread at a time. */
bool herald_wait(struct herald *herald, int64_t ms, const _Atomic bool *stop);
