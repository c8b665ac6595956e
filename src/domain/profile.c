/* Who may see and change whom in the directory, and the roles beside each user. */
#include "domain/profile.h"

#include "base/arena.h"
#include "domain/policy.h"
#include "domain/role.h"
#include "domain/roster.h"
#include "domain/service.h"
#include "store/queries.h"

/* Roles that have been read: many users hold the same few. */
struct shelf {
    struct role_entry *roles;
    size_t count;
};

/* What one user holds, before the roles themselves are read. */
struct holding {
    struct roles_of_row *rows;
    size_t count;
};

static enum err role_from(struct ctx *ctx, struct shelf *shelf, struct id id,
                          struct role_entry *ret)
{
    for (size_t i = 0; i < shelf->count; i++) {
        if (id_eq(shelf->roles[i].id, id)) {
            *ret = shelf->roles[i];
            return ERR_OK;
        }
    }
    TRY(role_get(ctx, id, ret));
    shelf->roles[shelf->count++] = *ret;
    return ERR_OK;
}

static enum err fill(struct ctx *ctx, struct shelf *shelf, const struct user *user,
                     const struct holding *holding, struct profile *ret)
{
    struct role_entry *roles = arena_array(ctx->arena, holding->count + 1, sizeof *roles);
    size_t count = 0;

    if (!roles) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < holding->count; i++) {
        if (!id_is_set(holding->rows[i].organization)) {
            TRY(role_from(ctx, shelf, holding->rows[i].role, &roles[count++]));
        }
    }
    bool named = str_is_set(user->username.shown);
    *ret = (struct profile){.user = *user,
                            .name = named ? user->username.shown : user->email.shown,
                            .roles = LIST(roles, count)};
    return ERR_OK;
}

static enum err profiles_of(struct ctx *ctx, const struct user *users, size_t count,
                            struct profile *ret)
{
    struct holding *holdings = arena_array(ctx->arena, count + 1, sizeof *holdings);
    struct shelf shelf = {0};
    size_t most = 1;

    if (!holdings) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(q_roles_of(ctx->tx, users[i].id, &holdings[i].rows, &holdings[i].count));
        most += holdings[i].count;
    }
    shelf.roles = arena_array(ctx->arena, most, sizeof *shelf.roles);
    if (!shelf.roles) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(fill(ctx, &shelf, &users[i], &holdings[i], &ret[i]));
    }
    return ERR_OK;
}

static bool is_self(const struct ctx *ctx, struct id id)
{
    return ctx->actor.kind == ACTOR_USER && id_eq(ctx->actor.user, id);
}

/* Who may do it nowhere is not told whether there is somebody. */
enum err profile_find(struct ctx *ctx, enum permission permission, struct id id, struct user *ret)
{
    if (!is_self(ctx, id) && !permission_held(ctx->actor.somewhere, permission)) {
        return ctx_fail(ctx, ERR_FORBIDDEN, STR(""), "it is about somebody else");
    }
    TRY(user_get(ctx, id, ret));
    return policy_user(ctx, permission, ret);
}

static bool may_give_roles(const struct ctx *ctx)
{
    return policy_holds(ctx, permission_name(PERMIT_ROLES_ASSIGN), (struct id){0});
}

/* The roles of a new user, before anything is hashed for it. */
static enum err roles_to_give(struct ctx *ctx, const struct text_list *names,
                              struct role_entry *ret)
{
    bool gives = ctx->actor.kind != ACTOR_OPEN && may_give_roles(ctx);

    for (size_t i = 0; i < names->count; i++) {
        if (!gives && role_of(names->items[i]) != ROLE_USER) {
            return ctx_fail(ctx, ERR_FORBIDDEN, STR(""), "a role other than USER");
        }
        enum err e = role_find(ctx, names->items[i], &ret[i]);
        if (e == ERR_MISSING) {
            return ctx_fail(ctx, ERR_ROLE_UNKNOWN, names->items[i], "no such role");
        }
        TRY(e);
        TRY(policy_grant(ctx, &ret[i], (struct id){0}));
    }
    return ERR_OK;
}

/* Who registers themself is active whatever they say, unless their address is to be verified. */
static enum err complete(struct ctx *ctx, struct new_user *user)
{
    if (!str_is_set(user->email.key) && username_is_address(&user->username)) {
        TRY(email_parse(ctx->arena, user->username.shown, &user->email));
    }
    if (!permission_held(ctx->actor.permissions, PERMIT_USERS_WRITE)) {
        bool waits = ctx->service->settings->require_verified && str_is_set(user->email.key);
        user->state = waits ? USER_PENDING_VERIFICATION : USER_ACTIVE;
        user->claimed = true;
    }
    return ERR_OK;
}

enum err profile_create(struct ctx *ctx, const struct new_user *in, const struct text_list *roles,
                        struct profile *ret)
{
    const struct str user_alone = role_name(ROLE_USER);
    struct text_list names = roles ? *roles : (struct text_list){&user_alone, 1};
    struct role_entry *given = arena_array(ctx->arena, names.count + 1, sizeof *given);
    struct new_user new = *in;
    struct user user;

    if (!given) {
        return ERR_MEMORY;
    }
    TRY(roles_to_give(ctx, &names, given));
    TRY(complete(ctx, &new));
    TRY(user_create(ctx, &new, &user));
    for (size_t i = 0; i < names.count; i++) {
        TRY(role_grant(ctx, user.id, &given[i], (struct id){0}));
    }
    return profiles_of(ctx, &user, 1, ret);
}

enum err profile_list(struct ctx *ctx, struct page page, struct profile_page *ret)
{
    struct roster_query query = {.offset = page.offset, .limit = page.limit};
    struct roster_page users;

    TRY(roster_page(ctx, &query, &users));
    struct profile *profiles = arena_array(ctx->arena, users.count + 1, sizeof *profiles);
    if (!profiles) {
        return ERR_MEMORY;
    }
    TRY(profiles_of(ctx, users.users, users.count, profiles));
    *ret = (struct profile_page){profiles, users.count, users.total};
    return ERR_OK;
}

enum err profile_get(struct ctx *ctx, struct id id, struct profile *ret)
{
    struct user user;

    TRY(profile_find(ctx, PERMIT_USERS_READ, id, &user));
    return profiles_of(ctx, &user, 1, ret);
}

static void take_over(const struct str *from, struct str *to)
{
    if (from) {
        *to = *from;
    }
}

static enum err change_names(struct ctx *ctx, const struct profile_change *in, struct user *user)
{
    if (!in->first_name && !in->last_name && !in->birth_date) {
        return ERR_OK;
    }
    struct user old = *user;
    take_over(in->first_name, &user->first_name);
    take_over(in->last_name, &user->last_name);
    take_over(in->birth_date, &user->birth_date);
    return user_change(ctx, &old, user);
}

static enum err may_change(struct ctx *ctx, struct id id, const struct profile_change *in)
{
    if (in->roles && !may_give_roles(ctx)) {
        return ctx_fail(ctx, ERR_FORBIDDEN, STR(""), "roles are not theirs to give");
    }
    return is_self(ctx, id) ? ERR_OK : policy_over(ctx, id);
}

enum err profile_change(struct ctx *ctx, struct id id, const struct profile_change *in,
                        struct profile *ret)
{
    struct user user;

    TRY(profile_find(ctx, PERMIT_USERS_WRITE, id, &user));
    TRY(may_change(ctx, id, in));
    if (in->password.hidden.ptr) { /* first: it is hashed before anything is written */
        TRY(user_set_password(ctx, &user, in->password));
    }
    TRY(change_names(ctx, in, &user));
    TRY(in->roles ? role_set(ctx, id, in->roles) : ERR_OK);
    return profiles_of(ctx, &user, 1, ret);
}

enum err profile_delete(struct ctx *ctx, struct id id)
{
    struct user user;

    TRY(profile_find(ctx, PERMIT_USERS_WRITE, id, &user));
    return user_delete(ctx, &user);
}

enum err profile_change_password(struct ctx *ctx, struct id id, const struct password_change *in,
                                 struct profile *ret)
{
    struct user user;

    if (!is_self(ctx, id)) {
        return ctx_fail(ctx, ERR_FORBIDDEN, STR(""), "somebody else's password");
    }
    TRY(user_get(ctx, id, &user));
    TRY(user_change_password(ctx, &user, in));
    return profiles_of(ctx, &user, 1, ret);
}
