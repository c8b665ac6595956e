/* The face `dev`: there in `signet dev` alone. */
#include "base/arena.h"
#include "pages/pages.h"
#include "pages/routes.h"

static const struct str prefixes[] = {
    {"/dev", 4}
};

void pages_write_error(struct call *c, enum err e)
{
    int status = e == ERR_MISSING ? 404 : answer_protocol_status(e);
    struct str text = STR("");

    status = err_class(e) == CLASS_UNAVAILABLE ? 503
             : err_class(e) == CLASS_INTERNAL  ? 500
                                               : status;
    status = err_class(e) == CLASS_MISSING ? 404 : status;
    if (arena_print(c->ctx.arena, &text, "%s\n", err_text(e)) != ERR_OK) {
        text = STR("");
    }
    (void)!answer_text(c, status, STR("text/plain; charset=utf-8"), text);
}

const struct face pages_face = {
    .name = {"dev", 3},
    .about = "What `signet dev` has for those who develop against it.",
    .routes = pages_routes,
    .route_count = PAGES_ROUTES,
    .prefixes = prefixes,
    .prefix_count = ARRAY_LEN(prefixes),
    .write_error = pages_write_error,
};
