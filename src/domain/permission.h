/* Permissions: those that come with the service, and those that mean something to others. */
#pragma once

#include "domain/ctx.h"
#include "model/page.h"
#include "model/permission.h"

/* ERR_FIELD_VALUE for a name that cannot be one, ERR_TAKEN. `description` may have no text. */
enum err permission_create(struct ctx *ctx, struct str name, struct str description,
                           struct permission_entry *ret);

/* ERR_MISSING. */
enum err permission_find(struct ctx *ctx, struct str name, struct permission_entry *ret);
enum err permission_get(struct ctx *ctx, struct id id, struct permission_entry *ret);

struct permission_page {
    struct permission_entry *permissions;
    size_t count;
    int64_t total; /* on all pages */
};
/* By name. */
enum err permission_list(struct ctx *ctx, struct page page, struct permission_page *ret);

/* Name and description as they are in `permission`. ERR_BUILT_IN, ERR_FIELD_VALUE, ERR_TAKEN;
 * ERR_IN_USE for another name while a role allows it, for whoever holds it would hold something
 * else. */
enum err permission_change(struct ctx *ctx, const struct permission_entry *permission);

/* ERR_BUILT_IN; ERR_IN_USE while a role allows it. */
enum err permission_delete(struct ctx *ctx, const struct permission_entry *permission);
