/* What each error is in this face: a status and {"code": n, "message": text}.
 *
 * Document 003 prints no error, so the codes are ours: the status, and a digit that tells apart
 * what has the same one. They are listed in docs/faces/directory.md and never change their meaning.
 */
#include "api/directory/routes.h"
#include "api/directory/shapes.h"
#include "base/arena.h"

struct wire {
    int64_t code; /* ten times the status, and a digit */
    struct str text;
};

enum {
    MOST_REPEATED = 100 /* bytes of what was sent */
};

static struct wire plain(int64_t code, enum err e)
{
    return (struct wire){code, str_of(err_text(e))};
}

/* "dob has a value that is not allowed" */
static struct wire about(struct call *c, int64_t code, enum err e, const char *what)
{
    struct str field = c->ctx.reason.field, text;

    if (field.len == 0 ||
        arena_print(c->ctx.arena, &text, "%.*s %s", STR_ARG(field), what) != ERR_OK) {
        return plain(code, e);
    }
    return (struct wire){code, text};
}

/* "no such role: MANAGER" */
static struct wire naming(struct call *c, int64_t code, enum err e)
{
    struct str name = str_sub(c->ctx.reason.field, 0, MOST_REPEATED), text;

    if (name.len == 0 ||
        arena_print(c->ctx.arena, &text, "%s: %.*s", err_text(e), STR_ARG(name)) != ERR_OK) {
        return plain(code, e);
    }
    return (struct wire){code, text};
}

/* No default: a new error has to be placed here. */
static struct wire wire_of(struct call *c, enum err e)
{
    switch (e) {
    case ERR_OK:
        return plain(2000, e);
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
        return plain(10 * answer_protocol_status(e), e);
    case ERR_BODY_MALFORMED:
        return plain(4001, e);
    case ERR_FIELD_MISSING:
        return about(c, 4002, e, "is required");
    case ERR_FIELD_TYPE:
        return about(c, 4003, e, "has the wrong type");
    case ERR_FIELD_VALUE:
        return about(c, 4004, e, "has a value that is not allowed");
    case ERR_PASSWORD_SHORT:
        return plain(4005, e);
    case ERR_PASSWORD_LONG:
        return plain(4006, e);
    case ERR_PASSWORD_COMMON:
        return plain(4007, e);
    case ERR_LINK: /* no route of this face takes one */
        return plain(4004, e);
    case ERR_ROLE_UNKNOWN:
        return naming(c, 4008, e);
    case ERR_PERMISSION_UNKNOWN:
        return naming(c, 4009, e);
    case ERR_TOKEN_MISSING:
        return plain(4010, e);
    case ERR_TOKEN_INVALID:
        return plain(4011, e);
    case ERR_CREDENTIALS:
        return plain(4012, e);
    case ERR_CURRENT_PASSWORD:
        return plain(4013, e);
    case ERR_FORBIDDEN:
        return plain(4030, e);
    case ERR_ACCOUNT_STATE:
        return plain(4031, e);
    case ERR_NO_ROUTE:
        return plain(4040, e);
    case ERR_MISSING:
        return plain(4041, e);
    case ERR_TAKEN:
        return plain(4090, e);
    case ERR_USERNAME_TAKEN:
        return plain(4091, e);
    case ERR_EMAIL_TAKEN:
        return plain(4092, e);
    case ERR_LAST_ADMIN:
        return plain(4093, e);
    case ERR_IN_USE:
        return plain(4094, e);
    case ERR_BUILT_IN:
        return plain(4095, e);
    case ERR_TOO_MANY:
        return plain(4290, e);
    case ERR_BUSY:
    case ERR_STORE_RETRY:
    case ERR_MEMORY:
        return plain(5030, e);
    case ERR_STORE_DOWN:
        return plain(5031, e);
    case ERR_STORE_FULL:
        return plain(5032, e);
    case ERR_STORE:
    case ERR_CRYPTO:
    case ERR_SYSTEM:
    case ERR_CONFIG:
        return plain(5000, e);
    }
    return plain(5000, ERR_SYSTEM);
}

void directory_write_error(struct call *c, enum err e)
{
    struct wire wire = wire_of(c, e);
    int status = (int)(wire.code / 10);
    struct error_answer out = {wire.code, wire.text};

    if (status == 401) {
        answer_header(c, STR("WWW-Authenticate"), STR("Bearer"));
    }
    if (answer_object(c, status, &directory_error_answer_shape, &out) != ERR_OK) {
        c->x->status = status; /* no memory for a body: the status alone */
    }
}
