/* What each error is in this face: a status and {"code": n, "message": text}.
 *
 * Document 003 prints no error, so the codes are ours: the status, and a digit that tells apart
 * what has the same one. They are listed in docs/faces/directory.md and never change their meaning.
 */
#include "api/directory/routes.h"
#include "api/directory/shapes.h"
#include "web/refusal.h"

/* 0 is anything else of that status. */
static const unsigned char digits[ERRORS] = {
    [ERR_BODY_MALFORMED] = 1,
    [ERR_FIELD_MISSING] = 2,
    [ERR_FIELD_TYPE] = 3,
    [ERR_FIELD_VALUE] = 4,
    [ERR_LINK] = 4,
    [ERR_PASSWORD_SHORT] = 5,
    [ERR_PASSWORD_LONG] = 6,
    [ERR_PASSWORD_COMMON] = 7,
    [ERR_ROLE_UNKNOWN] = 8,
    [ERR_PERMISSION_UNKNOWN] = 9,

    [ERR_TOKEN_INVALID] = 1,
    [ERR_CREDENTIALS] = 2,
    [ERR_CURRENT_PASSWORD] = 3,

    [ERR_ACCOUNT_STATE] = 1,

    [ERR_MISSING] = 1,

    [ERR_USERNAME_TAKEN] = 1,
    [ERR_EMAIL_TAKEN] = 2,
    [ERR_LAST_ADMIN] = 3,
    [ERR_IN_USE] = 4,
    [ERR_BUILT_IN] = 5,

    [ERR_STORE_DOWN] = 1,
    [ERR_STORE_FULL] = 2,
};

void directory_write_error(struct call *c, enum err e)
{
    int status = refusal_status(e);

    refuse(c, status, &directory_error_answer_shape,
           &(struct error_answer){10 * status + digits[e], refusal_text(c, e)});
}
