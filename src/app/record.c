/* Writing and reading the bytes of a backup. The reader trusts nothing, although a seal has said
 * before that all of it is ours. */
#include "app/record.h"

#include "base/arena.h"
#include "base/buf.h"
#include "wire/json.h"

#include <endian.h>
#include <string.h>

enum {
    TEXT_MOST = 64 << 20,
    SHAPE_MOST = 4096
};

static void put_number(struct buf *out, int64_t number)
{
    uint64_t wire = htobe64((uint64_t)number);

    buf_put(out, (struct str){(const char *)&wire, sizeof wire});
}

static void put_text(struct buf *out, struct str text)
{
    put_number(out, (int64_t)text.len);
    buf_put(out, text);
}

static void put_json(struct buf *out, struct str text, struct arena *arena, bool normal)
{
    struct buf normalised = buf_in_arena(arena, TEXT_MOST);

    if (normal && json_normalise(arena, text, &normalised) && !normalised.failed) {
        put_text(out, buf_str(&normalised));
        return;
    }
    put_text(out, text);
}

static bool is_there(const struct value *value)
{
    switch (value->kind) {
    case VALUE_TEXT:
    case VALUE_BYTES:
    case VALUE_JSON:
        return str_is_set(value->text);
    case VALUE_ID:
        return id_is_set(value->id);
    case VALUE_MOMENT:
        return value->number != 0;
    case VALUE_KEY32:
        return !key32_eq(&value->key, &(struct key32){0});
    case VALUE_INT:
    case VALUE_BOOL:
    case VALUE_ENUM:
        return !value->none;
    }
    return true;
}

static void put_value(struct buf *out, const struct value *value, struct arena *arena, bool normal)
{
    switch (value->kind) {
    case VALUE_TEXT:
    case VALUE_BYTES:
        put_text(out, value->text);
        return;
    case VALUE_JSON:
        put_json(out, value->text, arena, normal);
        return;
    case VALUE_ID:
        buf_put(out, (struct str){(const char *)value->id.bytes, sizeof value->id.bytes});
        return;
    case VALUE_KEY32:
        buf_put(out, (struct str){(const char *)value->key.bytes, sizeof value->key.bytes});
        return;
    case VALUE_INT:
    case VALUE_BOOL:
    case VALUE_ENUM:
    case VALUE_MOMENT:
        put_number(out, value->number);
        return;
    }
}

void record_put_row(struct buf *out, const struct store_table *table, const struct value *row,
                    struct arena *arena, bool normal)
{
    for (size_t i = 0; i < table->column_count; i++) {
        bool there = is_there(&row[i]);
        buf_put_char(out, there);
        if (there) {
            put_value(out, &row[i], arena, normal);
        }
    }
}

/* What the rows look like: names of tables and columns, and the kind of each. */
static void put_shape(struct buf *out)
{
    for (size_t i = 0; i < store_table_count; i++) {
        const struct store_table *table = &store_tables[i];
        if (table->is_void) {
            continue;
        }
        buf_print(out, "%s\n", table->name);
        for (size_t j = 0; j < table->column_count; j++) {
            buf_print(out, " %s %u\n", table->columns[j].name, (unsigned)table->columns[j].kind);
        }
    }
}

void record_put_head(struct buf *out, const struct record_head *head)
{
    char memory[SHAPE_MOST];
    struct buf shape = buf_over(memory, sizeof memory);

    put_number(out, head->schema);
    put_number(out, head->created.ms);
    put_text(out, head->version);
    buf_put(out, (struct str){(const char *)head->master.bytes, sizeof head->master.bytes});
    put_shape(&shape);
    out->failed |= shape.failed;
    put_text(out, buf_str(&shape));
    put_number(out, (int64_t)head->count);
    for (size_t i = 0; i < head->count; i++) {
        put_number(out, head->tables[i].rows);
        put_number(out, head->tables[i].mark);
    }
}

/* Reading */

static enum err wrong(struct reason *reason, const char *what)
{
    return fail(reason, ERR_FIELD_VALUE, STR(""), "%s", what);
}

static enum err take(struct record_input *input, char *to, size_t count, struct reason *reason)
{
    while (count > 0) {
        if (input->left.len == 0) {
            enum err e = input->more(input->with, &input->left);
            if (e == ERR_MISSING) {
                return wrong(reason, "it ends before it should");
            }
            TRY(e);
            continue;
        }
        size_t part = count < input->left.len ? count : input->left.len;
        memcpy(to, input->left.ptr, part);
        input->left = str_skip(input->left, part);
        to += part;
        count -= part;
    }
    return ERR_OK;
}

static enum err read_number(struct record_input *input, struct reason *reason, int64_t *ret)
{
    uint64_t wire = 0;

    TRY(take(input, (char *)&wire, sizeof wire, reason));
    *ret = (int64_t)be64toh(wire);
    return ERR_OK;
}

static enum err read_text(struct record_input *input, struct arena *arena, struct reason *reason,
                          struct str *ret)
{
    int64_t length;

    TRY(read_number(input, reason, &length));
    if (length < 0 || length > TEXT_MOST) {
        return wrong(reason, "it has a text of no possible length");
    }
    char *text = arena_alloc(arena, (size_t)length + 1);
    if (!text) {
        return ERR_MEMORY;
    }
    TRY(take(input, text, (size_t)length, reason));
    *ret = (struct str){text, (size_t)length};
    return ERR_OK;
}

static enum err read_bool(struct record_input *input, struct reason *reason, int64_t *ret)
{
    int64_t number;

    TRY(read_number(input, reason, &number));
    if (number != 0 && number != 1) {
        return wrong(reason, "it has an answer that is neither yes nor no");
    }
    *ret = number;
    return ERR_OK;
}

static enum err read_value(struct record_input *input, struct arena *arena, struct reason *reason,
                           struct value *value)
{
    switch (value->kind) {
    case VALUE_TEXT:
    case VALUE_BYTES:
    case VALUE_JSON:
        return read_text(input, arena, reason, &value->text);
    case VALUE_ID:
        return take(input, (char *)value->id.bytes, sizeof value->id.bytes, reason);
    case VALUE_KEY32:
        return take(input, (char *)value->key.bytes, sizeof value->key.bytes, reason);
    case VALUE_BOOL:
        return read_bool(input, reason, &value->number);
    case VALUE_INT:
    case VALUE_ENUM:
    case VALUE_MOMENT:
        return read_number(input, reason, &value->number);
    }
    return wrong(reason, "it has a value of no known kind");
}

enum err record_read_row(struct record_input *input, const struct store_table *table,
                         struct arena *arena, struct reason *reason, struct value *ret_row)
{
    char there = 0;

    for (size_t i = 0; i < table->column_count; i++) {
        struct value value = {.kind = table->columns[i].kind};
        TRY(take(input, &there, 1, reason));
        if (there != 0 && there != 1) {
            return wrong(reason, "it has a value that is neither there nor missing");
        }
        if (there) {
            TRY(read_value(input, arena, reason, &value));
        }
        value.none = !there;
        if (there && !is_there(&value)) { /* a moment that is none, say */
            return wrong(reason, "it has no value where one has to be");
        }
        ret_row[i] = value;
    }
    return ERR_OK;
}

enum err record_read_key(struct record_input *input, struct reason *reason, struct key32 *ret)
{
    return take(input, (char *)ret->bytes, sizeof ret->bytes, reason);
}

static enum err read_tables(struct record_input *input, struct reason *reason,
                            struct record_head *head)
{
    int64_t count;

    TRY(read_number(input, reason, &count));
    if (count < 0 || count > RECORD_TABLES) {
        return wrong(reason, "it has more tables than there can be");
    }
    for (; head->count < (size_t)count; head->count++) {
        struct record_table *table = &head->tables[head->count];
        TRY(read_number(input, reason, &table->rows));
        TRY(read_number(input, reason, &table->mark));
        if (table->rows < 0 || table->mark < 0) {
            return wrong(reason, "it has a table of less than no rows");
        }
    }
    return ERR_OK;
}

static size_t kept_tables(void)
{
    size_t count = 0;

    for (size_t i = 0; i < store_table_count; i++) {
        count += !store_tables[i].is_void;
    }
    return count;
}

static enum err check_shape(const struct record_head *head, struct str shape, struct reason *reason)
{
    char memory[SHAPE_MOST];
    struct buf ours = buf_over(memory, sizeof memory);

    put_shape(&ours);
    if (ours.failed || !str_eq(buf_str(&ours), shape) || head->count != kept_tables()) {
        return fail(reason, ERR_FIELD_VALUE, STR(""),
                    "signet %.*s wrote it with other tables (schema %lld): restore it with that "
                    "version, then start this one on what it has made",
                    STR_ARG(str_sub(head->version, 0, 40)), (long long)head->schema);
    }
    return ERR_OK;
}

enum err record_read_head(struct record_input *input, struct arena *arena, struct reason *reason,
                          struct record_head *ret)
{
    struct record_head head = {0};
    struct str shape = {0};

    TRY(read_number(input, reason, &head.schema));
    TRY(read_number(input, reason, &head.created.ms));
    TRY(read_text(input, arena, reason, &head.version));
    TRY(record_read_key(input, reason, &head.master));
    TRY(read_text(input, arena, reason, &shape));
    TRY(read_tables(input, reason, &head));
    TRY(check_shape(&head, shape, reason));
    *ret = head;
    return ERR_OK;
}

enum err record_read_end(struct record_input *input, struct reason *reason)
{
    while (input->left.len == 0) {
        enum err e = input->more(input->with, &input->left);
        if (e != ERR_OK) {
            return e == ERR_MISSING ? ERR_OK : e;
        }
    }
    return wrong(reason, "there is something behind its end");
}
