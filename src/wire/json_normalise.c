/* Writing what was read, in one spelling. */
#include "base/buf.h"
#include "wire/json.h"
#include "wire/json_tree.h"

static void put_node(struct buf *out, const struct json_node *node);

static void put_entries(struct buf *out, const struct json_node *parent)
{
    for (const struct json_node *entry = parent->first; entry; entry = entry->next) {
        if (entry != parent->first) {
            buf_put_char(out, ',');
        }
        if (parent->kind == NODE_OBJECT) {
            json_write_text(out, entry->name);
            buf_put_char(out, ':');
        }
        put_node(out, entry);
    }
}

/* With as many digits as tell every double from the next, and so that it stays no whole number. */
static void put_real(struct buf *out, double number)
{
    char memory[32];
    struct buf digits = buf_over(memory, sizeof memory);

    buf_print(&digits, "%.17g", number);
    buf_put(out, buf_str(&digits));
    if (!str_contains(buf_str(&digits), '.') && !str_contains(buf_str(&digits), 'e')) {
        buf_put(out, STR(".0"));
    }
}

static void put_node(struct buf *out, const struct json_node *node)
{
    switch (node->kind) {
    case NODE_NULL:
        buf_put(out, STR("null"));
        return;
    case NODE_FALSE:
        buf_put(out, STR("false"));
        return;
    case NODE_TRUE:
        buf_put(out, STR("true"));
        return;
    case NODE_WHOLE:
        buf_put_int(out, node->whole);
        return;
    case NODE_REAL:
        put_real(out, node->real);
        return;
    case NODE_TEXT:
        json_write_text(out, node->text);
        return;
    case NODE_ARRAY:
        buf_put_char(out, '[');
        put_entries(out, node);
        buf_put_char(out, ']');
        return;
    case NODE_OBJECT:
        buf_put_char(out, '{');
        put_entries(out, node);
        buf_put_char(out, '}');
        return;
    }
}

bool json_normalise(struct arena *arena, struct str text, struct buf *out)
{
    struct json_node root = {0};

    if (json_tree_parse(arena, text, NULL, &root) != ERR_OK) {
        return false;
    }
    put_node(out, &root);
    return true;
}
