/* A password, as it is stored. */
#pragma once

#include "base/id.h"
#include "base/moment.h"
#include "base/str.h"

/* What is known of a user's password; the hash says nothing without the password. */
struct credential {
    struct id user;
    struct str hash; /* PHC */
    struct moment changed;
};
