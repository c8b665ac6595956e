/* Naming a user on the command line. */
#pragma once

#include "domain/ctx.h"
#include "domain/user.h"

/* By id, username or address, in this order. ERR_MISSING. */
enum err account_find(struct ctx *ctx, struct str name, struct user *ret);
