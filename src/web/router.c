/* Routes by path: a table for paths without a parameter, and one by the first segment for the rest.
 */
#include "web/router.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHAINS = 128,
    MOST_SEGMENTS = 12
};

/* One row, with its path cut up; two for a row whose path comes without its beginning, too. */
struct row {
    const struct route *route;
    size_t index; /* of the route among all */
    unsigned face;
    unsigned places; /* of the parameters: a bit for each segment, the first one's the highest */
    size_t segment_count, parameters;
    struct str segments[MOST_SEGMENTS];
    size_t next; /* in the chain, counted from 1; 0 ends it */
};

struct router {
    struct router_face *faces;
    size_t face_count;
    struct row *rows; /* those of all routes, in their order, and then the short ones */
    size_t row_count, route_count;
    size_t plain[CHAINS]; /* the first row without parameters, counted from 1 */
    size_t with_parameters[CHAINS];
};

/* Cuts "/a/b" into "a" and "b"; false when there are more than any row has. A slash at the end
 * makes a last, empty segment, so that /users/ is not /users. */
static bool segments_of(struct str path, struct str segments[MOST_SEGMENTS], size_t *ret_count)
{
    struct str rest = str_skip(path, 1);
    size_t count = 0;
    bool more = true;

    while (more) {
        if (count == MOST_SEGMENTS) {
            return false;
        }
        more = str_cut(rest, '/', &segments[count++], &rest);
    }
    *ret_count = count;
    return true;
}

static size_t hash_on(size_t hash, struct str segment)
{
    for (size_t i = 0; i < segment.len; i++) {
        hash = hash * 31 + (unsigned char)segment.ptr[i];
    }
    return hash;
}

static size_t plain_of(const struct str *segments, size_t count)
{
    size_t hash = count;

    for (size_t i = 0; i < count; i++) {
        hash = hash_on(hash, segments[i]);
    }
    return hash % CHAINS;
}

/* Rows begin with fixed segments; the first and the number of them tell most apart. */
static size_t first_of(const struct str *segments, size_t count)
{
    return hash_on(count, segments[0]) % CHAINS;
}

static bool is_parameter(struct str segment)
{
    return segment.len > 0 && segment.ptr[0] == ':';
}

/* Fixed segments have to be equal; a parameter takes any, an empty one too: its handler says what
 * is missing. */
static bool row_matches(const struct row *row, const struct str *segments, size_t count)
{
    if (row->segment_count != count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_parameter(row->segments[i]) && !str_eq(row->segments[i], segments[i])) {
            return false;
        }
    }
    return true;
}

static size_t parameter_count(const struct row *row)
{
    size_t count = 0;

    for (size_t i = 0; i < row->segment_count; i++) {
        count += is_parameter(row->segments[i]);
    }
    return count;
}

static unsigned places_of(const struct row *row)
{
    unsigned places = 0;

    for (size_t i = 0; i < row->segment_count; i++) {
        places |= (unsigned)is_parameter(row->segments[i]) << (MOST_SEGMENTS - 1 - i);
    }
    return places;
}

static bool answers(const struct route *route, enum http_method method)
{
    return route->method == ANY || route->method == method ||
           (route->method == GET && method == HEAD);
}

/* Whether there is a path that both rows match, and neither says more about it than the other. */
static bool paths_clash(const struct row *a, const struct row *b)
{
    if (a->segment_count != b->segment_count || a->places != b->places) {
        return false;
    }
    for (size_t i = 0; i < a->segment_count; i++) {
        if (!is_parameter(a->segments[i]) && !str_eq(a->segments[i], b->segments[i])) {
            return false;
        }
    }
    return true;
}

/* Two rows for one request would be a coin toss. */
static enum err row_is_new(const struct router *router, const struct row *row,
                           struct reason *reason)
{
    for (size_t i = 0; i < router->row_count; i++) {
        const struct row *other = &router->rows[i];
        bool same_method =
            answers(other->route, row->route->method) || answers(row->route, other->route->method);
        bool told_apart = !other->route->only_with != !row->route->only_with;
        if (same_method && !told_apart && paths_clash(other, row)) {
            return fail(reason, ERR_CONFIG, STR(""), "two routes for %s", row->route->path);
        }
    }
    return ERR_OK;
}

static enum err row_add(struct router *router, struct row row, struct str path,
                        struct reason *reason)
{
    if (!segments_of(path, row.segments, &row.segment_count) ||
        parameter_count(&row) > ROUTE_PARAMETERS || is_parameter(row.segments[0])) {
        return fail(reason, ERR_CONFIG, STR(""), "a route that cannot be: %s", row.route->path);
    }
    row.parameters = parameter_count(&row);
    row.places = places_of(&row);
    TRY(row_is_new(router, &row, reason));
    size_t *chain = row.parameters > 0
                        ? &router->with_parameters[first_of(row.segments, row.segment_count)]
                        : &router->plain[plain_of(row.segments, row.segment_count)];
    row.next = *chain;
    router->rows[router->row_count++] = row;
    *chain = router->row_count;
    return ERR_OK;
}

/* A row as it is (`whole`), or without its beginning, where it may come so. */
static enum err add_one(struct router *router, struct row row, bool whole, struct reason *reason)
{
    struct str path = str_of(row.route->path);
    struct str off = router->faces[row.face].face->strippable;

    if (whole) {
        return row_add(router, row, path, reason);
    }
    return off.len > 0 && str_starts(path, off)
               ? row_add(router, row, str_skip(path, off.len), reason)
               : ERR_OK;
}

static enum err fill(struct router *router, bool whole, struct reason *reason)
{
    size_t index = 0;

    for (unsigned f = 0; f < router->face_count; f++) {
        const struct face *face = router->faces[f].face;
        for (size_t i = 0; i < face->route_count; i++) {
            struct row row = {.route = &face->routes[i], .face = f, .index = index};
            TRY(add_one(router, row, whole, reason));
            index++;
        }
    }
    return ERR_OK;
}

enum err router_create(const struct router_face *faces, size_t count, struct reason *reason,
                       struct router **ret)
{
    struct router *router = calloc(1, sizeof *router);
    size_t rows = 0;

    for (size_t i = 0; i < count; i++) {
        rows += faces[i].face->route_count;
    }
    if (router) {
        router->faces = calloc(count ? count : 1, sizeof *faces);
        router->rows = calloc(rows ? 2 * rows : 1, sizeof *router->rows);
    }
    if (!router || !router->faces || !router->rows) {
        router_destroy(router);
        return ERR_MEMORY;
    }
    memcpy(router->faces, faces, count * sizeof *faces);
    router->face_count = count;
    router->route_count = rows;
    enum err e = fill(router, true, reason);
    e = e == ERR_OK ? fill(router, false, reason) : e;
    if (e != ERR_OK) {
        router_destroy(router);
        return e;
    }
    *ret = router;
    return ERR_OK;
}

void router_destroy(struct router *router)
{
    if (router) {
        free(router->faces);
        free(router->rows);
        free(router);
    }
}

/* /users is the beginning of /users/me and of /users?x, but not of /usersmith. */
static bool is_below(struct str path, struct str prefix)
{
    if (!str_starts(path, prefix)) {
        return false;
    }
    return path.len == prefix.len || str_ends(prefix, STR("/")) || path.ptr[prefix.len] == '/' ||
           path.ptr[prefix.len] == '?';
}

/* Longest prefix wins; the first face that the listener serves when none fits. */
const struct router_face *router_face_of(const struct router *router, unsigned faces,
                                         struct str path)
{
    const struct router_face *best = NULL;
    size_t longest = 0;

    for (unsigned f = 0; f < router->face_count; f++) {
        const struct face *face = router->faces[f].face;
        if (!(faces >> f & 1)) {
            continue;
        }
        best = best ? best : &router->faces[f];
        for (size_t i = 0; i < face->prefix_count; i++) {
            if (face->prefixes[i].len > longest && is_below(path, face->prefixes[i])) {
                longest = face->prefixes[i].len;
                best = &router->faces[f];
            }
        }
    }
    return best ? best : &router->faces[0];
}

static unsigned allows(const struct route *route)
{
    unsigned bit = 1u << route->method;

    return route->method == GET ? bit | 1u << HEAD : bit;
}

static void take_parameters(const struct row *row, const struct str *segments, struct found *found)
{
    size_t taken = 0;

    for (size_t i = 0; i < row->segment_count; i++) {
        if (is_parameter(row->segments[i])) {
            found->parameters[taken++] = segments[i];
        }
    }
}

/* What is looked for. */
struct asked {
    unsigned faces;
    enum http_method method;
    struct str segments[MOST_SEGMENTS];
    size_t count;
    size_t plain, with_parameters; /* the chains in which it may be */
    bool other;                    /* not among those that are ONLY_WITH */
};

/* The row with fewer parameters says more: /users/me comes before /users/:id. Of as many, the one
 * whose fixed words come first: /roles/user/:id before /roles/:id/permissions. Of two for
 * the same path, the one that does not take every body. */
static bool says_more(const struct row *row, const struct row *than)
{
    if (!than || row->parameters != than->parameters) {
        return !than || row->parameters < than->parameters;
    }
    if (row->places != than->places) {
        return row->places < than->places;
    }
    return row->route->only_with;
}

/* The first row that matches in what is left of a chain. */
static const struct row *first_match(const struct router *router, const struct asked *asked,
                                     size_t at)
{
    for (; at; at = router->rows[at - 1].next) {
        const struct row *next = &router->rows[at - 1];
        if (asked->faces >> next->face & 1 && !(asked->other && next->route->only_with) &&
            row_matches(next, asked->segments, asked->count)) {
            return next;
        }
    }
    return NULL;
}

static bool is_id(struct str segment)
{
    return str_eq(segment, STR(":id")) || (is_parameter(segment) && str_ends(segment, STR("Id")));
}

static bool has_word_for_id(const struct row *words, const struct row *row)
{
    for (size_t i = 0; i < row->segment_count; i++) {
        if (is_id(row->segments[i]) && !is_parameter(words->segments[i])) {
            return true;
        }
    }
    return false;
}

/* Whether the row takes for an id what is a word in another of the chain that says more, whatever
 * methods that has. */
static bool is_word_in(const struct router *router, const struct asked *asked, size_t chain,
                       const struct row *row)
{
    const struct row *other = first_match(router, asked, chain);

    while (other && !(other->parameters < row->parameters && has_word_for_id(other, row))) {
        other = first_match(router, asked, other->next);
    }
    return other != NULL;
}

static bool mistakes_a_word(const struct router *router, const struct asked *asked,
                            const struct row *row)
{
    return row->parameters > 0 && (is_word_in(router, asked, asked->plain, row) ||
                                   is_word_in(router, asked, asked->with_parameters, row));
}

/* Of the rows that take the method. Where a fixed word does not take it, it is a name like any
 * other, but never an id. */
static const struct row *best_in(const struct router *router, const struct asked *asked,
                                 size_t chain, unsigned *ret_allowed)
{
    const struct row *best = NULL, *row = first_match(router, asked, chain);

    for (; row; row = first_match(router, asked, row->next)) {
        if (mistakes_a_word(router, asked, row)) {
            continue;
        }
        *ret_allowed |= allows(row->route);
        if (says_more(row, best) && answers(row->route, asked->method)) {
            best = row;
        }
    }
    return best;
}

/* None says more than one without parameters, so that most paths are looked up in one short chain.
 */
static const struct row *best_row(const struct router *router, const struct asked *asked,
                                  unsigned *ret_allowed)
{
    const struct row *plain = best_in(router, asked, asked->plain, ret_allowed);

    return plain ? plain : best_in(router, asked, asked->with_parameters, ret_allowed);
}

static void find(const struct router *router, struct asked *asked, struct str path,
                 struct found *ret)
{
    const struct row *row = NULL;

    *ret = (struct found){0};
    if (path.len > 0 && segments_of(path, asked->segments, &asked->count)) {
        asked->plain = router->plain[plain_of(asked->segments, asked->count)];
        asked->with_parameters = router->with_parameters[first_of(asked->segments, asked->count)];
        row = best_row(router, asked, &ret->allowed);
    }
    if (!row) {
        ret->face = router_face_of(router, asked->faces, path);
        return;
    }
    ret->face = &router->faces[row->face];
    ret->route = row->route;
    ret->index = row->index;
    take_parameters(row, asked->segments, ret);
}

void router_find(const struct router *router, unsigned faces, enum http_method method,
                 struct str path, struct found *ret)
{
    struct asked asked = {.faces = faces, .method = method};

    find(router, &asked, path, ret);
}

void router_find_other(const struct router *router, unsigned faces, enum http_method method,
                       struct str path, struct found *ret)
{
    struct asked asked = {.faces = faces, .method = method, .other = true};
    struct found other;

    find(router, &asked, path, &other);
    if (other.route) {
        *ret = other;
    }
}

size_t router_count(const struct router *router)
{
    return router->route_count;
}

const struct route *router_route(const struct router *router, size_t index,
                                 const struct face **ret_face)
{
    const struct row *row = &router->rows[index];

    *ret_face = router->faces[row->face].face;
    return row->route;
}
