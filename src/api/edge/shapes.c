/* Document 002's objects, member by member, in its order. */
#include "api/edge/shapes.h"

/* clang-format off */
static const struct field health_fields[] = {
    FIELD(struct health, status,    "status",    REQUIRED),
    FIELD(struct health, service,   "service",   REQUIRED),
    FIELD(struct health, timestamp, "timestamp", REQUIRED),
};

static const struct field credentials_fields[] = {
    FIELD(struct credentials, username, "username", REQUIRED),
    FIELD(struct credentials, password, "password", REQUIRED),
};

static const struct field bearer_fields[] = {
    FIELD(struct bearer, token,   "token",      REQUIRED),
    FIELD(struct bearer, seconds, "expires_in", REQUIRED),
    FIELD(struct bearer, type,    "token_type", REQUIRED),
};

static const struct field new_admin_fields[] = {
    FIELD(struct new_user, username, "username", REQUIRED),
    FIELD(struct new_user, password, "password", REQUIRED),
    FIELD(struct new_user, email,    "email",    REQUIRED),
};

static const struct field new_password_fields[] = {
    FIELD(struct new_password, username, "username",         REQUIRED),
    FIELD(struct new_password, change.current,  "current_password", REQUIRED),
    FIELD(struct new_password, change.chosen,   "new_password",     REQUIRED),
};

static const struct field message_fields[] = {
    FIELD(struct message, text, "message", REQUIRED),
};

static const struct field error_fields[] = {
    FIELD(struct message, text, "error", REQUIRED),
};

static const struct field admin_fields[] = {
    FIELD(struct admin, number,     "id",            REQUIRED),
    FIELD(struct admin, username,   "username",      REQUIRED),
    FIELD(struct admin, email,      "email",         EMPTY_IF_NONE),
    FIELD(struct admin, active,     "is_active",     REQUIRED),
    FIELD(struct admin, created,    "created_at",    REQUIRED),
    FIELD(struct admin, last_login, "last_login_at", EMPTY_IF_NONE),
};
static const struct shape admin_shape =
    SHAPE(admin_fields, MOMENT_SECONDS,
          .example = "{\"id\":2,\"username\":\"admin2\",\"email\":\"admin2@fitness-center.local\","
                     "\"is_active\":true,\"created_at\":\"2025-06-01T11:00:00Z\",\"last_login_at\":\"\"}");

static const struct field admin_page_fields[] = {
    LIST_FIELD(struct admin_page, admins, "admins", admin_shape),
};
/* clang-format on */

/* The examples are those of the document. */
const struct shape health_shape = SHAPE(health_fields, MOMENT_SECONDS,
                                        .example =
                                            "{\"status\":\"ok\",\"service\":\"auth-service\","
                                            "\"timestamp\":\"2025-06-01T10:30:00Z\"}");
const struct shape credentials_shape =
    SHAPE(credentials_fields, MOMENT_SECONDS,
          .example = "{\"username\":\"admin\",\"password\":\"your_password\"}");
const struct shape bearer_shape =
    SHAPE(bearer_fields, MOMENT_SECONDS,
          .example =
              "{\"token\":\"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...\","
              "\"expires_in\":86400,\"token_type\":\"Bearer\"}");
const struct shape new_admin_shape =
    SHAPE(new_admin_fields, MOMENT_SECONDS, .missing = "Username, password, and email are required",
          .example =
              "{\"username\":\"newadmin\",\"password\":\"securepassword123\","
              "\"email\":\"newadmin@fitness-center.local\"}");
const struct shape new_password_shape =
    SHAPE(new_password_fields, MOMENT_SECONDS,
          .example =
              "{\"username\":\"admin\",\"current_password\":\"oldpassword\","
              "\"new_password\":\"newpassword123\"}");
const struct shape message_shape = SHAPE(
    message_fields, MOMENT_SECONDS, .example = "{\"message\":\"Admin user created successfully\"}");
const struct shape error_shape =
    SHAPE(error_fields, MOMENT_SECONDS, .example = "{\"error\":\"invalid username or password\"}");
const struct shape admin_page_shape = SHAPE(admin_page_fields, MOMENT_SECONDS);
