/* Document 003's objects, member by member, in its order. */
#include "api/directory/shapes.h"

enum {
    NAME = 100, /* of a person, in characters */
    PHONE = 40,
    ADDRESS = 2048, /* of a picture */
    DESCRIPTION = 500,
    TOKEN = 1 << 20 /* more than a body can hold: any text may be asked about */
};

/* clang-format off */
static const struct field credentials_fields[] = {
    FIELD(struct credentials, username, "username", REQUIRED),
    FIELD(struct credentials, password, "password", REQUIRED),
};

static const struct field token_fields[] = {
    FIELD(struct bare_token, token, "token", REQUIRED | EMPTY_TOO, .most = TOKEN),
};

static const struct field authenticated_fields[] = {
    FIELD(struct authenticated, token,         "token",         REQUIRED),
    FIELD(struct authenticated, authenticated, "authenticated", REQUIRED),
    FIELD(struct authenticated, user,          "userId",        REQUIRED),
    FIELD(struct authenticated, username,      "username",      REQUIRED),
    FIELD(struct authenticated, first_name,    "firstName",     NULL_IF_NONE),
    FIELD(struct authenticated, last_name,     "lastName",      NULL_IF_NONE),
    FIELD(struct authenticated, roles,         "roles",         REQUIRED),
};
static const struct shape authenticated_shape = SHAPE(authenticated_fields, MOMENT_MILLIS);

static const struct field authenticated_answer_fields[] = {
    OBJECT_FIELD(struct authenticated_answer, result, "result", authenticated_shape, REQUIRED),
};

static const struct field introspected_fields[] = {
    FIELD(struct introspected, valid, "valid", REQUIRED),
};
static const struct shape introspected_shape = SHAPE(introspected_fields, MOMENT_MILLIS);

static const struct field introspected_answer_fields[] = {
    OBJECT_FIELD(struct introspected_answer, result, "result", introspected_shape, REQUIRED),
};

static const struct field new_user_fields[] = {
    FIELD(struct user_body, user.username,   "username",  REQUIRED),
    FIELD(struct user_body, user.password,   "password",  REQUIRED),
    FIELD(struct user_body, user.first_name, "firstName", OPTIONAL, .most = NAME),
    FIELD(struct user_body, user.last_name,  "lastName",  OPTIONAL, .most = NAME),
    FIELD(struct user_body, user.birth_date, "dob",       OPTIONAL),
    FIELD(struct user_body, user.email,      "email",     OPTIONAL),
    FIELD(struct user_body, user.phone,      "phone",     OPTIONAL, .most = PHONE),
    FIELD(struct user_body, user.avatar,     "avatar",    OPTIONAL, .most = ADDRESS),
    FIELD(struct user_body, status,          "status",    OPTIONAL, PRESENCE(struct user_body, status_is)),
    FIELD(struct user_body, roles,           "roles",     OPTIONAL, PRESENCE(struct user_body, roles_are)),
};

static const struct field user_update_fields[] = {
    FIELD(struct user_update, password,   "password",  OPTIONAL),
    FIELD(struct user_update, first_name, "firstName", OPTIONAL, .most = NAME, PRESENCE(struct user_update, first_name_is)),
    FIELD(struct user_update, last_name,  "lastName",  OPTIONAL, .most = NAME, PRESENCE(struct user_update, last_name_is)),
    FIELD(struct user_update, birth_date, "dob",       OPTIONAL, PRESENCE(struct user_update, birth_date_is)),
    FIELD(struct user_update, roles,      "roles",     OPTIONAL, PRESENCE(struct user_update, roles_are)),
};

static const struct field password_change_fields[] = {
    FIELD(struct password_change, current, "oldPassword", REQUIRED),
    FIELD(struct password_change, chosen,  "newPassword", REQUIRED),
};

static const struct field permission_fields[] = {
    FIELD(struct permission_entry, name,        "name",        REQUIRED),
    FIELD(struct permission_entry, description, "description", NULL_IF_NONE),
};
static const struct shape permission_shape = SHAPE(permission_fields, MOMENT_MILLIS);

static const struct field permission_answer_fields[] = {
    OBJECT_FIELD(struct permission_answer, result, "result", permission_shape, REQUIRED),
};

static const struct field role_fields[] = {
    FIELD(struct role_entry, name,        "name",        REQUIRED),
    FIELD(struct role_entry, description, "description", NULL_IF_NONE),
    LIST_FIELD(struct role_entry, permissions, "permissions", permission_shape),
};
static const struct shape role_shape = SHAPE(role_fields, MOMENT_MILLIS);

static const struct field role_answer_fields[] = {
    OBJECT_FIELD(struct role_answer, result, "result", role_shape, REQUIRED),
};

static const struct field user_fields[] = {
    FIELD(struct profile, user.id,         "id",        REQUIRED),
    FIELD(struct profile, name,            "username",  REQUIRED),
    FIELD(struct profile, user.first_name, "firstName", NULL_IF_NONE),
    FIELD(struct profile, user.last_name,  "lastName",  NULL_IF_NONE),
    FIELD(struct profile, user.birth_date, "dob",       NULL_IF_NONE),
    LIST_FIELD(struct profile, roles, "roles", role_shape),
};
static const struct shape user_shape = SHAPE(user_fields, MOMENT_MILLIS);

static const struct field user_answer_fields[] = {
    OBJECT_FIELD(struct user_answer, result, "result", user_shape, REQUIRED),
};

static const struct field text_answer_fields[] = {
    FIELD(struct text_answer, result, "result", REQUIRED),
};

static const struct field new_role_fields[] = {
    FIELD(struct new_role, name,        "name",        REQUIRED),
    FIELD(struct new_role, description, "description", OPTIONAL, .most = DESCRIPTION),
    FIELD(struct new_role, permissions, "permissions", OPTIONAL),
};

static const struct field new_permission_fields[] = {
    FIELD(struct permission_body, name,        "name",        REQUIRED),
    FIELD(struct permission_body, description, "description", OPTIONAL, .most = DESCRIPTION),
};

static const struct field page_query_fields[] = {
    FIELD(struct page_query, page,  "page",  OPTIONAL),
    FIELD(struct page_query, limit, "limit", OPTIONAL),
};

/* {"result": {"result": [items], "total", "page", "size", "totalPages"}}, of three kinds */
#define PAGE_FIELDS(item_shape)                                            \
    {                                                                      \
        LIST_FIELD(struct page_of, items, "result", item_shape),           \
        FIELD(struct page_of, total, "total",      REQUIRED),              \
        FIELD(struct page_of, page,  "page",       REQUIRED),              \
        FIELD(struct page_of, size,  "size",       REQUIRED),              \
        FIELD(struct page_of, pages, "totalPages", REQUIRED),              \
    }
static const struct field users_fields[] = PAGE_FIELDS(user_shape);
static const struct field roles_fields[] = PAGE_FIELDS(role_shape);
static const struct field permissions_fields[] = PAGE_FIELDS(permission_shape);
static const struct shape users_shape = SHAPE(users_fields, MOMENT_MILLIS);
static const struct shape roles_shape = SHAPE(roles_fields, MOMENT_MILLIS);
static const struct shape permissions_shape = SHAPE(permissions_fields, MOMENT_MILLIS);

static const struct field users_answer_fields[] = {
    OBJECT_FIELD(struct page_answer, result, "result", users_shape, REQUIRED),
};
static const struct field roles_answer_fields[] = {
    OBJECT_FIELD(struct page_answer, result, "result", roles_shape, REQUIRED),
};
static const struct field permissions_answer_fields[] = {
    OBJECT_FIELD(struct page_answer, result, "result", permissions_shape, REQUIRED),
};

static const struct field error_answer_fields[] = {
    FIELD(struct error_answer, code,    "code",    REQUIRED),
    FIELD(struct error_answer, message, "message", REQUIRED),
};
/* clang-format on */

const struct shape directory_credentials_shape =
    SHAPE(credentials_fields, MOMENT_MILLIS,
          .example = "{\"username\":\"user@example.com\",\"password\":\"password123\"}");
const struct shape directory_token_shape = SHAPE(token_fields, MOMENT_MILLIS);
const struct shape directory_new_user_shape =
    SHAPE(new_user_fields, MOMENT_MILLIS,
          .example =
              "{\"username\":\"user@example.com\",\"password\":\"password123\","
              "\"firstName\":\"John\",\"lastName\":\"Doe\",\"dob\":\"1990-01-01\","
              "\"email\":\"user@example.com\",\"phone\":\"0123456789\","
              "\"avatar\":\"http://example.com/avatar.jpg\",\"status\":1,\"roles\":[\"USER\"]}");
const struct shape directory_user_update_shape =
    SHAPE(user_update_fields, MOMENT_MILLIS,
          .example =
              "{\"password\":\"newpassword123\",\"firstName\":\"John\",\"lastName\":\"Doe\","
              "\"dob\":\"1990-01-01\",\"roles\":[\"USER\",\"ADMIN\"]}");
const struct shape directory_password_change_shape =
    SHAPE(password_change_fields, MOMENT_MILLIS,
          .example = "{\"oldPassword\":\"oldpassword123\",\"newPassword\":\"newpassword123\"}");
const struct shape directory_new_role_shape =
    SHAPE(new_role_fields, MOMENT_MILLIS,
          .example =
              "{\"name\":\"MANAGER\",\"description\":\"Manager role\","
              "\"permissions\":[\"READ_DATA\",\"WRITE_DATA\"]}");
const struct shape directory_new_permission_shape =
    SHAPE(new_permission_fields, MOMENT_MILLIS,
          .example = "{\"name\":\"READ_DATA\",\"description\":\"Permission to read data\"}");
const struct shape directory_page_query_shape = SHAPE(page_query_fields, MOMENT_MILLIS);
const struct shape directory_authenticated_answer_shape =
    SHAPE(authenticated_answer_fields, MOMENT_MILLIS);
const struct shape directory_introspected_answer_shape =
    SHAPE(introspected_answer_fields, MOMENT_MILLIS, .example = "{\"result\":{\"valid\":true}}");
const struct shape directory_nothing_shape = {.name = "nothing_fields", .moments = MOMENT_MILLIS};
const struct shape directory_user_answer_shape = SHAPE(user_answer_fields, MOMENT_MILLIS);
const struct shape directory_users_answer_shape = SHAPE(users_answer_fields, MOMENT_MILLIS);
const struct shape directory_text_answer_shape =
    SHAPE(text_answer_fields, MOMENT_MILLIS, .example = "{\"result\":\"User has been deleted\"}");
const struct shape directory_role_answer_shape = SHAPE(role_answer_fields, MOMENT_MILLIS);
const struct shape directory_roles_answer_shape = SHAPE(roles_answer_fields, MOMENT_MILLIS);
const struct shape directory_permission_answer_shape = SHAPE(
    permission_answer_fields, MOMENT_MILLIS,
    .example = "{\"result\":{\"name\":\"READ_DATA\",\"description\":\"Permission to read data\"}}");
const struct shape directory_permissions_answer_shape =
    SHAPE(permissions_answer_fields, MOMENT_MILLIS);
const struct shape directory_error_answer_shape = SHAPE(error_answer_fields, MOMENT_MILLIS);
