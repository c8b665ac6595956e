/* Document 001's users, member by member, in its order. */
#include "api/gateway/user_shapes.h"

enum {
    NAME = 200,
    PASSWORD = 4096 /* beyond this nothing is normalised, let alone hashed */
};

/* clang-format off */
static const struct field users_query_fields[] = {
    FIELD(struct users_query, organization, "organization_id", OPTIONAL),
    FIELD(struct users_query, status,       "status",          OPTIONAL),
    FIELD(struct users_query, email,        "email",           OPTIONAL),
    FIELD(struct users_query, limit,        "limit",           OPTIONAL),
    FIELD(struct users_query, offset,       "offset",          OPTIONAL),
};

static const struct field new_user_fields[] = {
    FIELD(struct new_person, email,        "email",          REQUIRED),
    FIELD(struct new_person, password,     "password",       OPTIONAL, .most = PASSWORD),
    FIELD(struct new_person, first_name,   "firstName",      OPTIONAL, .most = NAME),
    FIELD(struct new_person, last_name,    "lastName",       OPTIONAL, .most = NAME),
    FIELD(struct new_person, role,         "role",           OPTIONAL),
    FIELD(struct new_person, organization, "organizationId", OPTIONAL),
};

static const struct field user_update_fields[] = {
    FIELD(struct user_update, email,        "email",          OPTIONAL, PRESENCE(struct user_update, email_is)),
    FIELD(struct user_update, password,     "password",       OPTIONAL, .most = PASSWORD),
    FIELD(struct user_update, first_name,   "firstName",      OPTIONAL, .most = NAME, PRESENCE(struct user_update, first_name_is)),
    FIELD(struct user_update, last_name,    "lastName",       OPTIONAL, .most = NAME, PRESENCE(struct user_update, last_name_is)),
    FIELD(struct user_update, role,         "role",           OPTIONAL, PRESENCE(struct user_update, role_is)),
    FIELD(struct user_update, organization, "organizationId", OPTIONAL, PRESENCE(struct user_update, organization_is)),
};

static const struct field user_fields[] = {
    FIELD(struct user_shown, user.id,           "id",             REQUIRED),
    FIELD(struct user_shown, user.email.shown,  "email",          REQUIRED),
    FIELD(struct user_shown, user.first_name,   "firstName",      OPTIONAL),
    FIELD(struct user_shown, user.last_name,    "lastName",       OPTIONAL),
    FIELD(struct user_shown, user.phone,        "phone",          OPTIONAL),
    FIELD(struct user_shown, user.avatar,       "avatarUrl",      OPTIONAL),
    FIELD(struct user_shown, role,              "role",           REQUIRED),
    FIELD(struct user_shown, status,            "status",         REQUIRED),
    FIELD(struct user_shown, user.created,      "createdAt",      REQUIRED),
    FIELD(struct user_shown, user.updated,      "updatedAt",      REQUIRED),
    FIELD(struct user_shown, user.organization, "organizationId", OPTIONAL),
};
static const struct shape user_shape = SHAPE(user_fields, MOMENT_MILLIS);

static const struct field user_answer_fields[] = {
    ENVELOPE(struct user_answer),
    OBJECT_FIELD(struct user_answer, data, "data", user_shape, REQUIRED),
};

static const struct field users_fields[] = {
    LIST_FIELD(struct list_of, items, "items", user_shape),
    FIELD(struct list_of, total, "total", REQUIRED),
};
static const struct shape users_shape = SHAPE(users_fields, MOMENT_MILLIS);

static const struct field users_answer_fields[] = {
    ENVELOPE(struct list_answer),
    OBJECT_FIELD(struct list_answer, data, "data", users_shape, REQUIRED),
};
/* clang-format on */

const struct shape gateway_users_query_shape = SHAPE(users_query_fields, MOMENT_MILLIS);
const struct shape gateway_new_user_shape = SHAPE(new_user_fields, MOMENT_MILLIS);
const struct shape gateway_user_update_shape = SHAPE(user_update_fields, MOMENT_MILLIS);
const struct shape gateway_user_answer_shape = SHAPE(user_answer_fields, MOMENT_MILLIS);
const struct shape gateway_users_answer_shape = SHAPE(users_answer_fields, MOMENT_MILLIS);
