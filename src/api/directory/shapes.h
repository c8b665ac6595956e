/* What document 003 reads and writes. Nearly every answer is {"result": …}: each has its struct. */
#pragma once

#include "domain/permission.h"
#include "domain/profile.h"
#include "domain/role.h"
#include "wire/fields.h"

struct credentials {
    struct str username;
    struct secret password;
};

struct bare_token {
    struct str token;
};

struct authenticated {
    struct str token, username, first_name, last_name;
    struct id user;
    bool authenticated;
    struct text_list roles;
};
struct authenticated_answer {
    struct authenticated result;
};

struct introspected {
    bool valid;
};
struct introspected_answer {
    struct introspected result;
};

struct user_body {
    struct new_user user;
    int64_t status;
    enum presence status_is;
    struct text_list roles;
    enum presence roles_are;
};

struct user_update {
    struct secret password;
    struct str first_name, last_name, birth_date;
    struct text_list roles;
    enum presence first_name_is, last_name_is, birth_date_is, roles_are;
};

struct user_answer {
    struct profile result;
};

struct text_answer {
    struct str result;
};

struct role_answer {
    struct role_entry result;
};

struct permission_body {
    struct str name, description;
};
struct permission_answer {
    struct permission_entry result;
};

struct page_query {
    int64_t page, limit;
};

/* One page of whatever; the shapes say of what. */
struct page_of {
    struct list items;
    int64_t total, page, size, pages;
};
struct page_answer {
    struct page_of result;
};

struct error_answer {
    int64_t code;
    struct str message;
};

extern const struct shape directory_credentials_shape, directory_token_shape,
    directory_new_user_shape, directory_user_update_shape, directory_password_change_shape,
    directory_new_role_shape, directory_new_permission_shape, directory_page_query_shape;
extern const struct shape directory_authenticated_answer_shape, directory_introspected_answer_shape,
    directory_nothing_shape, directory_user_answer_shape, directory_users_answer_shape,
    directory_text_answer_shape, directory_role_answer_shape, directory_roles_answer_shape,
    directory_permission_answer_shape, directory_permissions_answer_shape,
    directory_error_answer_shape;
