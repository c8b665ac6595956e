/* Copying a store into another one, of the same engine or the other. */
#pragma once

#include "app/content.h"
#include "store/store.h"

struct config;

struct copy_order {
    const struct config *config; /* everything but the address */
    struct str from, to;         /* as store.url has it */
    struct progress *progress;
};

struct copy_table {
    const char *name;
    int64_t rows;
    struct key32 digest; /* the same in both */
};

struct copy_told {
    size_t count;
    struct copy_table tables[64];
    char summary[CONTENT_TEXT];
};

/* All tables, as one view of `from` has them, in one unit of `to`, which has to be empty; kept only
 * when what is read back is the same. ERR_CONFIG with a reason in plain words. */
enum err copy_make(const struct copy_order *order, struct reason *reason, struct copy_told *ret);
