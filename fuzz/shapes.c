/* Every body and every query that any route of any face takes, by its own table: what is read keeps
 * to the table, what is refused says why, and what is written of it and read again is the same. */
#include "app/plan.h"
#include "base/arena.h"
#include "base/buf.h"
#include "fuzz/harness.h"
#include "text/normal.h"
#include "wire/form.h"
#include "wire/json.h"

#include <stdalign.h>
#include <string.h>

enum {
    SHAPES = 256,
    STRUCT_MOST = 16 << 10
};

static struct served {
    struct config *config;
    struct router *router;
    const struct shape *bodies[SHAPES], *queries[SHAPES];
    size_t body_count, query_count;
    alignas(max_align_t) char object[STRUCT_MOST], again[STRUCT_MOST];
} served;

static void forget(void)
{
    router_destroy(served.router);
    config_free(served.config);
}

static void add(const struct shape **list, size_t *count, const struct shape *shape)
{
    for (size_t i = 0; i < *count; i++) {
        if (list[i] == shape) {
            return;
        }
    }
    if (shape) {
        PROMISE(*count < SHAPES);
        list[(*count)++] = shape;
    }
}

static void learn(void)
{
    struct reason reason = {0};
    struct plan plan = {0};

    PROMISE(config_load(&(struct config_options){0}, &reason, &served.config) == ERR_OK);
    plan_every_face(served.config, &plan);
    PROMISE(router_create(plan.faces, plan.face_count, &reason, &served.router) == ERR_OK);
    for (size_t i = 0; i < router_count(served.router); i++) {
        const struct face *face;
        const struct route *route = router_route(served.router, i, &face);
        add(served.queries, &served.query_count, route->asks);
        if (route->takes_form) {
            add(served.queries, &served.query_count, route->takes);
        } else {
            add(served.bodies, &served.body_count, route->takes);
        }
    }
    PROMISE(served.body_count > 0 && served.query_count > 0);
    (void)atexit(forget);
}

static void check_text(const struct field *field, struct str text, bool required)
{
    size_t length;

    if (!str_is_set(text)) {
        PROMISE(!required);
        return;
    }
    PROMISE(text_length(text, &length) == ERR_OK);
    PROMISE(field->most > 0 ? length <= field->most : text.len <= FIELD_TEXT_MOST);
    PROMISE(!required || text.len > 0 || (field->flags & EMPTY_TOO));
}

static void check_object(const struct shape *shape, const char *object, bool is_there);

static void check_list(const struct field *field, const struct list *list)
{
    PROMISE(list->count <= (field->item > 0 ? field->most : 0));
    for (size_t i = 0; i < list->count; i++) {
        check_object(field->of, (const char *)list->items + i * list->size, true);
    }
}

static void check_texts(const struct field *field, const struct text_list *list)
{
    PROMISE(list->count <= FIELD_TEXTS_MOST);
    for (size_t i = 0; i < list->count; i++) {
        check_text(field, list->items[i], /* required= */ false);
    }
}

/* `must`: the table says that it is there. */
static void check_member(const struct field *field, const void *member, bool must)
{
    switch (field->kind) {
    case KIND_TEXT:
    case KIND_SECRET: /* which is a text in a struct of its own */
        check_text(field, *(const struct str *)member, must);
        return;
    case KIND_EMAIL:
        check_text(field, ((const struct email *)member)->shown, must);
        PROMISE(!must || ((const struct email *)member)->key.len > 0);
        return;
    case KIND_USERNAME:
        check_text(field, ((const struct username *)member)->shown, must);
        return;
    case KIND_ID:
        PROMISE(!must || id_is_set(*(const struct id *)member));
        return;
    case KIND_MOMENT:
        PROMISE(!must || moment_is_set(*(const struct moment *)member));
        return;
    case KIND_INT:
        return;
    case KIND_BOOL:
        PROMISE(*(const unsigned char *)member <= 1);
        return;
    case KIND_TEXTS:
        check_texts(field, member);
        return;
    case KIND_LIST:
        check_list(field, member);
        return;
    case KIND_OBJECT:
        check_object(field->of, member, must);
        return;
    }
}

static void check_object(const struct shape *shape, const char *object, bool is_there)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        bool must = is_there && (field->flags & REQUIRED);
        if (field->has_presence) {
            enum presence presence =
                *(const enum presence *)(const void *)(object + field->presence);
            PROMISE(presence <= PRESENCE_VALUE && (!must || presence == PRESENCE_VALUE));
        }
        PROMISE(field->offset < STRUCT_MOST - 256);
        check_member(field, object + field->offset, must);
    }
}

/* A refusal has its reason, and one of a member its name; nothing that was sent is in it. */
static void check_refusal(enum err e, const struct reason *reason)
{
    PROMISE(reason->err == e && err_class(e) == CLASS_INPUT);
    PROMISE(str_is_set(reason->field) == (e != ERR_BODY_MALFORMED));
}

/* Whether all that was read can be written: secrets never are, and one form of time is only
 * written. */
static bool can_be_written(const struct shape *shape)
{
    bool can = shape->moments != MOMENT_SEVENTHS;

    for (size_t i = 0; can && i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        can = field->kind != KIND_SECRET && (!field->of || can_be_written(field->of));
    }
    return can;
}

static struct str written(struct arena *arena, const struct shape *shape, const void *object)
{
    struct buf out = buf_in_arena(arena, 1 << 22);
    struct str body;

    json_write(&out, shape, object);
    PROMISE(buf_end(&out, &body) == ERR_OK);
    return body;
}

static void read_json(struct arena *arena, const struct shape *shape, struct str body)
{
    struct reason reason = {0};

    memset(served.object, 0, sizeof served.object);
    enum err e = json_read(arena, body, shape, served.object, &reason);
    PROMISE(e != ERR_BODY_MALFORMED || !json_has(arena, body, "token"));
    if (e != ERR_OK) {
        check_refusal(e, &reason);
        return;
    }
    check_object(shape, served.object, true);
    if (can_be_written(shape)) {
        struct str first = written(arena, shape, served.object);
        memset(served.again, 0, sizeof served.again);
        PROMISE(json_read(arena, first, shape, served.again, NULL) == ERR_OK);
        PROMISE(str_eq(first, written(arena, shape, served.again)));
    }
}

static void read_form(struct arena *arena, const struct shape *shape, struct str query)
{
    struct reason reason = {0};

    memset(served.object, 0, sizeof served.object);
    enum err e = form_read(arena, query, shape, served.object, &reason);
    if (e != ERR_OK) {
        PROMISE(reason.err == e && err_class(e) == CLASS_INPUT && str_is_set(reason.field));
        return;
    }
    check_object(shape, served.object, true);
}

/* Sorted once, it stays as it is. */
static void normalise(struct arena *arena, struct str text)
{
    struct buf once = buf_in_arena(arena, 1 << 22), twice = buf_in_arena(arena, 1 << 22);

    if (json_normalise(arena, text, &once) && !once.failed) {
        PROMISE(json_normalise(arena, buf_str(&once), &twice));
        PROMISE(str_eq(buf_str(&once), buf_str(&twice)));
    } else {
        PROMISE(once.failed || once.len == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 14, 1 << 28);
    struct str text = {(const char *)data, size};

    if (!served.router) {
        learn();
    }
    if (size > 0 && data[0] == '{') {
        for (size_t i = 0; i < served.body_count; i++) {
            read_json(arena, served.bodies[i], text);
            arena_reset(arena);
        }
        normalise(arena, text);
        return 0;
    }
    for (size_t i = 0; i < served.query_count; i++) {
        read_form(arena, served.queries[i], text);
        arena_reset(arena);
    }
    return 0;
}
