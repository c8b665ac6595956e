/* What an operation may answer: its success, and its errors, which the row and the pipeline name
 * and the face gives their status. */
#include "base/arena.h"
#include "web/call.h"
#include "web/openapi_private.h"

#define BIT(e) (UINT64_C(1) << (e))
_Static_assert(ERRORS < 64, "a bit for each error");

/* Takes the first one out of a set of errors. */
static bool take_error(uint64_t *errors, enum err *ret)
{
    if (*errors == 0) {
        return false;
    }
    *ret = (enum err)__builtin_ctzll(*errors);
    *errors &= *errors - 1;
    return true;
}

bool needs_token(const struct route *route)
{
    return route->may != MAY_ANYONE && route->may != MAY_ANYONE_KNOWN;
}

static bool looks_at_tokens(const struct route *route)
{
    return route->may != MAY_ANYONE;
}

static bool always(const struct route *route)
{
    (void)route;
    return true;
}

static bool takes_body(const struct route *route)
{
    return route->takes;
}

static bool takes_file(const struct route *route)
{
    return route->file;
}

static bool reads_fields(const struct route *route)
{
    return route->takes || route->asks;
}

static bool needs_permission(const struct route *route)
{
    return str_is_set(policy_permission(route->may));
}

static bool is_counted(const struct route *route)
{
    return route->rate != RATE_ANY;
}

static bool waits_in_a_queue(const struct route *route)
{
    return route->lane != NOW;
}

/* A token needs the others' changes, and so the feed of the store. */
static bool needs_store(const struct route *route)
{
    return looks_at_tokens(route) || route->unit != TX_NONE;
}

static bool writes(const struct route *route)
{
    return route->unit >= TX_WRITE;
}

/* What web/ itself may say. What http/ refuses before there is a row is the default's. */
static const struct {
    enum err e;
    bool (*implied)(const struct route *route);
} implications[] = {
    {ERR_REQUEST_MALFORMED, always          },
    {ERR_BODY_LARGE,        takes_body      },
    {ERR_BODY_LARGE,        takes_file      },
    {ERR_FORM_TYPE,         takes_file      },
    {ERR_FORM_MALFORMED,    takes_file      },
    {ERR_FIELD_MISSING,     takes_file      },
    {ERR_BODY_TYPE,         takes_body      },
    {ERR_BODY_MALFORMED,    takes_body      },
    {ERR_FIELD_MISSING,     reads_fields    },
    {ERR_FIELD_TYPE,        reads_fields    },
    {ERR_FIELD_VALUE,       reads_fields    },
    {ERR_TOKEN_MISSING,     needs_token     },
    {ERR_TOKEN_INVALID,     looks_at_tokens },
    {ERR_FORBIDDEN,         needs_permission},
    {ERR_TOO_MANY,          is_counted      },
    {ERR_BUSY,              waits_in_a_queue},
    {ERR_STORE_DOWN,        needs_store     },
    {ERR_STORE_FULL,        writes          },
    {ERR_SYSTEM,            always          },
};

static uint64_t errors_of(const struct route *route)
{
    uint64_t errors = 0;

    for (size_t i = 0; i < ARRAY_LEN(implications); i++) {
        errors |= implications[i].implied(route) ? BIT(implications[i].e) : 0;
    }
    for (const enum err *e = route->fails; e && *e != ERR_OK; e++) {
        errors |= BIT(*e);
    }
    return errors;
}

/* Those of them that the face answers with this status. */
static uint64_t errors_with(const struct document *document, uint64_t errors, int status)
{
    uint64_t with = 0;
    enum err e;

    while (take_error(&errors, &e)) {
        with |= document->statuses[e] == status ? BIT(e) : 0;
    }
    return with;
}

void responses_prepare(struct document *document, struct arena *arena)
{
    uint64_t all = BIT(ERRORS) - 1;
    enum err e;

    while (take_error(&all, &e)) {
        char memory[256];
        struct exchange x = {.arena = arena, .headers = buf_over(memory, sizeof memory)};
        struct call c = {
            .ctx.arena = arena, .x = &x, .face = document->face, .settings = document->settings};
        document->face->write_error(&c, e);
        document->statuses[e] = x.status;
    }
}

static bool any_class(enum err_class class)
{
    (void)class;
    return true;
}

static bool is_unauthenticated(enum err_class class)
{
    return class == CLASS_UNAUTHENTICATED;
}

static bool is_for_later(enum err_class class)
{
    return class == CLASS_TOO_MANY || class == CLASS_UNAVAILABLE;
}

/* clang-format off */
static const struct {
    const char *name, *description;
    bool (*goes_with)(enum err_class class);
} headers[] = {
    {"X-Request-Id",     "The caller's own, if it is 8 to 64 letters, digits, '-', '_' and '.'; else one of the server's.", any_class},
    {"WWW-Authenticate", "Bearer.",                                                                                         is_unauthenticated},
    {"Retry-After",      "In how many seconds to come back.",                                                               is_for_later},
};
/* clang-format on */

static void put_shared_headers(struct pen *pen)
{
    pen_object(pen, STR("headers"));
    for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
        pen_object(pen, str_of(headers[i].name));
        pen_text(pen, STR("description"), str_of(headers[i].description));
        pen_bool(pen, STR("required"), true);
        pen_json(pen, STR("schema"), STR("{\"type\":\"string\"}"));
        pen_end(pen);
    }
    pen_end(pen);
}

static bool goes_with_all(size_t header, uint64_t errors)
{
    enum err e;

    while (take_error(&errors, &e)) {
        if (!headers[header].goes_with(err_class(e))) {
            return false;
        }
    }
    return true;
}

static void put_common_headers(struct document *document, uint64_t errors)
{
    struct pen *pen = &document->pen;

    for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
        char text[64];
        struct buf reference = buf_over(text, sizeof text);
        if (goes_with_all(i, errors)) {
            buf_print(&reference, "#/components/headers/%s", headers[i].name);
            pen_object(pen, str_of(headers[i].name));
            document_text(document, STR("$ref"), &reference);
            pen_end(pen);
        }
    }
}

static void put_headers(struct document *document, uint64_t errors, const char *const *more)
{
    struct pen *pen = &document->pen;

    pen_object(pen, STR("headers"));
    put_common_headers(document, errors);
    for (; more && *more; more++) {
        pen_json(pen, str_of(*more), STR("{\"required\":true,\"schema\":{\"type\":\"string\"}}"));
    }
    pen_end(pen);
}

void open_content(struct pen *pen, struct str type)
{
    pen_object(pen, STR("content"));
    pen_object(pen, type);
    pen_object(pen, STR("schema"));
}

void close_content(struct pen *pen)
{
    pen_end(pen);
    pen_end(pen);
    pen_end(pen);
}

static void open_response(struct pen *pen, int status)
{
    char digits[24];
    struct buf code = buf_over(digits, sizeof digits);

    buf_put_int(&code, status);
    pen_object(pen, buf_str(&code));
}

static void put_success_content(struct pen *pen, const struct schemas *schemas,
                                const struct route *route)
{
    struct str type, rest;

    if (route->gives) {
        open_content(pen, STR("application/json"));
        schema_refer(schemas, pen, route->gives, GOING);
        close_content(pen);
    } else if (route->type) {
        str_cut(str_of(route->type), ';', &type, &rest);
        bool json = str_eq(type, STR("application/json"));
        open_content(pen, type);
        pen_text(pen, STR("type"), json ? STR("object") : STR("string"));
        close_content(pen);
    }
}

static void put_success(struct document *document, const struct route *route)
{
    struct pen *pen = &document->pen;

    open_response(pen, route->status);
    pen_text(pen, STR("description"), route->status == 201 ? STR("Made.") : STR("Done."));
    put_headers(document, BIT(ERR_OK), route->sets);
    put_success_content(pen, &document->schemas, route);
    pen_end(pen);
}

static void put_error_schema(struct document *document)
{
    if (document->face->error_shape) {
        schema_refer(&document->schemas, &document->pen, document->face->error_shape, GOING);
    } else {
        pen_text(&document->pen, STR("type"), STR("string"));
    }
}

static struct str error_type(const struct face *face)
{
    if (face->error_shape) {
        return STR("application/json");
    }
    return face->error_type ? str_of(face->error_type) : STR("text/plain");
}

static void put_error_content(struct document *document)
{
    open_content(&document->pen, error_type(document->face));
    put_error_schema(document);
    close_content(&document->pen);
}

/* An answer that has a shape of its own, where an error may yet have the same status. */
static void put_other(struct document *document, const struct route *route)
{
    struct pen *pen = &document->pen;

    open_response(pen, route->or_status);
    if (!route->or_gives) {
        pen_text(pen, STR("description"), STR("Nothing has changed."));
        put_headers(document, BIT(ERR_OK), route->sets);
        pen_end(pen);
        return;
    }
    pen_text(pen, STR("description"), STR("Answered, but not well; or an error."));
    put_headers(document, BIT(ERR_OK), NULL);
    open_content(pen, STR("application/json"));
    pen_array(pen, STR("anyOf"));
    pen_object(pen, NAMELESS);
    schema_refer(&document->schemas, pen, route->or_gives, GOING);
    pen_end(pen);
    pen_object(pen, NAMELESS);
    put_error_schema(document);
    pen_end(pen);
    pen_end(pen);
    close_content(pen);
    pen_end(pen);
}

/* All errors of one status, in the words that a client may be told. */
static void put_failure(struct document *document, int status, uint64_t errors)
{
    char text[DOCUMENT_TEXT];
    struct buf words = buf_over(text, sizeof text);
    uint64_t rest = errors;
    enum err e;

    while (take_error(&rest, &e)) {
        buf_print(&words, "%s%s", words.len > 0 ? "; " : "", err_text(e));
    }
    open_response(&document->pen, status);
    document_text(document, STR("description"), &words);
    put_headers(document, errors, NULL);
    put_error_content(document);
    pen_end(&document->pen);
}

static void put_failures(struct document *document, uint64_t errors)
{
    uint64_t rest = errors;
    enum err e;

    while (take_error(&rest, &e)) {
        int status = document->statuses[e];
        put_failure(document, status, errors_with(document, errors, status));
        rest &= ~errors_with(document, errors, status);
    }
}

void responses_write_shared(struct document *document)
{
    struct pen *pen = &document->pen;

    put_shared_headers(pen);
    pen_object(pen, STR("responses"));
    pen_object(pen, STR("Refused"));
    pen_text(pen, STR("description"),
             STR("A request that HTTP itself has a status for, such as 414 or 431."));
    put_headers(document, BIT(ERR_OK), NULL);
    put_error_content(document);
    pen_end(pen);
    pen_end(pen);
}

void responses_write(struct document *document, const struct route *route)
{
    uint64_t errors = errors_of(route);

    pen_object(&document->pen, STR("responses"));
    put_success(document, route);
    if (route->or_status) {
        put_other(document, route);
        errors &= ~errors_with(document, errors, route->or_status);
    }
    put_failures(document, errors);
    pen_json(&document->pen, STR("default"), STR("{\"$ref\":\"#/components/responses/Refused\"}"));
    pen_end(&document->pen);
}
