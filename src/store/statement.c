/* Running a statement: what may run when, and rows into structs. The engines do the rest. */
#include "store/statement.h"

#include "base/arena.h"
#include "store/engine.h"

#include <string.h>

enum {
    ROWS_AT_FIRST = 8
};

struct value value_text(struct str text)
{
    return (struct value){.kind = VALUE_TEXT, .text = text};
}

struct value value_bytes(struct str bytes)
{
    return (struct value){.kind = VALUE_BYTES, .text = bytes};
}

struct value value_json(struct str text)
{
    return (struct value){.kind = VALUE_JSON, .text = text};
}

struct value value_int(int64_t number)
{
    return (struct value){.kind = VALUE_INT, .number = number};
}

struct value value_bool(bool yes)
{
    return (struct value){.kind = VALUE_BOOL, .number = yes};
}

struct value value_id(struct id id)
{
    return (struct value){.kind = VALUE_ID, .id = id};
}

struct value value_moment(struct moment at)
{
    return (struct value){.kind = VALUE_MOMENT, .number = at.ms};
}

struct value value_key32(struct key32 key)
{
    return (struct value){.kind = VALUE_KEY32, .key = key};
}

struct value value_enum(unsigned int number)
{
    return (struct value){.kind = VALUE_ENUM, .number = number};
}

static const struct engine *engine_of(const struct tx *tx)
{
    return tx->seat->store->engine;
}

/* PostgreSQL lets nothing but a rollback follow a failed statement. So do we on every engine, that
 * nothing comes to lean on the other behaviour. */
static enum err spoil(struct tx *tx, enum err err)
{
    if (err != ERR_OK && err != ERR_MISSING && tx->spoiled == ERR_OK) {
        tx->spoiled = err;
    }
    return err;
}

static enum err may_run(struct tx *tx, const struct statement *s)
{
    if (!tx->open) {
        return fail(&tx->seat->reason, ERR_STORE, (struct str){0}, "%s: the unit is over", s->name);
    }
    if (tx->spoiled != ERR_OK) {
        return tx->spoiled;
    }
    if (s->writes && tx->kind == TX_READ) {
        return spoil(tx, fail(&tx->seat->reason, ERR_STORE, (struct str){0},
                              "%s writes, in a unit that only reads", s->name));
    }
    return ERR_OK;
}

static enum err start(struct tx *tx, const struct statement *s, const struct value *values)
{
    TRY(may_run(tx, s));
    TRY(spoil(tx, engine_of(tx)->execute(tx, s, values)));
    tx->written |= s->writes;
    return ERR_OK;
}

enum err statement_run(struct tx *tx, const struct statement *s, const struct value *values,
                       int64_t *ret_changed)
{
    TRY(start(tx, s, values));
    *ret_changed = engine_of(tx)->finish(tx, s);
    return ERR_OK;
}

enum err statement_last(struct tx *tx, const struct statement *s, const struct value *values)
{
    TRY(may_run(tx, s));
    struct value *copy = arena_array(tx->arena, s->parameters, sizeof *copy);
    if (!copy || tx->last.statement) {
        return spoil(tx, copy ? ERR_STORE : ERR_MEMORY);
    }
    memcpy(copy, values, s->parameters * sizeof *copy);
    tx->last = (struct errand){s, copy};
    return ERR_OK;
}

enum err statement_one(struct tx *tx, const struct statement *s, const struct value *values,
                       void *ret_row)
{
    TRY(start(tx, s, values));
    void *row = arena_alloc(tx->arena, s->row_size);
    enum err err = spoil(tx, row ? engine_of(tx)->fetch(tx, s, row) : ERR_MEMORY);
    (void)engine_of(tx)->finish(tx, s);
    TRY(err);
    memcpy(ret_row, row, s->row_size);
    return ERR_OK;
}

struct rows {
    char *data;
    size_t count, room;
};

static enum err make_room(struct tx *tx, const struct statement *s, struct rows *rows)
{
    if (rows->count < rows->room) {
        return ERR_OK;
    }
    size_t room = rows->room ? 2 * rows->room : ROWS_AT_FIRST;
    char *data = arena_array(tx->arena, room, s->row_size);

    if (!data) {
        return fail(&tx->seat->reason, ERR_MEMORY, (struct str){0}, "%s: %zu rows are too many",
                    s->name, rows->count);
    }
    if (rows->data) {
        memcpy(data, rows->data, rows->count * s->row_size);
    }
    rows->data = data;
    rows->room = room;
    return ERR_OK;
}

static enum err fetch_all(struct tx *tx, const struct statement *s, struct rows *rows)
{
    enum err err = make_room(tx, s, rows);

    while (err == ERR_OK) {
        err = engine_of(tx)->fetch(tx, s, rows->data + rows->count * s->row_size);
        if (err == ERR_OK) {
            rows->count++;
            err = make_room(tx, s, rows);
        }
    }
    return err == ERR_MISSING ? ERR_OK : err; /* none is left */
}

enum err statement_many(struct tx *tx, const struct statement *s, const struct value *values,
                        void **ret_rows, size_t *ret_count)
{
    struct rows rows = {0};

    TRY(start(tx, s, values));
    enum err err = spoil(tx, fetch_all(tx, s, &rows));
    (void)engine_of(tx)->finish(tx, s);
    TRY(err);
    *ret_rows = rows.data;
    *ret_count = rows.count;
    return ERR_OK;
}
