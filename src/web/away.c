/* Two clients with different rules: for the internet, and for services on this machine. */
#include "web/away.h"

#include "http/client.h"

#include <stdlib.h>

enum {
    CONNECT_MS = 3000,
    TOTAL_MS = 5000,
    ANSWER_MOST = 64 << 10
};

struct away {
    struct outbound outbound;
    struct http_client *internet, *loopback;
};

static enum err client_for(struct away *away, bool loopback, struct reason *reason,
                           struct http_client **ret)
{
    struct http_client **client = loopback ? &away->loopback : &away->internet;
    struct client_rules rules = {
        .tls = loopback ? CLIENT_TLS_NONE : CLIENT_TLS_REQUIRED,
        .private_too = loopback,
        .connect_ms = CONNECT_MS,
        .total_ms = TOTAL_MS,
        .most = ANSWER_MOST,
    };

    if (!*client) {
        TRY(http_client_create(&rules, reason, client));
    }
    *ret = *client;
    return ERR_OK;
}

static enum err ask(struct away *away, struct arena *arena, const struct outbound_request *request,
                    struct reason *reason, struct client_answer *ret)
{
    struct client_request asked = {
        .url = request->url,
        .headers = {STR("Accept: application/json"), request->authorization},
        .body = request->form,
        .type = STR("application/x-www-form-urlencoded"),
    };
    struct http_client *client;

    TRY(client_for(away, request->loopback, reason, &client));
    return http_client_fetch(client, arena, &asked, reason, ret);
}

/* Whatever stands in the way, to others it is the provider that does not answer. */
static enum err fetch(void *with, struct arena *arena, const struct outbound_request *request,
                      struct reason *reason, struct outbound_answer *ret)
{
    struct client_answer answer;
    struct reason why = {0};

    enum err e = ask(with, arena, request, &why, &answer);
    if (e != ERR_OK) {
        return e == ERR_MEMORY ? e : fail(reason, ERR_PROVIDER, STR(""), "%s", why.detail);
    }
    *ret = (struct outbound_answer){answer.status, answer.body};
    return ERR_OK;
}

enum err away_create(struct away **ret)
{
    struct away *away = calloc(1, sizeof *away);

    if (!away) {
        return ERR_MEMORY;
    }
    away->outbound = (struct outbound){fetch, away};
    *ret = away;
    return ERR_OK;
}

void away_destroy(struct away *away)
{
    if (away) {
        http_client_destroy(away->internet);
        http_client_destroy(away->loopback);
        free(away);
    }
}

const struct outbound *away_outbound(const struct away *away)
{
    return &away->outbound;
}
