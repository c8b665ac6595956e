/* Document 001's organizations. */
#include "api/gateway/organization_shapes.h"
#include "api/gateway/reading.h"
#include "api/gateway/routes.h"

static enum err answer_organization(struct call *c, const struct organization *organization)
{
    struct organization_answer out = {.envelope = gateway_envelope(c, true)};

    out.data.organization = *organization;
    out.data.status = organization_state_name(organization->state);
    return answer(c, &out);
}

enum err gateway_post_organization(struct call *c)
{
    struct new_organization in = {0};
    struct organization made;

    TRY(read_body(c, &in));
    TRY(organization_create(&c->ctx, &in, &made));
    return answer_organization(c, &made);
}

enum err gateway_get_organization(struct call *c)
{
    struct organization found;
    struct id id;

    TRY(gateway_read_id(c, 0, STR("id"), &id));
    TRY(organization_seen(&c->ctx, PERMIT_ORGS_READ, id, &found));
    return answer_organization(c, &found);
}

/* What was given of a member that can be cleared: null is a text that is none. */
static const struct str *given(enum presence is, const struct str *text)
{
    return is == PRESENCE_ABSENT ? NULL : text;
}

static enum err read_status(struct call *c, const struct organization_update *in,
                            enum organization_state *ret)
{
    if (in->status_is != PRESENCE_VALUE || organization_state_of(in->status, ret) == ERR_OK) {
        return ERR_OK;
    }
    return ctx_fail(&c->ctx, ERR_FIELD_VALUE, STR("status"), "no status of an organization");
}

/* The logo has two names in this document. */
static void name_as_sent(struct call *c)
{
    if (str_eq(c->ctx.reason.field, STR("logo_url"))) {
        c->ctx.reason.field = STR("logoUrl");
    }
}

enum err gateway_put_organization(struct call *c)
{
    struct organization_update in = {0};
    struct organization changed;
    struct id id;

    TRY(gateway_read_id(c, 0, STR("id"), &id));
    TRY(read_body(c, &in));
    struct organization_change change = {
        .name = in.name_is == PRESENCE_VALUE ? &in.name : NULL,
        .domain = given(in.domain_is, &in.domain),
        .industry = given(in.industry_is, &in.industry),
        .size = given(in.size_is, &in.size),
        .logo_url = given(in.logo_is, &in.logo_url),
    };
    TRY(read_status(c, &in, &change.state));
    enum err e = organization_change(&c->ctx, id, &change, &changed);
    name_as_sent(c);
    return e == ERR_OK ? answer_organization(c, &changed) : e;
}

enum err gateway_patch_organization(struct call *c)
{
    return gateway_put_organization(c);
}

enum err gateway_patch_branding(struct call *c)
{
    struct branding in = {0};
    struct organization changed;
    struct id id;

    TRY(gateway_read_id(c, 0, STR("id"), &id));
    TRY(read_body(c, &in));
    struct organization_change change = {
        .logo_url = given(in.logo_is, &in.logo_url),
        .primary_color = given(in.primary_is, &in.primary_color),
        .secondary_color = given(in.secondary_is, &in.secondary_color),
    };
    TRY(organization_change(&c->ctx, id, &change, &changed));
    return answer_organization(c, &changed);
}

enum err gateway_post_complete_setup(struct call *c)
{
    struct id id;

    TRY(gateway_read_id(c, 0, STR("id"), &id));
    TRY(organization_complete_setup(&c->ctx, id));
    return gateway_answer_nothing(c);
}

enum err gateway_delete_organization(struct call *c)
{
    struct force_query in = {0};
    struct id id;

    TRY(gateway_read_id(c, 0, STR("id"), &id));
    TRY(read_query(c, &in));
    TRY(organization_delete(&c->ctx, id, in.force));
    return gateway_answer_nothing(c);
}
