/* Document 000's /users: read, one domain call, answer. */
#include "api/fitnexa/routes.h"
#include "api/fitnexa/shapes.h"
#include "base/arena.h"
#include "domain/gym_admin.h"
#include "domain/member.h"
#include "domain/user.h"

enum {
    FIRST_PAGE = 1,
    USUAL_LIMIT = 20,
    MOST_LIMIT = 100
};
#define LAST_PAGE (((int64_t)1 << 53) - 1) /* the largest number that every reader of JSON has */

static void take_over(enum presence presence, struct str value, struct str *to)
{
    if (presence != PRESENCE_ABSENT) {
        *to = value.len > 0 ? value : (struct str){0};
    }
}

/* PUT /profile */
enum err fitnexa_put_profile(struct call *c)
{
    struct profile_body in = {0};
    struct user old, user;
    struct user_shown out;

    TRY(read_body(c, &in));
    TRY(user_get(&c->ctx, c->ctx.actor.user, &old));
    user = old;
    take_over(in.first_name_is, in.first_name, &user.first_name);
    take_over(in.last_name_is, in.last_name, &user.last_name);
    take_over(in.phone_is, in.phone, &user.phone);
    take_over(in.bio_is, in.bio, &user.bio);
    TRY(user_change(&c->ctx, &old, &user));
    TRY(fitnexa_show(&c->ctx, &user, &out));
    return answer(c, &out);
}

/* POST /users/create-gym-admin */
enum err fitnexa_post_gym_admin(struct call *c)
{
    struct gym_admin_body in = {0};
    struct gym_admin made;
    struct gym_admin_answer out;

    TRY(read_body(c, &in));
    struct new_gym_admin new = {
        .user = {.email = in.email,
                 .password = in.password,
                 .first_name = in.first_name,
                 .last_name = in.last_name,
                 .phone = in.phone},
        .gym = in.gym,
        .mail = in.send_email,
    };
    TRY(gym_admin_create(&c->ctx, &new, &made));
    out.token = made.link.token.hidden;
    out.expires = made.link.expires;
    TRY(fitnexa_show(&c->ctx, &made.user, &out.user));
    return answer(c, &out);
}

/* POST /users/activate */
enum err fitnexa_post_activate(struct call *c)
{
    struct link_body in = {0};
    struct activated_answer out;
    struct user user;

    TRY(read_body(c, &in));
    TRY(activation_use(&c->ctx, in.token, in.password, &user));
    TRY(fitnexa_show(&c->ctx, &user, &out.user));
    return answer(c, &out);
}

static enum err wrong(struct call *c, struct str field)
{
    return ctx_fail(&c->ctx, ERR_FIELD_VALUE, field, "no such value");
}

static enum err read_number(struct call *c, struct str name, int64_t number, int64_t most)
{
    return number >= 1 && number <= most ? ERR_OK : wrong(c, name);
}

/* One of the three that this face knows. */
static enum err read_role(struct call *c, struct str name, enum role *ret)
{
    *ret = role_of(name);
    return *ret == ROLE_SUPER_ADMIN || *ret == ROLE_GYM_ADMIN || *ret == ROLE_MEMBER
               ? ERR_OK
               : wrong(c, STR("role"));
}

static enum err read_states(struct call *c, struct str status, unsigned *ret)
{
    const unsigned active = 1U << USER_ACTIVE, pending = 1U << USER_PENDING_ACTIVATION;

    if (status.len == 0) {
        *ret = MEMBER_ALL_STATES;
    } else if (str_eq(status, STR("ACTIVE"))) {
        *ret = active;
    } else if (str_eq(status, STR("PENDING_ACTIVATION"))) {
        *ret = pending;
    } else if (str_eq(status, STR("INACTIVE"))) {
        *ret = ~(active | pending);
    } else {
        return wrong(c, STR("status"));
    }
    return ERR_OK;
}

static enum err show_members(struct call *c, const struct member_page *found, struct list *ret)
{
    struct user_shown *users = arena_array(c->ctx.arena, found->count + 1, sizeof *users);

    if (!users) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < found->count; i++) {
        fitnexa_show_member(&found->members[i], &users[i]);
    }
    *ret = LIST(users, found->count);
    return ERR_OK;
}

/* GET /users/all */
enum err fitnexa_get_all(struct call *c)
{
    struct users_query in = {FIRST_PAGE, USUAL_LIMIT};
    struct member_query query = {0};
    struct member_page found;
    struct users_answer out;
    enum role role;

    TRY(read_query(c, &in));
    TRY(read_number(c, STR("page"), in.page, LAST_PAGE));
    TRY(read_number(c, STR("limit"), in.limit, MOST_LIMIT));
    if (in.role.len > 0) {
        TRY(read_role(c, in.role, &role));
        query.role = &role;
    }
    TRY(read_states(c, in.status, &query.states));
    query.page = (struct page){.offset = (in.page - 1) * in.limit, .limit = in.limit};
    query.search = in.search;
    query.gym = in.gym;
    TRY(member_list(&c->ctx, &query, &found));
    out = (struct users_answer){{0}, found.total, in.page, in.limit};
    TRY(show_members(c, &found, &out.users));
    return answer(c, &out);
}
