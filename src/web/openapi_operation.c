/* One row as an operation: who may, what comes in, what goes out. */
#include "web/openapi_private.h"

static void put_path_parameters(struct pen *pen, const char *path)
{
    struct str rest = str_of(path), segment;

    while (str_next(&rest, '/', &segment)) {
        if (!str_starts(segment, STR(":"))) {
            continue;
        }
        pen_object(pen, NAMELESS);
        pen_text(pen, STR("name"), str_skip(segment, 1));
        pen_text(pen, STR("in"), STR("path"));
        pen_bool(pen, STR("required"), true);
        pen_object(pen, STR("schema"));
        pen_text(pen, STR("type"), STR("string"));
        pen_int(pen, STR("minLength"), 1);
        /* What http/target refuses, escaped or not. */
        pen_text(pen, STR("pattern"), STR("^[^/\\\\\\x00-\\x1f\\x7f]+$"));
        pen_end(pen);
        pen_end(pen);
    }
}

static void put_query_parameters(struct document *document, const struct shape *shape)
{
    struct pen *pen = &document->pen;

    for (size_t i = 0; shape && i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        pen_object(pen, NAMELESS);
        pen_text(pen, STR("name"), str_of(field->name));
        pen_text(pen, STR("in"), STR("query"));
        pen_bool(pen, STR("required"), field->flags & REQUIRED);
        pen_object(pen, STR("schema"));
        schema_parameter(&document->schemas, pen, shape, field);
        pen_end(pen);
        pen_end(pen);
    }
}

static void put_parameters(struct document *document, const struct route *route, const char *path)
{
    struct pen *pen = &document->pen;

    if (!route->asks && !str_contains(str_of(path), ':')) {
        return;
    }
    pen_array(pen, STR("parameters"));
    put_path_parameters(pen, path);
    put_query_parameters(document, route->asks);
    pen_end(pen);
}

static void put_file(struct pen *pen, const struct route *route)
{
    pen_object(pen, STR("requestBody"));
    pen_bool(pen, STR("required"), true);
    open_content(pen, STR("multipart/form-data"));
    pen_text(pen, STR("type"), STR("object"));
    pen_object(pen, STR("properties"));
    pen_object(pen, str_of(route->file));
    pen_text(pen, STR("type"), STR("string"));
    pen_text(pen, STR("format"), STR("binary"));
    pen_int(pen, STR("maxLength"), (int64_t)route->file_most);
    pen_end(pen);
    pen_end(pen);
    pen_array(pen, STR("required"));
    pen_text(pen, NAMELESS, str_of(route->file));
    pen_end(pen);
    close_content(pen);
    pen_end(pen);
}

static void put_body(struct document *document, const struct route *route)
{
    struct pen *pen = &document->pen;

    if (route->file) {
        put_file(pen, route);
        return;
    }
    if (!route->takes) {
        return;
    }
    pen_object(pen, STR("requestBody"));
    pen_bool(pen, STR("required"), !route->takes_nothing_too);
    open_content(pen, route->takes_form ? STR("application/x-www-form-urlencoded")
                                        : STR("application/json"));
    schema_refer(&document->schemas, pen, route->takes, COMING);
    close_content(pen);
    pen_end(pen);
}

/* What else lets in, beside a token whose user holds the permission. */
static const char *way_around(const struct document *document, const struct route *route)
{
    if (route->may == MAY_SCRAPE) {
        return ", or an address of the setting `metrics.from`";
    }
    if (route->may >= MAY_SELF_PERMISSIONS) {
        return ", unless it is about oneself";
    }
    if (route->may >= MAY_SOMEWHERE_PERMISSIONS) {
        return ", everywhere or in the organization that it is about";
    }
    return document->face->can_open ? ", or no token where the face is open" : "";
}

static void put_words(struct document *document, const struct route *route)
{
    struct str permission = policy_permission(route->may);
    char text[DOCUMENT_TEXT];
    struct buf words = buf_over(text, sizeof text);

    buf_put(&words, str_of(route->description));
    if (str_is_set(permission)) {
        buf_print(&words, " Needs the permission `%.*s`%s.", STR_ARG(permission),
                  way_around(document, route));
    }
    pen_text(&document->pen, STR("summary"), str_of(route->summary));
    document_text(document, STR("description"), &words);
}

/* Whether somebody without a token may get in, too. */
static bool token_is_optional(const struct document *document, const struct route *route)
{
    return route->may == MAY_SCRAPE || route->may == MAY_ANYONE_KNOWN ||
           (document->face->can_open && route->may >= MAY_PERMISSIONS);
}

/* A service key is shown in a token's place wherever it is not a user who is asked for. */
static struct str schemes_of(const struct document *document, const struct route *route)
{
    if (token_is_optional(document, route)) {
        return STR("[{\"bearer\":[]},{\"serviceKey\":[]},{}]");
    }
    if (!needs_token(route)) {
        return STR("[]");
    }
    return route->may == MAY_SIGNED_IN ? STR("[{\"bearer\":[]}]")
                                       : STR("[{\"bearer\":[]},{\"serviceKey\":[]}]");
}

static void put_who_may(struct document *document, const struct route *route)
{
    struct str permission = policy_permission(route->may);

    if (str_is_set(permission)) {
        pen_text(&document->pen, STR("x-signet-permission"), permission);
    }
    pen_json(&document->pen, STR("security"), schemes_of(document, route));
}

static bool is_version(struct str segment)
{
    return segment.len > 1 && segment.ptr[0] == 'v' && segment.ptr[1] >= '0' &&
           segment.ptr[1] <= '9';
}

/* The section of a path: its first word that is not "api" or "v1". */
static struct str section_of(const char *path)
{
    struct str rest = str_skip(str_of(path), 1), segment = {0};

    while (str_next(&rest, '/', &segment)) {
        if (!str_eq(segment, STR("api")) && !is_version(segment)) {
            break;
        }
    }
    return segment;
}

static void put_lower(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        buf_put_char(out, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
    }
}

/* The handler's name; a row for any method is an operation for each. */
static void put_operation_id(struct document *document, const struct route *route,
                             enum http_method method)
{
    char text[DOCUMENT_TEXT];
    struct buf id = buf_over(text, sizeof text);

    buf_put(&id, str_of(route->operation));
    if (route->method == ANY) {
        buf_put_char(&id, '_');
        put_lower(&id, http_method_name(method));
    }
    document_text(document, STR("operationId"), &id);
}

void operation_write(struct document *document, const struct route *route, enum http_method method,
                     const char *path)
{
    struct pen *pen = &document->pen;
    char text[16];
    struct buf key = buf_over(text, sizeof text);

    put_lower(&key, http_method_name(method));
    pen_object(pen, buf_str(&key));
    put_operation_id(document, route, method);
    pen_array(pen, STR("tags"));
    pen_text(pen, NAMELESS, section_of(path));
    pen_end(pen);
    put_words(document, route);
    put_who_may(document, route);
    put_parameters(document, route, path);
    put_body(document, route);
    responses_write(document, route);
    pen_end(pen);
}
