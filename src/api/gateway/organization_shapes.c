/* Document 001's organizations, member by member, in its order; behind them what it does not name.
 */
#include "api/gateway/organization_shapes.h"

#include "text/url.h"

/* clang-format off */
static const struct field new_organization_fields[] = {
    FIELD(struct new_organization, name,     "name",     REQUIRED),
    FIELD(struct new_organization, domain,   "domain",   OPTIONAL),
    FIELD(struct new_organization, industry, "industry", OPTIONAL),
    FIELD(struct new_organization, size,     "size",     OPTIONAL),
};

static const struct field organization_update_fields[] = {
    FIELD(struct organization_update, name,     "name",     OPTIONAL, PRESENCE(struct organization_update, name_is)),
    FIELD(struct organization_update, domain,   "domain",   OPTIONAL, PRESENCE(struct organization_update, domain_is)),
    FIELD(struct organization_update, industry, "industry", OPTIONAL, PRESENCE(struct organization_update, industry_is)),
    FIELD(struct organization_update, size,     "size",     OPTIONAL, PRESENCE(struct organization_update, size_is)),
    FIELD(struct organization_update, logo_url, "logoUrl",  OPTIONAL, .most = URL_MOST, PRESENCE(struct organization_update, logo_is)),
    FIELD(struct organization_update, status,   "status",   OPTIONAL, PRESENCE(struct organization_update, status_is)),
};

static const struct field branding_fields[] = {
    FIELD(struct branding, logo_url,        "logo_url",        OPTIONAL, .most = URL_MOST, PRESENCE(struct branding, logo_is)),
    FIELD(struct branding, primary_color,   "primary_color",   OPTIONAL, PRESENCE(struct branding, primary_is)),
    FIELD(struct branding, secondary_color, "secondary_color", OPTIONAL, PRESENCE(struct branding, secondary_is)),
};

static const struct field force_query_fields[] = {
    FIELD(struct force_query, force, "force", OPTIONAL),
};

static const struct field organization_fields[] = {
    FIELD(struct organization_shown, organization.id,              "id",               REQUIRED),
    FIELD(struct organization_shown, organization.name,            "name",             REQUIRED),
    FIELD(struct organization_shown, organization.domain,          "domain",           OPTIONAL),
    FIELD(struct organization_shown, organization.industry,        "industry",         OPTIONAL),
    FIELD(struct organization_shown, organization.size,            "size",             OPTIONAL),
    FIELD(struct organization_shown, organization.logo_url,        "logoUrl",          OPTIONAL),
    FIELD(struct organization_shown, status,                       "status",           REQUIRED),
    FIELD(struct organization_shown, organization.slug,            "slug",             REQUIRED),
    FIELD(struct organization_shown, organization.primary_color,   "primaryColor",     OPTIONAL),
    FIELD(struct organization_shown, organization.secondary_color, "secondaryColor",   OPTIONAL),
    FIELD(struct organization_shown, organization.setup,           "setupCompletedAt", OPTIONAL),
    FIELD(struct organization_shown, organization.created,         "createdAt",        REQUIRED),
    FIELD(struct organization_shown, organization.updated,         "updatedAt",        REQUIRED),
};
static const struct shape organization_shape = SHAPE(organization_fields, MOMENT_MILLIS);

static const struct field organization_answer_fields[] = {
    ENVELOPE(struct organization_answer),
    OBJECT_FIELD(struct organization_answer, data, "data", organization_shape, REQUIRED),
};
/* clang-format on */

const struct shape gateway_new_organization_shape = SHAPE(new_organization_fields, MOMENT_MILLIS);
const struct shape gateway_organization_update_shape =
    SHAPE(organization_update_fields, MOMENT_MILLIS);
const struct shape gateway_branding_shape = SHAPE(branding_fields, MOMENT_MILLIS);
const struct shape gateway_force_query_shape = SHAPE(force_query_fields, MOMENT_MILLIS);
const struct shape gateway_organization_answer_shape =
    SHAPE(organization_answer_fields, MOMENT_MILLIS);
