/* The face `edge`: what document 002 describes. */
#include "api/edge/edge.h"
#include "api/edge/routes.h"
#include "api/edge/shapes.h"

#define AT(member) offsetof(struct edge_settings, member)

/* clang-format off */
static const struct setting rows[] = {
    {"face.edge", "enabled", SETTING_SWITCH, AT(face.enabled), "yes", .help =
     "Serve document 002: /health, /api/v1/login, /api/v1/auth, /api/v1/admin"},
    {"face.edge", "token_life", SETTING_SECONDS, AT(face.token_seconds), "24h", 1, 30 * 86400, .help =
     "How long a token of this face lives"},
    {"face.edge", "token_algorithm", SETTING_CHOICE, AT(face.token_algorithm), "ES256", .choices = "ES256 HS256", .help =
     "HS256 for consumers that know only that; needs token_secret"},
    {"face.edge", "token_secret", SETTING_SECRET, AT(face.token_secret), "", 32, .help =
     "The shared secret of HS256, at least 32 bytes"},
    {"face.edge", "identity_headers", SETTING_SWITCH, AT(face.identity_headers), "no", .help =
     "Let forward-auth also answer X-User-Id, X-User-Email and X-User-Roles"},
};
/* clang-format on */

static const struct setting_table settings = {
    .rows = rows, .count = ARRAY_LEN(rows), .size = sizeof(struct edge_settings)};

static const struct str prefixes[] = {
    {"/health",       7 },
    {"/api/v1",       7 },
    {"/api/v1/login", 13},
    {"/api/v1/auth",  12},
    {"/api/v1/admin", 13}
};

const struct face edge_face = {
    .name = {"edge", 4},
    .about =
        "Login, forward-auth for gateways, and administrators: document 002, Auth Service API.",
    .routes = edge_routes,
    .route_count = EDGE_ROUTES,
    .prefixes = prefixes,
    .prefix_count = ARRAY_LEN(prefixes),
    .settings = &settings,
    .write_error = edge_write_error,
    .error_shape = &error_shape,
};
