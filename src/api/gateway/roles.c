/* Document 001's roles, and the permissions that they allow. */
#include "api/gateway/reading.h"
#include "api/gateway/routes.h"
#include "base/arena.h"

static enum err read_role(struct call *c, struct role_entry *ret)
{
    struct id id;

    TRY(gateway_read_id(c, 0, STR("id"), &id));
    return role_get(&c->ctx, id, ret);
}

enum err gateway_get_roles(struct call *c)
{
    struct list_answer out = {.envelope = gateway_envelope(c, true)};
    struct role_page found;
    struct page page;

    TRY(gateway_read_page(c, &page));
    TRY(role_list(&c->ctx, page, &found));
    struct role_shown *shown = arena_array(c->ctx.arena, found.count + 1, sizeof *shown);
    if (!shown) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < found.count; i++) {
        TRY(gateway_show_role(c, &found.roles[i], &shown[i]));
    }
    out.data = (struct list_of){LIST(shown, found.count), found.total};
    return answer(c, &out);
}

enum err gateway_get_role(struct call *c)
{
    struct role_entry role;

    TRY(read_role(c, &role));
    return gateway_answer_role(c, &role);
}

enum err gateway_post_role(struct call *c)
{
    struct new_role in = {0};
    struct role_entry role;

    TRY(read_body(c, &in));
    TRY(role_create(&c->ctx, &in, &role));
    return gateway_answer_role(c, &role);
}

enum err gateway_put_role(struct call *c)
{
    struct role_update in = {0};
    struct role_entry role;

    TRY(read_role(c, &role));
    TRY(read_body(c, &in));
    role.name = in.name_is == PRESENCE_VALUE ? in.name : role.name;
    role.description = in.description_is == PRESENCE_ABSENT ? role.description : in.description;
    TRY(role_change(&c->ctx, &role, in.permissions_are == PRESENCE_VALUE ? &in.permissions : NULL));
    return gateway_answer_role(c, &role);
}

enum err gateway_delete_role(struct call *c)
{
    struct role_entry role;

    TRY(read_role(c, &role));
    TRY(role_delete(&c->ctx, &role));
    return gateway_answer_nothing(c);
}

enum err gateway_get_role_permissions(struct call *c)
{
    struct list_answer out = {.envelope = gateway_envelope(c, true)};
    struct role_entry role;
    struct page page;

    TRY(gateway_read_page(c, &page));
    TRY(read_role(c, &role));
    out.data = gateway_slice(&role.permissions, page);
    return answer(c, &out);
}

/* The names of what a role allows, without one permission, and room for one more. */
static enum err names_without(struct call *c, const struct role_entry *role, struct id permission,
                              struct str **ret, size_t *ret_count)
{
    const struct permission_entry *all = role->permissions.items;
    struct str *names = arena_array(c->ctx.arena, role->permissions.count + 1, sizeof *names);
    size_t kept = 0;

    if (!names) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < role->permissions.count; i++) {
        if (!id_eq(all[i].id, permission)) {
            names[kept++] = all[i].name;
        }
    }
    *ret = names;
    *ret_count = kept;
    return ERR_OK;
}

enum err gateway_post_role_permission(struct call *c)
{
    struct allowance in = {0};
    struct role_entry role;
    struct permission_entry permission;
    struct str *names;
    size_t count;

    TRY(read_body(c, &in));
    TRY(role_get(&c->ctx, in.role, &role));
    TRY(permission_get(&c->ctx, in.permission, &permission));
    TRY(names_without(c, &role, permission.id, &names, &count));
    names[count++] = permission.name;
    TRY(role_change(&c->ctx, &role, &(struct text_list){names, count}));
    return gateway_answer_role(c, &role);
}

enum err gateway_delete_role_permission(struct call *c)
{
    struct role_entry role;
    struct str *names;
    struct id permission;
    size_t count;

    TRY(gateway_read_id(c, 1, STR("permissionId"), &permission));
    TRY(read_role(c, &role));
    TRY(names_without(c, &role, permission, &names, &count));
    if (count == role.permissions.count) {
        return ctx_fail(&c->ctx, ERR_MISSING, STR(""), "the role does not allow it");
    }
    TRY(role_change(&c->ctx, &role, &(struct text_list){names, count}));
    return gateway_answer_nothing(c);
}
