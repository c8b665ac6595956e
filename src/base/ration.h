/* Memory set aside for a library that does not bear to run out of it in the middle: jansson then
 * hands out a text cut short, and cjose writes where it got nothing. Their allocators have no room
 * for a context, so there is one ration a thread. */
#pragma once

#include "base/err.h"

#include <stddef.h>

struct arena;

/* From here on what this thread asks for comes from `size` bytes of the arena, and beyond them from
 * malloc. One at a time: none may be open. ERR_MEMORY: nothing is, and the library must not be
 * called. */
enum err ration_open(struct arena *arena, size_t size);

/* Wipes what was given out. Nothing of it may still be in use. Without one open it does nothing. */
void ration_close(void);

/* The allocator for such libraries, on every thread; without an open ration it is malloc and its
 * kin, so that what was allocated here may be freed there. What is freed is wiped. */
void *ration_allocate(size_t size);
void *ration_reallocate(void *memory, size_t size);
void ration_free(void *memory);
