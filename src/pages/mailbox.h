/* The folder of caught letters. */
#pragma once

#include "base/id.h"
#include "mail/caught.h"

struct arena;

enum {
    LISTED_MOST = 200
};

/* Their names, newest first, LISTED_MOST at most; none when there is no folder yet. */
enum err caught_list(struct arena *arena, struct str folder, struct id **ret, size_t *ret_count);

/* ERR_MISSING when there is no such letter, or it cannot be read. */
enum err caught_read(struct arena *arena, struct str folder, struct id id, struct caught *ret);
