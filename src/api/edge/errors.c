/* What each error is in document 002: a status and {"error": text}. */
#include "api/edge/routes.h"
#include "api/edge/shapes.h"
#include "base/arena.h"

struct wire {
    int status;
    struct str text;
};

/* The member at fault, named: "invalid request body: password has the wrong type". */
static struct wire about_member(struct call *c, const char *what)
{
    struct str text = STR("invalid request body"), field = c->ctx.reason.field;

    if (field.len > 0 && arena_print(c->ctx.arena, &text, "invalid request body: %.*s %s",
                                     STR_ARG(field), what) != ERR_OK) {
        text = STR("invalid request body");
    }
    return (struct wire){400, text};
}

static struct wire plain(int status, enum err e)
{
    return (struct wire){status, str_of(err_text(e))};
}

/* Where the document prints a text for what is missing, that text. */
static struct wire missing_member(struct call *c)
{
    if (!c->body) {
        return (struct wire){400, STR("Username is required")}; /* the one thing a path can lack */
    }
    if (c->body->missing) {
        return (struct wire){400, str_of(c->body->missing)};
    }
    return about_member(c, "is required");
}

/* What HTTP itself has a status for has it in every face. No default: a new error has to be placed
 * here. */
static struct wire wire_of(struct call *c, enum err e)
{
    switch (e) {
    case ERR_OK:
        return plain(200, e);
    case ERR_REQUEST_MALFORMED:
    case ERR_EXPECTATION:
    case ERR_REQUEST_TIMEOUT:
    case ERR_LENGTH_REQUIRED:
    case ERR_BODY_LARGE:
    case ERR_TARGET_LONG:
    case ERR_BODY_TYPE:
    case ERR_HEADERS_LARGE:
    case ERR_METHOD_UNKNOWN:
    case ERR_VERSION_UNKNOWN:
    case ERR_METHOD:
        return plain(answer_protocol_status(e), e);
    case ERR_BODY_MALFORMED:
        return (struct wire){400, STR("invalid request body")};
    case ERR_FIELD_MISSING:
        return missing_member(c);
    case ERR_FIELD_TYPE:
        return about_member(c, "has the wrong type");
    case ERR_FIELD_VALUE:
        return about_member(c, "has a value that is not allowed");
    case ERR_PASSWORD_SHORT:
    case ERR_PASSWORD_LONG:
    case ERR_PASSWORD_COMMON:
    case ERR_ROLE_UNKNOWN:
    case ERR_PERMISSION_UNKNOWN:
    case ERR_LINK:
        return plain(400, e);
    case ERR_TOKEN_MISSING:
    case ERR_TOKEN_INVALID:
        return (struct wire){401, STR("unauthorized")};
    case ERR_CREDENTIALS:
    case ERR_CURRENT_PASSWORD:
        return plain(401, e);
    case ERR_FORBIDDEN:
    case ERR_ACCOUNT_STATE:
        return plain(403, e);
    case ERR_NO_ROUTE:
        return plain(404, e);
    case ERR_MISSING:
        return (struct wire){404, STR("admin not found")};
    case ERR_TAKEN:
    case ERR_USERNAME_TAKEN:
    case ERR_EMAIL_TAKEN:
    case ERR_LAST_ADMIN:
    case ERR_IN_USE:
    case ERR_BUILT_IN:
        return plain(409, e);
    case ERR_TOO_MANY:
        return plain(429, e);
    case ERR_BUSY:
    case ERR_STORE_DOWN:
    case ERR_STORE_FULL:
    case ERR_STORE_RETRY:
    case ERR_MEMORY:
        return plain(503, e);
    case ERR_STORE:
    case ERR_CRYPTO:
    case ERR_SYSTEM:
    case ERR_CONFIG:
        return plain(500, e);
    }
    return plain(500, ERR_SYSTEM);
}

void edge_write_error(struct call *c, enum err e)
{
    struct wire wire = wire_of(c, e);

    if (err_class(e) == CLASS_UNAUTHENTICATED) {
        answer_header(c, STR("WWW-Authenticate"), STR("Bearer"));
    }
    if (answer_object(c, wire.status, &error_shape, &(struct message){wire.text}) != ERR_OK) {
        c->x->status = wire.status; /* no memory for a body: the status alone */
    }
}
