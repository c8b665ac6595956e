/* Document 003's endpoints, in its order: read, one domain call, answer. */
#include "api/directory/routes.h"
#include "api/directory/shapes.h"
#include "domain/login.h"
#include "domain/logout.h"
#include "domain/renewal.h"
#include "web/device.h"

enum {
    FIRST_PAGE = 1,
    USUAL_LIMIT = 12,
    MOST_LIMIT = 100
};
#define LAST_PAGE (((int64_t)1 << 53) - 1) /* the largest number that every reader of JSON has */

static enum err answer_authenticated(struct call *c, const struct logged_in *in)
{
    const struct user *user = &in->user;
    bool named = str_is_set(user->username.shown);
    struct authenticated out = {
        .token = in->token.text,
        .authenticated = true,
        .user = user->id,
        .username = named ? user->username.shown : user->email.shown,
        .first_name = user->first_name,
        .last_name = user->last_name,
    };

    TRY(role_names(&c->ctx, user->id, &out.roles));
    return answer(c, &(struct authenticated_answer){out});
}

/* Authentication 1. Login */
enum err directory_post_token(struct call *c)
{
    struct credentials in = {0};
    struct logged_in out;

    TRY(read_body(c, &in));
    TRY(login(&c->ctx, &(struct login){in.username, in.password, device_shown(c)}, &out));
    device_remember(c, out.device);
    return answer_authenticated(c, &out);
}

/* Authentication 2. Introspect Token */
enum err directory_post_introspect(struct call *c)
{
    struct bare_token in = {0};
    struct actor actor;

    TRY(read_body(c, &in));
    enum err e = token_look(&c->ctx, in.token, &actor);
    if (e == ERR_TOKEN_INVALID) {
        c->ctx.reason = (struct reason){0}; /* that was the question, and no failure */
        return answer(c, &(struct introspected_answer){{false}});
    }
    TRY(e);
    return answer(c, &(struct introspected_answer){{true}});
}

/* Authentication 3. Refresh Token */
enum err directory_post_refresh(struct call *c)
{
    struct bare_token in = {0};
    struct logged_in out;

    TRY(read_body(c, &in));
    TRY(renewal(&c->ctx, in.token, &out));
    return answer_authenticated(c, &out);
}

/* Authentication 4. Logout */
enum err directory_post_logout(struct call *c)
{
    struct bare_token in = {0};

    TRY(read_body(c, &in));
    TRY(logout(&c->ctx, in.token));
    return answer(c, &in);
}

/* 1 is active and 0 is not. */
static enum err read_status(struct call *c, const struct user_body *in, enum user_state *ret)
{
    if (in->status_is == PRESENCE_VALUE && in->status != 0 && in->status != 1) {
        return ctx_fail(&c->ctx, ERR_FIELD_VALUE, STR("status"), "neither 0 nor 1");
    }
    *ret = in->status_is == PRESENCE_VALUE && in->status == 0 ? USER_INACTIVE : USER_ACTIVE;
    return ERR_OK;
}

/* Others show it as a picture: what a browser would run is none. */
static enum err check_avatar(struct call *c, struct str avatar)
{
    if (!str_is_set(avatar) || str_starts(avatar, STR("https://")) ||
        str_starts(avatar, STR("http://"))) {
        return ERR_OK;
    }
    return ctx_fail(&c->ctx, ERR_FIELD_VALUE, STR("avatar"), "no address of the web");
}

/* Users 1. Create User */
enum err directory_post_user(struct call *c)
{
    struct user_body in = {0};
    struct user_answer out;

    TRY(read_body(c, &in));
    TRY(read_status(c, &in, &in.user.state));
    TRY(check_avatar(c, in.user.avatar));
    TRY(profile_create(&c->ctx, &in.user, in.roles_are == PRESENCE_VALUE ? &in.roles : NULL,
                       &out.result));
    return answer(c, &out);
}

static enum err read_number(struct call *c, struct str name, int64_t number, int64_t most)
{
    if (number >= 1 && number <= most) {
        return ERR_OK;
    }
    return ctx_fail(&c->ctx, ERR_FIELD_VALUE, name, "not from 1 to %lld", (long long)most);
}

static enum err read_page(struct call *c, struct page_query *ret_query, struct page *ret)
{
    struct page_query query = {FIRST_PAGE, USUAL_LIMIT};

    TRY(read_query(c, &query));
    TRY(read_number(c, STR("page"), query.page, LAST_PAGE));
    TRY(read_number(c, STR("limit"), query.limit, MOST_LIMIT));
    *ret_query = query;
    *ret = (struct page){.offset = (query.page - 1) * query.limit, .limit = query.limit};
    return ERR_OK;
}

static enum err answer_page(struct call *c, const struct page_query *query, struct list items,
                            int64_t total)
{
    struct page_of page = {
        .items = items,
        .total = total,
        .page = query->page,
        .size = query->limit,
        .pages = (total + query->limit - 1) / query->limit,
    };

    return answer(c, &(struct page_answer){page});
}

/* Users 2. Get All Users */
enum err directory_get_users(struct call *c)
{
    struct page_query query;
    struct profile_page found;
    struct page page;

    TRY(read_page(c, &query, &page));
    TRY(profile_list(&c->ctx, page, &found));
    return answer_page(c, &query, LIST(found.profiles, found.count), found.total);
}

/* What is no id is nobody's. */
static enum err read_user_id(struct call *c, struct id *ret)
{
    if (id_parse(call_parameter(c, 0), ret) != ERR_OK) {
        return ctx_fail(&c->ctx, ERR_MISSING, STR(""), "no id");
    }
    return ERR_OK;
}

/* Users 3. Get User by ID */
enum err directory_get_user(struct call *c)
{
    struct user_answer out;
    struct id id;

    TRY(read_user_id(c, &id));
    TRY(profile_get(&c->ctx, id, &out.result));
    return answer(c, &out);
}

/* Users 4. Get My Info */
enum err directory_get_my_info(struct call *c)
{
    struct user_answer out;

    TRY(profile_get(&c->ctx, c->ctx.actor.user, &out.result));
    return answer(c, &out);
}

/* What there was of a member: its value, no text where it was null, and NULL where it was not. */
static const struct str *given(enum presence presence, const struct str *value)
{
    return presence == PRESENCE_ABSENT ? NULL : value;
}

/* Users 5. Update User */
enum err directory_put_user(struct call *c)
{
    struct user_update in = {0};
    struct user_answer out;
    struct id id;

    TRY(read_user_id(c, &id));
    TRY(read_body(c, &in));
    struct profile_change change = {
        .password = in.password,
        .first_name = given(in.first_name_is, &in.first_name),
        .last_name = given(in.last_name_is, &in.last_name),
        .birth_date = given(in.birth_date_is, &in.birth_date),
        .roles = in.roles_are == PRESENCE_VALUE ? &in.roles : NULL,
    };
    TRY(profile_change(&c->ctx, id, &change, &out.result));
    return answer(c, &out);
}

/* Users 6. Delete User */
enum err directory_delete_user(struct call *c)
{
    struct id id;

    TRY(read_user_id(c, &id));
    TRY(profile_delete(&c->ctx, id));
    return answer(c, &(struct text_answer){STR("User has been deleted")});
}

/* Users 7. Change Password */
enum err directory_put_user_password(struct call *c)
{
    struct password_change in = {0};
    struct user_answer out;
    struct id id;

    TRY(read_user_id(c, &id));
    TRY(read_body(c, &in));
    in.device = device_shown(c);
    TRY(profile_change_password(&c->ctx, id, &in, &out.result));
    return answer(c, &out);
}

/* Roles 1. Create Role */
enum err directory_post_role(struct call *c)
{
    struct new_role in = {0};
    struct role_answer out;

    TRY(read_body(c, &in));
    TRY(role_create(&c->ctx, &in, &out.result));
    return answer(c, &out);
}

/* Roles 2. Get All Roles */
enum err directory_get_roles(struct call *c)
{
    struct page_query query;
    struct role_page found;
    struct page page;

    TRY(read_page(c, &query, &page));
    TRY(role_list(&c->ctx, page, &found));
    return answer_page(c, &query, LIST(found.roles, found.count), found.total);
}

/* Roles 3. Delete Role */
enum err directory_delete_role(struct call *c)
{
    struct role_entry role;

    TRY(role_find(&c->ctx, call_parameter(c, 0), &role));
    TRY(role_delete(&c->ctx, &role));
    return answer(c, &role);
}

/* Permissions 1. Create Permission */
enum err directory_post_permission(struct call *c)
{
    struct permission_body in = {0};
    struct permission_answer out;

    TRY(read_body(c, &in));
    TRY(permission_create(&c->ctx, in.name, in.description, &out.result));
    return answer(c, &out);
}

/* Permissions 2. Get All Permissions */
enum err directory_get_permissions(struct call *c)
{
    struct page_query query;
    struct permission_page found;
    struct page page;

    TRY(read_page(c, &query, &page));
    TRY(permission_list(&c->ctx, page, &found));
    return answer_page(c, &query, LIST(found.permissions, found.count), found.total);
}

/* Permissions 3. Delete Permission */
enum err directory_delete_permission(struct call *c)
{
    struct permission_entry permission;

    TRY(permission_find(&c->ctx, call_parameter(c, 0), &permission));
    TRY(permission_delete(&c->ctx, &permission));
    return answer(c, &permission);
}
