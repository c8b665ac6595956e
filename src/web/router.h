/* Finding the row for a path, and the face for a path that has none. */
#pragma once

#include "web/face.h"

struct router;

/* A face with its settings; off when its settings say so. */
struct router_face {
    const struct face *face;
    const void *settings;
};

/* ERR_CONFIG with a reason when two rows match the same request. */
enum err router_create(const struct router_face *faces, size_t count, struct reason *reason,
                       struct router **ret);
void router_destroy(struct router *router); /* NULL is fine */

struct found {
    const struct router_face *face; /* always: whose errors it speaks */
    const struct route *route;      /* NULL: see `allowed` */
    size_t index;                   /* of the route among all */
    struct str parameters[ROUTE_PARAMETERS];
    unsigned allowed; /* without a route: a bit for each method that the path has rows for */
};
/* `faces` has a bit for each face (in the order given) that the listener serves. */
void router_find(const struct router *router, unsigned faces, enum http_method method,
                 struct str path, struct found *ret);

/* The same where the body lacks what the row that was found is ONLY_WITH: the row of another face,
 * or still that one when the listener serves no other. */
void router_find_other(const struct router *router, unsigned faces, enum http_method method,
                       struct str path, struct found *ret);

/* Whose errors are spoken below this path, whatever else is wrong with it. */
const struct router_face *router_face_of(const struct router *router, unsigned faces,
                                         struct str path);

/* All rows of all faces, in order: for metrics, the matrix of who may, the documents. */
size_t router_count(const struct router *router);
const struct route *router_route(const struct router *router, size_t index,
                                 const struct face **ret_face);
