/* The face `self`: always on, on every listener. */
#include "api/self/routes.h"
#include "api/self/self.h"
#include "web/refusal.h"

static const struct str prefixes[] = {
    {"/livez",       6 },
    {"/readyz",      7 },
    {"/metrics",     8 },
    {"/.well-known", 12},
    {"/openapi",     8 },
    {"/avatars",     8 }
};

const struct face self_face = {
    .name = {"self", 4},
    .about =
        "What the service tells of itself: alive, ready, metrics, public keys, contracts; and the "
        "pictures of users.",
    .routes = self_routes,
    .route_count = SELF_ROUTES,
    .prefixes = prefixes,
    .prefix_count = ARRAY_LEN(prefixes),
    .write_error = refuse_as_line,
};
