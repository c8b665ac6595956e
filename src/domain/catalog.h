/* What each role allows, at one moment: made once, read by many, replaced as a whole. */
#pragma once

#include "domain/ctx.h"
#include "model/permission.h"
#include "model/role.h"

struct catalog;

struct catalog_role {
    struct id id;
    struct str name;
    enum role built_in;         /* ROLES for one that does not come with the service */
    struct permission_set held; /* of those that come with the service */
    const struct str *names;    /* of all that it allows, sorted */
    size_t count;
};

/* As the store has it now. Needs a unit that reads. */
enum err catalog_read(struct ctx *ctx, struct catalog **ret);
void catalog_destroy(void *old); /* NULL is fine */

/* NULL when there is no such role. */
const struct catalog_role *catalog_by_id(const struct catalog *catalog, struct id id);
const struct catalog_role *catalog_by_name(const struct catalog *catalog, struct str name);

/* Whether holding the role is holding this permission, the service's own or anybody's. */
bool catalog_allows(const struct catalog_role *role, struct str permission);
