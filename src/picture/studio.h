/* Having a picture drawn anew by a child that is shut in (confine/drawing.h): what is kept and
 * served is only ever what it drew. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct arena;
struct buf;
struct nursery;

enum {
    STUDIO_MS = 5000,      /* from its start until the child has ended, or is ended */
    STUDIO_MOST = 1 << 20, /* bytes of what it draws */
};

/* Where the child is begun, and where what it draws is kept. */
struct studio {
    struct nursery *nursery;
    struct arena *arena;
};

/* A WebP of at most 512 × 512 pixels without metadata, in the arena. Waits for the child, for
 * STUDIO_MS at most: whoever calls decides by its threads how many there are at once. With a
 * reason: ERR_PICTURE_TYPE when it is no PNG, JPEG, WebP or GIF, not whole, or not to be drawn
 * within the limits; ERR_PICTURE_LARGE as picture_header_read has it, and then no child is begun;
 * ERR_BUSY when the child got no processor in its time; ERR_SYSTEM when none could be begun. */
enum err studio_draw(const struct studio *studio, struct str bytes, struct reason *reason,
                     struct str *ret);

/* Loads libgd into this process to write its version; nothing when it is not installed. Not for a
 * server: only its children carry it. */
void studio_library(struct buf *out);
