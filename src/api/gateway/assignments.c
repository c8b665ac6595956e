/* Document 001's roles of users, and what they allow them. */
#include "api/gateway/reading.h"
#include "api/gateway/routes.h"
#include "base/arena.h"
#include "domain/assignment.h"

enum err gateway_get_user_roles(struct call *c)
{
    struct list_answer out = {.envelope = gateway_envelope(c, true)};
    struct held_role *held;
    struct page page;
    struct id user;
    size_t count;

    TRY(gateway_read_id(c, 0, STR("userId"), &user));
    TRY(gateway_read_page(c, &page));
    TRY(assignment_list(&c->ctx, user, &held, &count));
    struct role_shown *shown = arena_array(c->ctx.arena, count + 1, sizeof *shown);
    if (!shown) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(gateway_show_role(c, &held[i].role, &shown[i]));
        shown[i].organization = held[i].organization;
    }
    out.data = gateway_slice(&LIST(shown, count), page);
    return answer(c, &out);
}

static enum err grant(struct call *c, const struct assignment *in, const struct role_entry *role)
{
    struct assignment_answer out = {gateway_envelope(c, true), *in};

    TRY(assignment_grant(&c->ctx, in->user, role, in->organization));
    out.data.role = role->id;
    out.data.role_name = role->name;
    return answer(c, &out);
}

enum err gateway_post_assignment(struct call *c)
{
    struct assignment in = {0};
    struct role_entry role;

    TRY(read_body(c, &in));
    TRY(role_get(&c->ctx, in.role, &role));
    return grant(c, &in, &role);
}

enum err gateway_post_assignment_by_name(struct call *c)
{
    struct assignment in = {0};
    struct role_entry role;

    TRY(read_body(c, &in));
    TRY(role_find(&c->ctx, in.role_name, &role));
    return grant(c, &in, &role);
}

enum err gateway_post_removal(struct call *c)
{
    struct assignment in = {0};
    struct role_entry role;

    TRY(gateway_read_id(c, 0, STR("userId"), &in.user));
    TRY(read_body(c, &in));
    TRY(role_find(&c->ctx, in.role_name, &role));
    TRY(assignment_revoke(&c->ctx, in.user, &role, in.organization));
    return gateway_answer_nothing(c);
}

enum err gateway_delete_assignment(struct call *c)
{
    struct place_query at = {0};
    struct role_entry role;
    struct id user, id;

    TRY(gateway_read_id(c, 0, STR("userId"), &user));
    TRY(gateway_read_id(c, 1, STR("roleId"), &id));
    TRY(read_query(c, &at));
    TRY(role_get(&c->ctx, id, &role));
    TRY(assignment_revoke(&c->ctx, user, &role, at.organization));
    return gateway_answer_nothing(c);
}

enum err gateway_get_check(struct call *c)
{
    struct check_answer out = {.envelope = gateway_envelope(c, true)};
    struct place_query at = {0};

    out.data.permission = call_parameter(c, 1);
    TRY(gateway_read_id(c, 0, STR("userId"), &out.data.user));
    if (!permission_name_is_fine(out.data.permission)) {
        return ctx_fail(&c->ctx, ERR_FIELD_VALUE, STR("permissionName"), "no name of a permission");
    }
    TRY(read_query(c, &at));
    TRY(assignment_allows(&c->ctx, out.data.user, out.data.permission, at.organization,
                          &out.data.allowed));
    return answer(c, &out);
}
