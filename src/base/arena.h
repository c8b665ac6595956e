/* One arena a request: everything it makes lives here and goes at once when it ends.
 *
 * Under AddressSanitizer each allocation is a block of its own, so that every overrun is seen. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct arena;

/* An arena that takes at most `limit` bytes in all, the first `keep` of which it holds for good.
 * NULL when there is no memory. */
struct arena *arena_create(size_t keep, size_t limit);
void arena_destroy(struct arena *arena);     /* NULL is fine */
void arena_destroy_at(struct arena **arena); /* for CLEANUP */

/* Lets go of everything, wiped, so that no password outlives its request; runs the hooks first. */
void arena_reset(struct arena *arena);

/* Zeroed memory for any type; NULL when there is none left or the limit is reached. */
[[nodiscard]] void *arena_alloc(struct arena *arena, size_t size);
[[nodiscard]] void *arena_array(struct arena *arena, size_t count, size_t size);

/* A copy with a NUL behind it, so that C libraries can read it. */
enum err arena_copy(struct arena *arena, struct str text, struct str *ret);

/* Formatted text, with a NUL behind it. */
enum err arena_print(struct arena *arena, struct str *ret, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Runs `release(object)` when the arena is reset or destroyed: for the rare thing that the arena
 * cannot hold itself. If there is no memory for the note, it is released at once. */
enum err arena_hook(struct arena *arena, void (*release)(void *object), void *object);

size_t arena_used(const struct arena *arena); /* bytes given out since the last reset */
