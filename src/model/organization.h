/* An organization: a gym, a company. */
#pragma once

#include "base/err.h"
#include "base/id.h"
#include "base/moment.h"
#include "base/str.h"

/* Stored as these numbers: a released one never changes its meaning. */
enum organization_state {
    ORGANIZATION_ACTIVE = 1,
    ORGANIZATION_SUSPENDED = 2
};

struct organization {
    struct id id;
    struct str name;
    struct str slug;   /* its name in addresses: lower case, unique */
    struct str domain; /* of its people's addresses */
    struct str industry, size;
    struct str logo_url, primary_color, secondary_color;
    enum organization_state state;
    struct moment setup, created, updated;
};

struct str organization_state_name(enum organization_state state); /* "active", "suspended" */
enum err organization_state_of(struct str name, enum organization_state *ret); /* ERR_FIELD_VALUE */
