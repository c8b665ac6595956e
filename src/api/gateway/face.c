/* The face `gateway`: what document 001 describes. */
#include "api/gateway/gateway.h"
#include "api/gateway/routes.h"
#include "api/gateway/shapes.h"

#define AT(member) offsetof(struct gateway_settings, member)

/* clang-format off */
static const struct setting rows[] = {
    {"face.gateway", "enabled", SETTING_SWITCH, AT(face.enabled), "yes", .help =
     "Serve document 001: /id/api, and /api for a gateway that takes /id off"},
    {"face.gateway", "token_life", SETTING_SECONDS, AT(face.token_seconds), "15m", 1, 30 * 86400, .help =
     "How long a token of this face lives"},
    {"face.gateway", "token_algorithm", SETTING_CHOICE, AT(face.token_algorithm), "ES256", .choices = "ES256 HS256", .help =
     "HS256 for consumers that know only that; needs token_secret"},
    {"face.gateway", "token_secret", SETTING_SECRET, AT(face.token_secret), "", 32, .help =
     "The shared secret of HS256, at least 32 bytes"},
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
    .write_error = gateway_write_error,
    .error_shape = &gateway_error_answer_shape,
};
