/* What document 004 reads and writes. */
#pragma once

#include "base/secret.h"
#include "wire/fields.h"

struct registration_body {
    struct str full_name, phone;
    struct email email;
    struct secret password;
};

/* A user as this face shows one. */
struct member {
    struct id id;
    struct str full_name, email, phone, status;
    bool corporate;
};

/* The address as it came: what cannot be one is nobody's. */
struct credentials {
    struct str email;
    struct secret password;
};

struct bearer {
    struct str token;
};

struct addressee {
    struct email email;
};

struct link_query {
    struct str token;
};

struct outcome {
    struct str status, message;
};

struct health {
    struct str status;
};

struct error_details {
    struct str jwt, cause;
};
struct error_answer {
    struct moment at;
    int64_t status;
    struct str error, code, message, path;
    struct error_details details;
};

extern const struct shape corporate_registration_shape, corporate_credentials_shape,
    corporate_addressee_shape, corporate_link_query_shape;
extern const struct shape corporate_member_shape, corporate_bearer_shape, corporate_outcome_shape,
    corporate_health_shape, corporate_error_answer_shape;
