/* Users as those see and change them who look after them: with one role, and of an organization.
 *
 * Who is of an organization is seen and changed by those alone who hold the permission there, or
 * everywhere; for everybody else they are not there. */
#pragma once

#include "base/secret.h"
#include "domain/ctx.h"
#include "domain/user.h"
#include "model/page.h"

struct person {
    struct user user;
    struct str role; /* the strongest that they hold, everywhere or in some organization */
};

struct person_query {
    struct page page;
    struct id organization; /* none: of any */
    unsigned states;        /* a bit for each enum user_state; 0: any */
    struct str email;       /* the key of an address; no text: any */
};

struct person_page {
    struct person *people;
    size_t count;
    int64_t total; /* on all pages */
};
/* Whom the actor may read, in the order in which they came: all of them, or those of the
 * organizations in which they may; with states alone, one state after the other. ERR_FORBIDDEN;
 * ERR_MISSING for an organization of others. */
enum err person_list(struct ctx *ctx, const struct person_query *query, struct person_page *ret);

/* Oneself, or whom one may read. As profile_find. */
enum err person_get(struct ctx *ctx, struct id id, struct person *ret);

struct new_person {
    struct email email;
    struct secret password; /* or none: then the account waits for its activation, by a letter */
    struct str first_name, last_name;
    struct str role;        /* or none: MEMBER of an organization, otherwise USER */
    struct id organization; /* or none */
};
/* By who writes users there (of no organization: everywhere) and may give the role. MEMBER and
 * GYM_ADMIN are held in the organization, if there is one, and all others everywhere. As
 * user_create and activation_mail; ERR_ROLE_UNKNOWN naming it, ERR_FORBIDDEN; ERR_MISSING for an
 * organization of others. */
enum err person_create(struct ctx *ctx, const struct new_person *in, struct person *ret);

/* NULL, and a password without text, leave things as they are; a text or an id that is none clears
 * it. */
struct person_change {
    struct secret password;
    const struct email *email;
    const struct str *first_name, *last_name;
    const struct str *role;        /* takes the place of all that they hold everywhere and in their
                                    * organization */
    const struct id *organization; /* they give up what they hold in the one they leave */
};
/* Oneself, but for address, role and organization; or another whom one may write, and who holds no
 * more than oneself. A password lets in who waited for the activation; to another address goes a
 * letter with a new link, if they still do. As profile_find, person_create, user_set_password,
 * user_change_email, user_move and activation_mail. In a unit that opens when it is first written
 * to, or writes from the start. */
enum err person_change(struct ctx *ctx, struct id id, const struct person_change *in,
                       struct person *ret);
