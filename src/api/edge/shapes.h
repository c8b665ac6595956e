/* What document 002 reads and writes. */
#pragma once

#include "domain/admin.h"
#include "wire/fields.h"

struct health {
    struct str status, service;
    struct moment timestamp;
};

struct credentials {
    struct str username;
    struct secret password;
};

struct bearer {
    struct str token, type;
    int64_t seconds;
};

struct message {
    struct str text;
};

struct admin_page {
    struct list admins;
};

extern const struct shape health_shape, credentials_shape, bearer_shape, new_admin_shape,
    new_password_shape, message_shape, error_shape, admin_page_shape;
