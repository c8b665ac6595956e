/* Find the row, who is it, may they, to the lane; work, commit, answer; log, count, let go. */
#include "web/pipeline.h"

#include "base/arena.h"
#include "base/rcu.h"
#include "domain/asker.h"
#include "domain/note.h"
#include "domain/policy.h"
#include "domain/settings.h"
#include "domain/unit.h"
#include "domain/vouch.h"
#include "ops/log.h"
#include "ops/metrics.h"
#include "web/caller.h"
#include "web/client.h"
#include "web/own_name.h"
#include "web/rate.h"
#include "web/web_private.h"
#include "wire/json.h"

enum {
    ID_LEAST = 8,
    ID_MOST = 64,
    RETRY_SECONDS = 1
};

static bool is_id_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
}

/* The caller's own id, when it is sane; it goes into headers and log lines as it is. */
static bool is_sane_id(struct str id)
{
    bool sane = id.len >= ID_LEAST && id.len <= ID_MOST;

    for (size_t i = 0; sane && i < id.len; i++) {
        sane = is_id_char(id.ptr[i]);
    }
    return sane;
}

static enum err name_request(struct call *c)
{
    struct str given = http_header(&c->x->request, STR("x-request-id"));
    struct buf made = buf_in_arena(c->ctx.arena, 32);

    if (is_sane_id(given)) {
        c->request_id = given;
        return ERR_OK;
    }
    uint64_t id = c->local->request_base + c->local->request_next++;
    buf_put_hex(&made, &id, sizeof id);
    return buf_end(&made, &c->request_id);
}

/* A target that could not be read has no path, but it was meant for some face. */
static void find_route(const struct web *web, const struct exchange *x, struct found *ret)
{
    unsigned faces = web->plan.listener_faces[x->listener];
    const struct http_request *request = &x->request;

    router_find(web->router, faces, request->method, request->path, ret);
    if (ret->route && ret->route->only_with &&
        !json_has(x->arena, request->body, ret->route->only_with)) {
        router_find_other(web->router, faces, request->method, request->path, ret);
    }
    if (request->path.len == 0) {
        ret->face = router_face_of(web->router, faces, request->target);
    }
}

/* The call for an exchange; NULL when there is not even memory for that. */
static struct call *call_create(struct local *local, struct exchange *x)
{
    struct web *web = local->web;
    struct call *c = arena_alloc(x->arena, sizeof *c);
    struct found found;

    if (!c) {
        return NULL;
    }
    find_route(web, x, &found);
    c->ctx = service_ctx(web->plan.service, local->desk, x->arena);
    c->ctx.face = found.face->face->name;
    c->ctx.source = x->request.peer;
    c->x = x;
    c->web = web;
    c->local = local;
    c->face = found.face->face;
    c->settings = found.face->settings;
    c->route = found.route;
    c->route_index = found.index;
    for (size_t i = 0; i < ROUTE_PARAMETERS; i++) {
        c->parameters[i] = found.parameters[i];
    }
    return name_request(c) == ERR_OK ? c : NULL;
}

/* 405 says what would have been allowed. */
static enum err no_route(struct call *c)
{
    struct web *web = c->web;
    struct found found;
    char names[128];
    struct buf allow = buf_over(names, sizeof names);

    if (c->x->request.method == METHOD_OTHER) {
        c->x->close = true; /* what follows may mean something that we do not know */
        return ctx_fail(&c->ctx, ERR_METHOD_UNKNOWN, STR(""), "no row for any method here");
    }
    router_find(web->router, web->plan.listener_faces[c->x->listener], c->x->request.method,
                c->x->request.path, &found);
    if (!found.allowed) {
        return ctx_fail(&c->ctx, ERR_NO_ROUTE, STR(""), "no such path");
    }
    for (unsigned method = 1; method < HTTP_METHODS; method++) {
        if (found.allowed >> method & 1) {
            buf_put(&allow, allow.len ? STR(", ") : STR(""));
            buf_put(&allow, http_method_name((enum http_method)method));
        }
    }
    answer_header(c, STR("Allow"), buf_str(&allow));
    return ctx_fail(&c->ctx, ERR_METHOD, STR(""), "no such method here");
}

/* Whether the face was opened to those who show neither token nor key. */
static bool is_open(const struct call *c)
{
    const struct face_settings *settings = c->settings; /* what every face's begin with */

    return c->face->can_open && settings->open;
}

/* Whoever shows a token or key is judged by it; who shows none, by whether the face was opened, and
 * whether they came to it by a name that no stranger can make. */
static enum err admit_caller(struct call *c)
{
    bool stranger = is_open(c) && c->ctx.actor.kind == ACTOR_NOBODY;
    bool opened = stranger && own_name_is_used(c);

    if (opened) {
        policy_open(&c->ctx);
    }
    enum err e = policy_requires(&c->ctx.actor, c->route->may);
    return stranger && !opened && e != ERR_OK ? own_name_refuse(c, e) : e;
}

static enum err admit(struct call *c)
{
    if (c->x->refused != ERR_OK) {
        return ctx_fail(&c->ctx, c->x->refused, STR(""), "refused by the parser");
    }
    TRY(client_address(c, &c->ctx.source));
    if (!c->route) {
        return no_route(c);
    }
    TRY(rate_admit(c));
    if (c->route->may == MAY_ANYONE || (c->route->may == MAY_SCRAPE && client_may_scrape(c))) {
        return ERR_OK;
    }
    TRY(caller_identify(c));
    return admit_caller(c);
}

static void log_and_count(struct call *c, enum err e)
{
    const struct exchange *x = c->x;
    const struct reason *reason = &c->ctx.reason;
    int64_t microseconds = (monotonic_ns() - x->arrived_ns) / 1000;

    metrics_request(c->local->metrics, c->route ? c->route_index : router_count(c->web->router),
                    x->status, microseconds);
    log_request(c->local->log, &(struct log_request){
                                   .id = c->request_id,
                                   .face = c->face->name,
                                   .method = http_method_name(x->request.method),
                                   .route = c->route ? str_of(c->route->path) : (struct str){0},
                                   .path = x->request.path,
                                   .peer = c->ctx.source,
                                   .actor = actor_id(&c->ctx.actor),
                                   .status = x->status,
                                   .microseconds = microseconds,
                                   .error = e == ERR_OK ? NULL : err_name(e),
                                   .detail = reason->err == ERR_OK ? NULL : reason->detail,
                                   .warning = c->ctx.warning,
                                   .changes = c->route && c->route->unit >= TX_WRITE,
                               });
}

/* What goes with every answer. Nothing of ours is for a cache unless its handler says so. */
static void write_common_headers(struct call *c)
{
    exchange_header(c->x, STR("X-Request-Id"), c->request_id);
    buf_put(&c->x->headers, STR("X-Content-Type-Options: nosniff\r\n"));
    if (str_is_set(c->policy)) {
        exchange_header(c->x, STR("Content-Security-Policy"), c->policy);
    } else {
        buf_put(&c->x->headers, STR("Content-Security-Policy: default-src 'none'; "
                                    "frame-ancestors 'none'\r\n"));
    }
    if (!c->cacheable) {
        buf_put(&c->x->headers, STR("Cache-Control: no-store\r\n"));
    }
}

static void write_error(struct call *c, enum err e)
{
    int64_t wait = c->ctx.reason.retry_after;
    char digits[24];
    struct buf seconds = buf_over(digits, sizeof digits);

    c->x->body = STR("");
    c->face->write_error(c, e);
    if (err_class(e) == CLASS_TOO_MANY || err_class(e) == CLASS_UNAVAILABLE) {
        buf_put_int(&seconds, wait > 0 ? wait : RETRY_SECONDS);
        answer_header(c, STR("Retry-After"), buf_str(&seconds));
    }
}

static void finish(struct call *c, enum err e)
{
    if (e != ERR_OK) {
        if (c->ctx.reason.err == ERR_OK) {
            c->ctx.reason.err = e;
        }
        write_error(c, e);
    }
    write_common_headers(c);
    rate_settle(c, e);
    log_and_count(c, e);
    exchange_finish(c->x);
}

/* Takes back what a handler has said of an answer that is not given: no cookie of a login that was
 * rolled back. */
static void drop_headers(struct call *c)
{
    c->x->headers.len = 0;
    c->x->headers.failed = false;
    c->policy = (struct str){0};
    c->cacheable = false;
}

/* The handler without a unit of work. */
static enum err handle(struct call *c)
{
    enum err e = c->route->handler(c);

    if (e != ERR_OK) {
        drop_headers(c);
    }
    return e;
}

/* What runs in a unit: the handler, or the audit of what the row refused. */
struct run {
    struct call *call;
    struct actor asker;
};

/* Whoever is spoken for is looked up first: memory does not know whom there is. */
static enum err handle_in_unit(struct call *c, const struct actor *asker)
{
    TRY(vouch_confirm(&c->ctx));
    TRY(c->route->handler(c));
    return asker_confirm(&c->ctx, asker);
}

/* May run again after a clash in the store, so it begins with a clean answer and who really asks.
 * What the domain refuses is told like what the row refuses, of whoever there is to name: nobody's
 * refusals say nothing, and would fill the store for whoever likes. */
static enum err work_once(struct ctx *ctx, void *with)
{
    struct run *run = with;
    struct call *c = run->call;

    ctx->actor = run->asker;
    drop_headers(c);
    enum err e = c->refused == ERR_OK ? handle_in_unit(c, &run->asker)
                                      : ctx_fail(ctx, c->refused, STR(""), "refused by policy");
    if (e == ERR_FORBIDDEN && ctx->actor.kind != ACTOR_NOBODY) {
        TRY(note_event(ctx, EVENT_REFUSED, (struct id){0}));
    }
    return e;
}

static enum err work_in_unit(struct call *c)
{
    struct run run = {c, c->ctx.actor};
    enum unit_kind kind = c->refused == ERR_OK ? c->route->unit : TX_READ;
    enum err e = unit_run(&c->ctx, kind, work_once, &run);

    if (e != ERR_OK) {
        drop_headers(c);
        c->ctx.actor = run.asker;
    }
    return e;
}

static bool is_now(const struct call *c)
{
    return c->route->lane == NOW;
}

/* Without memory for a call nothing can be told but that. */
static void answer_nothing(struct exchange *x)
{
    x->status = 503;
    x->body = STR("");
    x->close = true;
    exchange_finish(x);
}

static void admit_and_route(struct local *local, struct exchange *x)
{
    struct call *c = call_create(local, x);

    if (!c) {
        answer_nothing(x);
        return;
    }
    enum err e = admit(c);
    bool to_audit = e == ERR_FORBIDDEN && !is_now(c);
    if (e != ERR_OK && !to_audit) {
        finish(c, e);
        return;
    }
    if (e == ERR_OK && is_now(c)) {
        finish(c, handle(c));
        return;
    }
    c->refused = e;
    e = lane_post(local->web->lanes[to_audit ? STORE : c->route->lane], c);
    if (e != ERR_OK) {
        finish(c, ctx_fail(&c->ctx, e, STR(""), "the lane is full"));
    }
}

void pipeline_admit(struct local *local, struct exchange *x)
{
    rcu_enter(local->desk->reader);
    admit_and_route(local, x);
    rcu_leave(local->desk->reader);
}

/* It may take long, so that nothing is held meanwhile: no unit, and no place as a reader. */
static enum err go_first(struct call *c)
{
    if (!c->route->first || c->refused != ERR_OK) {
        return ERR_OK;
    }
    enum err e = c->route->first(c);
    c->ctx.now = moment_now();
    return e;
}

void pipeline_work(struct local *local, struct call *c, bool late)
{
    c->local = local;
    c->ctx.desk = local->desk;
    enum err e =
        late ? ctx_fail(&c->ctx, ERR_BUSY, STR(""), "waited too long for its lane") : go_first(c);

    rcu_enter(local->desk->reader);
    if (e != ERR_OK) {
        drop_headers(c);
        finish(c, e);
    } else if (c->route->unit == TX_NONE && c->refused == ERR_OK) {
        finish(c, handle(c));
    } else {
        finish(c, work_in_unit(c));
    }
    rcu_leave(local->desk->reader);
}
