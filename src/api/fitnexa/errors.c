/* What each error is in document 000: {"error", "statusCode", "service"}. */
#include "api/fitnexa/routes.h"
#include "api/fitnexa/shapes.h"
#include "web/refusal.h"

static struct str text_of(struct call *c, enum err e)
{
    if (e == ERR_CREDENTIALS) {
        return STR("invalid email or password");
    }
    if (e == ERR_ELSEWHERE) {
        return STR("the account belongs to another gym");
    }
    return refusal_text(c, e);
}

void fitnexa_write_error(struct call *c, enum err e)
{
    int status = refusal_status(e);

    refuse(c, status, &fitnexa_error_answer_shape,
           &(struct error_answer){text_of(c, e), status, STR("identity-service")});
}
