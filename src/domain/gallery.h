/* Where pictures are kept: a folder of files that never change, each under a name that was drawn
 * for it. Another place for them is another file like gallery.c. */
#pragma once

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

struct arena;
struct gallery;

enum {
    GALLERY_NAME = 32 + 5 /* digits, ".webp" */
};

/* Makes the folder (0700) where it is missing. */
enum err gallery_open(struct str folder, struct reason *reason, struct gallery **ret);
void gallery_close(struct gallery *gallery); /* NULL is fine */

/* Keeps a picture, durably and whole or not at all; *ret_name is in the arena. ERR_STORE_FULL,
 * ERR_SYSTEM. */
enum err gallery_put(struct gallery *gallery, struct arena *arena, struct str picture,
                     struct reason *reason, struct str *ret_name);

/* ERR_MISSING for a name that is none of ours or of nothing that is there. */
enum err gallery_get(const struct gallery *gallery, struct arena *arena, struct str name,
                     struct str *ret);

void gallery_remove(const struct gallery *gallery, struct str name); /* gone is fine */

/* The next few files that are older than `seconds`, whatever their names; from the beginning again
 * when all have been looked at. By one thread. */
enum {
    GALLERY_GLANCE = 200 /* files */
};
enum err gallery_glance(struct gallery *gallery, struct arena *arena, int64_t seconds,
                        struct str *ret, size_t *ret_count);
