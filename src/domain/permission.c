/* Permissions by name. Whoever holds them does so by a role: see role.c. */
#include "domain/permission.h"

#include "domain/event.h"
#include "store/queries.h"

static enum err name_is_right(struct ctx *ctx, struct str name)
{
    if (permission_name_is_fine(name)) {
        return ERR_OK;
    }
    return ctx_fail(ctx, ERR_FIELD_VALUE, STR("name"), "no name of a permission");
}

static enum err not_taken(struct ctx *ctx, enum err e)
{
    return e == ERR_TAKEN ? ctx_fail(ctx, ERR_TAKEN, STR("name"), "the name is in use") : e;
}

enum err permission_create(struct ctx *ctx, struct str name, struct str description,
                           struct permission_entry *ret)
{
    struct permission_entry made = {
        .name = name, .description = description, .created = ctx->now, .updated = ctx->now};

    TRY(name_is_right(ctx, name));
    TRY(id_make(ctx->now, &made.id));
    TRY(not_taken(ctx, q_permission_insert(ctx->tx, &made)));
    TRY(event(ctx, EVENT_PERMISSION_CREATED, made.id));
    *ret = made;
    return ERR_OK;
}

enum err permission_find(struct ctx *ctx, struct str name, struct permission_entry *ret)
{
    return q_permission_by_name(ctx->tx, name, ret);
}

enum err permission_get(struct ctx *ctx, struct id id, struct permission_entry *ret)
{
    return q_permission_by_id(ctx->tx, id, ret);
}

enum err permission_list(struct ctx *ctx, struct page page, struct permission_page *ret)
{
    struct permissions_count_row all;

    TRY(q_permissions_count(ctx->tx, &all));
    ret->total = all.count;
    return q_permissions_page(ctx->tx, page.limit, page.offset, &ret->permissions, &ret->count);
}

static enum err is_ours_to_change(struct ctx *ctx, const struct permission_entry *permission)
{
    if (permission->built_in) {
        return ctx_fail(ctx, ERR_BUILT_IN, STR(""), "the permission comes with the service");
    }
    return ERR_OK;
}

static enum err name_may_change(struct ctx *ctx, const struct permission_entry *permission)
{
    struct permission_entry old;
    struct permission_is_used_row row;

    TRY(q_permission_by_id(ctx->tx, permission->id, &old));
    if (str_eq(old.name, permission->name)) {
        return ERR_OK;
    }
    enum err e = q_permission_is_used(ctx->tx, permission->id, &row);
    if (e == ERR_OK) {
        return ctx_fail(ctx, ERR_IN_USE, STR("name"), "a role allows it");
    }
    return e == ERR_MISSING ? name_is_right(ctx, permission->name) : e;
}

enum err permission_change(struct ctx *ctx, const struct permission_entry *permission)
{
    struct permission_entry changed = *permission;

    TRY(is_ours_to_change(ctx, permission));
    TRY(name_may_change(ctx, permission));
    changed.updated = ctx->now;
    TRY(not_taken(ctx, q_permission_update(ctx->tx, &changed)));
    return event(ctx, EVENT_PERMISSION_CHANGED, permission->id);
}

enum err permission_delete(struct ctx *ctx, const struct permission_entry *permission)
{
    TRY(is_ours_to_change(ctx, permission));
    enum err e = q_permission_delete(ctx->tx, permission->id);
    if (e == ERR_MISSING) {
        return ctx_fail(ctx, ERR_IN_USE, STR(""), "a role allows it");
    }
    TRY(e);
    return event(ctx, EVENT_PERMISSION_DELETED, permission->id);
}
