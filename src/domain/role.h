/* Roles: made, changed, given to users and taken away, everywhere or in one organization. */
#pragma once

#include "base/list.h"
#include "domain/ctx.h"
#include "model/page.h"
#include "model/role.h"

struct new_role {
    struct str name, description;
    struct text_list permissions;
};

/* ERR_FIELD_VALUE for a name that cannot be one, ERR_TAKEN, ERR_PERMISSION_UNKNOWN naming it,
 * ERR_FORBIDDEN when it would hold more of the service's own permissions than the actor does. */
enum err role_create(struct ctx *ctx, const struct new_role *in, struct role_entry *ret);

/* With its permissions. ERR_MISSING. */
enum err role_find(struct ctx *ctx, struct str name, struct role_entry *ret);
enum err role_get(struct ctx *ctx, struct id id, struct role_entry *ret);

struct role_page {
    struct role_entry *roles;
    size_t count;
    int64_t total; /* on all pages */
};
/* By name, with their permissions. */
enum err role_list(struct ctx *ctx, struct page page, struct role_page *ret);

/* Name and description as they are in `role`; NULL for `permissions` leaves those as they are. As
 * role_create, and ERR_BUILT_IN; *role is brought up to date. */
enum err role_change(struct ctx *ctx, struct role_entry *role, const struct text_list *permissions);

/* Takes it from all who hold it. ERR_BUILT_IN; ERR_FORBIDDEN when it holds more than the actor. */
enum err role_delete(struct ctx *ctx, const struct role_entry *role);

/* Nothing happens where they hold it already. ERR_FORBIDDEN. */
enum err role_grant(struct ctx *ctx, struct id user, const struct role_entry *role,
                    struct id organization);

/* ERR_MISSING when they do not hold it there; ERR_FORBIDDEN, ERR_LAST_ADMIN. */
enum err role_revoke(struct ctx *ctx, struct id user, const struct role_entry *role,
                     struct id organization);

/* From here on these and no others are what the user holds everywhere. ERR_ROLE_UNKNOWN naming it;
 * what is granted or revoked by it has to be the actor's to grant and revoke. */
enum err role_set(struct ctx *ctx, struct id user, const struct text_list *names);

/* By name, everywhere. ERR_ROLE_UNKNOWN naming it. */
enum err role_grant_named(struct ctx *ctx, struct id user, struct str name);

struct held_role {
    struct role_entry role; /* with its permissions */
    struct id organization; /* none: everywhere */
};
/* What a user holds, the strongest first. */
enum err role_held(struct ctx *ctx, struct id user, struct held_role **ret, size_t *ret_count);

/* The name of the strongest role that a user holds, everywhere or in some organization; USER for
 * one who holds none, who may as much. */
enum err role_first(struct ctx *ctx, struct id user, struct str *ret);

/* The names of what a user holds everywhere, the strongest first. */
enum err role_names(struct ctx *ctx, struct id user, struct text_list *ret);
