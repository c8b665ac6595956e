/* Errors on their way out: see refusal.h. */
#include "web/refusal.h"

#include "base/arena.h"

enum {
    MOST_REPEATED = 100 /* bytes of what was sent */
};

/* What is wrong with a request as such. */
static int status_of_input(enum err e)
{
    static const short statuses[ERRORS] = {
        [ERR_METHOD] = 405,         [ERR_REQUEST_TIMEOUT] = 408, [ERR_LENGTH_REQUIRED] = 411,
        [ERR_BODY_LARGE] = 413,     [ERR_PICTURE_LARGE] = 413,   [ERR_TARGET_LONG] = 414,
        [ERR_BODY_TYPE] = 415,      [ERR_FORM_TYPE] = 415,       [ERR_PICTURE_TYPE] = 415,
        [ERR_EXPECTATION] = 417,    [ERR_HEADERS_LARGE] = 431,   [ERR_METHOD_UNKNOWN] = 501,
        [ERR_VERSION_UNKNOWN] = 505};

    return statuses[e] ? statuses[e] : 400;
}

int refusal_status(enum err e)
{
    switch (err_class(e)) {
    case CLASS_NONE:
        return 200;
    case CLASS_INPUT:
        return status_of_input(e);
    case CLASS_UNAUTHENTICATED:
        return 401;
    case CLASS_FORBIDDEN:
        return 403;
    case CLASS_MISSING:
        return 404;
    case CLASS_CONFLICT:
        return 409;
    case CLASS_TOO_MANY:
        return 429;
    case CLASS_UNAVAILABLE:
        return 503;
    case CLASS_INTERNAL:
        break;
    }
    return 500;
}

const char *refusal_of_member(enum err e)
{
    if (e == ERR_FIELD_MISSING) {
        return "is required";
    }
    if (e == ERR_FIELD_TYPE) {
        return "has the wrong type";
    }
    return e == ERR_FIELD_VALUE ? "has a value that is not allowed" : NULL;
}

struct str refusal_text(struct call *c, enum err e)
{
    struct str at_fault = str_sub(c->ctx.reason.field, 0, MOST_REPEATED), text;
    const char *wrong = refusal_of_member(e);
    enum err made = ERR_MISSING;

    if (at_fault.len > 0 && wrong) {
        made = arena_print(c->ctx.arena, &text, "%.*s %s", STR_ARG(at_fault), wrong);
    } else if (at_fault.len > 0 && (e == ERR_ROLE_UNKNOWN || e == ERR_PERMISSION_UNKNOWN)) {
        made = arena_print(c->ctx.arena, &text, "%s: %.*s", err_text(e), STR_ARG(at_fault));
    }
    return made == ERR_OK ? text : str_of(err_text(e));
}

/* Whoever is not known is told how to say who they are. */
static void challenge(struct call *c, int status)
{
    if (status == 401) {
        answer_header(c, STR("WWW-Authenticate"), STR("Bearer"));
    }
}

void refuse(struct call *c, int status, const struct shape *shape, const void *object)
{
    challenge(c, status);
    if (answer_object(c, status, shape, object) != ERR_OK) {
        c->x->status = status;
    }
}

void refuse_as_line(struct call *c, enum err e)
{
    int status = refusal_status(e);
    struct str text = STR("");

    challenge(c, status);
    if (arena_print(c->ctx.arena, &text, "%s\n", err_text(e)) != ERR_OK) {
        text = STR("");
    }
    (void)!answer_text(c, status, STR("text/plain; charset=utf-8"), text);
}
