/* Logins are counted by network: failures by the minute and the hour, all of them by the minute. */
#include "web/rate.h"

#include "domain/limit.h"
#include "domain/service.h"
#include "web/client.h"

enum {
    MINUTE = 60,
    HOUR = 3600
};
enum kind {
    FAILURES_MINUTE,
    FAILURES_HOUR,
    LOGINS_MINUTE,
    KINDS
};

static struct rate rate_of(const struct domain_settings *settings, enum kind kind)
{
    switch (kind) {
    case FAILURES_MINUTE:
        return (struct rate){settings->network_minute, MINUTE};
    case FAILURES_HOUR:
        return (struct rate){settings->network_hour, HOUR};
    case LOGINS_MINUTE:
        return (struct rate){settings->network_total, MINUTE};
    case KINDS:
        break;
    }
    return (struct rate){0};
}

static void count(struct call *c, enum kind kind)
{
    const struct service *service = c->ctx.service;

    limit_count(service->limits, kind, client_network(c, c->ctx.source),
                rate_of(service->settings, kind), monotonic_ms());
}

enum err rate_admit(struct call *c)
{
    const struct service *service = c->ctx.service;
    int64_t now = monotonic_ms(), longest = 0;

    if (c->route->rate == RATE_ANY) {
        return ERR_OK;
    }
    struct str network = client_network(c, c->ctx.source);
    for (unsigned kind = 0; kind < KINDS; kind++) {
        struct rate rate = rate_of(service->settings, (enum kind)kind);
        int64_t wait = limit_wait(service->limits, kind, network, rate, now);
        longest = wait > longest ? wait : longest;
    }
    if (longest > 0) {
        c->ctx.reason.retry_after = longest;
        return ctx_fail(&c->ctx, ERR_TOO_MANY, STR(""), "logins of this network");
    }
    count(c, LOGINS_MINUTE);
    return ERR_OK;
}

void rate_settle(struct call *c, enum err e)
{
    if (c->route && c->route->rate == RATE_LOGIN &&
        (e == ERR_CREDENTIALS || e == ERR_CURRENT_PASSWORD)) {
        count(c, FAILURES_MINUTE);
        count(c, FAILURES_HOUR);
    }
}
