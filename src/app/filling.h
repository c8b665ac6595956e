/* Rows that come table by table, put into a store, measured, and read back: the half that a restore
 * and a copy have in common. */
#pragma once

#include "app/content.h"

struct depot;
struct reason;

struct filling {
    struct depot *depot;
    const struct store_table *table; /* that is being filled; NULL at first */
    struct rows_writer *writer;
};

/* Rows of one table after the other. */
enum err filling_put(struct filling *filling, const struct store_table *table,
                     const struct value *row);
enum err filling_end(struct filling *filling); /* all of them are written */
void filling_close(struct filling *filling);   /* for CLEANUP too */

/* Is this table what its digest says? ERR_STORE with a reason when it is not. */
enum err filling_check(struct depot *depot, struct content *content,
                       const struct store_table *table, const struct key32 *digest,
                       struct reason *reason);
