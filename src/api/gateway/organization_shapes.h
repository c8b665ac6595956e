/* Document 001's organizations, in and out. */
#pragma once

#include "api/gateway/shapes.h"
#include "domain/organization.h"

/* OrganizationUpdate. */
struct organization_update {
    struct str name, domain, industry, size, logo_url, status;
    enum presence name_is, domain_is, industry_is, size_is, logo_is, status_is;
};

struct branding {
    struct str logo_url, primary_color, secondary_color;
    enum presence logo_is, primary_is, secondary_is;
};

struct force_query {
    bool force;
};

struct organization_shown {
    struct organization organization;
    struct str status;
};
struct organization_answer {
    struct envelope envelope;
    struct organization_shown data;
};

extern const struct shape gateway_new_organization_shape, gateway_organization_update_shape,
    gateway_branding_shape, gateway_force_query_shape, gateway_organization_answer_shape;
