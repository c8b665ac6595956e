/* Errors of the service's own paths: the class decides the status, the text is the table's. */
#include "api/self/routes.h"
#include "base/arena.h"

static int status_of(enum err e)
{
    switch (err_class(e)) {
    case CLASS_NONE:
        return 200;
    case CLASS_INPUT:
        return answer_protocol_status(e);
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
        return 500;
    }
    return 500;
}

void self_write_error(struct call *c, enum err e)
{
    struct str text = STR("");

    if (err_class(e) == CLASS_UNAUTHENTICATED) {
        answer_header(c, STR("WWW-Authenticate"), STR("Bearer"));
    }
    if (arena_print(c->ctx.arena, &text, "%s\n", err_text(e)) != ERR_OK) {
        text = STR("");
    }
    (void)!answer_text(c, status_of(e), STR("text/plain; charset=utf-8"), text);
}
