/* The face `edge`: what document 002 describes. */
#include "api/edge/edge.h"
#include "api/edge/routes.h"
#include "api/edge/shapes.h"

#define AT(member) offsetof(struct edge_settings, member)

/* clang-format off */
static const struct setting rows[] = {
    {"face.edge", "enabled", SETTING_SWITCH, AT(face.enabled), "yes", .help =
     "Serve document 002: /health, /api/v1/login, /api/v1/auth, /api/v1/admin"},
    FACE_TOKEN_SETTINGS("face.edge", struct edge_settings, "24h"),
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
