/* Permissions: those that the service itself asks for, and those that mean something to others. */
#pragma once

#include "base/id.h"
#include "base/moment.h"
#include "base/str.h"

#include <stdint.h>

/* X(constant, name). A permission is asked for by its constant and stored by its name. */
#define PERMISSION_TABLE(X)                                                                        \
    X(PERMIT_USERS_READ, "users:read")                                                             \
    X(PERMIT_USERS_WRITE, "users:write")                                                           \
    X(PERMIT_ROLES_READ, "roles:read")                                                             \
    X(PERMIT_ROLES_WRITE, "roles:write")                                                           \
    X(PERMIT_ROLES_ASSIGN, "roles:assign")                                                         \
    X(PERMIT_PERMISSIONS_READ, "permissions:read")                                                 \
    X(PERMIT_PERMISSIONS_WRITE, "permissions:write")                                               \
    X(PERMIT_ADMINS_READ, "admins:read")                                                           \
    X(PERMIT_ADMINS_WRITE, "admins:write")                                                         \
    X(PERMIT_SESSIONS_READ, "sessions:read")                                                       \
    X(PERMIT_SESSIONS_WRITE, "sessions:write")                                                     \
    X(PERMIT_ORGS_READ, "orgs:read")                                                               \
    X(PERMIT_ORGS_WRITE, "orgs:write")                                                             \
    X(PERMIT_METRICS_READ, "metrics:read")                                                         \
    X(PERMIT_SERVICE_KEYS_READ, "service-keys:read")                                               \
    X(PERMIT_SERVICE_KEYS_WRITE, "service-keys:write")

enum permission {
#define X(constant, name) constant,
    PERMISSION_TABLE(X)
#undef X
    PERMISSIONS
};

/* The permissions somebody holds, one bit each. */
struct permission_set {
    uint64_t bits;
};
_Static_assert(PERMISSIONS < 63, "a permission set is one word");

struct str permission_name(enum permission permission);
bool permission_held(struct permission_set set, enum permission permission);
bool permission_covers(struct permission_set set, struct permission_set other);
struct permission_set permission_all(void);

/* Adds what a stored name grants: a name above, "users:*" for all of a kind, "*" for all. Names of
 * others' permissions add nothing here. */
void permission_add(struct permission_set *set, struct str name);

/* Whether holding `granted` is holding `name`: the same name, "users:*" for "users:read", "*" for
 * everything. */
bool permission_grants(struct str granted, struct str name);

/* Letters, digits and _ - . : with a star at most as all of it or behind the last colon. */
bool permission_name_is_fine(struct str name);

/* A permission as it is stored. */
struct permission_entry {
    struct id id;
    struct str name, description;
    bool built_in;
    struct moment created, updated;
};
