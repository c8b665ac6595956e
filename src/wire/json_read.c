/* Reading JSON into structs by table. */
#include "base/arena.h"
#include "wire/json.h"
#include "wire/json_tree.h"
#include "wire/value.h"

struct reader {
    struct arena *arena;
    struct reason *reason;
};

static enum err read_object(const struct reader *reader, const struct shape *shape,
                            const struct json_node *object, void *ret);

static enum err refuse(const struct reader *reader, const struct field *field, enum err e,
                       const char *why)
{
    return fail(reader->reason, e, str_of(field->name), "%s", why);
}

/* The text as it lies in the body. */
static enum err read_text(const struct reader *reader, const struct field *field,
                          const struct json_node *value, struct str *ret)
{
    if (value->kind != NODE_TEXT) {
        return refuse(reader, field, ERR_FIELD_TYPE, "no string");
    }
    if (value_is_too_long(field, value->text)) {
        return refuse(reader, field, ERR_FIELD_VALUE, "too long");
    }
    *ret = value->text;
    return ERR_OK;
}

static enum err read_parsed(const struct reader *reader, const struct field *field,
                            const struct json_node *value, void *ret)
{
    struct str text = {0};

    TRY(read_text(reader, field, value, &text));
    if (text.len == 0 && (field->flags & REQUIRED) && !(field->flags & EMPTY_TOO)) {
        return refuse(reader, field, ERR_FIELD_MISSING, "empty");
    }
    enum err e = value_parse(reader->arena, field->kind, text, ret);
    return e == ERR_OK ? e : refuse(reader, field, e, "refused by its kind");
}

static enum err read_int(const struct reader *reader, const struct field *field,
                         const struct json_node *value, int64_t *ret)
{
    if (value->kind != NODE_WHOLE) {
        return refuse(reader, field, ERR_FIELD_TYPE, "no whole number");
    }
    *ret = value->whole;
    return ERR_OK;
}

static enum err read_bool(const struct reader *reader, const struct field *field,
                          const struct json_node *value, bool *ret)
{
    if ((field->flags & TEXT_TOO) && value->kind == NODE_TEXT) {
        *ret = str_eq(value->text, STR("true"));
        return *ret || str_eq(value->text, STR("false"))
                   ? ERR_OK
                   : refuse(reader, field, ERR_FIELD_VALUE, "neither true nor false");
    }
    if (value->kind != NODE_TRUE && value->kind != NODE_FALSE) {
        return refuse(reader, field, ERR_FIELD_TYPE, "neither true nor false");
    }
    *ret = value->kind == NODE_TRUE;
    return ERR_OK;
}

static enum err read_texts(const struct reader *reader, const struct field *field,
                           const struct json_node *value, struct text_list *ret)
{
    bool one = (field->flags & ONE_TOO) && value->kind == NODE_TEXT;

    if (!one && value->kind != NODE_ARRAY) {
        return refuse(reader, field, ERR_FIELD_TYPE, "no array");
    }
    size_t count = one ? 1 : value->count;
    if (count > FIELD_TEXTS_MOST) {
        return refuse(reader, field, ERR_FIELD_VALUE, "too many items");
    }
    struct str *items = arena_array(reader->arena, count, sizeof *items);
    if (!items) {
        return ERR_MEMORY;
    }
    const struct json_node *item = one ? value : value->first;
    for (size_t i = 0; i < count; i++, item = item->next) {
        TRY(read_text(reader, field, item, &items[i]));
        TRY(arena_copy(reader->arena, items[i], &items[i]));
    }
    *ret = (struct text_list){items, count};
    return ERR_OK;
}

/* Into an array of the structs that the row tells the size of. */
static enum err read_list(const struct reader *reader, const struct field *field,
                          const struct json_node *value, struct list *ret)
{
    if (field->item == 0) {
        return ERR_OK; /* only ever written */
    }
    if (value->kind != NODE_ARRAY) {
        return refuse(reader, field, ERR_FIELD_TYPE, "no array");
    }
    size_t count = value->count;
    if (count > field->most) {
        return refuse(reader, field, ERR_FIELD_VALUE, "too many items");
    }
    char *items = arena_array(reader->arena, count, field->item);
    if (!items) {
        return ERR_MEMORY;
    }
    const struct json_node *item = value->first;
    for (size_t i = 0; i < count; i++, item = item->next) {
        if (item->kind != NODE_OBJECT) {
            return refuse(reader, field, ERR_FIELD_TYPE, "no object in it");
        }
        TRY(read_object(reader, field->of, item, items + i * field->item));
    }
    *ret = (struct list){items, count, field->item};
    return ERR_OK;
}

static enum err read_value(const struct reader *reader, const struct field *field,
                           const struct json_node *value, void *ret)
{
    switch (field->kind) {
    case KIND_TEXT:
    case KIND_SECRET:
    case KIND_EMAIL:
    case KIND_USERNAME:
    case KIND_ID:
    case KIND_MOMENT:
        return read_parsed(reader, field, value, ret);
    case KIND_INT:
        return read_int(reader, field, value, ret);
    case KIND_BOOL:
        return read_bool(reader, field, value, ret);
    case KIND_TEXTS:
        return read_texts(reader, field, value, ret);
    case KIND_LIST:
        return read_list(reader, field, value, ret);
    case KIND_OBJECT:
        if (value->kind != NODE_OBJECT) {
            return refuse(reader, field, ERR_FIELD_TYPE, "no object");
        }
        return read_object(reader, field->of, value, ret);
    }
    return ERR_OK;
}

static enum presence presence_of(const struct json_node *value)
{
    if (!value) {
        return PRESENCE_ABSENT;
    }
    return value->kind == NODE_NULL ? PRESENCE_NULL : PRESENCE_VALUE;
}

/* One row; `ret` is the struct that the row's member is in. */
static enum err read_member(const struct reader *reader, const struct field *field,
                            const struct json_node *value, char *ret)
{
    enum presence presence = presence_of(value);

    if (field->has_presence) {
        *(enum presence *)(void *)(ret + field->presence) = presence;
    }
    if (presence == PRESENCE_VALUE) {
        return read_value(reader, field, value, ret + field->offset);
    }
    if (field->flags & REQUIRED) {
        return refuse(reader, field, ERR_FIELD_MISSING, "absent or null");
    }
    return ERR_OK;
}

static enum err read_object(const struct reader *reader, const struct shape *shape,
                            const struct json_node *object, void *ret)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        TRY(read_member(reader, field, json_tree_member(object, field->name), ret));
    }
    return ERR_OK;
}

enum err json_read(struct arena *arena, struct str body, const struct shape *shape, void *ret,
                   struct reason *reason)
{
    const struct reader reader = {.arena = arena, .reason = reason};
    struct json_node root = {0};

    TRY(json_tree_parse(arena, body, reason, &root));
    if (root.kind != NODE_OBJECT) {
        return fail(reason, ERR_BODY_MALFORMED, (struct str){0}, "no object");
    }
    return read_object(&reader, shape, &root, ret);
}

bool json_has(struct arena *arena, struct str body, const char *member)
{
    struct json_node root = {0};

    return json_tree_parse(arena, body, NULL, &root) == ERR_OK &&
           presence_of(json_tree_member(&root, member)) == PRESENCE_VALUE;
}
