/* The service's own paths: alive, ready, metrics, keys, contracts; pictures. */
#include "api/self/routes.h"
#include "base/arena.h"
#include "domain/keyring.h"
#include "domain/picture.h"
#include "domain/service.h"
#include "web/health.h"
#include "web/web.h"

enum {
    MOST_METRICS = 8 << 20,
    MOST_KEYS = 64 << 10
};

/* The process runs and answers. Says nothing of the store: restarting would not mend that. */
enum err get_livez(struct call *c)
{
    return answer_body(c, STR("ok\n"));
}

/* Traffic may come: everything is loaded and the store answers. */
enum err get_readyz(struct call *c)
{
    if (!health_store_is_reachable(c)) {
        answer_header(c, STR("Retry-After"), STR("1"));
        return answer_text(c, 503, str_of(c->route->type),
                           STR("the store has not answered for two seconds\n"));
    }
    return answer_body(c, STR("ready\n"));
}

enum err get_metrics(struct call *c)
{
    struct buf text = buf_in_arena(c->ctx.arena, MOST_METRICS);
    struct str body;

    web_write_metrics(c->web, &text);
    TRY(buf_end(&text, &body));
    return answer_body(c, body);
}

static void keep_for_five_minutes(struct call *c)
{
    c->cacheable = true;
    answer_header(c, STR("Cache-Control"), STR("public, max-age=300"));
}

/* Public keys alone; the next one is there before it signs, so that five minutes of cache are safe.
 */
enum err get_jwks(struct call *c)
{
    struct buf keys = buf_in_arena(c->ctx.arena, MOST_KEYS);
    struct str body;

    keyring_publish(c->ctx.service->keyring, c->ctx.now, &keys);
    TRY(buf_end(&keys, &body));
    keep_for_five_minutes(c);
    return answer_body(c, body);
}

/* "edge.json": the contract of a face that is served here. On a worker, as the first time it is
 * written. */
enum err get_contract(struct call *c)
{
    struct str document = call_parameter(c, 0), suffix = STR(".json"), body;
    const struct router_face *face = NULL;

    if (str_ends(document, suffix)) {
        struct str name = str_sub(document, 0, document.len - suffix.len);
        face = web_face(c->web, c->x->listener, name);
    }
    if (!face) {
        return ctx_fail(&c->ctx, ERR_MISSING, STR(""), "no such contract");
    }
    TRY(web_contract(c->web, face, c->ctx.arena, &c->ctx.reason, &body));
    keep_for_five_minutes(c);
    return answer_body(c, body);
}

/* Whether the caller has this picture already: its tag is one of those listed, or any will do. */
static bool is_known(const struct call *c, struct str tag)
{
    struct str rest = http_header(&c->x->request, STR("if-none-match")), one;

    while (str_next(&rest, ',', &one)) {
        one = str_trim(one);
        one = str_starts(one, STR("W/")) ? str_skip(one, 2) : one; /* RFC 9110, 13.1.2 */
        if (str_eq(one, tag) || str_eq(one, STR("*"))) {
            return true;
        }
    }
    return false;
}

/* A picture belongs to whoever has its name, which nobody can guess: pages show it by a plain link,
 * which brings no token. Sites of other origins may show it, and nothing in it is a page. */
enum err get_avatar(struct call *c)
{
    struct str name = call_parameter(c, 0), picture, tag;

    TRY(picture_get(&c->ctx, name, &picture));
    TRY(arena_print(c->ctx.arena, &tag, "\"%.*s\"", STR_ARG(name)));
    c->cacheable = true;
    answer_header(c, STR("ETag"), tag);
    answer_header(c, STR("Cache-Control"), STR("public, max-age=31536000, immutable"));
    answer_header(c, STR("Cross-Origin-Resource-Policy"), STR("cross-origin"));
    answer_header(c, STR("Content-Disposition"), STR("inline; filename=\"avatar.webp\""));
    return is_known(c, tag) ? answer_empty(c, 304) : answer_body(c, picture);
}
