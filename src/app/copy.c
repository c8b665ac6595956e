/* Rows go from one store to the other and are measured on the way, then read back. */
#include "app/copy.h"

#include "app/config.h"
#include "app/data_directory.h"
#include "app/depot.h"
#include "app/filling.h"
#include "app/progress.h"

struct copying {
    const struct copy_order *order;
    struct depot *from, *to;
    struct filling filling;
    struct content content;
    struct reason *reason;
    struct copy_told told;
};

static enum err move_rows(struct copying *c, const struct store_table *table,
                          struct rows_reader *reader)
{
    const struct value *row;
    enum err e;

    content_begin(&c->content);
    while ((e = rows_reader_next(reader, &row)) == ERR_OK) {
        TRY(content_add(&c->content, table, row));
        TRY(depot_said(c->to, filling_put(&c->filling, table, row), c->reason));
        progress_advance(c->order->progress);
    }
    return e == ERR_MISSING ? ERR_OK : depot_said(c->from, e, c->reason);
}

static enum err move_table(struct copying *c, const struct store_table *table)
{
    CLEANUP(rows_reader_close_at) struct rows_reader *reader = NULL;
    struct copy_table *told = &c->told.tables[c->told.count];
    int64_t mark;

    TRY(rows_reader_open(c->from->tx, table, &reader));
    TRY(move_rows(c, table, reader));
    TRY(depot_said(c->to, filling_end(&c->filling), c->reason));
    TRY(depot_said(c->from, rows_mark(c->from->tx, table, &mark), c->reason));
    TRY(depot_said(c->to, rows_move_mark(c->to->tx, table, mark), c->reason));
    *told = (struct copy_table){table->name, c->content.rows, c->content.digest};
    c->told.count++;
    return filling_check(c->to, &c->content, table, &told->digest, c->reason);
}

static enum err summarise(struct copying *c)
{
    struct key32 digests[ARRAY_LEN(c->told.tables)];

    for (size_t i = 0; i < c->told.count; i++) {
        digests[i] = c->told.tables[i].digest;
    }
    return content_summary(c->to->digester, digests, c->told.count, c->told.summary);
}

static enum err move_all(struct copying *c)
{
    for (size_t i = store_table_count; i > 0; i--) { /* what a new store has comes as well */
        TRY(depot_said(c->to, rows_clear(c->to->tx, &store_tables[i - 1]), c->reason));
    }
    for (size_t i = 0; i < store_table_count; i++) {
        if (c->told.count == ARRAY_LEN(c->told.tables)) {
            return ERR_STORE;
        }
        TRY(move_table(c, &store_tables[i]));
    }
    TRY(summarise(c));
    return depot_keep(c->to, c->reason);
}

static enum err expect(struct copying *c)
{
    int64_t rows, total = 0;

    for (size_t i = 0; i < store_table_count; i++) {
        TRY(rows_count(c->from->tx, &store_tables[i], &rows));
        total += rows;
    }
    progress_expect(c->order->progress, 2 * total);
    return ERR_OK;
}

static enum err move_between(struct copying *c)
{
    TRY(depot_said(c->from, depot_begin(c->from, TX_READ), c->reason));
    TRY(depot_said(c->to, depot_begin(c->to, TX_WRITE), c->reason));
    struct reason found = {0};
    enum err e = depot_is_empty(c->to, &found);
    if (e == ERR_CONFIG) {
        return fail(c->reason, e, STR(""), "--to: %s", found.detail);
    }
    TRY(depot_said(c->to, e, c->reason));
    TRY(depot_said(c->from, expect(c), c->reason));
    c->filling.depot = c->to;
    TRY(content_create(c->to->digester, &c->content));
    c->content.progress = c->order->progress;
    e = move_all(c);
    filling_close(&c->filling);
    content_destroy(&c->content);
    return e;
}

static enum err open_one(const struct copy_order *order, struct str url, enum depot_use use,
                         struct reason *reason, struct depot **ret)
{
    struct store_settings settings = order->config->store;
    struct reason found = {0};

    settings.url = url;
    enum err e = depot_open(&settings, order->config->options.data, use, &found, ret);
    return e == ERR_OK ? e
                       : fail(reason, e, STR(""), "%s: %s", use == DEPOT_READ ? "--from" : "--to",
                              found.detail);
}

enum err copy_make(const struct copy_order *order, struct reason *reason, struct copy_told *ret)
{
    CLEANUP(depot_close_at) struct depot *from = NULL;
    CLEANUP(depot_close_at) struct depot *to = NULL;
    struct copying c = {.order = order, .reason = reason};

    if (str_eq(order->from, order->to)) {
        return fail(reason, ERR_CONFIG, STR(""), "--from and --to are the same store");
    }
    TRY(open_one(order, order->from, DEPOT_READ, reason, &from));
    TRY(open_one(order, order->to, DEPOT_FILL, reason, &to));
    c.from = from;
    c.to = to;
    TRY(move_between(&c));
    *ret = c.told;
    return ERR_OK;
}
