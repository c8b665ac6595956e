/* Organizations. What they say of themselves is looked at in one place, whoever says it. */
#include "domain/organization.h"

#include "base/arena.h"
#include "base/buf.h"
#include "domain/event.h"
#include "domain/policy.h"
#include "model/colour.h"
#include "store/queries.h"
#include "store/store.h"
#include "text/email.h"
#include "text/normal.h"
#include "text/slug.h"
#include "text/url.h"

enum {
    NAME_MOST = 200,  /* code points, of the name */
    WORDS_MOST = 100, /* and of industry and size */
    NUMBERED = 9,     /* slugs end in 2 to this; after that in the end of an identifier */
    SUFFIX = 12
};

static enum err no_value(struct ctx *ctx, struct str member, const char *why)
{
    return ctx_fail(ctx, ERR_FIELD_VALUE, member, "%s", why);
}

/* One line, without blanks at its ends; empty is none. */
static enum err line_is_right(struct ctx *ctx, struct str member, size_t most, struct str *text)
{
    size_t length;

    if (!text_is_one_line(*text) || text_length(*text, &length) != ERR_OK || length > most) {
        return no_value(ctx, member, "too long, or not one line");
    }
    *text = str_trim(*text);
    if (text->len == 0) {
        *text = (struct str){0};
    }
    return ERR_OK;
}

static enum err domain_is_right(struct ctx *ctx, struct str *domain)
{
    if (domain->len == 0) {
        *domain = (struct str){0};
        return ERR_OK;
    }
    enum err e = email_parse_domain(ctx->arena, *domain, domain);
    return e == ERR_FIELD_VALUE ? no_value(ctx, STR("domain"), "no domain") : e;
}

static enum err looks_are_right(struct ctx *ctx, struct organization *organization)
{
    const struct {
        struct str member, *text;
        bool (*is_fine)(struct str text);
    } looks[] = {
        {STR("logo_url"),        &organization->logo_url,        url_is_https  },
        {STR("primary_color"),   &organization->primary_color,   colour_is_fine},
        {STR("secondary_color"), &organization->secondary_color, colour_is_fine},
    };

    for (size_t i = 0; i < ARRAY_LEN(looks); i++) {
        if (looks[i].text->len == 0) {
            *looks[i].text = (struct str){0};
        } else if (!looks[i].is_fine(*looks[i].text)) {
            return no_value(ctx, looks[i].member, "not of the form that it has to have");
        }
    }
    return ERR_OK;
}

static enum err is_right(struct ctx *ctx, struct organization *organization)
{
    TRY(line_is_right(ctx, STR("name"), NAME_MOST, &organization->name));
    if (!str_is_set(organization->name)) {
        return no_value(ctx, STR("name"), "nothing in it");
    }
    TRY(line_is_right(ctx, STR("industry"), WORDS_MOST, &organization->industry));
    TRY(line_is_right(ctx, STR("size"), WORDS_MOST, &organization->size));
    TRY(domain_is_right(ctx, &organization->domain));
    return looks_are_right(ctx, organization);
}

static enum err not_taken(struct ctx *ctx, enum err e)
{
    if (e != ERR_TAKEN) {
        return e;
    }
    bool domain = str_eq(tx_conflict(ctx->tx), STR("organizations_domain"));
    return ctx_fail(ctx, e, domain ? STR("domain") : STR("slug"), "in use");
}

/* The slug itself, then with a number, then with what no other has: always within SLUG_MOST. */
static enum err candidate(struct ctx *ctx, struct str slug, struct id id, int number,
                          struct str *ret)
{
    struct buf out = buf_in_arena(ctx->arena, SLUG_MOST);

    if (number == 1) {
        *ret = slug;
        return ERR_OK;
    }
    struct str head = str_sub(slug, 0, SLUG_MOST - 1 - SUFFIX);
    buf_put(&out, str_ends(head, STR("-")) ? str_sub(head, 0, head.len - 1) : head);
    buf_put_char(&out, '-');
    if (number <= NUMBERED) {
        buf_put_int(&out, number);
    } else { /* the random end of the identifier */
        buf_put_hex(&out, id.bytes + sizeof id.bytes - SUFFIX / 2, SUFFIX / 2);
    }
    return buf_end(&out, ret);
}

static enum err first_candidate(struct ctx *ctx, struct str name, struct str *ret)
{
    struct str slug;

    TRY(slug_of(ctx->arena, name, &slug));
    /* Not fine: no letter that ASCII has, or all that is left looks like an id. */
    *ret = slug_is_fine(slug) ? slug : STR("organization");
    return ERR_OK;
}

/* Nobody is asked before whether a slug is free: the store says so when it is put there. */
static enum err insert_by_name(struct ctx *ctx, struct organization *organization)
{
    struct str slug;
    int64_t made = 0;

    TRY(first_candidate(ctx, organization->name, &slug));
    for (int number = 1; made == 0; number++) {
        if (number > NUMBERED + 1) {
            return ctx_fail(ctx, ERR_TAKEN, STR("slug"), "no slug is left for this name");
        }
        TRY(candidate(ctx, slug, organization->id, number, &organization->slug));
        TRY(not_taken(ctx, q_organization_claim(ctx->tx, organization, &made)));
    }
    return ERR_OK;
}

static enum err insert(struct ctx *ctx, struct organization *organization)
{
    if (!str_is_set(organization->slug)) {
        return insert_by_name(ctx, organization);
    }
    if (!slug_is_fine(organization->slug)) {
        return no_value(ctx, STR("slug"), "no slug");
    }
    return not_taken(ctx, q_organization_insert(ctx->tx, organization));
}

enum err organization_create(struct ctx *ctx, const struct new_organization *in,
                             struct organization *ret)
{
    struct organization organization = {
        .name = in->name,
        .slug = in->slug,
        .domain = in->domain,
        .industry = in->industry,
        .size = in->size,
        .state = ORGANIZATION_ACTIVE,
        .created = ctx->now,
        .updated = ctx->now,
    };

    TRY(is_right(ctx, &organization));
    TRY(id_make(ctx->now, &organization.id));
    TRY(insert(ctx, &organization));
    TRY(event(ctx, EVENT_ORGANIZATION_CREATED, organization.id));
    *ret = organization;
    return ERR_OK;
}

enum err organization_get(struct ctx *ctx, struct id id, struct organization *ret)
{
    return q_organization_by_id(ctx->tx, id, ret);
}

enum err organization_find(struct ctx *ctx, struct str slug, struct organization *ret)
{
    return q_organization_by_slug(ctx->tx, slug, ret);
}

/* In the case of ASCII alone, as members name their gym when they log in. */
static enum err find_in_any_case(struct ctx *ctx, struct str slug, struct organization *ret)
{
    struct str folded;

    if (!text_is_ascii(slug)) {
        return ERR_MISSING;
    }
    TRY(text_fold(ctx->arena, slug, &folded));
    return organization_find(ctx, folded, ret);
}

enum err organization_named(struct ctx *ctx, struct str slug_or_id, struct organization *ret)
{
    struct id id;

    return id_parse(slug_or_id, &id) == ERR_OK ? organization_get(ctx, id, ret)
                                               : find_in_any_case(ctx, slug_or_id, ret);
}

enum err organization_called(struct ctx *ctx, struct str name, struct organization *ret)
{
    struct str trimmed = str_trim(name), first, slug;
    struct organization found;

    enum err e = first_candidate(ctx, trimmed, &first);
    if (e != ERR_OK) {
        return e == ERR_FIELD_VALUE ? ERR_MISSING : e;
    }
    for (int number = 1; number <= NUMBERED; number++) {
        TRY(candidate(ctx, first, (struct id){0}, number, &slug));
        TRY(organization_find(ctx, slug, &found));
        if (str_eq(found.name, trimmed) || str_eq_nocase(found.slug, trimmed)) {
            *ret = found;
            return ERR_OK;
        }
    }
    return ERR_MISSING;
}

enum err organization_seen(struct ctx *ctx, enum permission permission, struct id id,
                           struct organization *ret)
{
    TRY(policy_organization(ctx, permission, id));
    return organization_get(ctx, id, ret);
}

enum err organization_list(struct ctx *ctx, struct page page, struct organization_page *ret)
{
    struct organizations_count_row total;

    TRY(q_organizations_count(ctx->tx, &total));
    ret->total = total.count;
    return q_organizations_page(ctx->tx, page.limit, page.offset, &ret->organizations, &ret->count);
}

/* Whoever is kept out or let in by its state may hold more than one who writes this organization
 * alone; and whose domain it is, nobody says of themself: addresses there are vouched for by it. */
static enum err may_let_in(struct ctx *ctx, struct str member)
{
    return policy_holds(ctx, permission_name(PERMIT_ORGS_WRITE), (struct id){0})
               ? ERR_OK
               : ctx_fail(ctx, ERR_FORBIDDEN, member, "for who writes all organizations");
}

static void take_over(const struct str *from, struct str *to, bool *changed)
{
    if (from) {
        *to = *from;
        *changed = true;
    }
}

static bool take_over_texts(const struct organization_change *in, struct organization *to)
{
    bool changed = false;

    take_over(in->name, &to->name, &changed);
    take_over(in->domain, &to->domain, &changed);
    take_over(in->industry, &to->industry, &changed);
    take_over(in->size, &to->size, &changed);
    take_over(in->logo_url, &to->logo_url, &changed);
    take_over(in->primary_color, &to->primary_color, &changed);
    take_over(in->secondary_color, &to->secondary_color, &changed);
    return changed;
}

/* After the write: from here on nobody else stops another. */
static enum err tell_state(struct ctx *ctx, const struct organization *organization)
{
    if (organization->state == ORGANIZATION_ACTIVE) {
        return event(ctx, EVENT_ORGANIZATION_RESUMED, organization->id);
    }
    TRY(policy_keeps_an_admin_outside(ctx, organization->id));
    return event(ctx, EVENT_ORGANIZATION_SUSPENDED, organization->id);
}

/* What was stored before it was looked at as it is today does not stand in the way of a change. */
static enum err as_lines(struct ctx *ctx, struct organization *organization)
{
    TRY(text_as_one_line(ctx->arena, organization->name, &organization->name));
    TRY(text_as_one_line(ctx->arena, organization->industry, &organization->industry));
    return text_as_one_line(ctx->arena, organization->size, &organization->size);
}

enum err organization_change(struct ctx *ctx, struct id id, const struct organization_change *in,
                             struct organization *ret)
{
    struct organization changed;

    TRY(organization_seen(ctx, PERMIT_ORGS_WRITE, id, &changed));
    bool other_state = in->state && in->state != changed.state;
    TRY(other_state ? may_let_in(ctx, STR("status")) : ERR_OK);
    changed.state = other_state ? in->state : changed.state;
    struct str domain = changed.domain;
    TRY(as_lines(ctx, &changed));
    bool other_texts = take_over_texts(in, &changed);
    TRY(other_texts ? is_right(ctx, &changed) : ERR_OK);
    TRY(str_eq(domain, changed.domain) ? ERR_OK : may_let_in(ctx, STR("domain")));
    if (other_state || other_texts) {
        changed.updated = ctx->now;
        TRY(not_taken(ctx, q_organization_update(ctx->tx, &changed)));
    }
    TRY(other_texts ? event(ctx, EVENT_ORGANIZATION_CHANGED, id) : ERR_OK);
    TRY(other_state ? tell_state(ctx, &changed) : ERR_OK);
    *ret = changed;
    return ERR_OK;
}

enum err organization_complete_setup(struct ctx *ctx, struct id id)
{
    struct organization organization;
    int64_t changed;

    TRY(organization_seen(ctx, PERMIT_ORGS_WRITE, id, &organization));
    TRY(q_organization_set_up(ctx->tx, ctx->now, id, &changed));
    return changed ? event(ctx, EVENT_ORGANIZATION_SET_UP, id) : ERR_OK;
}

static enum err revoke_all(struct ctx *ctx, struct id organization)
{
    struct organization_holders_row *holders;
    size_t count;

    TRY(q_organization_holders(ctx->tx, organization, &holders, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(event(ctx, EVENT_ROLE_REVOKED, holders[i].user));
    }
    return ERR_OK;
}

static enum err has_no_members(struct ctx *ctx, struct id organization)
{
    struct organization_is_used_row row;

    enum err e = q_organization_is_used(ctx->tx, organization, &row);
    if (e == ERR_OK) {
        return ctx_fail(ctx, ERR_IN_USE, STR(""), "it has members");
    }
    return e == ERR_MISSING ? ERR_OK : e;
}

enum err organization_delete(struct ctx *ctx, struct id id, bool force)
{
    struct organization organization;

    TRY(organization_seen(ctx, PERMIT_ORGS_WRITE, id, &organization));
    TRY(force ? ERR_OK : has_no_members(ctx, id));
    TRY(policy_over_members(ctx, id)); /* whose roles there go with it, or who leave it */
    if (organization.state == ORGANIZATION_SUSPENDED) {
        TRY(may_let_in(ctx, STR("status")));
        /* Once it is gone nobody knows any more whom it kept out: so each of them is told of. */
        TRY(event_members(ctx, EVENT_USER_MOVED, id));
    }
    TRY(revoke_all(ctx, id));
    TRY(event(ctx, EVENT_ORGANIZATION_DELETED, id));
    return q_organization_delete(ctx->tx, id);
}

enum err organization_brand(struct ctx *ctx, struct id id, struct brand *ret)
{
    struct organization organization;

    *ret = (struct brand){0};
    enum err e = id_is_set(id) ? organization_get(ctx, id, &organization) : ERR_MISSING;
    if (e == ERR_OK) {
        *ret = (struct brand){.colour = organization.primary_color};
        TRY(text_as_one_line(ctx->arena, organization.name, &ret->name));
        ret->name = str_trim(ret->name);
    }
    return e == ERR_MISSING ? ERR_OK : e;
}
