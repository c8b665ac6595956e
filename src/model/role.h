/* The roles that come with the service, strongest first. They cannot be deleted. */
#pragma once

#include "base/str.h"

/* X(constant, name): the first migration makes them. */
#define ROLE_TABLE(X)                                                                              \
    X(ROLE_SUPER_ADMIN, "SUPER_ADMIN")                                                             \
    X(ROLE_ADMIN, "ADMIN")                                                                         \
    X(ROLE_GYM_ADMIN, "GYM_ADMIN")                                                                 \
    X(ROLE_MEMBER, "MEMBER")                                                                       \
    X(ROLE_USER, "USER")

enum role {
#define X(constant, name) constant,
    ROLE_TABLE(X)
#undef X
    ROLES
};

/* The roles somebody holds, one bit each. */
struct role_set {
    unsigned bits;
};

struct str role_name(enum role role);
enum role role_of(struct str name); /* ROLES for one that does not come with the service */
