/* Our reader of JSON against jansson, told to take any value and to refuse duplicate members: what
 * one accepts the other does, and both read the same of it. We differ in our bounds alone, and
 * those are counted here on jansson's side. What we write of it is the same value again.
 *
 * Where jansson is wrong it is not asked: a byte of zero behind a number it swallows (2.14 takes
 * "[1\0]" for "[1]"), and no JSON has one anywhere. */
#include "wire/json_tree.h"

#include "base/arena.h"
#include "base/buf.h"
#include "fuzz/harness.h"
#include "wire/json.h"

#include <jansson.h>

#include <math.h>

/* How deep and how much it is. */
struct size {
    size_t depth, nodes;
};

static void measure(const json_t *value, size_t depth, struct size *size);

static void measure_members(json_t *object, size_t depth, struct size *size)
{
    const char *name;
    json_t *member;

    json_object_foreach(object, name, member)
    {
        size->nodes++;
        measure(member, depth, size);
    }
}

static void measure(const json_t *value, size_t depth, struct size *size)
{
    if (!json_is_object(value) && !json_is_array(value)) {
        return;
    }
    depth++;
    size->depth = depth > size->depth ? depth : size->depth;
    if (json_is_object(value)) {
        measure_members((json_t *)(uintptr_t)value, depth, size);
        return;
    }
    size->nodes += json_array_size(value);
    for (size_t i = 0; i < json_array_size(value); i++) {
        measure(json_array_get(value, i), depth, size);
    }
}

static bool is_within_bounds(const json_t *value)
{
    struct size size = {0};

    measure(value, 0, &size);
    return size.depth <= JSON_DEPTH_MOST && size.nodes <= JSON_NODES_MOST;
}

static void assert_same(const struct json_node *ours, const json_t *theirs);

static void assert_same_items(const struct json_node *ours, const json_t *theirs)
{
    size_t at = 0;

    PROMISE(json_is_array(theirs) && json_array_size(theirs) == ours->count);
    for (const struct json_node *item = ours->first; item; item = item->next) {
        assert_same(item, json_array_get(theirs, at++));
    }
    PROMISE(at == ours->count);
}

static void assert_same_members(const struct json_node *ours, const json_t *theirs)
{
    size_t count = 0;

    PROMISE(json_is_object(theirs) && json_object_size(theirs) == ours->count);
    for (const struct json_node *member = ours->first; member; member = member->next) {
        const json_t *other = json_object_getn(theirs, member->name.ptr, member->name.len);
        PROMISE(other);
        assert_same(member, other);
        PROMISE(!member->next || str_compare(member->name, member->next->name) < 0);
        count++;
    }
    PROMISE(count == ours->count);
}

static void assert_same(const struct json_node *ours, const json_t *theirs)
{
    struct str text = {json_string_value(theirs), json_string_length(theirs)};
    double real = json_real_value(theirs);

    switch (ours->kind) {
    case NODE_NULL:
        PROMISE(json_is_null(theirs));
        return;
    case NODE_FALSE:
        PROMISE(json_is_false(theirs));
        return;
    case NODE_TRUE:
        PROMISE(json_is_true(theirs));
        return;
    case NODE_WHOLE:
        PROMISE(json_is_integer(theirs) && json_integer_value(theirs) == ours->whole);
        return;
    case NODE_REAL:
        PROMISE(json_is_real(theirs) && real == ours->real &&
                !signbit(real) == !signbit(ours->real));
        return;
    case NODE_TEXT:
        PROMISE(json_is_string(theirs) && str_eq(text, ours->text));
        return;
    case NODE_ARRAY:
        assert_same_items(ours, theirs);
        return;
    case NODE_OBJECT:
        assert_same_members(ours, theirs);
        return;
    }
}

/* Written in the one spelling it has, it is the same value still, and its spelling stays. */
static void assert_normal(struct arena *arena, struct str text, const json_t *theirs)
{
    struct buf first = buf_in_arena(arena, 1 << 22), second = buf_in_arena(arena, 1 << 22);
    struct json_node node = {0};

    PROMISE(json_normalise(arena, text, &first));
    PROMISE(json_tree_parse(arena, buf_str(&first), NULL, &node) == ERR_OK);
    assert_same(&node, theirs);
    PROMISE(json_normalise(arena, buf_str(&first), &second));
    PROMISE(str_eq(buf_str(&first), buf_str(&second)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 12, 1 << 26);
    struct str text = {(const char *)data, size};
    struct json_node node = {0};
    struct reason reason = {0};
    json_t *theirs = NULL;

    if (!str_contains(text, '\0')) {
        theirs = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
    }
    enum err e = json_tree_parse(arena, text, &reason, &node);
    PROMISE(e == ERR_OK || e == ERR_BODY_MALFORMED);
    PROMISE(reason.err == e && (e == ERR_OK) == (reason.detail[0] == '\0'));
    PROMISE((e == ERR_OK) == (theirs && is_within_bounds(theirs)));
    if (e == ERR_OK) {
        assert_same(&node, theirs);
        assert_normal(arena, text, theirs);
    }
    json_decref(theirs);
    return 0;
}
