/* Users as a gym sees them: its organization, and the strongest of three roles that they hold there
 * or everywhere. SUPER_ADMIN is one who holds it everywhere; there alone, it is as GYM_ADMIN. */
#pragma once

#include "base/list.h"
#include "domain/ctx.h"
#include "model/page.h"
#include "model/user.h"

struct member {
    struct user user;
    enum role role; /* SUPER_ADMIN, GYM_ADMIN, or else MEMBER */
    struct str gym; /* the slug of their organization; no text: they are of none */
};

enum err member_of(struct ctx *ctx, const struct user *user, struct member *ret);

/* Whether each of these names (an id, a slug, a domain) is that of the organization they belong to;
 * ERR_ELSEWHERE. Super administrators belong everywhere. */
enum err member_is_within(struct ctx *ctx, const struct user *user, const struct text_list *names);

struct member_query {
    struct page page;
    struct str search; /* in usernames, addresses and names; no text: all */
    const enum role *role;
    unsigned states; /* a bit for each enum user_state */
    struct str gym;  /* id or slug; no text: all */
};
#define MEMBER_ALL_STATES (~0U)

struct member_page {
    struct member *members;
    size_t count;
    int64_t total; /* on all pages */
};
/* In the order in which they came; as roster_page has it where nothing narrows it down, and
 * otherwise by looking at everyone. */
enum err member_list(struct ctx *ctx, const struct member_query *query, struct member_page *ret);
