/* What each error is in document 004: seven members, printed there twice. */
#include "api/corporate/corporate.h"
#include "api/corporate/routes.h"
#include "api/corporate/shapes.h"
#include "base/arena.h"
#include "http/answer.h"

/* What an error is called; each where the document does not say is the error's own text. */
struct wire {
    int status;
    struct str message, cause;
};

/* "already exists" as a sentence begins. */
static struct str sentence(struct call *c, enum err e)
{
    struct str text = str_of(err_text(e)), copy;

    if (text.ptr[0] < 'a' || text.ptr[0] > 'z' ||
        arena_print(c->ctx.arena, &copy, "%c%s", text.ptr[0] - 'a' + 'A', text.ptr + 1) != ERR_OK) {
        return text;
    }
    return copy;
}

static struct wire plain(struct call *c, int status, enum err e)
{
    struct str text = sentence(c, e);

    return (struct wire){status, text, text};
}

static struct wire invalid(struct str cause)
{
    return (struct wire){400, STR("Invalid request"), cause};
}

static struct wire invalid_as(struct call *c, enum err e)
{
    return invalid(sentence(c, e));
}

/* "fullName is required" */
static struct wire about(struct call *c, enum err e, const char *what)
{
    struct str field = c->ctx.reason.field, text;

    if (field.len == 0 ||
        arena_print(c->ctx.arena, &text, "%.*s %s", STR_ARG(field), what) != ERR_OK) {
        return invalid_as(c, e);
    }
    return invalid(text);
}

static struct wire of_protocol(struct call *c, enum err e)
{
    int status = answer_protocol_status(e);

    return status == 400 ? invalid_as(c, e) : plain(c, status, e);
}

static struct wire unauthorized(void)
{
    return (struct wire){401, STR("Invalid or expired JWT token"),
                         STR("Full authentication is required to access this resource")};
}

/* 409 as the document has it, unless the settings prefer the registered status. */
static struct wire too_many(struct call *c, enum err e)
{
    const struct corporate_settings *settings = c->settings;
    bool registered = settings && str_eq(settings->too_many, STR("429"));

    return (struct wire){registered ? 429 : 409, STR("Rate limit exceeded"), sentence(c, e)};
}

/* No default: a new error has to be placed here. */
static struct wire wire_of(struct call *c, enum err e)
{
    switch (e) {
    case ERR_OK:
        return plain(c, 200, e);
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
        return of_protocol(c, e);
    case ERR_FIELD_MISSING:
        return about(c, e, "is required");
    case ERR_FIELD_TYPE:
        return about(c, e, "has the wrong type");
    case ERR_FIELD_VALUE:
        return about(c, e, "has a value that is not allowed");
    case ERR_BODY_MALFORMED:
    case ERR_PASSWORD_SHORT:
    case ERR_PASSWORD_LONG:
    case ERR_PASSWORD_COMMON:
    case ERR_ROLE_UNKNOWN:
    case ERR_PERMISSION_UNKNOWN:
    case ERR_ACCOUNT_STATE: /* a login that failed, like the next two */
        return invalid_as(c, e);
    case ERR_CREDENTIALS:
    case ERR_CURRENT_PASSWORD:
        return invalid(STR("Invalid credentials"));
    case ERR_LINK:
        return invalid(STR("Invalid or expired token"));
    case ERR_USERNAME_TAKEN: /* the address, where there are no usernames */
    case ERR_EMAIL_TAKEN:
        return invalid(STR("Email is already in use"));
    case ERR_TOKEN_MISSING:
    case ERR_TOKEN_INVALID:
        return unauthorized();
    case ERR_FORBIDDEN:
        return plain(c, 403, e);
    case ERR_NO_ROUTE:
    case ERR_MISSING:
        return plain(c, 404, e);
    case ERR_TAKEN:
    case ERR_LAST_ADMIN:
    case ERR_IN_USE:
    case ERR_BUILT_IN:
        return plain(c, 409, e);
    case ERR_TOO_MANY:
        return too_many(c, e);
    case ERR_BUSY:
    case ERR_STORE_RETRY:
    case ERR_MEMORY:
    case ERR_STORE_DOWN:
    case ERR_STORE_FULL:
        return plain(c, 503, e);
    case ERR_STORE:
    case ERR_CRYPTO:
    case ERR_SYSTEM:
    case ERR_CONFIG:
        return plain(c, 500, e);
    }
    return plain(c, 500, ERR_SYSTEM);
}

/* What is wrong with a token that was shown, as far as whoever made it up may know. */
static struct str jwt_exception(struct call *c)
{
    struct str header = http_header(&c->x->request, STR("authorization")), scheme, token, text;
    unsigned periods = 0;

    (void)str_cut(header, ' ', &scheme, &token);
    for (size_t i = 0; i < token.len; i++) {
        periods += token.ptr[i] == '.';
    }
    if (periods == 2 ||
        arena_print(c->ctx.arena, &text,
                    "JWT strings must contain exactly 2 period characters. Found: %u",
                    periods) != ERR_OK) {
        return STR("JWT is not valid here, has expired, or has been ended");
    }
    return text;
}

static struct str code_of(struct call *c, int status)
{
    struct str code;

    return arena_print(c->ctx.arena, &code, "ERR_%d%s", status, status == 401 ? "_JWT" : "") ==
                   ERR_OK
               ? code
               : STR("ERR");
}

/* The path, without what may be a secret behind it; as it came where it could not be read. */
static struct str path_of(const struct http_request *request)
{
    struct str path, query;

    if (request->path.len > 0) {
        return request->path;
    }
    (void)str_cut(request->target, '?', &path, &query);
    return path;
}

void corporate_write_error(struct call *c, enum err e)
{
    struct wire wire = wire_of(c, e);
    struct error_answer out = {
        .at = c->ctx.now,
        .status = wire.status,
        .error = answer_status_text(e == ERR_TOO_MANY ? 429 : wire.status),
        .code = code_of(c, wire.status),
        .message = wire.message,
        .path = path_of(&c->x->request),
        .details.cause = wire.cause,
    };

    if (wire.status == 401) {
        answer_header(c, STR("WWW-Authenticate"), STR("Bearer"));
    }
    if (e == ERR_TOKEN_INVALID) {
        out.details.jwt = jwt_exception(c);
    }
    if (answer_object(c, wire.status, &corporate_error_answer_shape, &out) != ERR_OK) {
        c->x->status = wire.status; /* no memory for a body: the status alone */
    }
}
