/* How well the service is. */
#include "web/health.h"

#include "base/moment.h"
#include "domain/service.h"
#include "domain/standing.h"

enum {
    REACHABLE_MS = 2000
};

bool health_store_is_reachable(const struct call *c)
{
    return standing_age_ms(c->ctx.service->standing, monotonic_ms()) <= REACHABLE_MS;
}
