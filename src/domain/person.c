/* Users, looked after: lists are put together from pieces, each of which an index has in order. */
#include "domain/person.h"

#include "base/arena.h"
#include "domain/activation.h"
#include "domain/organization.h"
#include "domain/policy.h"
#include "domain/profile.h"
#include "domain/role.h"
#include "domain/roster.h"
#include "store/queries.h"

static enum err person_of(struct ctx *ctx, const struct user *user, struct person *ret)
{
    *ret = (struct person){.user = *user};
    return role_first(ctx, user->id, &ret->role);
}

static enum err people_of(struct ctx *ctx, const struct roster_page *users, struct person_page *ret)
{
    struct person *people = arena_array(ctx->arena, users->count + 1, sizeof *people);

    if (!people) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < users->count; i++) {
        TRY(person_of(ctx, &users->users[i], &people[i]));
    }
    *ret = (struct person_page){people, users->count, users->total};
    return ERR_OK;
}

static bool reads_everywhere(const struct ctx *ctx)
{
    return policy_holds(ctx, permission_name(PERMIT_USERS_READ), (struct id){0});
}

static bool fits(const struct ctx *ctx, const struct person_query *query, const struct user *user)
{
    bool of_organization =
        !id_is_set(query->organization) || id_eq(query->organization, user->organization);
    bool in_state = query->states == 0 || (query->states & (1U << user->state)) != 0;

    return of_organization && in_state &&
           policy_holds(ctx, permission_name(PERMIT_USERS_READ), user->organization);
}

/* There is one account of an address at most. */
static enum err list_by_email(struct ctx *ctx, const struct person_query *query,
                              struct person_page *ret)
{
    struct user *found = arena_alloc(ctx->arena, sizeof *found);
    struct roster_page page = {.users = found};

    if (!found) {
        return ERR_MEMORY;
    }
    enum err e = q_user_by_login(ctx->tx, (struct str){0}, query->email, found);
    if (e != ERR_OK && e != ERR_MISSING) {
        return e;
    }
    page.total = e == ERR_OK && fits(ctx, query, found);
    page.count = page.total > 0 && query->page.offset == 0;
    return people_of(ctx, &page, ret);
}

static enum err list_places(struct ctx *ctx, const struct person_query *query,
                            struct person_page *ret)
{
    struct roster_filter filter = {.states = query->states};
    struct roster_page page = {0};

    if (id_is_set(query->organization)) {
        filter.organizations = &query->organization;
        filter.organization_count = 1;
    } else {
        struct id *places;
        TRY(policy_places(ctx, PERMIT_USERS_READ, &places, &filter.organization_count));
        filter.organizations = places;
    }
    TRY(roster_filtered(ctx, &filter, query->page, &page));
    return people_of(ctx, &page, ret);
}

static enum err list_all(struct ctx *ctx, const struct person_query *query, struct person_page *ret)
{
    struct roster_query all = {.offset = query->page.offset, .limit = query->page.limit};
    struct roster_filter filter = {.states = query->states};
    struct roster_page page = {0};

    TRY(query->states == 0 ? roster_page(ctx, &all, &page)
                           : roster_filtered(ctx, &filter, query->page, &page));
    return people_of(ctx, &page, ret);
}

enum err person_list(struct ctx *ctx, const struct person_query *query, struct person_page *ret)
{
    if (id_is_set(query->organization)) {
        TRY(policy_organization(ctx, PERMIT_USERS_READ, query->organization));
    }
    if (str_is_set(query->email)) {
        return list_by_email(ctx, query, ret);
    }
    return id_is_set(query->organization) || !reads_everywhere(ctx) ? list_places(ctx, query, ret)
                                                                    : list_all(ctx, query, ret);
}

enum err person_get(struct ctx *ctx, struct id id, struct person *ret)
{
    struct user user;

    TRY(profile_find(ctx, PERMIT_USERS_READ, id, &user));
    return person_of(ctx, &user, ret);
}

/* Who writes users in one organization alone makes nobody of another, or of none. */
static enum err may_write_in(struct ctx *ctx, struct id organization)
{
    struct organization there;

    if (id_is_set(organization)) {
        return organization_seen(ctx, PERMIT_USERS_WRITE, organization, &there);
    }
    return policy_holds(ctx, permission_name(PERMIT_USERS_WRITE), organization)
               ? ERR_OK
               : ctx_fail(ctx, ERR_FORBIDDEN, STR("organizationId"), "not theirs everywhere");
}

/* A role, and where it is to be held. */
struct given {
    struct role_entry role;
    struct id organization;
};

static bool is_of_an_organization(enum role role)
{
    return role == ROLE_GYM_ADMIN || role == ROLE_MEMBER;
}

static bool allows_nothing(enum role role)
{
    return role == ROLE_MEMBER || role == ROLE_USER;
}

/* Whoever makes users gives the roles that everybody has; for others it takes one who gives roles
 * there. */
static enum err role_to_give(struct ctx *ctx, struct str name, struct id organization,
                             struct given *ret)
{
    enum role known = role_of(name);

    ret->organization = is_of_an_organization(known) ? organization : (struct id){0};
    enum err e = role_find(ctx, name, &ret->role);
    if (e == ERR_MISSING) {
        return ctx_fail(ctx, ERR_ROLE_UNKNOWN, name, "no such role");
    }
    TRY(e);
    if (!allows_nothing(known) &&
        !policy_holds(ctx, permission_name(PERMIT_ROLES_ASSIGN), ret->organization)) {
        return ctx_fail(ctx, ERR_FORBIDDEN, STR("role"), "not theirs to give there");
    }
    return policy_grant(ctx, &ret->role, ret->organization);
}

static struct str usual_role(struct id organization)
{
    return role_name(id_is_set(organization) ? ROLE_MEMBER : ROLE_USER);
}

enum err person_create(struct ctx *ctx, const struct new_person *in, struct person *ret)
{
    bool waits = !in->password.hidden.ptr;
    struct str role = str_is_set(in->role) ? in->role : usual_role(in->organization);
    struct new_user new = {
        .email = in->email,
        .password = in->password,
        .state = waits ? USER_PENDING_ACTIVATION : USER_ACTIVE,
        .first_name = in->first_name,
        .last_name = in->last_name,
        .organization = in->organization,
    };
    struct given given;
    struct link link;
    struct user user;

    TRY(may_write_in(ctx, in->organization));
    TRY(role_to_give(ctx, role, in->organization, &given));
    TRY(user_create(ctx, &new, &user));
    TRY(role_grant(ctx, user.id, &given.role, given.organization));
    TRY(waits ? activation_mail(ctx, &user, &link) : ERR_OK);
    return person_of(ctx, &user, ret);
}

static bool is_self(const struct ctx *ctx, struct id id)
{
    return ctx->actor.kind == ACTOR_USER && id_eq(ctx->actor.user, id);
}

/* What one may not change of oneself, unless one may write users. */
static enum err may_change(struct ctx *ctx, const struct user *user, const struct person_change *in)
{
    bool writes = policy_holds(ctx, permission_name(PERMIT_USERS_WRITE), user->organization);

    if (!is_self(ctx, user->id)) {
        return policy_over(ctx, user->id);
    }
    if (!writes && (in->email || in->role || in->organization)) {
        return ctx_fail(ctx, ERR_FORBIDDEN, STR(""), "not theirs to change of themself");
    }
    return ERR_OK;
}

static enum err change_names(struct ctx *ctx, const struct person_change *in, struct user *user)
{
    if (!in->first_name && !in->last_name) {
        return ERR_OK;
    }
    struct user old = *user;
    user->first_name = in->first_name ? *in->first_name : user->first_name;
    user->last_name = in->last_name ? *in->last_name : user->last_name;
    return user_change(ctx, &old, user);
}

/* Takes away what they hold in this place and is not the role to keep (none: all of it). */
static enum err revoke_in(struct ctx *ctx, struct id user, struct id place, struct id keep)
{
    struct roles_of_row *rows;
    struct role_entry role;
    size_t count;

    TRY(q_roles_of(ctx->tx, user, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        if (!id_eq(rows[i].organization, place) || id_eq(rows[i].role, keep)) {
            continue;
        }
        TRY(role_get(ctx, rows[i].role, &role));
        TRY(role_revoke(ctx, user, &role, place));
    }
    return ERR_OK;
}

static enum err move(struct ctx *ctx, struct id to, struct user *user)
{
    struct id from = user->organization;
    struct given member;

    if (id_eq(from, to)) {
        return ERR_OK;
    }
    TRY(may_write_in(ctx, to));
    TRY(user_move(ctx, user, to));
    TRY(id_is_set(from) ? revoke_in(ctx, user->id, from, (struct id){0}) : ERR_OK);
    if (!id_is_set(to)) {
        return ERR_OK;
    }
    TRY(role_to_give(ctx, role_name(ROLE_MEMBER), to, &member));
    return role_grant(ctx, user->id, &member.role, to);
}

/* Granted before the others are revoked, so that the last super administrator can be named one
 * again. */
static enum err change_role(struct ctx *ctx, struct str name, const struct user *user)
{
    struct id everywhere = {0}, own = user->organization, none = {0};
    struct given given;

    TRY(role_to_give(ctx, name, own, &given));
    TRY(role_grant(ctx, user->id, &given.role, given.organization));
    bool there = id_is_set(given.organization);
    TRY(revoke_in(ctx, user->id, everywhere, there ? none : given.role.id));
    return id_is_set(own) ? revoke_in(ctx, user->id, own, there ? given.role.id : none) : ERR_OK;
}

/* The link that went to the old address counts there alone. As things stand after the write: nobody
 * is invited who came in meanwhile, or was given a password just now. */
static enum err invite_anew(struct ctx *ctx, struct id id, struct str old_address)
{
    struct link link;
    struct user now;

    TRY(user_get(ctx, id, &now));
    if (now.state != USER_PENDING_ACTIVATION || str_eq(now.email.key, old_address)) {
        return ERR_OK;
    }
    return activation_mail(ctx, &now, &link);
}

enum err person_change(struct ctx *ctx, struct id id, const struct person_change *in,
                       struct person *ret)
{
    struct user user;

    TRY(profile_find(ctx, PERMIT_USERS_WRITE, id, &user));
    TRY(may_change(ctx, &user, in));
    struct str old_address = user.email.key;
    if (in->password.hidden.ptr) { /* first: it is hashed before anything is written */
        TRY(user_set_password(ctx, &user, in->password));
    }
    TRY(in->email ? user_change_email(ctx, &user, in->email) : ERR_OK);
    TRY(change_names(ctx, in, &user));
    TRY(in->organization ? move(ctx, *in->organization, &user) : ERR_OK);
    TRY(in->role ? change_role(ctx, *in->role, &user) : ERR_OK);
    TRY(in->email ? invite_anew(ctx, id, old_address) : ERR_OK); /* last: in the new colours */
    return person_of(ctx, &user, ret);
}
