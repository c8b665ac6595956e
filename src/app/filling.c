/* One writer at a time, for the table at hand. */
#include "app/filling.h"

#include "app/depot.h"

enum err filling_end(struct filling *filling)
{
    enum err e = filling->writer ? rows_writer_end(filling->writer) : ERR_OK;

    filling_close(filling);
    return e;
}

void filling_close(struct filling *filling)
{
    rows_writer_close(filling->writer);
    filling->writer = NULL;
    filling->table = NULL;
}

enum err filling_put(struct filling *filling, const struct store_table *table,
                     const struct value *row)
{
    if (filling->table != table) {
        TRY(filling_end(filling));
        TRY(rows_writer_open(filling->depot->tx, table, &filling->writer));
        filling->table = table;
    }
    return rows_writer_put(filling->writer, row);
}

enum err filling_check(struct depot *depot, struct content *content,
                       const struct store_table *table, const struct key32 *digest,
                       struct reason *reason)
{
    enum err e = content_measure(content, depot->tx, table);

    TRY(depot_said(depot, e, reason));
    if (!key32_eq(&content->digest, digest)) {
        return fail(reason, ERR_STORE, STR(""),
                    "the rows of %s that were read back are not those that were written: nothing "
                    "is kept",
                    table->name);
    }
    return ERR_OK;
}
