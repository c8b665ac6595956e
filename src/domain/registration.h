/* The way in for strangers: an account of one's own. */
#pragma once

#include "domain/ctx.h"
#include "domain/user.h"

/* One whose address is still to be verified, with the role USER and no other, whatever else `in`
 * says. As user_create. */
enum err registration(struct ctx *ctx, const struct new_user *in, struct user *ret);

/* One of a gym (`in->organization`) or of none, with the role MEMBER there and no other; active,
 * unless logins wait for verified addresses. As user_create. */
enum err registration_of_member(struct ctx *ctx, const struct new_user *in, struct user *ret);
