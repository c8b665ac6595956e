/* Tables. */
#include "app/table.h"

#include "base/arena.h"
#include "base/buf.h"

#include <unistd.h>

#include <string.h>

enum {
    GAP = 2,
    FIRST_CELLS = 64
};

static const struct str nothing = {"-", 1};

struct table table_in_arena(struct arena *arena, const char *const *heads, size_t columns)
{
    return (struct table){.arena = arena, .heads = heads, .columns = columns};
}

static bool has_room(struct table *table)
{
    if (table->count < table->size) {
        return true;
    }
    size_t size = table->size ? 2 * table->size : FIRST_CELLS;
    struct str *cells = arena_array(table->arena, size, sizeof *cells);
    if (!cells) {
        return false;
    }
    if (table->count > 0) {
        memcpy(cells, table->cells, table->count * sizeof *cells);
    }
    table->cells = cells;
    table->size = size;
    return true;
}

void table_put(struct table *table, struct str text)
{
    if (table->failed || !has_room(table)) {
        table->failed = true;
        return;
    }
    table->cells[table->count++] = text;
}

/* The length of the control character that `text` begins with; 0 when it begins with none. */
static size_t control_length(struct str text)
{
    unsigned char first = (unsigned char)text.ptr[0];

    if (first < 0x20 || first == 0x7f) {
        return 1;
    }
    bool is_c1 = first == 0xc2 && text.len > 1 && (unsigned char)text.ptr[1] < 0xa0;
    return is_c1 ? 2 : 0; /* U+0080 to U+009F, in UTF-8 */
}

void table_put_prose(struct table *table, struct str text)
{
    struct buf words = buf_in_arena(table->arena, text.len + 1);

    for (size_t at = 0; at < text.len;) {
        size_t length = control_length(str_skip(text, at));
        buf_put_char(&words, length > 0 ? ' ' : text.ptr[at]);
        at += length > 0 ? length : 1;
    }
    table->failed = table->failed || words.failed;
    table_put(table, buf_str(&words));
}

void table_put_int(struct table *table, int64_t number)
{
    struct str text = {0};

    enum err e = arena_print(table->arena, &text, "%lld", (long long)number);
    table->failed = table->failed || e != ERR_OK;
    table_put(table, text);
}

void table_put_id(struct table *table, struct id id)
{
    struct buf text = buf_in_arena(table->arena, ID_TEXT);

    id_print(&text, id);
    table->failed = table->failed || text.failed;
    table_put(table, buf_str(&text));
}

void table_put_moment(struct table *table, struct moment at)
{
    struct buf text = buf_in_arena(table->arena, 64);

    if (moment_is_set(at)) {
        moment_print(&text, at, MOMENT_SECONDS);
    }
    table->failed = table->failed || text.failed;
    table_put(table, buf_str(&text));
}

enum table_form table_form_for(int descriptor)
{
    return isatty(descriptor) ? TABLE_COLUMNS : TABLE_TABS;
}

/* In code points: every byte of UTF-8 that does not continue one. */
static size_t width_of(struct str text)
{
    size_t width = 0;

    for (size_t i = 0; i < text.len; i++) {
        width += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    }
    return width;
}

static size_t column_width(const struct table *table, size_t column)
{
    size_t widest = table->heads ? width_of(str_of(table->heads[column])) : 0;

    for (size_t i = column; i < table->count; i += table->columns) {
        struct str cell = table->cells[i];
        size_t width = width_of(cell.len > 0 ? cell : nothing);
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* Each cell filled up to the next column; a row ends with its last cell. */
static void put_row(struct buf *out, const struct str *cells, const size_t *widths, size_t columns)
{
    for (size_t column = 0; column < columns; column++) {
        struct str text = cells[column].len > 0 ? cells[column] : nothing;
        buf_put(out, text);
        for (size_t at = width_of(text); column + 1 < columns && at < widths[column] + GAP; at++) {
            buf_put_char(out, ' ');
        }
    }
    buf_put_char(out, '\n');
}

static void print_columns(struct buf *out, const struct table *table)
{
    struct str heads[TABLE_MOST];
    size_t widths[TABLE_MOST];

    for (size_t column = 0; column < table->columns; column++) {
        heads[column] = str_of(table->heads ? table->heads[column] : NULL);
        widths[column] = column_width(table, column);
    }
    if (table->heads) {
        put_row(out, heads, widths, table->columns);
    }
    for (size_t i = 0; i + table->columns <= table->count; i += table->columns) {
        put_row(out, &table->cells[i], widths, table->columns);
    }
}

static void print_tabs(struct buf *out, const struct table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        buf_put(out, table->cells[i]);
        buf_put_char(out, (i + 1) % table->columns == 0 ? '\n' : '\t');
    }
}

void table_print(struct buf *out, const struct table *table, enum table_form form)
{
    if (form == TABLE_COLUMNS) {
        print_columns(out, table);
    } else {
        print_tabs(out, table);
    }
    out->failed = out->failed || table->failed;
}
