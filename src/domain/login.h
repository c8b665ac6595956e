/* The way in by name and password. */
#pragma once

#include "base/list.h"
#include "base/secret.h"
#include "domain/ctx.h"
#include "domain/token.h"
#include "model/session.h"
#include "model/user.h"

struct login {
    struct str name; /* username or address */
    struct secret password;
    struct str device;       /* the device cookie, if one was shown */
    struct text_list within; /* names of the organization that they have to be of, if any: each */
};

struct logged_in {
    struct user user;
    struct session session;
    struct token token;
    struct secret refresh; /* none where the face has none */
    struct str device;     /* the cookie that makes this device a known one */
};

/* ERR_CREDENTIALS alike for a wrong name, a wrong password and an account whose logins are delayed;
 * ERR_ACCOUNT_STATE, and ERR_ELSEWHERE for one of another organization (but for super
 * administrators), only after the right password. */
enum err login(struct ctx *ctx, const struct login *in, struct logged_in *ret);

/* The end of every other way in, for one who has shown who they are: by a letter, by another
 * service. ERR_ACCOUNT_STATE. */
enum err login_enter(struct ctx *ctx, const struct user *user, struct logged_in *ret);
