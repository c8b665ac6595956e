/* Reading requests and writing answers, for handlers. */
#include "web/call.h"

#include "base/arena.h"
#include "wire/form.h"
#include "wire/json.h"
#include "wire/multipart.h"

enum {
    MOST_BODY = 4 << 20
};

struct str call_parameter(const struct call *c, size_t index)
{
    return c->parameters[index];
}

/* A cookie that stands twice is no cookie: one of the two was put there by somebody else. */
struct str call_cookie(const struct call *c, struct str name)
{
    struct str rest = http_header(&c->x->request, STR("cookie")), pair, key, value;
    struct str found = {0};

    while (str_next(&rest, ';', &pair)) {
        if (!str_cut(str_trim(pair), '=', &key, &value) || !str_eq(key, name)) {
            continue;
        }
        if (str_is_set(found)) {
            return (struct str){0};
        }
        found = value;
    }
    return found;
}

/* This type, with or without "; charset=utf-8". */
static bool is_of_type(struct str type, struct str wanted)
{
    struct str essence, parameters;

    str_cut(type, ';', &essence, &parameters);
    return str_eq_nocase(str_trim(essence), wanted) &&
           (str_trim(parameters).len == 0 ||
            str_eq_nocase(str_trim(parameters), STR("charset=utf-8")) ||
            str_eq_nocase(str_trim(parameters), STR("charset=\"utf-8\"")));
}

static struct str type_taken(const struct route *route)
{
    return route->takes_form ? STR("application/x-www-form-urlencoded") : STR("application/json");
}

enum err read_body(struct call *c, void *ret)
{
    const struct shape *shape = c->route->takes;
    const struct http_request *request = &c->x->request;
    struct str type = http_header(request, STR("content-type"));

    c->body = shape;
    if (c->route->takes_nothing_too && request->body.len == 0) {
        return ERR_OK;
    }
    if (!is_of_type(type, type_taken(c->route))) {
        return ctx_fail(&c->ctx, ERR_BODY_TYPE, STR(""), "content-type is %.*s",
                        STR_ARG(str_sub(type, 0, 64)));
    }
    return c->route->takes_form
               ? form_read(c->ctx.arena, request->body, shape, ret, &c->ctx.reason)
               : json_read(c->ctx.arena, request->body, shape, ret, &c->ctx.reason);
}

enum err read_file(struct call *c, struct str *ret)
{
    const struct http_request *request = &c->x->request;
    struct str content;

    TRY(multipart_read(http_header(request, STR("content-type")), request->body,
                       str_of(c->route->file), &c->ctx.reason, &content));
    if (content.len > c->route->file_most) {
        return ctx_fail(&c->ctx, ERR_BODY_LARGE, str_of(c->route->file), "%zu bytes", content.len);
    }
    *ret = content;
    return ERR_OK;
}

enum err read_query(struct call *c, void *ret)
{
    return form_read(c->ctx.arena, c->x->request.query, c->route->asks, ret, &c->ctx.reason);
}

void answer_header(struct call *c, struct str name, struct str value)
{
    exchange_header(c->x, name, value);
}

enum err answer_text(struct call *c, int status, struct str type, struct str body)
{
    c->x->status = status;
    c->x->body = body;
    if (str_is_set(type)) {
        answer_header(c, STR("Content-Type"), type);
    }
    return ERR_OK;
}

enum err answer_empty(struct call *c, int status)
{
    return answer_text(c, status, (struct str){0}, STR(""));
}

enum err answer_object(struct call *c, int status, const struct shape *shape, const void *object)
{
    struct buf json = buf_in_arena(c->ctx.arena, MOST_BODY);
    struct str body;

    json_write(&json, shape, object);
    TRY(buf_end(&json, &body));
    return answer_text(c, status, STR("application/json; charset=utf-8"), body);
}

enum err answer(struct call *c, const void *object)
{
    return c->route->gives ? answer_object(c, c->route->status, c->route->gives, object)
                           : answer_empty(c, c->route->status);
}

enum err answer_or(struct call *c, const void *object)
{
    return answer_object(c, c->route->or_status, c->route->or_gives, object);
}

enum err answer_body(struct call *c, struct str body)
{
    return answer_text(c, c->route->status, str_of(c->route->type), body);
}
