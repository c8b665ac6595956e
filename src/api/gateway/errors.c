/* What each error is in this face: a status and {…, "error": {"code", "message", "details"}}.
 *
 * Document 001 prints no code, so they are ours: they are listed in docs/faces/gateway.md and never
 * change their meaning.
 */
#include "api/gateway/reading.h"
#include "api/gateway/routes.h"
#include "web/refusal.h"

/* What the class of an error is called. */
static const char *const classes[] = {
    [CLASS_NONE] = "OK",
    [CLASS_INPUT] = "REQUEST_REFUSED",
    [CLASS_UNAUTHENTICATED] = "CREDENTIALS_INVALID",
    [CLASS_FORBIDDEN] = "FORBIDDEN",
    [CLASS_MISSING] = "NOT_FOUND",
    [CLASS_CONFLICT] = "ALREADY_EXISTS",
    [CLASS_TOO_MANY] = "TOO_MANY_REQUESTS",
    [CLASS_UNAVAILABLE] = "UNAVAILABLE",
    [CLASS_INTERNAL] = "INTERNAL_ERROR",
};

/* And which have a name of their own. */
static const char *const codes[ERRORS] = {
    [ERR_METHOD] = "METHOD_NOT_ALLOWED",
    [ERR_BODY_MALFORMED] = "BODY_MALFORMED",
    [ERR_FIELD_MISSING] = "FIELD_REQUIRED",
    [ERR_FIELD_TYPE] = "FIELD_TYPE",
    [ERR_FIELD_VALUE] = "FIELD_VALUE",
    [ERR_LINK] = "LINK_INVALID",
    [ERR_PASSWORD_SHORT] = "PASSWORD_REFUSED",
    [ERR_PASSWORD_LONG] = "PASSWORD_REFUSED",
    [ERR_PASSWORD_COMMON] = "PASSWORD_REFUSED",
    [ERR_ROLE_UNKNOWN] = "ROLE_UNKNOWN",
    [ERR_PERMISSION_UNKNOWN] = "PERMISSION_UNKNOWN",
    [ERR_TOKEN_MISSING] = "TOKEN_MISSING",
    [ERR_TOKEN_INVALID] = "TOKEN_INVALID",
    [ERR_ACCOUNT_STATE] = "ACCOUNT_NOT_ACTIVE",
    [ERR_LAST_ADMIN] = "LAST_ADMIN",
    [ERR_IN_USE] = "IN_USE",
    [ERR_BUILT_IN] = "BUILT_IN",
};

void gateway_write_error(struct call *c, enum err e)
{
    struct error_answer out = {.envelope = gateway_envelope(c, false)};

    out.error.code = str_of(codes[e] ? codes[e] : classes[err_class(e)]);
    out.error.message = refusal_text(c, e);
    if (refusal_of_member(e) && c->ctx.reason.field.len > 0) {
        out.error.details.field = c->ctx.reason.field;
        out.error.details_are = PRESENCE_VALUE;
    }
    refuse(c, refusal_status(e), &gateway_error_answer_shape, &out);
}
