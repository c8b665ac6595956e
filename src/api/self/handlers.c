/* The service's own paths: alive, ready, metrics, keys. */
#include "api/self/routes.h"
#include "domain/keyring.h"
#include "domain/service.h"
#include "web/health.h"
#include "web/web.h"

enum {
    MOST_METRICS = 8 << 20,
    MOST_KEYS = 64 << 10
};

static const struct str plain = {"text/plain; charset=utf-8", 25};

/* The process runs and answers. Says nothing of the store: restarting would not mend that. */
enum err get_livez(struct call *c)
{
    return answer_text(c, 200, plain, STR("ok\n"));
}

/* Traffic may come: everything is loaded and the store answers. */
enum err get_readyz(struct call *c)
{
    if (!health_store_is_reachable(c)) {
        return answer_text(c, 503, plain, STR("the store has not answered for two seconds\n"));
    }
    return answer_text(c, 200, plain, STR("ready\n"));
}

enum err get_metrics(struct call *c)
{
    struct buf text = buf_in_arena(c->ctx.arena, MOST_METRICS);
    struct str body;

    web_write_metrics(c->web, &text);
    TRY(buf_end(&text, &body));
    return answer_text(c, 200, STR("text/plain; version=0.0.4; charset=utf-8"), body);
}

/* Public keys alone; the next one is there before it signs, so that five minutes of cache are safe.
 */
enum err get_jwks(struct call *c)
{
    struct buf keys = buf_in_arena(c->ctx.arena, MOST_KEYS);
    struct str body;

    keyring_publish(c->ctx.service->keyring, c->ctx.now, &keys);
    TRY(buf_end(&keys, &body));
    c->cacheable = true;
    answer_header(c, STR("Cache-Control"), STR("public, max-age=300"));
    return answer_text(c, 200, STR("application/json; charset=utf-8"), body);
}
