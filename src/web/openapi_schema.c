/* Shapes as JSON Schema. Nothing is promised here that wire/ does not do: its reading and writing
 * are what this file puts into words. */
#include "web/openapi_schema.h"

#include "base/arena.h"
#include "web/face.h"

static const struct str table_suffix = {"_fields", 7};

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/* "new_admin_fields" is "NewAdmin". */
static void put_camel(struct buf *out, struct str table)
{
    bool word_begins = true;

    if (str_ends(table, table_suffix)) {
        table = str_sub(table, 0, table.len - table_suffix.len);
    }
    for (size_t i = 0; i < table.len; i++) {
        char c = table.ptr[i];
        if (c != '_') {
            buf_put_char(out, word_begins && is_letter(c) ? (char)(c - 'a' + 'A') : c);
        }
        word_begins = c == '_';
    }
}

static struct schema *schema_find(const struct schemas *schemas, const struct shape *shape,
                                  enum direction direction)
{
    struct schema *schema = schemas->first;

    while (schema && (schema->shape != shape || schema->direction != direction)) {
        schema = schema->next;
    }
    return schema;
}

/* Secrets never go out, and lists never come in. */
static bool is_told(const struct field *field, enum direction direction)
{
    return field->kind != (direction == GOING ? KIND_SECRET : KIND_LIST);
}

static enum err add(struct arena *arena, struct schemas *schemas, const struct shape *shape,
                    enum direction direction)
{
    if (!shape || schema_find(schemas, shape, direction)) {
        return ERR_OK;
    }
    struct schema **last = &schemas->first;
    while (*last) {
        last = &(*last)->next;
    }
    *last = arena_alloc(arena, sizeof **last);
    if (!*last) {
        return ERR_MEMORY;
    }
    **last = (struct schema){.shape = shape, .direction = direction};
    for (size_t i = 0; i < shape->count; i++) {
        if (is_told(&shape->fields[i], direction)) {
            TRY(add(arena, schemas, shape->fields[i].of, direction));
        }
    }
    return ERR_OK;
}

static enum err name(struct arena *arena, const struct schemas *schemas, struct schema *schema)
{
    struct buf out = buf_in_arena(arena, 256);

    put_camel(&out, str_of(schema->shape->name));
    if (schema->direction == COMING && schema_find(schemas, schema->shape, GOING)) {
        buf_put(&out, STR("Input"));
    }
    return buf_end(&out, &schema->name);
}

static enum err must_be_new(const struct schemas *schemas, const struct schema *schema,
                            struct reason *reason)
{
    for (const struct schema *other = schemas->first; other != schema; other = other->next) {
        if (str_eq(other->name, schema->name)) {
            return fail(reason, ERR_CONFIG, STR(""), "two shapes are called %s",
                        schema->shape->name);
        }
    }
    return ERR_OK;
}

enum err schemas_of(struct arena *arena, const struct face *face, struct reason *reason,
                    struct schemas *ret)
{
    struct schemas schemas = {0};

    for (size_t i = 0; i < face->route_count; i++) {
        const struct route *route = &face->routes[i];
        TRY(add(arena, &schemas, route->takes, COMING));
        TRY(add(arena, &schemas, route->gives, GOING));
        TRY(add(arena, &schemas, route->or_gives, GOING));
    }
    TRY(add(arena, &schemas, face->error_shape, GOING));
    for (struct schema *schema = schemas.first; schema; schema = schema->next) {
        TRY(name(arena, &schemas, schema));
        TRY(must_be_new(&schemas, schema, reason));
    }
    *ret = schemas;
    return ERR_OK;
}

#define TIME "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{3})?Z$"
#define NAME "^[._+@-]*[A-Za-z0-9][A-Za-z0-9._+@-]*$"

/* What JSON Schema can say of a kind. Pattern and length are of what comes in; an identifier and a
 * moment need no length. Some kinds have a sign for none (json_write.c). */
/* clang-format off */
static const struct kind {
    const char *type, *format, *pattern;
    size_t most;
    bool can_be_none;
} kinds[] = {
    [KIND_TEXT]     = {"string",  NULL,        NULL, FIELD_TEXT_MOST, true },
    [KIND_SECRET]   = {"string",  "password",  NULL, FIELD_TEXT_MOST, true },
    [KIND_EMAIL]    = {"string",  "idn-email", NULL, EMAIL_MOST,      true },
    [KIND_USERNAME] = {"string",  NULL,        NAME, USERNAME_MOST,   true },
    [KIND_ID]       = {"string",  "uuid",      NULL, 0,               true },
    [KIND_MOMENT]   = {"string",  "date-time", TIME, 0,               true },
    [KIND_INT]      = {"integer", "int64",     NULL, 0,               false},
    [KIND_BOOL]     = {"boolean", NULL,        NULL, 0,               false},
    [KIND_TEXTS]    = {"array",   NULL,        NULL, FIELD_TEXT_MOST, false},
    [KIND_LIST]     = {"array",   NULL,        NULL, 0,               false},
    [KIND_OBJECT]   = {"object",  NULL,        NULL, 0,               false},
};
/* clang-format on */

static bool can_be_none(const struct field *field)
{
    return kinds[field->kind].can_be_none;
}

/* A row may allow a text more than is usual, but nothing more than its parser does. */
static size_t most_of(const struct field *field)
{
    size_t most = kinds[field->kind].most;
    bool usual = most == 0 || most == FIELD_TEXT_MOST;

    return field->most && (usual || field->most < most) ? field->most : most;
}

/* What a row says of a member, this way round. */
static bool may_be_null(const struct field *field, enum direction direction)
{
    if (direction == COMING) {
        return !(field->flags & REQUIRED);
    }
    return field->has_presence ||
           (can_be_none(field) && field->flags & NULL_IF_NONE && !(field->flags & REQUIRED));
}

static bool is_always_there(const struct field *field, enum direction direction)
{
    if (direction == COMING) {
        return field->flags & REQUIRED;
    }
    return !field->has_presence &&
           (!can_be_none(field) || field->flags & (REQUIRED | NULL_IF_NONE | EMPTY_IF_NONE));
}

/* One member, or one parameter: what it is said of. */
struct subject {
    const struct schemas *schemas;
    const struct shape *shape;
    const struct field *field;
    enum direction direction;
    bool null;
};

static void put_type(struct pen *pen, const struct subject *of)
{
    struct str type = str_of(kinds[of->field->kind].type);

    if (!of->null) {
        pen_text(pen, STR("type"), type);
        return;
    }
    pen_array(pen, STR("type"));
    pen_text(pen, NAMELESS, type);
    pen_text(pen, NAMELESS, STR("null"));
    pen_end(pen);
}

/* RFC 3339 has no time without a zone, and so JSON Schema has no format for one. */
static void put_format(struct pen *pen, const struct subject *of)
{
    const struct field *field = of->field;
    struct str format = str_of(kinds[field->kind].format);
    bool zoneless = field->kind == KIND_MOMENT && of->shape->moments == MOMENT_SEVENTHS;

    if (!str_is_set(format) || zoneless) {
        return;
    }
    if (of->direction == COMING || !(field->flags & EMPTY_IF_NONE)) {
        pen_text(pen, STR("format"), format);
        return;
    }
    pen_array(pen, STR("anyOf"));
    pen_object(pen, NAMELESS);
    pen_text(pen, STR("format"), format);
    pen_end(pen);
    pen_json(pen, NAMELESS, STR("{\"maxLength\":0}"));
    pen_end(pen);
}

static void put_most(struct pen *pen, const struct field *field)
{
    if (most_of(field) > 0) {
        pen_int(pen, STR("maxLength"), (int64_t)most_of(field));
    }
}

/* What reading asks of a text. */
static void put_limits(struct pen *pen, const struct field *field)
{
    const struct kind *kind = &kinds[field->kind];

    if (kind->pattern) {
        pen_text(pen, STR("pattern"), str_of(kind->pattern));
    }
    if ((field->flags & (REQUIRED | EMPTY_TOO)) == REQUIRED) {
        pen_int(pen, STR("minLength"), 1);
    }
    put_most(pen, field);
    if (field->kind == KIND_SECRET) {
        pen_bool(pen, STR("writeOnly"), true);
    }
}

static void put_simple(struct pen *pen, const struct subject *of)
{
    put_type(pen, of);
    put_format(pen, of);
    if (of->direction == COMING && can_be_none(of->field)) {
        put_limits(pen, of->field);
    }
}

static void put_texts(struct pen *pen, const struct subject *of)
{
    put_type(pen, of);
    pen_object(pen, STR("items"));
    pen_text(pen, STR("type"), STR("string"));
    if (of->direction == COMING) {
        put_most(pen, of->field);
    }
    pen_end(pen);
    if (of->direction == COMING) {
        pen_int(pen, STR("maxItems"), FIELD_TEXTS_MOST);
    }
}

static void put_reference(struct pen *pen, const struct subject *of)
{
    schema_refer(of->schemas, pen, of->field->of, of->direction);
}

static void put_object(struct pen *pen, const struct subject *of)
{
    if (!of->null) {
        put_reference(pen, of);
        return;
    }
    pen_array(pen, STR("anyOf"));
    pen_object(pen, NAMELESS);
    put_reference(pen, of);
    pen_end(pen);
    pen_json(pen, NAMELESS, STR("{\"type\":\"null\"}"));
    pen_end(pen);
}

static void put_list(struct pen *pen, const struct subject *of)
{
    put_type(pen, of);
    pen_object(pen, STR("items"));
    put_reference(pen, of);
    pen_end(pen);
}

static void put_subject(struct pen *pen, const struct subject *of)
{
    switch (of->field->kind) {
    case KIND_TEXT:
    case KIND_SECRET:
    case KIND_EMAIL:
    case KIND_USERNAME:
    case KIND_ID:
    case KIND_MOMENT:
    case KIND_INT:
    case KIND_BOOL:
        put_simple(pen, of);
        return;
    case KIND_TEXTS:
        put_texts(pen, of);
        return;
    case KIND_LIST:
        put_list(pen, of);
        return;
    case KIND_OBJECT:
        put_object(pen, of);
        return;
    }
}

static void put_properties(const struct schemas *schemas, struct pen *pen,
                           const struct schema *schema)
{
    const struct shape *shape = schema->shape;

    pen_object(pen, STR("properties"));
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        struct subject of = {schemas, shape, field, schema->direction,
                             may_be_null(field, schema->direction)};
        if (is_told(field, schema->direction)) {
            pen_object(pen, str_of(field->name));
            put_subject(pen, &of);
            pen_end(pen);
        }
    }
    pen_end(pen);
}

/* Reading ignores members that no row names; writing has none. */
static void put_others(struct pen *pen, const struct schema *schema)
{
    pen_bool(pen, STR("additionalProperties"), schema->direction == COMING);
}

static void put_example(struct pen *pen, const struct schema *schema)
{
    if (schema->shape->example) {
        pen_array(pen, STR("examples"));
        pen_json(pen, NAMELESS, str_of(schema->shape->example));
        pen_end(pen);
    }
}

static void put_required(struct pen *pen, const struct schema *schema)
{
    const struct shape *shape = schema->shape;

    pen_array(pen, STR("required"));
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        if (is_told(field, schema->direction) && is_always_there(field, schema->direction)) {
            pen_text(pen, NAMELESS, str_of(field->name));
        }
    }
    pen_end(pen);
}

void schemas_write(const struct schemas *schemas, struct pen *pen)
{
    for (const struct schema *schema = schemas->first; schema; schema = schema->next) {
        pen_object(pen, schema->name);
        pen_text(pen, STR("type"), STR("object"));
        put_properties(schemas, pen, schema);
        put_required(pen, schema);
        put_others(pen, schema);
        put_example(pen, schema);
        pen_end(pen);
    }
}

void schema_refer(const struct schemas *schemas, struct pen *pen, const struct shape *shape,
                  enum direction direction)
{
    const struct schema *schema = schema_find(schemas, shape, direction);
    char text[300];
    struct buf reference = buf_over(text, sizeof text);

    if (!schema) { /* no row of the face has it */
        pen->out->failed = true;
        return;
    }
    buf_put(&reference, STR("#/components/schemas/"));
    buf_put(&reference, schema->name);
    pen_text(pen, STR("$ref"), buf_str(&reference));
}

void schema_parameter(const struct schemas *schemas, struct pen *pen, const struct shape *shape,
                      const struct field *field)
{
    struct subject of = {schemas, shape, field, COMING, /* null= */ false};

    put_subject(pen, &of);
}
