/* Devices that have logged in since the account got the password that it has: a cookie that says
 * so.
 *
 * With a new password all become unknown: each has a count of failures of its own, and whoever knew
 * the old one may have many. */
#pragma once

#include "domain/ctx.h"

/* What a device is known to: an account, and when it got its password (none: it has none). */
struct device_bond {
    struct id user;
    struct moment password_set;
};

/* A new cookie. */
enum err device_make(struct ctx *ctx, struct device_bond bond, struct str *ret);

/* True if we made this cookie for this very bond. */
bool device_is_known(struct ctx *ctx, struct device_bond bond, struct str cookie);
