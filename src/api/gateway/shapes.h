/* What document 001 reads and writes. Every answer begins with the envelope: each has its struct.
 */
#pragma once

#include "domain/permission.h"
#include "domain/role.h"
#include "domain/service_key.h"
#include "model/session.h"
#include "wire/fields.h"

struct envelope {
    bool success;
    struct moment timestamp;
    struct str request_id;
};

/* The rows of the envelope, which come first in those of every answer. */
/* clang-format off */
#define ENVELOPE(answer)                                                   \
    FIELD(answer, envelope.success,    "success",   REQUIRED),             \
    FIELD(answer, envelope.timestamp,  "timestamp", REQUIRED),             \
    FIELD(answer, envelope.request_id, "requestId", REQUIRED)
/* clang-format on */

struct nothing_answer {
    struct envelope envelope;
};

/* The address as it came: what cannot be one is nobody's. */
struct credentials {
    struct str email;
    struct secret password;
};

/* UserSummary */
struct user_summary {
    struct id id;
    struct str email, first_name, last_name, role, status;
};
struct tokens {
    struct str access, refresh;
    struct user_summary user;
};
struct tokens_answer {
    struct envelope envelope;
    struct tokens data;
};

struct refresh_body {
    struct secret token;
};

struct session_shown {
    struct session session;
    bool current;
};

struct page_query {
    int64_t limit, offset;
};

/* A piece of a list of whatever; the shapes say of what. */
struct list_of {
    struct list items;
    int64_t total;
};
struct list_answer {
    struct envelope envelope;
    struct list_of data;
};

struct role_update {
    struct str name, description;
    struct text_list permissions;
    enum presence name_is, description_is, permissions_are;
};

struct role_shown {
    struct role_entry role;
    struct text_list permissions;
    struct id organization; /* where it is held: none is everywhere */
};
struct role_answer {
    struct envelope envelope;
    struct role_shown data;
};

struct permission_body {
    struct str name, description;
    enum presence name_is, description_is;
};
struct permission_answer {
    struct envelope envelope;
    struct permission_entry data;
};

/* A service key with what its owner shows. */
struct new_key {
    struct service_key made;
    struct str shown;
};
struct new_key_answer {
    struct envelope envelope;
    struct new_key data;
};

/* What a role is to allow. */
struct allowance {
    struct id role, permission;
};

struct assignment {
    struct id user, role, organization;
    struct str role_name;
};
struct assignment_answer {
    struct envelope envelope;
    struct assignment data;
};

struct place_query {
    struct id organization;
};

struct check {
    struct id user;
    struct str permission;
    bool allowed;
};
struct check_answer {
    struct envelope envelope;
    struct check data;
};

struct error_details {
    struct str field;
};
struct error_told {
    struct str code, message;
    struct error_details details;
    enum presence details_are;
};
struct error_answer {
    struct envelope envelope;
    struct error_told error;
};

extern const struct shape gateway_credentials_shape, gateway_refresh_shape, gateway_logout_shape,
    gateway_login_answer_shape, gateway_refresh_answer_shape, gateway_sessions_answer_shape;
extern const struct shape gateway_magic_asker_shape, gateway_magic_shape;
extern const struct shape gateway_page_query_shape, gateway_place_query_shape,
    gateway_new_role_shape, gateway_role_update_shape, gateway_new_permission_shape,
    gateway_permission_update_shape, gateway_allowance_shape, gateway_new_assignment_shape,
    gateway_assignment_by_name_shape, gateway_removal_shape, gateway_new_service_key_shape;
extern const struct shape gateway_nothing_shape, gateway_role_answer_shape,
    gateway_roles_answer_shape, gateway_held_roles_answer_shape, gateway_permission_answer_shape,
    gateway_permissions_answer_shape, gateway_assignment_answer_shape, gateway_check_answer_shape,
    gateway_service_keys_answer_shape, gateway_new_service_key_answer_shape,
    gateway_error_answer_shape;
