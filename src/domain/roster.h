/* The list of all users, page by page, and the search in it by how a name begins.
 *
 * Any page costs the same, the first like the last, however many users there are: see
 * store/sql/roster.sql. The order is that in which they came, but that the last one takes the place
 * of one who leaves; whoever turns pages meanwhile can miss that one, as with any page by number.
 */
#pragma once

#include "domain/ctx.h"
#include "model/page.h"
#include "model/user.h"

enum {
    ROSTER_SEARCH_MOST = 1000 /* names, and as many addresses, that a search looks at */
};

struct roster_query {
    struct str beginning; /* of a username or an address, in any case; no text asks for everyone */
    int64_t offset;       /* how many come before the page */
    int64_t limit;        /* how long the page may be */
};

struct roster_page {
    struct user *users;
    size_t count;
    int64_t total; /* how many there are on all pages */
    bool bounded; /* of a search: there may be more than it looked at, and `total` counts those seen
                   */
};

/* Nobody at all for an offset beyond the end. Needs a unit that reads. */
enum err roster_page(struct ctx *ctx, const struct roster_query *query, struct roster_page *ret);

/* Whom a list is narrowed down to. */
struct roster_filter {
    const struct id *organizations; /* those of each of these; NULL: of any, and of none */
    size_t organization_count;
    unsigned states; /* a bit for each enum user_state; 0: any */
};

/* Those of one organization after those of another, otherwise one state after the other, each in
 * the order in which they came. All of them are counted, and those before the page passed over, in
 * an index that has nothing else in it: a million take some hundredths of a second. Without
 * organizations it needs states: otherwise roster_page is quicker. */
enum err roster_filtered(struct ctx *ctx, const struct roster_filter *filter, struct page page,
                         struct roster_page *ret);

/* Gives places to those who came lately, a bounded number, in a unit of its own; *ret_more when
 * there are others left. */
enum err roster_settle(struct ctx *ctx, bool *ret_more);

/* Gives up a user's place, in the unit that removes the account and before it does: one that has
 * its turn at writing from the start (TX_WRITE), so that nobody else moves places meanwhile.
 * ERR_MISSING.
 */
enum err roster_leave(struct ctx *ctx, struct id user);
