/* What each error is in this face: a status and {…, "error": {"code", "message", "details"}}.
 *
 * Document 001 prints no code, so they are ours: they are listed in docs/faces/gateway.md and never
 * change their meaning.
 */
#include "api/gateway/reading.h"
#include "api/gateway/routes.h"
#include "base/arena.h"

enum {
    MOST_REPEATED = 100 /* bytes of what was sent */
};

struct wire {
    int status;
    const char *code;
};

/* What HTTP itself has a status for. */
static struct wire protocol(enum err e)
{
    return (struct wire){answer_protocol_status(e), "REQUEST_REFUSED"};
}

/* No default: a new error has to be placed here. */
static struct wire wire_of(enum err e)
{
    switch (e) {
    case ERR_OK:
        return (struct wire){200, "OK"};
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
        return protocol(e);
    case ERR_METHOD:
        return (struct wire){405, "METHOD_NOT_ALLOWED"};
    case ERR_BODY_MALFORMED:
        return (struct wire){400, "BODY_MALFORMED"};
    case ERR_FIELD_MISSING:
        return (struct wire){400, "FIELD_REQUIRED"};
    case ERR_FIELD_TYPE:
        return (struct wire){400, "FIELD_TYPE"};
    case ERR_FIELD_VALUE:
    case ERR_LINK:
        return (struct wire){400, "FIELD_VALUE"};
    case ERR_PASSWORD_SHORT:
    case ERR_PASSWORD_LONG:
    case ERR_PASSWORD_COMMON:
        return (struct wire){400, "PASSWORD_REFUSED"};
    case ERR_ROLE_UNKNOWN:
        return (struct wire){400, "ROLE_UNKNOWN"};
    case ERR_PERMISSION_UNKNOWN:
        return (struct wire){400, "PERMISSION_UNKNOWN"};
    case ERR_TOKEN_MISSING:
        return (struct wire){401, "TOKEN_MISSING"};
    case ERR_TOKEN_INVALID:
        return (struct wire){401, "TOKEN_INVALID"};
    case ERR_CREDENTIALS:
    case ERR_CURRENT_PASSWORD:
        return (struct wire){401, "CREDENTIALS_INVALID"};
    case ERR_FORBIDDEN:
        return (struct wire){403, "FORBIDDEN"};
    case ERR_ACCOUNT_STATE:
        return (struct wire){403, "ACCOUNT_NOT_ACTIVE"};
    case ERR_NO_ROUTE:
    case ERR_MISSING:
        return (struct wire){404, "NOT_FOUND"};
    case ERR_TAKEN:
    case ERR_USERNAME_TAKEN:
    case ERR_EMAIL_TAKEN:
        return (struct wire){409, "ALREADY_EXISTS"};
    case ERR_LAST_ADMIN:
        return (struct wire){409, "LAST_ADMIN"};
    case ERR_IN_USE:
        return (struct wire){409, "IN_USE"};
    case ERR_BUILT_IN:
        return (struct wire){409, "BUILT_IN"};
    case ERR_TOO_MANY:
        return (struct wire){429, "TOO_MANY_REQUESTS"};
    case ERR_BUSY:
    case ERR_STORE_RETRY:
    case ERR_MEMORY:
    case ERR_STORE_DOWN:
    case ERR_STORE_FULL:
        return (struct wire){503, "UNAVAILABLE"};
    case ERR_STORE:
    case ERR_CRYPTO:
    case ERR_SYSTEM:
    case ERR_CONFIG:
        break;
    }
    return (struct wire){500, "INTERNAL_ERROR"};
}

/* What is wrong with a member, or NULL where none is at fault. */
static const char *about(enum err e)
{
    if (e == ERR_FIELD_MISSING) {
        return "is required";
    }
    if (e == ERR_FIELD_TYPE) {
        return "has the wrong type";
    }
    return e == ERR_FIELD_VALUE ? "has a value that is not allowed" : NULL;
}

/* "limit has the wrong type", "no such permission: READ_DATA" */
static struct str message_of(struct call *c, enum err e)
{
    struct str at_fault = str_sub(c->ctx.reason.field, 0, MOST_REPEATED), text;
    bool names = e == ERR_ROLE_UNKNOWN || e == ERR_PERMISSION_UNKNOWN;
    enum err made = ERR_MISSING;

    if (at_fault.len > 0 && names) {
        made = arena_print(c->ctx.arena, &text, "%s: %.*s", err_text(e), STR_ARG(at_fault));
    } else if (at_fault.len > 0 && about(e)) {
        made = arena_print(c->ctx.arena, &text, "%.*s %s", STR_ARG(at_fault), about(e));
    }
    return made == ERR_OK ? text : str_of(err_text(e));
}

void gateway_write_error(struct call *c, enum err e)
{
    struct wire wire = wire_of(e);
    struct error_answer out = {.envelope = gateway_envelope(c, false)};

    out.error.code = str_of(wire.code);
    out.error.message = message_of(c, e);
    if (about(e) && c->ctx.reason.field.len > 0) {
        out.error.details.field = c->ctx.reason.field;
        out.error.details_are = PRESENCE_VALUE;
    }
    if (wire.status == 401) {
        answer_header(c, STR("WWW-Authenticate"), STR("Bearer"));
    }
    if (answer_object(c, wire.status, &gateway_error_answer_shape, &out) != ERR_OK) {
        c->x->status = wire.status; /* no memory for a body: the status alone */
    }
}
