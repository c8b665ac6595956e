/* The face `directory`: what document 003 describes. */
#include "api/directory/directory.h"
#include "api/directory/routes.h"
#include "api/directory/shapes.h"

#define AT(member) offsetof(struct directory_settings, member)

/* clang-format off */
static const struct setting rows[] = {
    {"face.directory", "enabled", SETTING_SWITCH, AT(face.enabled), "yes", .help =
     "Serve document 003: /auth, /users, /roles, /permissions"},
    {"face.directory", "open", SETTING_SWITCH, AT(face.open), "no", .help =
     "Ask for no token, as document 003 has it: who shows none may do what ADMIN may. For a closed network: refused on a listener that is neither loopback nor private"},
    FACE_TOKEN_SETTINGS("face.directory", struct directory_settings, "1h"),
    {"face.directory", "token_roles", SETTING_SWITCH, AT(face.token_roles), "yes", .help =
     "Let the tokens of this face carry the names of the user's roles, in the claim `roles`"},
};
/* clang-format on */

static const struct setting_table settings = {
    .rows = rows, .count = ARRAY_LEN(rows), .size = sizeof(struct directory_settings)};

static const struct str prefixes[] = {
    {"/auth",        5 },
    {"/users",       6 },
    {"/roles",       6 },
    {"/permissions", 12}
};

const struct face directory_face = {
    .name = {"directory", 9},
    .about = "Users, roles and permissions: document 003, Identity Service API.",
    .routes = directory_routes,
    .route_count = DIRECTORY_ROUTES,
    .prefixes = prefixes,
    .prefix_count = ARRAY_LEN(prefixes),
    .settings = &settings,
    .can_open = true,
    .write_error = directory_write_error,
    .error_shape = &directory_error_answer_shape,
};
