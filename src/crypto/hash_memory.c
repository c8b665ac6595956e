/* Keeps the working memory of password hashing mapped. */
#include "crypto/hash_memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* mmap has no argument that could carry this, so the thread itself does; set while it hashes. */
static _Thread_local struct hash_memory *lent;

enum err hash_memory_init(struct hash_memory *memory, size_t size)
{
    void *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (base == MAP_FAILED) {
        return ERR_MEMORY;
    }
    /* Wishes, which the kernel may refuse: what passwords turn into is in no core dump, in no
     * child, and on pages that are found faster. */
    (void)madvise(base, size, MADV_DONTDUMP);
    (void)madvise(base, size, MADV_DONTFORK);
    (void)madvise(base, size, MADV_HUGEPAGE);
    *memory = (struct hash_memory){.base = base, .size = size};
    return ERR_OK;
}

void hash_memory_done(struct hash_memory *memory)
{
    if (memory->base) {
        (void)munmap(memory->base, memory->size);
        *memory = (struct hash_memory){0};
    }
}

void hash_memory_lend(struct hash_memory *memory)
{
    memory->failed = false;
    lent = memory;
}

enum err hash_memory_return(void)
{
    bool failed = lent->failed;

    lent = NULL;
    return failed ? ERR_MEMORY : ERR_OK;
}

bool hash_memory_wipe(struct hash_memory *memory, size_t most)
{
    size_t count = memory->used < most ? memory->used : most;

    memory->used -= count;
    explicit_bzero((char *)memory->base + memory->used, count);
    return memory->used > 0;
}

/* NOLINTNEXTLINE(readability-function-size): it has the parameters of mmap */
void *hash_memory_map(void *address, size_t size, int protection, int flags, int file, off_t from)
{
    if (!lent) {
        return mmap(address, size, protection, flags, file, from);
    }
    if (lent->busy || size > lent->size) {
        void *fresh = mmap(address, size, protection, flags, file, from);
        lent->failed |= fresh == MAP_FAILED;
        return fresh;
    }
    lent->busy = true;
    lent->used = size > lent->used ? size : lent->used;
    return lent->base;
}

void *hash_memory_allocate(size_t size)
{
    void *memory = malloc(size);

    if (lent) {
        lent->failed |= !memory;
    }
    return memory;
}

int hash_memory_unmap(void *address, size_t size)
{
    if (!lent || address != lent->base) {
        return munmap(address, size);
    }
    lent->busy = false;
    return 0;
}
