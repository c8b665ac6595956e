/* One request on its way through the pipeline: what handlers are given. */
#pragma once

#include "base/buf.h"
#include "domain/ctx.h"
#include "http/exchange.h"
#include "web/face.h"
#include "wire/fields.h"

struct local;
struct web;

struct call {
    struct ctx ctx;
    struct exchange *x;
    struct web *web;
    const struct face *face;
    const struct route *route; /* NULL when no row has this path and method */
    size_t route_index;        /* its place among all routes */
    const void *settings;      /* the face's own, of the type its table fills */
    struct str parameters[ROUTE_PARAMETERS];
    struct str request_id;
    void *found;              /* by what the row has go first; in the arena */
    const struct shape *body; /* the shape of the body, once it was to be read */
    struct str policy;   /* the Content-Security-Policy of a page; none: an answer is no page */
    bool cacheable;      /* the handler has said how long its answer keeps */
    enum err refused;    /* by policy, before the lane: only the audit is left to do */
    struct local *local; /* of the thread that works on it now */
    struct call *next;   /* in its lane's queue */
    int64_t queued_ms;
};

/* A segment of the path that the row names with a colon, in order. */
struct str call_parameter(const struct call *c, size_t index);

/* A cookie's value; no text when there is none or two. */
struct str call_cookie(const struct call *c, struct str name);

/* Reads the body that the row takes, JSON or a form: ERR_BODY_TYPE, ERR_BODY_MALFORMED, ERR_FIELD_…
 * naming the member. Of a row that takes nothing, too, *ret stays as it is when nothing came. */
enum err read_body(struct call *c, void *ret);

/* The file that the row takes, a slice of the body: ERR_FORM_…, ERR_FIELD_MISSING naming the part,
 * ERR_BODY_LARGE. */
enum err read_file(struct call *c, struct str *ret);

/* Reads what the row asks of the query; texts, numbers, switches and identifiers. ERR_FIELD_…
 * naming the parameter. Those that no row names are ignored. */
enum err read_query(struct call *c, void *ret);

/* Answers with the row's status and shape; it ends a handler: `return answer(c, &user);`. NULL
 * where the row gives nothing. */
enum err answer(struct call *c, const void *object);

/* The same under the other status and shape of a row that has two. */
enum err answer_or(struct call *c, const void *object);

/* The same for a row that GIVES_TEXT. The text lies in the arena or is static. */
enum err answer_body(struct call *c, struct str body);

/* Answers that no row tells of: errors. */
enum err answer_object(struct call *c, int status, const struct shape *shape, const void *object);
enum err answer_text(struct call *c, int status, struct str type, struct str body);
enum err answer_empty(struct call *c, int status);
void answer_header(struct call *c, struct str name, struct str value);
