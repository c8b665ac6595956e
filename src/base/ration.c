/* One block a thread, given out from its beginning to its end and taken back as a whole. */
#include "base/ration.h"

#include "base/arena.h"

#include <malloc.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local struct ration {
    char *begin, *at, *end;
} ration;

enum err ration_open(struct arena *arena, size_t size)
{
    char *memory = arena_alloc(arena, size);

    if (!memory) {
        return ERR_MEMORY;
    }
    ration = (struct ration){memory, memory, memory + size};
    return ERR_OK;
}

void ration_close(void)
{
    if (ration.begin) {
        explicit_bzero(ration.begin, (size_t)(ration.at - ration.begin));
        ration = (struct ration){0};
    }
}

static bool is_rationed(const char *memory)
{
    return ration.begin && memory >= ration.begin && memory < ration.end;
}

void *ration_allocate(size_t size)
{
    size_t most = ration.begin ? (size_t)(ration.end - ration.at) : 0;
    size_t unit = alignof(max_align_t);

    size += size == 0; /* an address of its own for nothing, too */
    if (size > most || most - size < unit) {
        return malloc(size);
    }
    char *memory = ration.at;
    ration.at += (size + unit - 1) / unit * unit;
    return memory;
}

void *ration_reallocate(void *memory, size_t size)
{
    char *old = memory;

    if (!is_rationed(old)) {
        return realloc(memory, size);
    }
    size_t held = (size_t)(ration.at - old); /* at least what it has */
    void *fresh = ration_allocate(size);
    if (fresh) {
        memcpy(fresh, old, size < held ? size : held);
    }
    return fresh;
}

void ration_free(void *memory)
{
    if (!memory || is_rationed(memory)) {
        return; /* wiped with all the rest */
    }
    explicit_bzero(memory, malloc_usable_size(memory));
    free(memory);
}
