/* An account with another service that leads into one of ours. */
#pragma once

#include "base/id.h"
#include "base/moment.h"
#include "base/str.h"

/* Stored as these numbers: a released one never changes its meaning. */
enum provider {
    PROVIDER_GOOGLE = 1,
    PROVIDER_MICROSOFT = 2,
    PROVIDER_LINKEDIN = 3,
    PROVIDERS /* with a place for none */
};

struct identity {
    struct id id, user;
    enum provider provider;
    struct str issuer, subject; /* together they name it */
    struct str email;           /* as it was when it was linked; shown, never looked up by */
    struct moment linked, used;
};
