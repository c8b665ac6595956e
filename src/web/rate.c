/* What a network may do how often: failures, or everything, by the minute and the hour. */
#include "web/rate.h"

#include "domain/limit.h"
#include "domain/service.h"
#include "web/client.h"

enum {
    MINUTE = 60,
    HOUR = 3600
};

#define PER(member) offsetof(struct domain_settings, member)

static bool is_wrong_password(enum err e)
{
    return e == ERR_CREDENTIALS || e == ERR_CURRENT_PASSWORD;
}

static bool is_wrong_link(enum err e)
{
    return e == ERR_LINK;
}

/* A row's place is the kind under which it is counted. */
static const struct {
    enum rate_class class;
    bool (*fails)(enum err e); /* those alone, once it is known; NULL: every one, before it is
                                  worked on */
    size_t count;              /* the setting */
    int64_t seconds;
    const char *what;
} rates[] = {
    {RATE_LOGIN,    is_wrong_password, PER(network_minute), MINUTE, "failed logins of this network"         },
    {RATE_LOGIN,    is_wrong_password, PER(network_hour),   HOUR,   "failed logins of this network"         },
    {RATE_LOGIN,    NULL,              PER(network_total),  MINUTE, "logins of this network"                },
    {RATE_REGISTER, NULL,              PER(register_hour),  HOUR,   "registrations from this network"       },
    {RATE_LETTER,   NULL,              PER(letters_hour),   HOUR,   "letters that this network asked for"   },
    {RATE_LINK,     is_wrong_link,     PER(links_minute),   MINUTE, "links from this network that were none"},
};

static struct rate rate_of(const struct service *service, size_t row)
{
    const struct domain_settings *settings = service->settings;
    const int64_t *count = (const void *)((const char *)settings + rates[row].count);

    return (struct rate){*count, rates[row].seconds};
}

static void count(struct call *c, size_t row)
{
    const struct service *service = c->ctx.service;

    limit_count(service->limits, (unsigned)row, client_network(c, c->ctx.source),
                rate_of(service, row), monotonic_ms());
}

/* The row that makes the caller wait longest, and for how long. */
static int64_t longest_wait(struct call *c, size_t *ret_row)
{
    const struct service *service = c->ctx.service;
    struct str network = client_network(c, c->ctx.source);
    int64_t now = monotonic_ms(), longest = 0;

    for (size_t row = 0; row < ARRAY_LEN(rates); row++) {
        if (rates[row].class != c->route->rate) {
            continue;
        }
        int64_t wait =
            limit_wait(service->limits, (unsigned)row, network, rate_of(service, row), now);
        if (wait > longest) {
            longest = wait;
            *ret_row = row;
        }
    }
    return longest;
}

enum err rate_admit(struct call *c)
{
    size_t at = 0;

    if (c->route->rate == RATE_ANY) {
        return ERR_OK;
    }
    int64_t wait = longest_wait(c, &at);
    if (wait > 0) {
        c->ctx.reason.retry_after = wait;
        return ctx_fail(&c->ctx, ERR_TOO_MANY, STR(""), "%s", rates[at].what);
    }
    for (size_t row = 0; row < ARRAY_LEN(rates); row++) {
        if (rates[row].class == c->route->rate && !rates[row].fails) {
            count(c, row);
        }
    }
    return ERR_OK;
}

void rate_settle(struct call *c, enum err e)
{
    for (size_t row = 0; c->route && row < ARRAY_LEN(rates); row++) {
        if (rates[row].class == c->route->rate && rates[row].fails && rates[row].fails(e)) {
            count(c, row);
        }
    }
}
