/* The face `fitnexa`: what document 000 describes. */
#include "api/fitnexa/fitnexa.h"
#include "api/fitnexa/routes.h"
#include "api/fitnexa/shapes.h"

#define AT(member) offsetof(struct fitnexa_settings, member)

/* clang-format off */
static const struct setting rows[] = {
    {"face.fitnexa", "enabled", SETTING_SWITCH, AT(face.enabled), "yes", .help =
     "Serve document 000: /auth/login, /auth/me, /users/me, /users/profile, …"},
    FACE_TOKEN_SETTINGS("face.fitnexa", struct fitnexa_settings, "15m"),
    {"face.fitnexa", "token_member", SETTING_SWITCH, AT(face.token_member), "yes", .help =
     "Let the tokens of this face carry `userId`, `email`, `role` and `gymId`"},
};
/* clang-format on */

static const struct setting_table settings = {
    .rows = rows, .count = ARRAY_LEN(rows), .size = sizeof(struct fitnexa_settings)};

/* What is below /auth and /users, and of neither face, is the directory's, if that is served. */
static const struct str prefixes[] = {
    {"/auth",                   5 },
    {"/auth/login",             11},
    {"/auth/me",                8 },
    {"/auth/register",          14},
    {"/auth/forgot-password",   21},
    {"/auth/reset-password",    20},
    {"/users",                  6 },
    {"/users/me",               9 },
    {"/users/all",              10},
    {"/users/profile",          14},
    {"/users/activate",         15},
    {"/users/create-gym-admin", 23}
};

const struct face fitnexa_face = {
    .name = {"fitnexa", 7},
    .about = "Gyms, their members and administrators: document 000, Identity Service of FitNexa.",
    .routes = fitnexa_routes,
    .route_count = FITNEXA_ROUTES,
    .prefixes = prefixes,
    .prefix_count = ARRAY_LEN(prefixes),
    .settings = &settings,
    .refreshes = true,
    .write_error = fitnexa_write_error,
    .error_shape = &fitnexa_error_answer_shape,
};
