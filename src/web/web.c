/* Wiring of the web floor: router, lanes, metrics, what the server calls. */
#include "web/web.h"

#include "base/arena.h"
#include "base/buf.h"
#include "domain/desk.h"
#include "domain/service.h"
#include "ops/log.h"
#include "ops/metrics.h"
#include "web/away.h"
#include "web/contracts.h"
#include "web/lane.h"
#include "web/local.h"
#include "web/pipeline.h"
#include "web/web_private.h"

#include <stdlib.h>

enum {
    STORE_CAPACITY = 1024,
    STORE_WAIT_MS = 5000,
    DRAWERS = 2, /* children at once */
    DRAW_CAPACITY = 8,
    DRAW_WAIT_MS = 5000,
    FORM_BYTES = 64 << 10, /* of a form around a file */
    HASH_CAPACITY = 64,
    HASH_WAIT_MS = 2000,
    AWAY_CAPACITY = 32,
    AWAY_WAIT_MS = 3000,
    HASH_PATIENCE_MS =
        1000 /* a full queue is through in half of that when hashing gets its cores */
};

static void *hash_start(void *with, bool reserve)
{
    struct web *web = with;
    struct local *local = NULL;

    if (local_open(web, reserve ? DESK_HASH_DIRECT : DESK_STORE, &local) != ERR_OK) {
        return NULL;
    }
    if (!reserve) {
        local->desk->hasher = web->hasher;
    }
    return local;
}

static void *store_start(void *with, bool reserve)
{
    struct local *local = NULL;

    (void)reserve;
    return local_open(with, DESK_STORE, &local) == ERR_OK ? local : NULL;
}

static void *away_start(void *with, bool reserve)
{
    struct local *local = store_start(with, reserve);

    if (local && away_create(&local->away) != ERR_OK) {
        local_close(local);
        return NULL;
    }
    if (local) {
        local->desk->outbound = away_outbound(local->away);
    }
    return local;
}

static void worker_end(void *with, void *local)
{
    (void)with;
    local_close(local);
}

static void work(void *local, struct call *call, bool late)
{
    pipeline_work(local, call, late);
    log_buffer_flush(((struct local *)local)->log);
}

static enum err open_lane(struct web *web, enum lane lane, struct lane_plan plan)
{
    plan.worker_end = worker_end;
    plan.work = work;
    plan.with = web;
    return lane_open(&plan, &web->lanes[lane]);
}

/* Half as many again: these read and write the store while the others' hashes are computed. With
 * each more of them one more password is looked at before the failure of the first was counted. */
static unsigned hash_callers(unsigned at_once)
{
    return at_once + (at_once + 1) / 2;
}

static enum err open_lanes(struct web *web)
{
    TRY(open_lane(web, STORE,
                  (struct lane_plan){
                      .name = "store",
                      .workers = web->plan.store_workers,
                      .capacity = STORE_CAPACITY,
                      .most_wait_ms = STORE_WAIT_MS,
                      .worker_start = store_start,
                  }));
    /* Hashing runs in the kernel's idle class. The reserve, which does not, is what logins are
     * still done by when other work leaves the idle class nothing. */
    TRY(open_lane(web, HASH,
                  (struct lane_plan){
                      .name = "hash",
                      .workers = hash_callers(web->plan.hash_workers),
                      .reserves = 1,
                      .patience_ms = HASH_PATIENCE_MS,
                      .capacity = HASH_CAPACITY,
                      .most_wait_ms = HASH_WAIT_MS,
                      .worker_start = hash_start,
                  }));
    /* So few that other services which hang take nothing from anybody else. */
    TRY(open_lane(web, AWAY,
                  (struct lane_plan){
                      .name = "away",
                      .workers = web->plan.away_workers,
                      .capacity = AWAY_CAPACITY,
                      .most_wait_ms = AWAY_WAIT_MS,
                      .worker_start = away_start,
                  }));
    return open_lane(web, DRAW,
                     (struct lane_plan){
                         .name = "draw",
                         .workers = DRAWERS,
                         .capacity = DRAW_CAPACITY,
                         .most_wait_ms = DRAW_WAIT_MS,
                         .worker_start = store_start,
                     });
}

static void write_lanes(void *object, struct buf *out)
{
    const struct web *web = object;

    metrics_write_help(out, "signet_lane_waiting", "gauge", "Calls that wait for a thread");
    metrics_write_value(out, "signet_lane_waiting", "lane=\"store\"",
                        lane_waiting(web->lanes[STORE]));
    metrics_write_value(out, "signet_lane_waiting", "lane=\"hash\"",
                        lane_waiting(web->lanes[HASH]));
    metrics_write_value(out, "signet_lane_waiting", "lane=\"away\"",
                        lane_waiting(web->lanes[AWAY]));
    metrics_write_value(out, "signet_lane_waiting", "lane=\"draw\"",
                        lane_waiting(web->lanes[DRAW]));
}

static enum err open_metrics(struct web *web)
{
    size_t count = router_count(web->router);
    struct metrics_route *routes = calloc(count + 1, sizeof *routes);

    if (!routes) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct face *face;
        const struct route *route = router_route(web->router, i, &face);
        struct str method = route->method == ANY ? STR("ANY") : http_method_name(route->method);
        routes[i] = (struct metrics_route){face->name, method, str_of(route->path)};
    }
    routes[count] = (struct metrics_route){STR("none"), STR("none"), STR("none")};
    enum err e = metrics_create(routes, count + 1, &web->metrics);
    free(routes);
    return e;
}

static enum err furnish(struct web *web, struct reason *reason)
{
    const struct web_plan *plan = &web->plan;

    web->arena = arena_create(4096, 1 << 20);
    if (!web->arena) {
        return ERR_MEMORY;
    }
    TRY(network_list_parse(web->arena, plan->trusted_proxies, reason, &web->proxies));
    TRY(network_list_parse(web->arena, plan->metrics_from, reason, &web->scrapers));
    TRY(router_create(plan->faces, plan->face_count, reason, &web->router));
    TRY(contracts_create(&web->contracts));
    TRY(open_metrics(web));
    TRY(metrics_add(web->metrics, write_lanes, web));
    TRY(desk_hasher_open(plan->service, plan->hash_workers, &web->hasher));
    return open_lanes(web);
}

enum err web_open(const struct web_plan *plan, struct reason *reason, struct web **ret)
{
    struct web *web = calloc(1, sizeof *web);

    if (!web) {
        return ERR_MEMORY;
    }
    web->plan = *plan;
    enum err e = furnish(web, reason);
    if (e != ERR_OK) {
        web_close(web);
        return e;
    }
    *ret = web;
    return ERR_OK;
}

void web_close(struct web *web)
{
    if (web) {
        for (size_t i = 0; i < LANES; i++) {
            lane_close(web->lanes[i]);
        }
        desk_hasher_close(web->hasher);
        contracts_destroy(web->contracts);
        metrics_destroy(web->metrics);
        router_destroy(web->router);
        arena_destroy(web->arena);
        free(web);
    }
}

static void *loop_start(void *app, unsigned loop)
{
    struct local *local = NULL;

    (void)loop;
    return local_open(app, DESK_MEMORY, &local) == ERR_OK ? local : NULL;
}

static void loop_idle(void *app, void *local)
{
    (void)app;
    log_buffer_flush(((struct local *)local)->log);
}

static void answer_exchange(void *app, struct exchange *x)
{
    (void)app;
    pipeline_admit(x->local, x);
}

/* Whichever listener it came in by: a row that takes a file has room for one. */
static size_t most_body(void *app, const struct http_request *request)
{
    const struct web *web = app;
    struct found found;

    router_find(web->router, ~0U, request->method, request->path, &found);
    return found.route && found.route->file ? found.route->file_most + FORM_BYTES : 0;
}

struct http_app web_app(struct web *web)
{
    return (struct http_app){
        .app = web,
        .loop_start = loop_start,
        .loop_idle = loop_idle,
        .loop_end = worker_end,
        .most_body = most_body,
        .answer = answer_exchange,
    };
}

struct metrics *web_metrics(const struct web *web)
{
    return web->metrics;
}

void web_write_metrics(const struct web *web, struct buf *out)
{
    metrics_write(web->metrics, out);
}

const struct router *web_router(const struct web *web)
{
    return web->router;
}

const struct router_face *web_face(const struct web *web, unsigned listener, struct str name)
{
    const struct web_plan *plan = &web->plan;

    for (size_t i = 0; i < plan->face_count; i++) {
        bool served = plan->listener_faces[listener] >> i & 1;
        if (served && str_eq(plan->faces[i].face->name, name)) {
            return &plan->faces[i];
        }
    }
    return NULL;
}

enum err web_contract(struct web *web, const struct router_face *face, struct arena *arena,
                      struct reason *reason, struct str *ret)
{
    return contracts_get(web->contracts, face, arena, reason, ret);
}
