/* The face `gateway`: what document 001 describes. */
#include "api/gateway/gateway.h"
#include "api/gateway/routes.h"
#include "api/gateway/shapes.h"

#define AT(member) offsetof(struct gateway_settings, member)

/* clang-format off */
static const struct setting rows[] = {
    {"face.gateway", "enabled", SETTING_SWITCH, AT(face.enabled), "yes", .help =
     "Serve document 001: /id/api, and /api for a gateway that takes /id off"},
    FACE_TOKEN_SETTINGS("face.gateway", struct gateway_settings, "15m"),
    {"face.gateway", "token_roles", SETTING_SWITCH, AT(face.token_roles), "no", .help =
     "Let the tokens of this face carry the names of the user's roles, in the claim `roles`"},
};
/* clang-format on */

static const struct setting_table settings = {
    .rows = rows, .count = ARRAY_LEN(rows), .size = sizeof(struct gateway_settings)};

static const struct str prefixes[] = {
    {"/id/api", 7},
    {"/api",    4}
};

const struct face gateway_face = {
    .name = {"gateway", 7},
    .about =
        "Logins, sessions, users, organizations, roles and permissions behind a gateway: document "
        "001, "
        "Identity Service API. Each path is there without /id, too.",
    .routes = gateway_routes,
    .route_count = GATEWAY_ROUTES,
    .prefixes = prefixes,
    .prefix_count = ARRAY_LEN(prefixes),
    .strippable = {"/id",     3},
    .settings = &settings,
    .refreshes = true,
    .write_error = gateway_write_error,
    .error_shape = &gateway_error_answer_shape,
};
