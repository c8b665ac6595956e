/* The way in for strangers: an account of one's own. */
#pragma once

#include "domain/ctx.h"
#include "domain/user.h"

/* One whose address is still to be verified, with the role USER and no other, whatever else `in`
 * says. As user_create. */
enum err registration(struct ctx *ctx, const struct new_user *in, struct user *ret);
