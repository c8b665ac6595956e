/* Places without a gap, and pages that are ranges of them. */
#include "domain/roster.h"

#include "base/arena.h"
#include "domain/unit.h"
#include "store/queries.h"
#include "text/normal.h"

enum {
    AT_ONCE = 200 /* places given in one unit */
};

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Those with a place, and behind them those without: of each what falls onto the page. */
static enum err page_of_all(struct ctx *ctx, const struct roster_query *query,
                            struct roster_page *ret)
{
    struct roster_length_row length;
    struct roster_waiting_row waiting;
    struct user *placed, *late;
    size_t placed_count, late_count;

    TRY(q_roster_length(ctx->tx, &length));
    TRY(q_roster_waiting(ctx->tx, &waiting));
    int64_t total = length.places + waiting.count;
    int64_t begin = least(query->offset, total);
    int64_t end = begin + least(query->limit, total - begin);
    TRY(q_roster_range(ctx->tx, begin, least(end, length.places), &placed, &placed_count));
    *ret = (struct roster_page){.users = placed, .count = placed_count, .total = total};
    if (end <= length.places) {
        return ERR_OK;
    }
    int64_t skipped = begin > length.places ? begin - length.places : 0;
    TRY(q_roster_waiting_range(ctx->tx, end - length.places - skipped, skipped, &late,
                               &late_count));
    ret->users = arena_array(ctx->arena, placed_count + late_count, sizeof *ret->users);
    if (!ret->users) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < placed_count + late_count; i++) {
        ret->users[i] = i < placed_count ? placed[i] : late[i - placed_count];
    }
    ret->count = placed_count + late_count;
    return ERR_OK;
}

/* Everything that begins with `beginning` lies between it and this: no key has U+10FFFF in it. */
static enum err end_of(struct ctx *ctx, struct str beginning, struct str *ret)
{
    return arena_print(ctx->arena, ret, "%.*s\xf4\x8f\xbf\xbf", STR_ARG(beginning));
}

static enum err page_of_found(struct ctx *ctx, const struct roster_query *query,
                              struct roster_page *ret)
{
    struct roster_found_row found;
    struct str beginning, end;

    *ret = (struct roster_page){0};
    enum err e = text_fold(ctx->arena, query->beginning, &beginning);
    if (e != ERR_OK) {
        return e == ERR_FIELD_VALUE ? ERR_OK : e; /* what is no text begins no name */
    }
    TRY(end_of(ctx, beginning, &end));
    TRY(q_roster_found(ctx->tx, beginning, end, ROSTER_SEARCH_MOST, &found));
    ret->total = found.count;
    ret->bounded = found.count >= ROSTER_SEARCH_MOST;
    return q_roster_found_range(ctx->tx, beginning, end, ROSTER_SEARCH_MOST, query->limit,
                                query->offset, &ret->users, &ret->count);
}

enum err roster_page(struct ctx *ctx, const struct roster_query *query, struct roster_page *ret)
{
    return query->beginning.len > 0 ? page_of_found(ctx, query, ret) : page_of_all(ctx, query, ret);
}

/* A list under way: pieces one behind the other, and the page that is cut out of them. */
struct cut {
    struct page page;
    struct roster_page *out;
};

/* What of a piece of `length` lies on the page: so many behind the first `*ret_skipped`. */
static int64_t piece(const struct cut *cut, int64_t length, int64_t *ret_skipped)
{
    int64_t before = cut->out->total;
    int64_t missing = cut->page.limit - (int64_t)cut->out->count;

    *ret_skipped = cut->page.offset > before ? least(cut->page.offset - before, length) : 0;
    return least(missing, length - *ret_skipped);
}

static void add(struct cut *cut, const struct user *users, size_t count, int64_t length)
{
    for (size_t i = 0; i < count; i++) {
        cut->out->users[cut->out->count++] = users[i];
    }
    cut->out->total += length;
}

static enum err add_members(struct ctx *ctx, struct cut *cut, struct id organization,
                            unsigned states)
{
    struct roster_members_row length;
    struct user *users = NULL;
    int64_t skipped;
    size_t count = 0;

    TRY(q_roster_members(ctx->tx, organization, states, &length));
    int64_t wanted = piece(cut, length.count, &skipped);
    if (wanted > 0) {
        TRY(q_roster_members_range(ctx->tx, organization, states, wanted, skipped, &users, &count));
    }
    add(cut, users, count, length.count);
    return ERR_OK;
}

static enum err add_in_state(struct ctx *ctx, struct cut *cut, unsigned state)
{
    struct roster_in_state_row length;
    struct user *users = NULL;
    int64_t skipped;
    size_t count = 0;

    TRY(q_roster_in_state(ctx->tx, state, &length));
    int64_t wanted = piece(cut, length.count, &skipped);
    if (wanted > 0) {
        TRY(q_roster_in_state_range(ctx->tx, state, wanted, skipped, &users, &count));
    }
    add(cut, users, count, length.count);
    return ERR_OK;
}

enum err roster_filtered(struct ctx *ctx, const struct roster_filter *filter, struct page page,
                         struct roster_page *ret)
{
    unsigned states = filter->states ? filter->states : ~0U;
    struct cut cut = {page, ret};

    *ret = (struct roster_page){
        .users = arena_array(ctx->arena, (size_t)page.limit + 1, sizeof *ret->users)};
    if (!ret->users) {
        return ERR_MEMORY;
    }
    if (filter->organizations) {
        for (size_t i = 0; i < filter->organization_count; i++) {
            TRY(add_members(ctx, &cut, filter->organizations[i], states));
        }
        return ERR_OK;
    }
    for (unsigned state = USER_PENDING_ACTIVATION; state <= USER_SUSPENDED; state++) {
        TRY((states & (1U << state)) ? add_in_state(ctx, &cut, state) : ERR_OK);
    }
    return ERR_OK;
}

static enum err anyone_waits(struct ctx *ctx, void *ret)
{
    struct roster_next_row *next;
    bool *waits = ret;
    size_t count;

    TRY(q_roster_next(ctx->tx, 1, &next, &count));
    *waits = count > 0;
    return ERR_OK;
}

static enum err settle_some(struct ctx *ctx, void *ret_more)
{
    struct roster_length_row length;
    struct roster_next_row *next;
    bool *more = ret_more;
    size_t count;

    TRY(q_roster_next(ctx->tx, AT_ONCE, &next, &count));
    TRY(q_roster_length(ctx->tx, &length));
    for (size_t i = 0; i < count; i++) {
        TRY(q_roster_put(ctx->tx, length.places + 1 + (int64_t)i, next[i].id));
    }
    *more = count == AT_ONCE;
    return ERR_OK;
}

/* It is looked first: nearly always nobody waits, and then there is no need for a turn at writing.
 */
enum err roster_settle(struct ctx *ctx, bool *ret_more)
{
    bool waits;

    *ret_more = false;
    TRY(unit_run(ctx, TX_READ, anyone_waits, &waits));
    return waits ? unit_run(ctx, TX_WRITE, settle_some, ret_more) : ERR_OK;
}

enum err roster_leave(struct ctx *ctx, struct id user)
{
    struct roster_place_of_row mine;
    struct roster_length_row length;
    struct roster_at_row last;

    TRY(q_roster_place_of(ctx->tx, user, &mine));
    if (mine.place == 0) {
        return ERR_OK;
    }
    TRY(q_roster_length(ctx->tx, &length));
    TRY(q_roster_at(ctx->tx, length.places, &last));
    TRY(q_roster_take_out(ctx->tx, user));
    if (id_eq(last.id, user)) {
        return ERR_OK;
    }
    return q_roster_put(ctx->tx, mine.place, last.id);
}
