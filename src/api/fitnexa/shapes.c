/* Document 000's objects, member by member. */
#include "api/fitnexa/shapes.h"

enum {
    NAME = 200, /* characters */
    PHONE = 40,
    BIO = 2000,
    GYM = 200,
    SEARCH = 254,
    TOKEN = 1 << 13
};

/* clang-format off */
static const struct field credentials_fields[] = {
    FIELD(struct credentials, email,    "email",    REQUIRED),
    FIELD(struct credentials, password, "password", REQUIRED),
    FIELD(struct credentials, domain,   "domain",   OPTIONAL, .most = GYM),
};

static const struct field user_fields[] = {
    FIELD(struct user_shown, id,         "id",          REQUIRED),
    FIELD(struct user_shown, email,      "email",       NULL_IF_NONE),
    FIELD(struct user_shown, role,       "role",        REQUIRED),
    FIELD(struct user_shown, status,     "status",      REQUIRED),
    FIELD(struct user_shown, gym,        "gymId",       NULL_IF_NONE),
    FIELD(struct user_shown, activated,  "activatedAt", NULL_IF_NONE),
    FIELD(struct user_shown, avatar,     "avatar",      NULL_IF_NONE),
    FIELD(struct user_shown, first_name, "firstName",   OPTIONAL),
    FIELD(struct user_shown, last_name,  "lastName",    OPTIONAL),
    FIELD(struct user_shown, phone,      "phone",       OPTIONAL),
    FIELD(struct user_shown, bio,        "bio",         OPTIONAL),
    FIELD(struct user_shown, created,    "createdAt",   OPTIONAL),
    FIELD(struct user_shown, updated,    "updatedAt",   OPTIONAL),
};
const struct shape fitnexa_user_shape = SHAPE(user_fields, MOMENT_MILLIS);

static const struct field logged_in_answer_fields[] = {
    FIELD(struct logged_in_answer, token,   "token",        OPTIONAL),
    FIELD(struct logged_in_answer, refresh, "refreshToken", OPTIONAL),
    OBJECT_FIELD(struct logged_in_answer, user, "user", fitnexa_user_shape, REQUIRED),
};

static const struct field registration_fields[] = {
    FIELD(struct registration_body, email,      "email",     REQUIRED),
    FIELD(struct registration_body, password,   "password",  REQUIRED),
    FIELD(struct registration_body, first_name, "firstName", OPTIONAL, .most = NAME),
    FIELD(struct registration_body, last_name,  "lastName",  OPTIONAL, .most = NAME),
    FIELD(struct registration_body, gym,        "gymId",     OPTIONAL, .most = GYM),
};

static const struct field profile_fields[] = {
    FIELD(struct profile_body, first_name, "firstName", OPTIONAL, .most = NAME,  PRESENCE(struct profile_body, first_name_is)),
    FIELD(struct profile_body, last_name,  "lastName",  OPTIONAL, .most = NAME,  PRESENCE(struct profile_body, last_name_is)),
    FIELD(struct profile_body, phone,      "phone",     OPTIONAL, .most = PHONE, PRESENCE(struct profile_body, phone_is)),
    FIELD(struct profile_body, bio,        "bio",       OPTIONAL, .most = BIO,   PRESENCE(struct profile_body, bio_is)),
};

static const struct field users_query_fields[] = {
    FIELD(struct users_query, page,   "page",   OPTIONAL),
    FIELD(struct users_query, limit,  "limit",  OPTIONAL),
    FIELD(struct users_query, search, "search", OPTIONAL, .most = SEARCH),
    FIELD(struct users_query, role,   "role",   OPTIONAL, .most = GYM),
    FIELD(struct users_query, gym,    "gymId",  OPTIONAL, .most = GYM),
    FIELD(struct users_query, status, "status", OPTIONAL, .most = GYM),
};

static const struct field users_answer_fields[] = {
    LIST_FIELD(struct users_answer, users, "users", fitnexa_user_shape),
    FIELD(struct users_answer, total, "total", REQUIRED),
    FIELD(struct users_answer, page,  "page",  REQUIRED),
    FIELD(struct users_answer, limit, "limit", REQUIRED),
};

static const struct field new_gym_admin_fields[] = {
    FIELD(struct gym_admin_body, email,      "email",     REQUIRED),
    FIELD(struct gym_admin_body, gym,        "gymId",     REQUIRED, .most = GYM),
    FIELD(struct gym_admin_body, first_name, "firstName", OPTIONAL, .most = NAME),
    FIELD(struct gym_admin_body, last_name,  "lastName",  OPTIONAL, .most = NAME),
    FIELD(struct gym_admin_body, phone,      "phone",     OPTIONAL, .most = PHONE),
    FIELD(struct gym_admin_body, password,   "password",  OPTIONAL),
    FIELD(struct gym_admin_body, send_email, "sendEmail", OPTIONAL),
};

static const struct field gym_admin_answer_fields[] = {
    OBJECT_FIELD(struct gym_admin_answer, user, "user", fitnexa_user_shape, REQUIRED),
    FIELD(struct gym_admin_answer, token,   "activationToken", REQUIRED),
    FIELD(struct gym_admin_answer, expires, "expiresAt",       REQUIRED),
};

static const struct field activation_fields[] = {
    FIELD(struct link_body, token,    "token",    REQUIRED, .most = TOKEN),
    FIELD(struct link_body, password, "password", OPTIONAL),
};

static const struct field activated_answer_fields[] = {
    OBJECT_FIELD(struct activated_answer, user, "user", fitnexa_user_shape, REQUIRED),
};

static const struct field addressee_fields[] = {
    FIELD(struct addressee, email, "email", REQUIRED),
};

static const struct field reset_fields[] = {
    FIELD(struct link_body, token,    "token",    REQUIRED, .most = TOKEN),
    FIELD(struct link_body, password, "password", REQUIRED),
};

static const struct field message_fields[] = {
    FIELD(struct message, message, "message", REQUIRED),
};

static const struct field error_answer_fields[] = {
    FIELD(struct error_answer, error,   "error",      REQUIRED),
    FIELD(struct error_answer, status,  "statusCode", REQUIRED),
    FIELD(struct error_answer, service, "service",    REQUIRED),
};
/* clang-format on */

const struct shape fitnexa_credentials_shape = SHAPE(credentials_fields, MOMENT_MILLIS);
const struct shape fitnexa_logged_in_answer_shape = SHAPE(logged_in_answer_fields, MOMENT_MILLIS);
const struct shape fitnexa_registration_shape = SHAPE(registration_fields, MOMENT_MILLIS);
const struct shape fitnexa_profile_shape = SHAPE(profile_fields, MOMENT_MILLIS);
const struct shape fitnexa_users_query_shape = SHAPE(users_query_fields, MOMENT_MILLIS);
const struct shape fitnexa_users_answer_shape = SHAPE(users_answer_fields, MOMENT_MILLIS);
const struct shape fitnexa_new_gym_admin_shape = SHAPE(new_gym_admin_fields, MOMENT_MILLIS);
const struct shape fitnexa_gym_admin_answer_shape = SHAPE(gym_admin_answer_fields, MOMENT_MILLIS);
const struct shape fitnexa_activation_shape = SHAPE(activation_fields, MOMENT_MILLIS);
const struct shape fitnexa_activated_answer_shape = SHAPE(activated_answer_fields, MOMENT_MILLIS);
const struct shape fitnexa_addressee_shape = SHAPE(addressee_fields, MOMENT_MILLIS);
const struct shape fitnexa_reset_shape = SHAPE(reset_fields, MOMENT_MILLIS);
const struct shape fitnexa_message_shape = SHAPE(message_fields, MOMENT_MILLIS);
const struct shape fitnexa_error_answer_shape = SHAPE(error_answer_fields, MOMENT_MILLIS);
