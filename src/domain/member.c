/* Which gym a user is of, and what they are there. */
#include "domain/member.h"

#include "base/arena.h"
#include "domain/organization.h"
#include "domain/roster.h"
#include "store/queries.h"
#include "text/normal.h"

static bool is_stronger(enum role role, enum role than)
{
    return role < than; /* the table has the strongest first */
}

/* What a role that is held in one gym makes of somebody there; everywhere is another matter. */
static enum role role_there(const struct roles_of_row *row)
{
    enum role role = role_of(row->name);

    return role == ROLE_SUPER_ADMIN && id_is_set(row->organization) ? ROLE_GYM_ADMIN : role;
}

static enum err role_in(struct ctx *ctx, const struct user *user, enum role *ret)
{
    enum role strongest = ROLE_MEMBER;
    struct roles_of_row *rows;
    size_t count;

    TRY(q_roles_of(ctx->tx, user->id, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        enum role role = role_there(&rows[i]);
        bool holds =
            !id_is_set(rows[i].organization) || id_eq(rows[i].organization, user->organization);
        if (holds && (role == ROLE_SUPER_ADMIN || role == ROLE_GYM_ADMIN) &&
            is_stronger(role, strongest)) {
            strongest = role;
        }
    }
    *ret = strongest;
    return ERR_OK;
}

enum err member_of(struct ctx *ctx, const struct user *user, struct member *ret)
{
    struct organization organization = {0};
    struct member member = {.user = *user};

    TRY(role_in(ctx, user, &member.role));
    if (id_is_set(user->organization)) {
        TRY(q_organization_by_id(ctx->tx, user->organization, &organization));
        member.gym = organization.slug;
    }
    *ret = member;
    return ERR_OK;
}

/* Their own organization is looked at, and no other: nobody learns by this which there are. */
static bool is_called(const struct organization *organization, struct str name)
{
    struct id id;

    if (id_parse(name, &id) == ERR_OK) {
        return id_eq(id, organization->id);
    }
    return str_eq_nocase(name, organization->slug) ||
           (str_is_set(organization->domain) && str_eq_nocase(name, organization->domain));
}

static enum err elsewhere(struct ctx *ctx)
{
    return ctx_fail(ctx, ERR_ELSEWHERE, STR(""), "of another organization, or of none");
}

enum err member_is_within(struct ctx *ctx, const struct user *user, const struct text_list *names)
{
    struct organization organization;
    enum role role;

    TRY(role_in(ctx, user, &role));
    if (role == ROLE_SUPER_ADMIN) {
        return ERR_OK;
    }
    if (!id_is_set(user->organization)) {
        return elsewhere(ctx);
    }
    TRY(q_organization_by_id(ctx->tx, user->organization, &organization));
    for (size_t i = 0; i < names->count; i++) {
        if (!is_called(&organization, names->items[i])) {
            return elsewhere(ctx);
        }
    }
    return ERR_OK;
}

static bool asks_for_all(const struct member_query *query)
{
    return query->search.len == 0 && !query->role && query->states == MEMBER_ALL_STATES &&
           query->gym.len == 0;
}

static enum err page_of_all(struct ctx *ctx, struct page page, struct roster_page *ret)
{
    return roster_page(ctx, &(struct roster_query){.offset = page.offset, .limit = page.limit},
                       ret);
}

/* What is no text, and a gym that is not there, is found nowhere. */
static enum err page_of_found(struct ctx *ctx, const struct member_query *query,
                              struct roster_page *ret)
{
    struct str role = query->role ? role_name(*query->role) : (struct str){0}, search = {0};
    struct organization gym = {0};
    struct members_count_row all;

    *ret = (struct roster_page){0};
    enum err e = query->search.len > 0 ? text_fold(ctx->arena, query->search, &search) : ERR_OK;
    if (e == ERR_OK && query->gym.len > 0) {
        e = organization_named(ctx, query->gym, &gym);
    }
    if (e != ERR_OK) {
        return e == ERR_MISSING || e == ERR_FIELD_VALUE ? ERR_OK : e;
    }
    TRY(q_members_count(ctx->tx, gym.id, query->states, role, search, &all));
    ret->total = all.count;
    return q_members_page(ctx->tx, gym.id, query->states, role, search, query->page.limit,
                          query->page.offset, &ret->users, &ret->count);
}

enum err member_list(struct ctx *ctx, const struct member_query *query, struct member_page *ret)
{
    struct roster_page found;

    TRY(asks_for_all(query) ? page_of_all(ctx, query->page, &found)
                            : page_of_found(ctx, query, &found));
    struct member *members = arena_array(ctx->arena, found.count + 1, sizeof *members);
    if (!members) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < found.count; i++) {
        TRY(member_of(ctx, &found.users[i], &members[i]));
    }
    *ret = (struct member_page){members, found.count, found.total};
    return ERR_OK;
}
