/* The face `dev`: there in `signet dev` alone. */
#include "pages/pages.h"
#include "pages/routes.h"
#include "web/refusal.h"

static const struct str prefixes[] = {
    {"/dev", 4}
};

const struct face pages_face = {
    .name = {"dev", 3},
    .about = "What `signet dev` has for those who develop against it.",
    .routes = pages_routes,
    .route_count = PAGES_ROUTES,
    .prefixes = prefixes,
    .prefix_count = ARRAY_LEN(prefixes),
    .write_error = refuse_as_line,
};
