/* Document 001's permissions. */
#include "api/gateway/reading.h"
#include "api/gateway/routes.h"

static enum err read_permission(struct call *c, struct permission_entry *ret)
{
    struct id id;

    TRY(gateway_read_id(c, 0, STR("id"), &id));
    return permission_get(&c->ctx, id, ret);
}

static enum err answer_permission(struct call *c, const struct permission_entry *permission)
{
    return answer(c, &(struct permission_answer){gateway_envelope(c, true), *permission});
}

enum err gateway_get_permissions(struct call *c)
{
    struct list_answer out = {.envelope = gateway_envelope(c, true)};
    struct permission_page found;
    struct page page;

    TRY(gateway_read_page(c, &page));
    TRY(permission_list(&c->ctx, page, &found));
    out.data = (struct list_of){LIST(found.permissions, found.count), found.total};
    return answer(c, &out);
}

enum err gateway_get_permission(struct call *c)
{
    struct permission_entry permission;

    TRY(read_permission(c, &permission));
    return answer_permission(c, &permission);
}

enum err gateway_post_permission(struct call *c)
{
    struct permission_body in = {0};
    struct permission_entry permission;

    TRY(read_body(c, &in));
    TRY(permission_create(&c->ctx, in.name, in.description, &permission));
    return answer_permission(c, &permission);
}

enum err gateway_put_permission(struct call *c)
{
    struct permission_body in = {0};
    struct permission_entry permission;

    TRY(read_permission(c, &permission));
    TRY(read_body(c, &in));
    permission.name = in.name_is == PRESENCE_VALUE ? in.name : permission.name;
    permission.description =
        in.description_is == PRESENCE_ABSENT ? permission.description : in.description;
    TRY(permission_change(&c->ctx, &permission));
    return answer_permission(c, &permission);
}

enum err gateway_delete_permission(struct call *c)
{
    struct permission_entry permission;

    TRY(read_permission(c, &permission));
    TRY(permission_delete(&c->ctx, &permission));
    return gateway_answer_nothing(c);
}
