/* Roles. What one allows is a set of permissions; who holds it is a row in assignments. */
#include "domain/role.h"

#include "base/arena.h"
#include "domain/event.h"
#include "domain/policy.h"
#include "model/permission.h"
#include "store/queries.h"

enum {
    RANK = 30 /* of those that are made: above MEMBER and USER, below those who administer */
};

static enum err with_permissions(struct ctx *ctx, struct role_entry *role)
{
    struct permission_entry *rows;
    size_t count;

    TRY(q_permissions_of_role(ctx->tx, role->id, &rows, &count));
    role->permissions = LIST(rows, count);
    return ERR_OK;
}

static enum err name_is_right(struct ctx *ctx, struct str name)
{
    if (role_name_is_fine(name)) {
        return ERR_OK;
    }
    return ctx_fail(ctx, ERR_FIELD_VALUE, STR("name"), "no name of a role");
}

static enum err not_taken(struct ctx *ctx, enum err e)
{
    return e == ERR_TAKEN ? ctx_fail(ctx, ERR_TAKEN, STR("name"), "the name is in use") : e;
}

static bool comes_again(const struct text_list *names, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (str_eq(names->items[i], names->items[at])) {
            return true;
        }
    }
    return false;
}

static enum err allow(struct ctx *ctx, struct id role, const struct text_list *permissions)
{
    struct permission_entry permission;

    for (size_t i = 0; i < permissions->count; i++) {
        if (comes_again(permissions, i)) {
            continue;
        }
        enum err e = q_permission_by_name(ctx->tx, permissions->items[i], &permission);
        if (e == ERR_MISSING) {
            return ctx_fail(ctx, ERR_PERMISSION_UNKNOWN, permissions->items[i], "not there");
        }
        TRY(e);
        TRY(q_role_allow(ctx->tx, role, permission.id));
    }
    return ERR_OK;
}

enum err role_create(struct ctx *ctx, const struct new_role *in, struct role_entry *ret)
{
    struct role_entry role = {.name = in->name,
                              .description = in->description,
                              .rank = RANK,
                              .created = ctx->now,
                              .updated = ctx->now};

    TRY(name_is_right(ctx, in->name));
    TRY(id_make(ctx->now, &role.id));
    TRY(not_taken(ctx, q_role_insert(ctx->tx, &role)));
    TRY(allow(ctx, role.id, &in->permissions));
    TRY(policy_compose(ctx, &role));
    TRY(with_permissions(ctx, &role));
    TRY(event(ctx, EVENT_ROLE_CREATED, role.id));
    *ret = role;
    return ERR_OK;
}

enum err role_find(struct ctx *ctx, struct str name, struct role_entry *ret)
{
    TRY(q_role_by_name(ctx->tx, name, ret));
    return with_permissions(ctx, ret);
}

enum err role_get(struct ctx *ctx, struct id id, struct role_entry *ret)
{
    TRY(q_role_by_id(ctx->tx, id, ret));
    return with_permissions(ctx, ret);
}

enum err role_list(struct ctx *ctx, struct page page, struct role_page *ret)
{
    struct roles_count_row all;

    TRY(q_roles_count(ctx->tx, &all));
    ret->total = all.count;
    TRY(q_roles_page(ctx->tx, page.limit, page.offset, &ret->roles, &ret->count));
    for (size_t i = 0; i < ret->count; i++) {
        TRY(with_permissions(ctx, &ret->roles[i]));
    }
    return ERR_OK;
}

static enum err is_ours_to_change(struct ctx *ctx, const struct role_entry *role)
{
    if (role->built_in) {
        return ctx_fail(ctx, ERR_BUILT_IN, STR(""), "the role comes with the service");
    }
    return policy_compose(ctx, role);
}

/* Whoever holds it holds what it allows from here on: that is a grant, if there is anybody. */
static enum err is_ours_to_grant(struct ctx *ctx, const struct role_entry *role)
{
    struct role_is_held_row row;

    enum err e = q_role_is_held(ctx->tx, role->id, &row);
    if (e == ERR_MISSING) {
        return policy_compose(ctx, role);
    }
    TRY(e);
    return policy_grant(ctx, role, (struct id){0});
}

enum err role_change(struct ctx *ctx, struct role_entry *role, const struct text_list *permissions)
{
    TRY(is_ours_to_change(ctx, role));
    TRY(name_is_right(ctx, role->name));
    role->updated = ctx->now;
    TRY(not_taken(ctx, q_role_update(ctx->tx, role)));
    if (permissions) {
        TRY(q_role_allow_nothing(ctx->tx, role->id));
        TRY(allow(ctx, role->id, permissions));
        TRY(with_permissions(ctx, role));
        TRY(is_ours_to_grant(ctx, role));
    }
    return event(ctx, EVENT_ROLE_CHANGED, role->id);
}

enum err role_delete(struct ctx *ctx, const struct role_entry *role)
{
    TRY(is_ours_to_change(ctx, role));
    TRY(q_role_delete(ctx->tx, role->id));
    return event(ctx, EVENT_ROLE_DELETED, role->id);
}

static bool makes_an_admin(const struct role_entry *role, struct id organization)
{
    enum role known = role_of(role->name);

    return !id_is_set(organization) && (known == ROLE_ADMIN || known == ROLE_SUPER_ADMIN);
}

enum err role_grant(struct ctx *ctx, struct id user, const struct role_entry *role,
                    struct id organization)
{
    int64_t granted;

    TRY(policy_grant(ctx, role, organization));
    TRY(q_role_grant(ctx->tx, user, role->id, organization, ctx->now, &granted));
    if (granted == 0) {
        return ERR_OK;
    }
    TRY(policy_grant(ctx, role, organization)); /* after a write: it may allow more by now */
    if (makes_an_admin(role, organization)) {
        TRY(q_admin_number(ctx->tx, user));
    }
    return event(ctx, EVENT_ROLE_GRANTED, user);
}

enum err role_revoke(struct ctx *ctx, struct id user, const struct role_entry *role,
                     struct id organization)
{
    int64_t revoked;

    TRY(event(ctx, EVENT_ROLE_REVOKED, user));
    TRY(policy_grant(ctx, role, organization)); /* after a write: what it allows now */
    if (makes_an_admin(role, organization)) {
        TRY(role_of(role->name) == ROLE_SUPER_ADMIN ? policy_keeps_an_admin(ctx, user) : ERR_OK);
    }
    TRY(q_role_revoke(ctx->tx, user, role->id, organization, &revoked));
    return revoked == 0 ? ERR_MISSING : ERR_OK;
}

static enum err find_named(struct ctx *ctx, struct str name, struct role_entry *ret)
{
    enum err e = q_role_by_name(ctx->tx, name, ret);

    return e == ERR_MISSING ? ctx_fail(ctx, ERR_ROLE_UNKNOWN, name, "no such role") : e;
}

enum err role_grant_named(struct ctx *ctx, struct id user, struct str name)
{
    struct role_entry role;

    TRY(find_named(ctx, name, &role));
    return role_grant(ctx, user, &role, (struct id){0});
}

static bool is_among(const struct text_list *names, struct str name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (str_eq(names->items[i], name)) {
            return true;
        }
    }
    return false;
}

static enum err set_meanwhile(struct ctx *ctx)
{
    return ctx_fail(ctx, ERR_STORE_RETRY, STR("roles"), "others were set meanwhile");
}

static enum err revoke_held(struct ctx *ctx, struct id user, struct id id)
{
    struct role_entry role;

    enum err e = q_role_by_id(ctx->tx, id, &role);
    e = e == ERR_OK ? role_revoke(ctx, user, &role, (struct id){0}) : e;
    return e == ERR_MISSING ? set_meanwhile(ctx) : e;
}

/* Takes away what they hold everywhere and is not among `names`. */
static enum err revoke_others(struct ctx *ctx, struct id user, const struct text_list *names)
{
    struct roles_of_row *rows;
    size_t count;

    TRY(q_roles_of(ctx->tx, user, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        if (id_is_set(rows[i].organization) || is_among(names, rows[i].name)) {
            continue;
        }
        TRY(revoke_held(ctx, user, rows[i].role));
    }
    return ERR_OK;
}

static enum err holds_everywhere(struct ctx *ctx, struct id user, struct str name, bool *ret)
{
    struct roles_of_row *rows;
    size_t count;

    *ret = false;
    TRY(q_roles_of(ctx->tx, user, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        *ret = *ret || (!id_is_set(rows[i].organization) && str_eq(rows[i].name, name));
    }
    return ERR_OK;
}

/* What was held before anything was written, another may have taken away since. */
static enum err all_are_held(struct ctx *ctx, struct id user, const struct text_list *names)
{
    for (size_t i = 0; i < names->count; i++) {
        bool held;
        TRY(holds_everywhere(ctx, user, names->items[i], &held));
        TRY(held ? ERR_OK : set_meanwhile(ctx));
    }
    return ERR_OK;
}

enum err role_set(struct ctx *ctx, struct id user, const struct text_list *names)
{
    for (size_t i = 0; i < names->count; i++) {
        bool already;
        TRY(holds_everywhere(ctx, user, names->items[i], &already));
        if (!already) {
            TRY(role_grant_named(ctx, user, names->items[i]));
        }
    }
    TRY(revoke_others(ctx, user, names));
    return all_are_held(ctx, user, names);
}

enum err role_held(struct ctx *ctx, struct id user, struct held_role **ret, size_t *ret_count)
{
    struct roles_of_row *rows;

    TRY(q_roles_of(ctx->tx, user, &rows, ret_count));
    *ret = arena_array(ctx->arena, *ret_count + 1, sizeof **ret);
    if (!*ret) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < *ret_count; i++) {
        (*ret)[i].organization = rows[i].organization;
        TRY(role_get(ctx, rows[i].role, &(*ret)[i].role));
    }
    return ERR_OK;
}

enum err role_first(struct ctx *ctx, struct id user, struct str *ret)
{
    struct roles_of_row *rows;
    size_t count;

    TRY(q_roles_of(ctx->tx, user, &rows, &count));
    *ret = count > 0 ? rows[0].name : role_name(ROLE_USER);
    return ERR_OK;
}

enum err role_names(struct ctx *ctx, struct id user, struct text_list *ret)
{
    struct roles_of_row *rows;
    size_t count, kept = 0;

    TRY(q_roles_of(ctx->tx, user, &rows, &count));
    struct str *names = arena_array(ctx->arena, count + 1, sizeof *names);
    if (!names) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        if (!id_is_set(rows[i].organization)) {
            names[kept++] = rows[i].name;
        }
    }
    *ret = (struct text_list){names, kept};
    return ERR_OK;
}
