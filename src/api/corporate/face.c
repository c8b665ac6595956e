/* The face `corporate`: what document 004 describes. */
#include "api/corporate/corporate.h"
#include "api/corporate/routes.h"
#include "api/corporate/shapes.h"

#define AT(member) offsetof(struct corporate_settings, member)

/* clang-format off */
static const struct setting rows[] = {
    {"face.corporate", "enabled", SETTING_SWITCH, AT(face.enabled), "yes", .help =
     "Serve document 004: /api/v1/auth/…, /api/v1/users/me, /actuator/health"},
    FACE_TOKEN_SETTINGS("face.corporate", struct corporate_settings, "15m"),
    {"face.corporate", "too_many", SETTING_CHOICE, AT(too_many), "409", .choices = "409 429", .help =
     "The status of Too Many Requests: the one that document 004 prints, or the registered one"},
};
/* clang-format on */

static const struct setting_table settings = {
    .rows = rows, .count = ARRAY_LEN(rows), .size = sizeof(struct corporate_settings)};

/* /api/v1/auth alone is the face edge's. */
static const struct str prefixes[] = {
    {"/api/v1/auth/", 13},
    {"/api/v1/users", 13},
    {"/actuator",     9 }
};

const struct face corporate_face = {
    .name = {"corporate", 9},
    .about = "Registration with verified corporate addresses: document 004, Identity Service API.",
    .routes = corporate_routes,
    .route_count = CORPORATE_ROUTES,
    .prefixes = prefixes,
    .prefix_count = ARRAY_LEN(prefixes),
    .settings = &settings,
    .write_error = corporate_write_error,
    .error_shape = &corporate_error_answer_shape,
};
