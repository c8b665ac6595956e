/* What each error is in document 002: {"error": text}, and where it prints a text, that text. */
#include "api/edge/routes.h"
#include "api/edge/shapes.h"
#include "base/arena.h"
#include "web/refusal.h"

/* The member at fault, named: "invalid request body: password has the wrong type". */
static struct str about_member(struct call *c, enum err e)
{
    struct str field = c->ctx.reason.field, text;

    if (field.len == 0 || arena_print(c->ctx.arena, &text, "invalid request body: %.*s %s",
                                      STR_ARG(field), refusal_of_member(e)) != ERR_OK) {
        return STR("invalid request body");
    }
    return text;
}

static struct str missing_member(struct call *c)
{
    if (!c->body) {
        return STR("Username is required"); /* the one thing a path can lack */
    }
    return c->body->missing ? str_of(c->body->missing) : about_member(c, ERR_FIELD_MISSING);
}

static struct str text_of(struct call *c, enum err e)
{
    if (e == ERR_FIELD_MISSING) {
        return missing_member(c);
    }
    if (refusal_of_member(e)) {
        return about_member(c, e);
    }
    if (e == ERR_BODY_MALFORMED) {
        return STR("invalid request body");
    }
    if (e == ERR_TOKEN_MISSING || e == ERR_TOKEN_INVALID) {
        return STR("unauthorized");
    }
    return e == ERR_MISSING ? STR("admin not found") : str_of(err_text(e));
}

void edge_write_error(struct call *c, enum err e)
{
    refuse(c, refusal_status(e), &error_shape, &(struct message){text_of(c, e)});
}
