/* Document 001's users, in and out. */
#pragma once

#include "api/gateway/shapes.h"
#include "domain/person.h"

struct users_query {
    int64_t limit, offset;
    struct id organization;
    struct str status;
    struct email email;
};

/* UpdateUser. */
struct user_update {
    struct email email;
    struct secret password;
    struct str first_name, last_name, role;
    struct id organization;
    enum presence email_is, first_name_is, last_name_is, role_is, organization_is;
};

struct user_shown {
    struct user user;
    struct str role, status;
};
struct user_answer {
    struct envelope envelope;
    struct user_shown data;
};

extern const struct shape gateway_users_query_shape, gateway_new_user_shape,
    gateway_user_update_shape, gateway_user_answer_shape, gateway_users_answer_shape;
