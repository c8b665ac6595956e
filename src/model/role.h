/* Roles: those that come with the service, and those that its users make. */
#pragma once

#include "base/id.h"
#include "base/list.h"
#include "base/moment.h"

#include <stdint.h>

/* X(constant, name): the first migration makes them, strongest first. They are never changed or
 * deleted. */
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

/* Letters, digits, _ - . and blanks between them. */
bool role_name_is_fine(struct str name);

/* A role as it is stored. */
struct role_entry {
    struct id id;
    struct str name, description;
    int64_t rank; /* the strongest role of a user is the one of the highest */
    bool built_in;
    struct moment created, updated;
    struct list permissions; /* struct permission_entry, by name */
};
