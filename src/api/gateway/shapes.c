/* Document 001's objects, member by member, in its order. */
#include "api/gateway/shapes.h"

#include "domain/magic.h"

enum {
    DESCRIPTION = 500
};

/* clang-format off */
static const struct field nothing_answer_fields[] = {
    ENVELOPE(struct nothing_answer),
};

static const struct field credentials_fields[] = {
    FIELD(struct credentials, email,    "email",    REQUIRED),
    FIELD(struct credentials, password, "password", REQUIRED),
};

static const struct field magic_asker_fields[] = {
    FIELD(struct magic, email, "email", REQUIRED),
};

static const struct field magic_fields[] = {
    FIELD(struct magic, token, "token", OPTIONAL),
    FIELD(struct magic, email, "email", OPTIONAL),
    FIELD(struct magic, code,  "code",  OPTIONAL),
};

static const struct field refresh_fields[] = {
    FIELD(struct refresh_body, token, "refreshToken", REQUIRED),
};

static const struct field logout_fields[] = {
    FIELD(struct refresh_body, token, "refresh_token", OPTIONAL),
};

static const struct field user_summary_fields[] = {
    FIELD(struct user_summary, id,         "id",        REQUIRED),
    FIELD(struct user_summary, email,      "email",     REQUIRED),
    FIELD(struct user_summary, first_name, "firstName", OPTIONAL),
    FIELD(struct user_summary, last_name,  "lastName",  OPTIONAL),
    FIELD(struct user_summary, role,       "role",      REQUIRED),
    FIELD(struct user_summary, status,     "status",    REQUIRED),
};
static const struct shape user_summary_shape = SHAPE(user_summary_fields, MOMENT_MILLIS);

static const struct field login_fields[] = {
    FIELD(struct tokens, access,  "accessToken",  REQUIRED),
    FIELD(struct tokens, refresh, "refreshToken", REQUIRED),
    OBJECT_FIELD(struct tokens, user, "user", user_summary_shape, REQUIRED),
};
static const struct shape login_shape = SHAPE(login_fields, MOMENT_MILLIS);

static const struct field login_answer_fields[] = {
    ENVELOPE(struct tokens_answer),
    OBJECT_FIELD(struct tokens_answer, data, "data", login_shape, REQUIRED),
};

static const struct field refreshed_fields[] = {
    FIELD(struct tokens, access,  "accessToken",  REQUIRED),
    FIELD(struct tokens, refresh, "refreshToken", REQUIRED),
};
static const struct shape refreshed_shape = SHAPE(refreshed_fields, MOMENT_MILLIS);

static const struct field refresh_answer_fields[] = {
    ENVELOPE(struct tokens_answer),
    OBJECT_FIELD(struct tokens_answer, data, "data", refreshed_shape, REQUIRED),
};

static const struct field session_fields[] = {
    FIELD(struct session_shown, session.id,      "id",        REQUIRED),
    FIELD(struct session_shown, current,         "current",   REQUIRED),
    FIELD(struct session_shown, session.face,    "face",      REQUIRED),
    FIELD(struct session_shown, session.peer,    "ipAddress", OPTIONAL),
    FIELD(struct session_shown, session.created, "createdAt", REQUIRED),
    FIELD(struct session_shown, session.expires, "expiresAt", REQUIRED),
};
static const struct shape session_shape = SHAPE(session_fields, MOMENT_MILLIS);

static const struct field page_query_fields[] = {
    FIELD(struct page_query, limit,  "limit",  OPTIONAL),
    FIELD(struct page_query, offset, "offset", OPTIONAL),
};

static const struct field place_query_fields[] = {
    FIELD(struct place_query, organization, "organizationId", OPTIONAL),
};

static const struct field new_role_fields[] = {
    FIELD(struct new_role, name,        "name",        REQUIRED),
    FIELD(struct new_role, description, "description", OPTIONAL, .most = DESCRIPTION),
    FIELD(struct new_role, permissions, "permissions", OPTIONAL),
};

static const struct field role_update_fields[] = {
    FIELD(struct role_update, name,        "name",        OPTIONAL, PRESENCE(struct role_update, name_is)),
    FIELD(struct role_update, description, "description", OPTIONAL, .most = DESCRIPTION, PRESENCE(struct role_update, description_is)),
    FIELD(struct role_update, permissions, "permissions", OPTIONAL, PRESENCE(struct role_update, permissions_are)),
};

static const struct field new_permission_fields[] = {
    FIELD(struct permission_body, name,        "name",        REQUIRED),
    FIELD(struct permission_body, description, "description", OPTIONAL, .most = DESCRIPTION),
};

static const struct field permission_update_fields[] = {
    FIELD(struct permission_body, name,        "name",        OPTIONAL, PRESENCE(struct permission_body, name_is)),
    FIELD(struct permission_body, description, "description", OPTIONAL, .most = DESCRIPTION, PRESENCE(struct permission_body, description_is)),
};

static const struct field allowance_fields[] = {
    FIELD(struct allowance, role,       "roleId",       REQUIRED),
    FIELD(struct allowance, permission, "permissionId", REQUIRED),
};

static const struct field new_assignment_fields[] = {
    FIELD(struct assignment, user,         "userId",         REQUIRED),
    FIELD(struct assignment, role,         "roleId",         REQUIRED),
    FIELD(struct assignment, organization, "organizationId", OPTIONAL),
};

static const struct field assignment_by_name_fields[] = {
    FIELD(struct assignment, user,         "userId",         REQUIRED),
    FIELD(struct assignment, role_name,    "roleName",       REQUIRED),
    FIELD(struct assignment, organization, "organizationId", OPTIONAL),
};

static const struct field removal_fields[] = {
    FIELD(struct assignment, role_name,    "roleName",       REQUIRED),
    FIELD(struct assignment, organization, "organizationId", OPTIONAL),
};

static const struct field role_fields[] = {
    FIELD(struct role_shown, role.id,          "id",          REQUIRED),
    FIELD(struct role_shown, role.name,        "name",        REQUIRED),
    FIELD(struct role_shown, role.description, "description", OPTIONAL),
    FIELD(struct role_shown, permissions,      "permissions", REQUIRED),
    FIELD(struct role_shown, role.created,     "createdAt",   REQUIRED),
    FIELD(struct role_shown, role.updated,     "updatedAt",   REQUIRED),
};
static const struct shape role_shape = SHAPE(role_fields, MOMENT_MILLIS);

static const struct field role_answer_fields[] = {
    ENVELOPE(struct role_answer),
    OBJECT_FIELD(struct role_answer, data, "data", role_shape, REQUIRED),
};

static const struct field held_role_fields[] = {
    FIELD(struct role_shown, role.id,          "id",             REQUIRED),
    FIELD(struct role_shown, role.name,        "name",           REQUIRED),
    FIELD(struct role_shown, role.description, "description",    OPTIONAL),
    FIELD(struct role_shown, permissions,      "permissions",    REQUIRED),
    FIELD(struct role_shown, role.created,     "createdAt",      REQUIRED),
    FIELD(struct role_shown, role.updated,     "updatedAt",      REQUIRED),
    FIELD(struct role_shown, organization,     "organizationId", OPTIONAL),
};
static const struct shape held_role_shape = SHAPE(held_role_fields, MOMENT_MILLIS);

static const struct field permission_fields[] = {
    FIELD(struct permission_entry, id,          "id",          REQUIRED),
    FIELD(struct permission_entry, name,        "name",        REQUIRED),
    FIELD(struct permission_entry, description, "description", OPTIONAL),
};
static const struct shape permission_shape = SHAPE(permission_fields, MOMENT_MILLIS);

static const struct field permission_answer_fields[] = {
    ENVELOPE(struct permission_answer),
    OBJECT_FIELD(struct permission_answer, data, "data", permission_shape, REQUIRED),
};

static const struct field new_service_key_fields[] = {
    FIELD(struct new_service_key, name,        "name",        REQUIRED),
    FIELD(struct new_service_key, permissions, "permissions", REQUIRED),
    FIELD(struct new_service_key, expires,     "expiresAt",   OPTIONAL),
};

static const struct field service_key_fields[] = {
    FIELD(struct service_key, id,          "id",          REQUIRED),
    FIELD(struct service_key, name,        "name",        REQUIRED),
    FIELD(struct service_key, permissions, "permissions", REQUIRED),
    FIELD(struct service_key, created,     "createdAt",   REQUIRED),
    FIELD(struct service_key, expires,     "expiresAt",   OPTIONAL),
    FIELD(struct service_key, used,        "lastUsedAt",  OPTIONAL),
};
static const struct shape service_key_shape = SHAPE(service_key_fields, MOMENT_MILLIS);

static const struct field new_key_fields[] = {
    FIELD(struct new_key, made.id,          "id",          REQUIRED),
    FIELD(struct new_key, made.name,        "name",        REQUIRED),
    FIELD(struct new_key, made.permissions, "permissions", REQUIRED),
    FIELD(struct new_key, made.created,     "createdAt",   REQUIRED),
    FIELD(struct new_key, made.expires,     "expiresAt",   OPTIONAL),
    FIELD(struct new_key, shown,            "key",         REQUIRED),
};
static const struct shape new_key_shape = SHAPE(new_key_fields, MOMENT_MILLIS);

static const struct field new_service_key_answer_fields[] = {
    ENVELOPE(struct new_key_answer),
    OBJECT_FIELD(struct new_key_answer, data, "data", new_key_shape, REQUIRED),
};

/* {…, "data": {"items": [items], "total"}}, of five kinds */
#define LIST_FIELDS(item_shape)                                            \
    {                                                                      \
        LIST_FIELD(struct list_of, items, "items", item_shape),            \
        FIELD(struct list_of, total, "total", REQUIRED),                   \
    }
static const struct field roles_fields[] = LIST_FIELDS(role_shape);
static const struct field held_roles_fields[] = LIST_FIELDS(held_role_shape);
static const struct field permissions_fields[] = LIST_FIELDS(permission_shape);
static const struct field sessions_fields[] = LIST_FIELDS(session_shape);
static const struct field service_keys_fields[] = LIST_FIELDS(service_key_shape);
static const struct shape roles_shape = SHAPE(roles_fields, MOMENT_MILLIS);
static const struct shape held_roles_shape = SHAPE(held_roles_fields, MOMENT_MILLIS);
static const struct shape permissions_shape = SHAPE(permissions_fields, MOMENT_MILLIS);
static const struct shape sessions_shape = SHAPE(sessions_fields, MOMENT_MILLIS);
static const struct shape service_keys_shape = SHAPE(service_keys_fields, MOMENT_MILLIS);

static const struct field roles_answer_fields[] = {
    ENVELOPE(struct list_answer),
    OBJECT_FIELD(struct list_answer, data, "data", roles_shape, REQUIRED),
};
static const struct field held_roles_answer_fields[] = {
    ENVELOPE(struct list_answer),
    OBJECT_FIELD(struct list_answer, data, "data", held_roles_shape, REQUIRED),
};
static const struct field permissions_answer_fields[] = {
    ENVELOPE(struct list_answer),
    OBJECT_FIELD(struct list_answer, data, "data", permissions_shape, REQUIRED),
};

static const struct field sessions_answer_fields[] = {
    ENVELOPE(struct list_answer),
    OBJECT_FIELD(struct list_answer, data, "data", sessions_shape, REQUIRED),
};
static const struct field service_keys_answer_fields[] = {
    ENVELOPE(struct list_answer),
    OBJECT_FIELD(struct list_answer, data, "data", service_keys_shape, REQUIRED),
};

static const struct field assignment_fields[] = {
    FIELD(struct assignment, user,         "userId",         REQUIRED),
    FIELD(struct assignment, role,         "roleId",         REQUIRED),
    FIELD(struct assignment, role_name,    "roleName",       REQUIRED),
    FIELD(struct assignment, organization, "organizationId", OPTIONAL),
};
static const struct shape assignment_shape = SHAPE(assignment_fields, MOMENT_MILLIS);

static const struct field assignment_answer_fields[] = {
    ENVELOPE(struct assignment_answer),
    OBJECT_FIELD(struct assignment_answer, data, "data", assignment_shape, REQUIRED),
};

static const struct field check_fields[] = {
    FIELD(struct check, user,       "userId",     REQUIRED),
    FIELD(struct check, permission, "permission", REQUIRED),
    FIELD(struct check, allowed,    "allowed",    REQUIRED),
};
static const struct shape check_shape = SHAPE(check_fields, MOMENT_MILLIS);

static const struct field check_answer_fields[] = {
    ENVELOPE(struct check_answer),
    OBJECT_FIELD(struct check_answer, data, "data", check_shape, REQUIRED),
};

static const struct field error_details_fields[] = {
    FIELD(struct error_details, field, "field", REQUIRED),
};
static const struct shape error_details_shape = SHAPE(error_details_fields, MOMENT_MILLIS);

static const struct field error_fields[] = {
    FIELD(struct error_told, code,    "code",    REQUIRED),
    FIELD(struct error_told, message, "message", REQUIRED),
    OBJECT_FIELD(struct error_told, details, "details", error_details_shape, OPTIONAL, PRESENCE(struct error_told, details_are)),
};
static const struct shape error_shape = SHAPE(error_fields, MOMENT_MILLIS);

static const struct field error_answer_fields[] = {
    ENVELOPE(struct error_answer),
    OBJECT_FIELD(struct error_answer, error, "error", error_shape, REQUIRED),
};
/* clang-format on */

const struct shape gateway_credentials_shape = SHAPE(credentials_fields, MOMENT_MILLIS);
const struct shape gateway_magic_asker_shape = SHAPE(magic_asker_fields, MOMENT_MILLIS);
const struct shape gateway_magic_shape = SHAPE(magic_fields, MOMENT_MILLIS);
const struct shape gateway_refresh_shape = SHAPE(refresh_fields, MOMENT_MILLIS);
const struct shape gateway_logout_shape = SHAPE(logout_fields, MOMENT_MILLIS);
const struct shape gateway_login_answer_shape = SHAPE(login_answer_fields, MOMENT_MILLIS);
const struct shape gateway_refresh_answer_shape = SHAPE(refresh_answer_fields, MOMENT_MILLIS);
const struct shape gateway_sessions_answer_shape = SHAPE(sessions_answer_fields, MOMENT_MILLIS);
const struct shape gateway_page_query_shape = SHAPE(page_query_fields, MOMENT_MILLIS);
const struct shape gateway_place_query_shape = SHAPE(place_query_fields, MOMENT_MILLIS);
const struct shape gateway_new_role_shape = SHAPE(new_role_fields, MOMENT_MILLIS);
const struct shape gateway_role_update_shape = SHAPE(role_update_fields, MOMENT_MILLIS);
const struct shape gateway_new_permission_shape = SHAPE(new_permission_fields, MOMENT_MILLIS);
const struct shape gateway_permission_update_shape = SHAPE(permission_update_fields, MOMENT_MILLIS);
const struct shape gateway_allowance_shape = SHAPE(allowance_fields, MOMENT_MILLIS);
const struct shape gateway_new_assignment_shape = SHAPE(new_assignment_fields, MOMENT_MILLIS);
const struct shape gateway_assignment_by_name_shape =
    SHAPE(assignment_by_name_fields, MOMENT_MILLIS);
const struct shape gateway_removal_shape = SHAPE(removal_fields, MOMENT_MILLIS);
const struct shape gateway_nothing_shape = SHAPE(nothing_answer_fields, MOMENT_MILLIS);
const struct shape gateway_role_answer_shape = SHAPE(role_answer_fields, MOMENT_MILLIS);
const struct shape gateway_roles_answer_shape = SHAPE(roles_answer_fields, MOMENT_MILLIS);
const struct shape gateway_held_roles_answer_shape = SHAPE(held_roles_answer_fields, MOMENT_MILLIS);
const struct shape gateway_permission_answer_shape = SHAPE(permission_answer_fields, MOMENT_MILLIS);
const struct shape gateway_permissions_answer_shape =
    SHAPE(permissions_answer_fields, MOMENT_MILLIS);
const struct shape gateway_assignment_answer_shape = SHAPE(assignment_answer_fields, MOMENT_MILLIS);
const struct shape gateway_check_answer_shape = SHAPE(check_answer_fields, MOMENT_MILLIS);
const struct shape gateway_new_service_key_shape = SHAPE(new_service_key_fields, MOMENT_MILLIS);
const struct shape gateway_service_keys_answer_shape =
    SHAPE(service_keys_answer_fields, MOMENT_MILLIS);
const struct shape gateway_new_service_key_answer_shape =
    SHAPE(new_service_key_answer_fields, MOMENT_MILLIS);
const struct shape gateway_error_answer_shape = SHAPE(error_answer_fields, MOMENT_MILLIS);
