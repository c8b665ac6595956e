/* What each error is in document 004: seven members, printed there twice. */
#include "api/corporate/corporate.h"
#include "api/corporate/routes.h"
#include "api/corporate/shapes.h"
#include "base/arena.h"
#include "http/answer.h"
#include "web/refusal.h"

/* What an error is called. */
struct wire {
    int status;
    struct str message, cause;
};

/* "already exists" as a sentence begins; a member's name is left as it is. */
static struct str sentence(struct call *c, enum err e)
{
    struct str text = refusal_text(c, e), copy;
    bool of_the_table = str_eq(text, str_of(err_text(e)));

    if (!of_the_table || text.ptr[0] < 'a' || text.ptr[0] > 'z' ||
        arena_print(c->ctx.arena, &copy, "%c%s", text.ptr[0] - 'a' + 'A', text.ptr + 1) != ERR_OK) {
        return text;
    }
    return copy;
}

static bool is_login_that_failed(enum err e)
{
    return e == ERR_CREDENTIALS || e == ERR_CURRENT_PASSWORD || e == ERR_ACCOUNT_STATE;
}

/* The address, also where there are no usernames. */
static bool is_address_in_use(enum err e)
{
    return e == ERR_USERNAME_TAKEN || e == ERR_EMAIL_TAKEN;
}

/* 409 for too many, as the document has it, unless the settings prefer the registered status. */
static int status_of(struct call *c, enum err e)
{
    const struct corporate_settings *settings = c->settings;

    if (is_login_that_failed(e) || is_address_in_use(e)) {
        return 400;
    }
    if (e == ERR_TOO_MANY && !(settings && str_eq(settings->too_many, STR("429")))) {
        return 409;
    }
    return refusal_status(e);
}

/* The cause where the document prints one, else the error's own text. */
static struct str cause_of(struct call *c, enum err e)
{
    if (e == ERR_CREDENTIALS || e == ERR_CURRENT_PASSWORD) {
        return STR("Invalid credentials");
    }
    if (is_address_in_use(e)) {
        return STR("Email is already in use");
    }
    return e == ERR_LINK ? STR("Invalid or expired token") : sentence(c, e);
}

static struct wire wire_of(struct call *c, enum err e)
{
    int status = status_of(c, e);
    struct str cause = cause_of(c, e);

    if (status == 400) {
        return (struct wire){status, STR("Invalid request"), cause};
    }
    if (status == 401) {
        return (struct wire){status, STR("Invalid or expired JWT token"),
                             STR("Full authentication is required to access this resource")};
    }
    if (e == ERR_TOO_MANY) {
        return (struct wire){status, STR("Rate limit exceeded"), cause};
    }
    return (struct wire){status, cause, cause};
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

    if (e == ERR_TOKEN_INVALID) {
        out.details.jwt = jwt_exception(c);
    }
    refuse(c, wire.status, &corporate_error_answer_shape, &out);
}
