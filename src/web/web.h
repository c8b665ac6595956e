/* The web floor as the app wires it: faces over one service, three lanes, one pipeline. */
#pragma once

#include "base/err.h"
#include "base/str.h"
#include "http/server.h"
#include "web/router.h"

struct arena;
struct buf;
struct log;
struct metrics;
struct service;
struct web;

struct web_plan {
    struct service *service;
    struct log *log;
    const struct router_face *faces;
    size_t face_count;
    const unsigned *listener_faces; /* of each listener: a bit for each face it serves */
    struct str trusted_proxies;     /* words: addresses and networks */
    struct str metrics_from;        /* words: who may read the metrics without a token */
    struct str public_url;          /* whose host is a name of ours; no text: there is none */
    unsigned store_workers, away_workers;
    unsigned hash_workers; /* hashes at once */
};

/* Starts the lanes. What `plan` points to outlives the web. */
enum err web_open(const struct web_plan *plan, struct reason *reason, struct web **ret);
void web_close(struct web *web); /* after the server has stopped; NULL is fine */

/* What the server calls. */
struct http_app web_app(struct web *web);

/* Other floors' metrics (jobs, app) join these; and all of them, for the route that shows them. */
struct metrics *web_metrics(const struct web *web);
void web_write_metrics(const struct web *web, struct buf *out);
const struct router *web_router(const struct web *web);

/* The face of that name, if this listener serves it; else NULL. */
const struct router_face *web_face(const struct web *web, unsigned listener, struct str name);

/* Its contract, which lives as long as the web. Errors as openapi_write; `arena` is for that alone.
 */
enum err web_contract(struct web *web, const struct router_face *face, struct arena *arena,
                      struct reason *reason, struct str *ret);
