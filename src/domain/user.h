/* Accounts. */
#pragma once

#include "base/secret.h"
#include "domain/ctx.h"
#include "model/user.h"

struct new_user {
    struct username username; /* or none: known by the address alone */
    struct email email;       /* or none */
    bool claimed;             /* the address, by whoever will have the account: may be anybody's */
    struct secret password;   /* or none: cannot log in by one until it is set */
    enum user_state state;    /* 0: active */
    struct str first_name, last_name, phone, birth_date, bio, avatar;
    struct id organization;
};

/* ERR_USERNAME_TAKEN, ERR_EMAIL_TAKEN, ERR_PASSWORD_…; ERR_FIELD_VALUE for a username that is an
 * address and not the account's own, and for a birth date that no calendar has. */
enum err user_create(struct ctx *ctx, const struct new_user *in, struct user *ret);

/* By username or by address, in any case. ERR_MISSING. */
enum err user_find(struct ctx *ctx, struct str name, struct user *ret);

/* ERR_MISSING. */
enum err user_get(struct ctx *ctx, struct id id, struct user *ret);

/* ERR_ACCOUNT_STATE for one who may not log in, refresh or pass forward-auth: by their own state,
 * or because their organization is suspended. */
enum err user_may_enter(struct ctx *ctx, const struct user *user);

/* What is said below of a user is written only if it is still as the caller has read it: otherwise
 * ERR_STORE_RETRY, and nothing that another has changed meanwhile is lost. */

/* Names and what else they say of themselves but the picture: `old` as it was read, and `user` as
 * it is to be. ERR_FIELD_VALUE. Who may do it is asked by policy_user before. */
enum err user_change(struct ctx *ctx, const struct user *old, struct user *user);

/* Another address, which is not verified yet. A username that is the old one goes along with it.
 * ERR_EMAIL_TAKEN; *user is brought up to date. */
enum err user_change_email(struct ctx *ctx, struct user *user, const struct email *email);

/* Into another organization, or out of it (none). ERR_LAST_ADMIN for the last super administrator
 * and one that is suspended; *user is brought up to date. Who may is asked before. */
enum err user_move(struct ctx *ctx, struct user *user, struct id organization);

struct password_change {
    struct secret current, chosen;
    struct str device; /* what a known device shows, so that strangers do not delay its owner */
};
/* Their own password, by the current one: ERR_CURRENT_PASSWORD, delayed like logins. Ends all their
 * sessions but the actor's own. */
enum err user_change_password(struct ctx *ctx, const struct user *user,
                              const struct password_change *in);

/* Without the current one: by whoever may act upon them. Ends all their sessions but the actor's
 * own, and lets in who waited for the activation; *user has the state of then. */
enum err user_set_password(struct ctx *ctx, struct user *user, struct secret chosen);

/* With their sessions, roles and password. ERR_FORBIDDEN, ERR_LAST_ADMIN. In a unit that writes
 * from the start. */
enum err user_delete(struct ctx *ctx, const struct user *user);

/* Sets them inactive and ends all their sessions. Nothing happens to one who is inactive already.
 */
enum err user_stop(struct ctx *ctx, const struct user *user);
/* Sets them active. Nothing happens to one who may come in already. */
enum err user_resume(struct ctx *ctx, const struct user *user);

/* For operators: names of roles, strongest first, with commas between; behind one that is held in
 * an organization stands in which. */
enum err user_roles(struct ctx *ctx, struct id user, struct str *ret);
