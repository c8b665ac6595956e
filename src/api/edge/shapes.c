/* Document 002's objects, member by member, in its order. */
#include "api/edge/shapes.h"

/* clang-format off */
static const struct field health_fields[] = {
    FIELD(struct health, status,    "status",    OPTIONAL),
    FIELD(struct health, service,   "service",   OPTIONAL),
    FIELD(struct health, timestamp, "timestamp", OPTIONAL),
};

static const struct field credentials_fields[] = {
    FIELD(struct credentials, username, "username", REQUIRED),
    FIELD(struct credentials, password, "password", REQUIRED),
};

static const struct field bearer_fields[] = {
    FIELD(struct bearer, token,   "token",      OPTIONAL),
    FIELD(struct bearer, seconds, "expires_in", OPTIONAL),
    FIELD(struct bearer, type,    "token_type", OPTIONAL),
};

static const struct field new_admin_fields[] = {
    FIELD(struct new_user, username, "username", REQUIRED),
    FIELD(struct new_user, password, "password", REQUIRED),
    FIELD(struct new_user, email,    "email",    REQUIRED),
};

static const struct field new_password_fields[] = {
    FIELD(struct new_password, username, "username",         REQUIRED),
    FIELD(struct new_password, current,  "current_password", REQUIRED),
    FIELD(struct new_password, chosen,   "new_password",     REQUIRED),
};

static const struct field message_fields[] = {
    FIELD(struct message, text, "message", OPTIONAL),
};

static const struct field error_fields[] = {
    FIELD(struct message, text, "error", OPTIONAL),
};

static const struct field admin_fields[] = {
    FIELD(struct admin, number,     "id",            OPTIONAL),
    FIELD(struct admin, username,   "username",      EMPTY_IF_NONE),
    FIELD(struct admin, email,      "email",         EMPTY_IF_NONE),
    FIELD(struct admin, active,     "is_active",     OPTIONAL),
    FIELD(struct admin, created,    "created_at",    OPTIONAL),
    FIELD(struct admin, last_login, "last_login_at", EMPTY_IF_NONE),
};
static const struct shape admin_shape = SHAPE(admin_fields, MOMENT_SECONDS);

static const struct field admin_page_fields[] = {
    LIST_FIELD(struct admin_page, admins, "admins", admin_shape),
};
/* clang-format on */

const struct shape health_shape = SHAPE(health_fields, MOMENT_SECONDS);
const struct shape credentials_shape = SHAPE(credentials_fields, MOMENT_SECONDS);
const struct shape bearer_shape = SHAPE(bearer_fields, MOMENT_SECONDS);
const struct shape new_admin_shape = SHAPE(new_admin_fields, MOMENT_SECONDS,
                                           .missing = "Username, password, and email are required");
const struct shape new_password_shape = SHAPE(new_password_fields, MOMENT_SECONDS);
const struct shape message_shape = SHAPE(message_fields, MOMENT_SECONDS);
const struct shape error_shape = SHAPE(error_fields, MOMENT_SECONDS);
const struct shape admin_page_shape = SHAPE(admin_page_fields, MOMENT_SECONDS);
