/* The arena: a chain of blocks, the first of which stays. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define BLOCK_EACH 1 /* one malloc an object */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BLOCK_EACH 1
#endif
#endif
#ifndef BLOCK_EACH
#define BLOCK_EACH 0
#endif

#define ALIGNMENT alignof(max_align_t)

struct block {
    struct block *next;
    size_t size, used;
    alignas(max_align_t) char data[];
};

struct hook {
    struct hook *next;
    void (*release)(void *object);
    void *object;
};

struct arena {
    struct block *first, *current;
    struct hook *hooks;
    size_t used, limit;
};

static struct block *block_create(size_t size)
{
    struct block *block = malloc(sizeof *block + size);

    if (block) {
        block->next = NULL;
        block->size = size;
        block->used = 0;
    }
    return block;
}

struct arena *arena_create(size_t keep, size_t limit)
{
    struct arena *arena = malloc(sizeof *arena);
    struct block *block = block_create(BLOCK_EACH ? 0 : keep);

    if (!arena || !block) {
        free(arena);
        free(block);
        return NULL;
    }
    *arena = (struct arena){.first = block, .current = block, .limit = limit};
    return arena;
}

void arena_reset(struct arena *arena)
{
    while (arena->hooks) {
        struct hook *hook = arena->hooks;
        arena->hooks = hook->next;
        hook->release(hook->object);
    }
    struct block *block = arena->first->next;
    while (block) {
        struct block *next = block->next;
        explicit_bzero(block->data, block->used);
        free(block);
        block = next;
    }
    explicit_bzero(arena->first->data, arena->first->used);
    arena->first->used = 0;
    arena->first->next = NULL;
    arena->current = arena->first;
    arena->used = 0;
}

void arena_destroy(struct arena *arena)
{
    if (arena) {
        arena_reset(arena);
        free(arena->first);
        free(arena);
    }
}

void arena_destroy_at(struct arena **arena)
{
    arena_destroy(*arena);
}

static struct block *block_with_room(struct arena *arena, size_t size)
{
    struct block *block = arena->current;

    if (block->size - block->used >= size) {
        return block;
    }
    size_t usual = BLOCK_EACH ? size : 2 * arena->first->size;
    block = block_create(size > usual ? size : usual);
    if (block) {
        arena->current->next = block;
        arena->current = block;
    }
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX - ALIGNMENT || arena->used > arena->limit) {
        return NULL;
    }
    /* Under ASan the odd byte at the end is guarded too, so nothing is rounded up. */
    size_t rounded = BLOCK_EACH ? size : (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    if (rounded > arena->limit - arena->used) {
        return NULL;
    }
    struct block *block = block_with_room(arena, rounded);
    if (!block) {
        return NULL;
    }
    void *at = block->data + block->used;
    block->used += rounded;
    arena->used += rounded;
    return memset(at, 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;

    return __builtin_mul_overflow(count, size, &bytes) ? NULL : arena_alloc(arena, bytes);
}

enum err arena_copy(struct arena *arena, struct str text, struct str *ret)
{
    char *copy = text.len < SIZE_MAX ? arena_alloc(arena, text.len + 1) : NULL;

    if (!copy) {
        return ERR_MEMORY;
    }
    if (text.len > 0) {
        memcpy(copy, text.ptr, text.len);
    }
    *ret = (struct str){copy, text.len};
    return ERR_OK;
}

enum err arena_print(struct arena *arena, struct str *ret, const char *format, ...)
{
    va_list arguments, again;

    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);

    char *text = length < 0 ? NULL : arena_alloc(arena, (size_t)length + 1);
    if (text) {
        (void)vsnprintf(text, (size_t)length + 1, format, again);
        *ret = (struct str){text, (size_t)length};
    }
    va_end(again);
    return text ? ERR_OK : ERR_MEMORY;
}

enum err arena_hook(struct arena *arena, void (*release)(void *object), void *object)
{
    struct hook *hook = arena_alloc(arena, sizeof *hook);

    if (!hook) {
        release(object);
        return ERR_MEMORY;
    }
    *hook = (struct hook){.next = arena->hooks, .release = release, .object = object};
    arena->hooks = hook;
    return ERR_OK;
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}
