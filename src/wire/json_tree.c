/* From the first byte to the last, once, with a function for each rule of RFC 8259. What is left to
 * read gets shorter from its beginning, and only peek() looks into it. */
#include "wire/json_tree.h"

#include "base/arena.h"
#include "base/number.h"
#include "wire/json_text.h"

#include <math.h>
#include <stdlib.h>

enum {
    END = -1 /* what peek() tells behind the last byte */
};

struct parser {
    struct arena *arena;
    struct reason *reason;
    size_t length;
    struct str rest;
    size_t depth, nodes;
};

static enum err parse_value(struct parser *parser, struct json_node *node);

/* Says where and why, never what was sent: that may be a password. */
static enum err refuse(const struct parser *parser, const char *why)
{
    return fail(parser->reason, ERR_BODY_MALFORMED, (struct str){0}, "byte %zu: %s",
                parser->length - parser->rest.len, why);
}

static void skip(struct parser *parser, size_t count)
{
    parser->rest = str_skip(parser->rest, count);
}

static int peek(const struct parser *parser)
{
    return parser->rest.len > 0 ? (unsigned char)parser->rest.ptr[0] : END;
}

/* Steps over the next byte if it is this one. */
static bool take(struct parser *parser, char ascii)
{
    if (peek(parser) != ascii) {
        return false;
    }
    skip(parser, 1);
    return true;
}

static void skip_blanks(struct parser *parser)
{
    while (take(parser, ' ') || take(parser, '\n') || take(parser, '\r') || take(parser, '\t')) {
    }
}

static enum err parse_word(struct parser *parser, struct str word, enum node_kind kind,
                           struct json_node *node)
{
    if (!str_starts(parser->rest, word)) {
        return refuse(parser, "no value");
    }
    skip(parser, word.len);
    node->kind = kind;
    return ERR_OK;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static enum err skip_digits(struct parser *parser)
{
    if (!is_digit(peek(parser))) {
        return refuse(parser, "neither a value nor a digit");
    }
    while (is_digit(peek(parser))) {
        skip(parser, 1);
    }
    return ERR_OK;
}

static enum err number_of(struct parser *parser, struct str digits, struct json_node *node)
{
    struct str copy = {0}; /* strtod stops at its NUL */

    if (node->kind == NODE_WHOLE) {
        return number_parse(digits, INT64_MIN, INT64_MAX, &node->whole) == ERR_OK
                   ? ERR_OK
                   : refuse(parser, "a whole number that is too large");
    }
    TRY(arena_copy(parser->arena, digits, &copy));
    node->real = strtod(copy.ptr, NULL);
    return isfinite(node->real) ? ERR_OK : refuse(parser, "a number that is too large");
}

static enum err parse_number(struct parser *parser, struct json_node *node)
{
    struct str digits = parser->rest;

    node->kind = NODE_WHOLE;
    (void)take(parser, '-');
    if (!take(parser, '0')) { /* behind which no digit may stand */
        TRY(skip_digits(parser));
    }
    if (take(parser, '.')) {
        node->kind = NODE_REAL;
        TRY(skip_digits(parser));
    }
    if (take(parser, 'e') || take(parser, 'E')) {
        node->kind = NODE_REAL;
        (void)(take(parser, '+') || take(parser, '-'));
        TRY(skip_digits(parser));
    }
    digits.len -= parser->rest.len;
    return number_of(parser, digits, node);
}

static enum err parse_text(struct parser *parser, struct str *ret)
{
    if (!take(parser, '"')) {
        return refuse(parser, "no text");
    }
    enum err e = json_text_take(parser->arena, &parser->rest, ret);
    return e == ERR_BODY_MALFORMED ? refuse(parser, "no well-formed text") : e;
}

/* Two lists in order, as one. */
static struct json_node *merge(struct json_node *a, struct json_node *b)
{
    struct json_node *first = NULL, **end = &first;

    while (a && b) {
        struct json_node **least = str_compare(b->name, a->name) < 0 ? &b : &a;
        *end = *least;
        *least = (*least)->next;
        end = &(*end)->next;
    }
    *end = a ? a : b;
    return first;
}

/* Takes so many members off a list that has them, and brings them in order. */
static struct json_node *take_sorted(struct json_node **list, size_t count)
{
    struct json_node *first = *list;

    if (count > 1) {
        first = take_sorted(list, count / 2);
        return merge(first, take_sorted(list, count - count / 2));
    }
    if (count == 0 || !first) {
        return NULL;
    }
    *list = first->next;
    first->next = NULL;
    return first;
}

/* In order, so that two of one name stand side by side, however many there are. */
static enum err sort_members(const struct parser *parser, struct json_node *object)
{
    object->first = take_sorted(&object->first, object->count);
    for (const struct json_node *node = object->first; node && node->next; node = node->next) {
        if (str_eq(node->name, node->next->name)) {
            return refuse(parser, "two members of one name");
        }
    }
    return ERR_OK;
}

static enum err parse_entry(struct parser *parser, bool is_member, struct json_node *entry)
{
    if (++parser->nodes > JSON_NODES_MOST) {
        return refuse(parser, "too many members and items");
    }
    skip_blanks(parser);
    if (is_member) {
        TRY(parse_text(parser, &entry->name));
        skip_blanks(parser);
        if (!take(parser, ':')) {
            return refuse(parser, "no colon");
        }
        skip_blanks(parser);
    }
    TRY(parse_value(parser, entry));
    skip_blanks(parser);
    return ERR_OK;
}

static enum err parse_entries(struct parser *parser, struct json_node *parent, char close)
{
    struct json_node **end = &parent->first;

    skip_blanks(parser);
    if (take(parser, close)) {
        return ERR_OK;
    }
    do {
        struct json_node *entry = arena_alloc(parser->arena, sizeof *entry);
        if (!entry) {
            return ERR_MEMORY;
        }
        TRY(parse_entry(parser, parent->kind == NODE_OBJECT, entry));
        *end = entry;
        end = &entry->next;
        parent->count++;
    } while (take(parser, ','));
    if (!take(parser, close)) {
        return refuse(parser, "neither a comma nor an end");
    }
    return parent->kind == NODE_OBJECT ? sort_members(parser, parent) : ERR_OK;
}

/* An array or an object, from behind its bracket on. */
static enum err parse_nested(struct parser *parser, struct json_node *node, enum node_kind kind,
                             char close)
{
    if (++parser->depth > JSON_DEPTH_MOST) {
        return refuse(parser, "too deep");
    }
    node->kind = kind;
    TRY(parse_entries(parser, node, close));
    parser->depth--;
    return ERR_OK;
}

static enum err parse_value(struct parser *parser, struct json_node *node)
{
    if (take(parser, '{')) {
        return parse_nested(parser, node, NODE_OBJECT, '}');
    }
    if (take(parser, '[')) {
        return parse_nested(parser, node, NODE_ARRAY, ']');
    }
    switch (peek(parser)) {
    case '"':
        node->kind = NODE_TEXT;
        return parse_text(parser, &node->text);
    case 't':
        return parse_word(parser, STR("true"), NODE_TRUE, node);
    case 'f':
        return parse_word(parser, STR("false"), NODE_FALSE, node);
    case 'n':
        return parse_word(parser, STR("null"), NODE_NULL, node);
    default:
        return parse_number(parser, node);
    }
}

enum err json_tree_parse(struct arena *arena, struct str text, struct reason *reason,
                         struct json_node *ret)
{
    struct parser parser = {.arena = arena, .reason = reason, .length = text.len, .rest = text};
    struct json_node root = {0};

    skip_blanks(&parser);
    TRY(parse_value(&parser, &root));
    skip_blanks(&parser);
    if (peek(&parser) != END) {
        return refuse(&parser, "something behind it");
    }
    *ret = root;
    return ERR_OK;
}

const struct json_node *json_tree_member(const struct json_node *node, const char *name)
{
    struct str wanted = str_of(name);
    const struct json_node *member = node->kind == NODE_OBJECT ? node->first : NULL;

    while (member && !str_eq(member->name, wanted)) {
        member = member->next;
    }
    return member;
}
