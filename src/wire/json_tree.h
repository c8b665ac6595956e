/* JSON as it was sent, before any table is asked: RFC 8259 to the letter, and of that only what
 * cannot be read in two ways. */
#pragma once

#include "base/err.h"

#include <stdint.h>

struct arena;

enum node_kind {
    NODE_NULL,
    NODE_FALSE,
    NODE_TRUE,
    NODE_WHOLE, /* a number without a fraction and without an exponent */
    NODE_REAL,
    NODE_TEXT,
    NODE_ARRAY,
    NODE_OBJECT
};

struct json_node {
    enum node_kind kind;
    size_t count;            /* of an array's items or an object's members */
    struct json_node *first; /* of these: items as they were sent, members by their names */
    struct json_node *next;  /* behind this one, in the array or object that it is in */
    struct str name;         /* a member's */
    struct str text;
    int64_t whole;
    double real;
};

enum {
    JSON_DEPTH_MOST = 32,   /* arrays and objects inside of one another */
    JSON_NODES_MOST = 1000, /* members and items in all */
};

/* Reads the one value that `text` is. What it consists of lies in the arena; texts without an
 * escape lie in `text` itself. ERR_BODY_MALFORMED, with a reason that cites nothing, when it is no
 * JSON or too deep or too much, not UTF-8, has two members of one name in an object, \u0000, half a
 * pair of surrogates, a whole number outside of int64_t or another outside of double. */
enum err json_tree_parse(struct arena *arena, struct str text, struct reason *reason,
                         struct json_node *ret);

/* The member of this name; NULL when there is none, or `node` is no object. */
const struct json_node *json_tree_member(const struct json_node *node, const char *name);
