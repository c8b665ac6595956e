/* What one thread works with: its seat at the store, its digests and hashes, its place as a reader.
 */
#pragma once

#include "base/err.h"

struct desk;
struct digester;
struct hasher;
struct outbound;
struct rcu_reader;
struct seat;
struct service;
struct token_cache;

enum desk_kind {
    DESK_MEMORY, /* an I/O thread: no store, no hashing, a token cache */
    DESK_STORE,
    DESK_HASH_DIRECT /* hashes on its own thread; who else hashes is lent a hasher */
};
struct desk {
    struct seat *seat;
    struct digester *digester;
    struct hasher *hasher; /* its own, or lent by who runs the thread; NULL: it hashes nothing */
    struct token_cache *tokens;
    struct rcu_reader *reader;
    struct hasher *own_hasher;
    const struct outbound *outbound; /* lent by who runs the thread; NULL: it asks nobody */
};

enum err desk_open(struct service *service, enum desk_kind kind, struct desk **ret);
void desk_close(struct service *service, struct desk *desk); /* NULL is fine */

/* To be lent to desks: so many hashes at once, however many desks share it; 0: on the thread of its
 * one desk. It outlives them. */
enum err desk_hasher_open(const struct service *service, unsigned at_once, struct hasher **ret);
void desk_hasher_close(struct hasher *hasher); /* NULL is fine */
