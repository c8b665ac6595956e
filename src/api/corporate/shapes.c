/* Document 004's objects, member by member, in its order. */
#include "api/corporate/shapes.h"

enum {
    FULL_NAME = 200, /* characters */
    PHONE = 40,
    TOKEN = 1 << 13
};

/* clang-format off */
static const struct field registration_fields[] = {
    FIELD(struct registration_body, full_name, "fullName", REQUIRED, .most = FULL_NAME),
    FIELD(struct registration_body, email,     "email",    REQUIRED),
    FIELD(struct registration_body, password,  "password", REQUIRED),
    FIELD(struct registration_body, phone,     "phone",    OPTIONAL, .most = PHONE),
};

static const struct field member_fields[] = {
    FIELD(struct member, id,        "userId",            REQUIRED),
    FIELD(struct member, full_name, "fullName",          NULL_IF_NONE),
    FIELD(struct member, email,     "email",             NULL_IF_NONE),
    FIELD(struct member, phone,     "phone",             NULL_IF_NONE),
    FIELD(struct member, status,    "status",            REQUIRED),
    FIELD(struct member, corporate, "corporateVerified", REQUIRED),
};

static const struct field credentials_fields[] = {
    FIELD(struct credentials, email,    "email",    REQUIRED),
    FIELD(struct credentials, password, "password", REQUIRED),
};

static const struct field bearer_fields[] = {
    FIELD(struct bearer, token, "token", REQUIRED),
};

static const struct field addressee_fields[] = {
    FIELD(struct addressee, email, "email", REQUIRED),
};

static const struct field link_query_fields[] = {
    FIELD(struct link_query, token, "token", REQUIRED, .most = TOKEN),
};

static const struct field outcome_fields[] = {
    FIELD(struct outcome, status,  "status",  REQUIRED),
    FIELD(struct outcome, message, "message", REQUIRED),
};

static const struct field health_fields[] = {
    FIELD(struct health, status, "status", REQUIRED),
};

static const struct field error_details_fields[] = {
    FIELD(struct error_details, jwt,   "JWTException", OPTIONAL),
    FIELD(struct error_details, cause, "cause",        REQUIRED),
};
static const struct shape error_details_shape = SHAPE(error_details_fields, MOMENT_SEVENTHS);

static const struct field error_answer_fields[] = {
    FIELD(struct error_answer, at,      "timestamp", REQUIRED),
    FIELD(struct error_answer, status,  "status",    REQUIRED),
    FIELD(struct error_answer, error,   "error",     REQUIRED),
    FIELD(struct error_answer, code,    "code",      REQUIRED),
    FIELD(struct error_answer, message, "message",   REQUIRED),
    OBJECT_FIELD(struct error_answer, details, "details", error_details_shape, REQUIRED),
    FIELD(struct error_answer, path,    "path",      REQUIRED),
};
/* clang-format on */

const struct shape corporate_registration_shape =
    SHAPE(registration_fields, MOMENT_SEVENTHS,
          .example =
              "{\"fullName\":\"Sammed Jain\",\"email\":\"sammed@samsung.com\","
              "\"password\":\"password\"}");
const struct shape corporate_member_shape =
    SHAPE(member_fields, MOMENT_SEVENTHS,
          .example =
              "{\"userId\":\"0be3f348-db3f-4713-9e00-2c0975c654c3\","
              "\"fullName\":\"Sammed Jain\",\"email\":\"sammed@msung.com\","
              "\"phone\":\"9090909090\",\"status\":\"PENDING_VERIFICATION\","
              "\"corporateVerified\":false}");
const struct shape corporate_credentials_shape =
    SHAPE(credentials_fields, MOMENT_SEVENTHS,
          .example = "{\"email\":\"sammed@email.com\",\"password\":\"password\"}");
const struct shape corporate_bearer_shape =
    SHAPE(bearer_fields, MOMENT_SEVENTHS, .example = "{\"token\":\"jwt-token-here\"}");
const struct shape corporate_addressee_shape =
    SHAPE(addressee_fields, MOMENT_SEVENTHS, .example = "{\"email\":\"sammed@email.com\"}");
const struct shape corporate_link_query_shape = SHAPE(link_query_fields, MOMENT_SEVENTHS);
const struct shape corporate_outcome_shape =
    SHAPE(outcome_fields, MOMENT_SEVENTHS,
          .example = "{\"status\":\"success\",\"message\":\"Email verified successfully\"}");
const struct shape corporate_health_shape =
    SHAPE(health_fields, MOMENT_SEVENTHS, .example = "{\"status\":\"UP\"}");
const struct shape corporate_error_answer_shape =
    SHAPE(error_answer_fields, MOMENT_SEVENTHS,
          .example =
              "{\"timestamp\":\"2025-09-04T20:18:28.7083393\",\"status\":400,"
              "\"error\":\"Bad Request\",\"code\":\"ERR_400\",\"message\":\"Invalid request\","
              "\"details\":{\"cause\":\"Email is already in use\"},"
              "\"path\":\"/api/v1/auth/register\"}");
