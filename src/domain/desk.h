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
    DESK_HASH,       /* hashes in the idle class */
    DESK_HASH_DIRECT /* hashes on its own thread */
};
struct desk {
    struct seat *seat;
    struct digester *digester;
    struct hasher *hasher;
    struct token_cache *tokens;
    struct rcu_reader *reader;
    const struct outbound *outbound; /* lent by who runs the thread; NULL: it asks nobody */
};

enum err desk_open(struct service *service, enum desk_kind kind, struct desk **ret);
void desk_close(struct service *service, struct desk *desk); /* NULL is fine */
