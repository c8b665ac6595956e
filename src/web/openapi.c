/* A face as an OpenAPI document: its paths, and under components what they share. */
#include "web/openapi.h"

#include "base/arena.h"
#include "web/openapi_private.h"
#include "web/router.h"

enum {
    LIKELY = 48 << 10, /* so that most grow once: what is outgrown stays in the arena */
    MOST = 1 << 20
};

/* Whether both rows have this path, whatever they call its parameters. */
static bool same_path(const struct route *a, const struct route *b)
{
    struct str left = str_of(a->path), right = str_of(b->path), left_segment, right_segment;
    bool more_left = true, more_right = true;

    while (more_left && more_right) {
        more_left = str_cut(left, '/', &left_segment, &left);
        more_right = str_cut(right, '/', &right_segment, &right);
        bool both_named = str_starts(left_segment, STR(":")) && str_starts(right_segment, STR(":"));
        if (!both_named && !str_eq(left_segment, right_segment)) {
            return false;
        }
    }
    return more_left == more_right;
}

static bool is_first_of_its_path(const struct face *face, const struct route *route)
{
    const struct route *first = face->routes;

    while (!same_path(first, route)) {
        first++;
    }
    return first == route;
}

/* The row of this path that answers the method: one for it alone comes before one for any. */
static const struct route *row_for(const struct face *face, const struct route *path,
                                   enum http_method method)
{
    const struct route *any = NULL;

    for (size_t i = 0; i < face->route_count; i++) {
        const struct route *route = &face->routes[i];
        if (!same_path(route, path)) {
            continue;
        }
        if (route->method == method) {
            return route;
        }
        any = route->method == ANY ? route : any;
    }
    return any;
}

/* "/users/:id" is "/users/{id}". */
static struct str template_of(struct buf *out, const char *path)
{
    struct str rest = str_skip(str_of(path), 1), segment;
    bool more = true;

    while (more) {
        more = str_cut(rest, '/', &segment, &rest);
        buf_put_char(out, '/');
        if (str_starts(segment, STR(":"))) {
            buf_print(out, "{%.*s}", STR_ARG(str_skip(segment, 1)));
        } else {
            buf_put(out, segment);
        }
    }
    return buf_str(out);
}

void document_text(struct document *document, struct str name, const struct buf *built)
{
    document->pen.out->failed = document->pen.out->failed || built->failed;
    pen_text(&document->pen, name, buf_str(built));
}

static void put_path(struct document *document, const struct route *path)
{
    char text[DOCUMENT_TEXT];
    struct buf key = buf_over(text, sizeof text);

    pen_object(&document->pen, template_of(&key, path->path));
    for (unsigned method = GET; method < HTTP_METHODS; method++) {
        const struct route *route = row_for(document->face, path, (enum http_method)method);
        if (route) {
            operation_write(document, route, (enum http_method)method, path->path);
        }
    }
    pen_end(&document->pen);
}

static void put_paths(struct document *document)
{
    const struct face *face = document->face;

    pen_object(&document->pen, STR("paths"));
    for (size_t i = 0; i < face->route_count; i++) {
        if (is_first_of_its_path(face, &face->routes[i])) {
            put_path(document, &face->routes[i]);
        }
    }
    pen_end(&document->pen);
}

static void put_components(struct document *document)
{
    struct pen *pen = &document->pen;

    pen_object(pen, STR("components"));
    pen_json(
        pen, STR("securitySchemes"),
        STR("{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\",\"bearerFormat\":\"JWT\"},"
            "\"serviceKey\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"x-service-key\"}}"));
    responses_write_shared(document);
    pen_object(pen, STR("schemas"));
    schemas_write(&document->schemas, pen);
    pen_end(pen);
    pen_end(pen);
}

static void put_info(struct document *document)
{
    const struct face *face = document->face;
    struct pen *pen = &document->pen;
    char text[DOCUMENT_TEXT];
    struct buf title = buf_over(text, sizeof text);

    buf_print(&title, "Signet, face %.*s", STR_ARG(face->name));
    pen_object(pen, STR("info"));
    document_text(document, STR("title"), &title);
    pen_text(pen, STR("description"), str_of(face->about));
    pen_text(pen, STR("version"), STR(SIGNET_VERSION));
    pen_end(pen);
}

enum err openapi_write(struct arena *arena, const struct router_face *served, struct reason *reason,
                       struct str *ret)
{
    const struct face *face = served->face;
    struct document document = {.face = face, .settings = served->settings};
    struct buf out = buf_in_arena(arena, MOST);
    struct pen *pen = &document.pen;

    TRY(schemas_of(arena, face, reason, &document.schemas));
    responses_prepare(&document, arena);
    (void)buf_reserve(&out, LIKELY);
    pen->out = &out;
    pen_object(pen, NAMELESS);
    pen_text(pen, STR("openapi"), STR("3.1.0"));
    put_info(&document);
    pen_json(pen, STR("servers"), STR("[{\"url\":\"/\"}]"));
    put_paths(&document);
    put_components(&document);
    pen_end(pen);
    return buf_end(&out, ret);
}
