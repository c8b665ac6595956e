/* Devices that have logged in before: a cookie that says so, bound to the account. */
#pragma once

#include "domain/ctx.h"

/* A new cookie for this account. */
enum err device_make(struct ctx *ctx, struct id user, struct str *ret);

/* True if we made this cookie for this very account. */
bool device_is_known(struct ctx *ctx, struct id user, struct str cookie);
