/* Role names. */
#include "model/role.h"

#include "model/name.h"

static const struct str names[ROLES] = {
#define X(constant, name) [constant] = {name, sizeof(name) - 1},
    ROLE_TABLE(X)
#undef X
};

struct str role_name(enum role role)
{
    return names[role];
}

enum role role_of(struct str name)
{
    unsigned role = 0;

    while (role < ROLES && !str_eq(names[role], name)) {
        role++;
    }
    return (enum role)role;
}

bool role_name_is_fine(struct str name)
{
    return name_is_fine(name, "_-. ");
}
