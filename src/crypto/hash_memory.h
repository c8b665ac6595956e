/* The memory Argon2 works in, kept from one hash to the next.
 *
 * libsodium maps fresh memory for each hash, and taking and zeroing those pages costs a third of
 * the hash and holds the kernel's lock on our address space while it lasts. So the build lets
 * libsodium, and nothing else, call the functions below in place of mmap, munmap and malloc; they
 * give it what the thread was lent, and fresh memory for whatever does not fit. Wiping it took a
 * twelfth of the hash: so it is wiped when nobody waits for the next one. */
#pragma once

#include "base/err.h"

#include <stddef.h>
#include <sys/types.h>

struct hash_memory {
    void *base;
    size_t size;
    size_t used; /* of it, since it was wiped */
    bool busy;
    bool failed; /* fresh memory was wanted, and there was none */
};

/* ERR_MEMORY if there is none. */
enum err hash_memory_init(struct hash_memory *memory, size_t size);
void hash_memory_done(struct hash_memory *memory); /* one of all zero is fine */

/* Lends it to the calling thread until hash_memory_return; to one thread at a time. */
void hash_memory_lend(struct hash_memory *memory);

/* Takes it back. ERR_MEMORY if memory ran out meanwhile: libsodium calls that a wrong password. */
enum err hash_memory_return(void);

/* At most so many bytes of what hashes have left in it; false when nothing is left. The next hash
 * need not wait for that: it reads nothing that it has not written itself. While it is lent to
 * nobody. */
bool hash_memory_wipe(struct hash_memory *memory, size_t most);

/* What libsodium calls. */
void *hash_memory_map(void *address, size_t size, int protection, int flags, int file, off_t from);
int hash_memory_unmap(void *address, size_t size);
void *hash_memory_allocate(size_t size);
