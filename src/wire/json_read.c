/* Reading JSON into structs by table. The only file that knows jansson. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/ration.h"
#include "wire/json.h"
#include "wire/value.h"

#include <jansson.h>

#include <string.h>

enum {
    DEPTH_MOST = 32,
    ENTRIES_MOST = 1000
};

struct reader {
    struct arena *arena;
    struct reason *reason;
};

static enum err read_object(const struct reader *reader, const struct shape *shape,
                            const json_t *object, void *ret);

/* Cjose lives on jansson too, and both have this allocator. */
void json_start(void)
{
    json_set_alloc_funcs(ration_allocate, ration_free);
    json_object_seed(0); /* taken from the kernel */
}

/* More than one body takes: jansson keeps each text in a buffer that doubles, and once more for
 * itself, each entry with its share of a table. */
static enum err ration_for(struct arena *arena, size_t length, size_t entries)
{
    enum {
        BYTE_COST = 12,
        ENTRY_COST = 512
    };
    return ration_open(arena, length * BYTE_COST + (entries + 1) * ENTRY_COST);
}

static void json_decref_at(json_t **value)
{
    json_decref(*value);
}

/* Each array and object has at most one entry more than commas. */
struct cost {
    size_t depth, entries;
};

static bool cost_add(struct cost *cost, char c)
{
    switch (c) {
    case '{':
    case '[':
        return ++cost->depth <= DEPTH_MOST && ++cost->entries <= ENTRIES_MOST;
    case '}':
    case ']':
        return cost->depth-- > 0;
    case ',':
        return ++cost->entries <= ENTRIES_MOST;
    default:
        return true;
    }
}

/* How many backslashes stand before `at`, none of them before `begin`. */
static size_t backslashes_before(struct str body, size_t begin, size_t at)
{
    size_t first = at;

    while (first > begin && body.ptr[first - 1] == '\\') {
        first--;
    }
    return at - first;
}

/* Where the quotation mark is that ends the text which begins here. Texts are most of a body, so
 * they are not gone through byte by byte. */
static size_t end_of_text(struct str body, size_t begin)
{
    const char *quote = body.ptr + begin;

    while ((quote = memchr(quote, '"', (size_t)(body.ptr + body.len - quote))) != NULL) {
        size_t at = (size_t)(quote - body.ptr);
        if (backslashes_before(body, begin, at) % 2 == 0) {
            return at;
        }
        quote++;
    }
    return body.len;
}

/* What a body costs is known before jansson, which recurses and allocates, sees it. Up to the first
 * mistake in it this takes strings for what jansson takes them for, and there jansson stops. */
static bool is_affordable(struct str body, size_t *ret_entries)
{
    struct cost cost = {0};

    for (size_t at = 0; at < body.len; at++) {
        if (body.ptr[at] == '"') {
            at = end_of_text(body, at + 1);
        } else if (!cost_add(&cost, body.ptr[at])) {
            return false;
        }
    }
    *ret_entries = cost.entries;
    return true;
}

/* jansson's own text is not used: it cites what was sent, and that may be a password. */
static enum err parse(const struct reader *reader, struct str body, json_t **ret)
{
    json_error_t error;
    size_t entries;

    if (!is_affordable(body, &entries)) {
        return fail(reader->reason, ERR_BODY_MALFORMED, (struct str){0},
                    "brackets that do not match, or more than %d levels or %d members", DEPTH_MOST,
                    ENTRIES_MOST);
    }
    TRY(ration_for(reader->arena, body.len, entries));
    json_t *root = json_loadb(body.ptr, body.len, JSON_REJECT_DUPLICATES, &error);
    if (root) {
        *ret = root;
        return ERR_OK;
    }
    if (json_error_code(&error) == json_error_out_of_memory) {
        return ERR_MEMORY;
    }
    return fail(reader->reason, ERR_BODY_MALFORMED, (struct str){0}, "error %d at byte %d",
                (int)json_error_code(&error), error.position);
}

static enum err refuse(const struct reader *reader, const struct field *field, enum err e,
                       const char *why)
{
    return fail(reader->reason, e, str_of(field->name), "%s", why);
}

/* The text as it lies in jansson's memory. */
static enum err read_text(const struct reader *reader, const struct field *field,
                          const json_t *value, struct str *ret)
{
    if (!json_is_string(value)) {
        return refuse(reader, field, ERR_FIELD_TYPE, "no string");
    }
    struct str text = {json_string_value(value), json_string_length(value)};
    if (value_is_too_long(field, text)) {
        return refuse(reader, field, ERR_FIELD_VALUE, "too long");
    }
    *ret = text;
    return ERR_OK;
}

static enum err read_parsed(const struct reader *reader, const struct field *field,
                            const json_t *value, void *ret)
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
                         const json_t *value, int64_t *ret)
{
    if (!json_is_integer(value)) {
        return refuse(reader, field, ERR_FIELD_TYPE, "no whole number");
    }
    *ret = json_integer_value(value);
    return ERR_OK;
}

static enum err read_bool(const struct reader *reader, const struct field *field,
                          const json_t *value, bool *ret)
{
    if ((field->flags & TEXT_TOO) && json_is_string(value)) {
        struct str text = {json_string_value(value), json_string_length(value)};
        *ret = str_eq(text, STR("true"));
        return *ret || str_eq(text, STR("false"))
                   ? ERR_OK
                   : refuse(reader, field, ERR_FIELD_VALUE, "neither true nor false");
    }
    if (!json_is_boolean(value)) {
        return refuse(reader, field, ERR_FIELD_TYPE, "neither true nor false");
    }
    *ret = json_is_true(value);
    return ERR_OK;
}

static enum err read_texts(const struct reader *reader, const struct field *field,
                           const json_t *value, struct text_list *ret)
{
    bool one = (field->flags & ONE_TOO) && json_is_string(value);

    if (!one && !json_is_array(value)) {
        return refuse(reader, field, ERR_FIELD_TYPE, "no array");
    }
    size_t count = one ? 1 : json_array_size(value);
    if (count > FIELD_TEXTS_MOST) {
        return refuse(reader, field, ERR_FIELD_VALUE, "too many items");
    }
    struct str *items = arena_array(reader->arena, count, sizeof *items);
    if (!items) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(read_text(reader, field, one ? value : json_array_get(value, i), &items[i]));
        TRY(arena_copy(reader->arena, items[i], &items[i]));
    }
    *ret = (struct text_list){items, count};
    return ERR_OK;
}

/* Into an array of the structs that the row tells the size of. */
static enum err read_list(const struct reader *reader, const struct field *field,
                          const json_t *value, struct list *ret)
{
    if (field->item == 0) {
        return ERR_OK; /* only ever written */
    }
    if (!json_is_array(value)) {
        return refuse(reader, field, ERR_FIELD_TYPE, "no array");
    }
    size_t count = json_array_size(value);
    if (count > field->most) {
        return refuse(reader, field, ERR_FIELD_VALUE, "too many items");
    }
    char *items = arena_array(reader->arena, count, field->item);
    if (!items) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(value, i);
        if (!json_is_object(item)) {
            return refuse(reader, field, ERR_FIELD_TYPE, "no object in it");
        }
        TRY(read_object(reader, field->of, item, items + i * field->item));
    }
    *ret = (struct list){items, count, field->item};
    return ERR_OK;
}

static enum err read_value(const struct reader *reader, const struct field *field,
                           const json_t *value, void *ret)
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
        if (!json_is_object(value)) {
            return refuse(reader, field, ERR_FIELD_TYPE, "no object");
        }
        return read_object(reader, field->of, value, ret);
    }
    return ERR_OK;
}

static enum presence presence_of(const json_t *value)
{
    if (!value) {
        return PRESENCE_ABSENT;
    }
    return json_is_null(value) ? PRESENCE_NULL : PRESENCE_VALUE;
}

/* One row; `ret` is the struct that the row's member is in. */
static enum err read_member(const struct reader *reader, const struct field *field,
                            const json_t *value, char *ret)
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
                            const json_t *object, void *ret)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        TRY(read_member(reader, field, json_object_get(object, field->name), ret));
    }
    return ERR_OK;
}

static enum err read_root(const struct reader *reader, struct str body, const struct shape *shape,
                          void *ret)
{
    CLEANUP(json_decref_at) json_t *root = NULL;

    TRY(parse(reader, body, &root));
    if (!json_is_object(root)) {
        return fail(reader->reason, ERR_BODY_MALFORMED, (struct str){0}, "no object");
    }
    return read_object(reader, shape, root, ret);
}

enum err json_read(struct arena *arena, struct str body, const struct shape *shape, void *ret,
                   struct reason *reason)
{
    const struct reader reader = {.arena = arena, .reason = reason};
    enum err e = read_root(&reader, body, shape, ret);

    ration_close(); /* after the values that are in it */
    return e;
}

static bool has_member(const struct reader *reader, struct str body, const char *member)
{
    CLEANUP(json_decref_at) json_t *root = NULL;

    return parse(reader, body, &root) == ERR_OK &&
           presence_of(json_object_get(root, member)) == PRESENCE_VALUE;
}

bool json_has(struct arena *arena, struct str body, const char *member)
{
    const struct reader reader = {.arena = arena};
    bool has = has_member(&reader, body, member);

    ration_close();
    return has;
}

static int put_part(const char *part, size_t size, void *out)
{
    buf_put(out, (struct str){part, size});
    return 0;
}

static bool put_sorted(const struct reader *reader, struct str text, struct buf *out)
{
    CLEANUP(json_decref_at) json_t *root = NULL;

    return parse(reader, text, &root) == ERR_OK &&
           json_dump_callback(root, put_part, out, JSON_COMPACT | JSON_SORT_KEYS) == 0;
}

bool json_normalise(struct arena *arena, struct str text, struct buf *out)
{
    const struct reader reader = {.arena = arena};
    bool put = put_sorted(&reader, text, out);

    ration_close();
    return put;
}

const char *json_library(void)
{
    return jansson_version_str();
}
