/* Users with the roles they hold, as a directory shows and changes them: who may, and what of it.
 */
#pragma once

#include "base/list.h"
#include "base/secret.h"
#include "domain/ctx.h"
#include "domain/user.h"
#include "model/page.h"
#include "model/user.h"

struct profile {
    struct user user;
    struct str name; /* the username, or the address of one who has none */
    struct list
        roles; /* struct role_entry with permissions: held everywhere, the strongest first */
};

/* Anybody may. Who shows no token, or may not give roles everywhere, gives USER and nothing else:
 * ERR_FORBIDDEN. Who may not write users makes an active one, whatever `in` says. `roles` may be
 * NULL: USER. The address is the username where that is one and none is given. Otherwise as
 * user_create and role_grant_named. */
enum err profile_create(struct ctx *ctx, const struct new_user *in, const struct text_list *roles,
                        struct profile *ret);

/* The user alone, for one who may do with them what the permission is about: oneself, or another
 * whom one holds it over. ERR_FORBIDDEN; ERR_MISSING, also for somebody of another organization. */
enum err profile_find(struct ctx *ctx, enum permission permission, struct id id, struct user *ret);

struct profile_page {
    struct profile *profiles;
    size_t count;
    int64_t total; /* on all pages */
};
/* In the order in which they came, as roster_page has it. */
enum err profile_list(struct ctx *ctx, struct page page, struct profile_page *ret);

/* Oneself, or another whom one may read. ERR_FORBIDDEN; ERR_MISSING, also for somebody of another
 * organization. */
enum err profile_get(struct ctx *ctx, struct id id, struct profile *ret);

/* NULL, and a password without text, leave things as they are; a text that is none clears it. */
struct profile_change {
    struct secret password;
    const struct str *first_name, *last_name, *birth_date;
    const struct text_list *roles; /* these and no others, as role_set */
};
/* Oneself, or another whom one may write and who holds no more than oneself; roles only by who may
 * give roles everywhere. As profile_get, user_set_password, user_change and role_set. */
enum err profile_change(struct ctx *ctx, struct id id, const struct profile_change *in,
                        struct profile *ret);

/* As profile_get and user_delete. In a unit that writes from the start. */
enum err profile_delete(struct ctx *ctx, struct id id);

/* One's own, as user_change_password; anybody else's is ERR_FORBIDDEN, whether they are there or
 * not. */
enum err profile_change_password(struct ctx *ctx, struct id id, const struct password_change *in,
                                 struct profile *ret);
