/* The service's own paths. */
#include "api/self/routes.h"

/* clang-format off */
/* method, path, who may call, unit of work, lane, rate class, handler */
const struct route self_routes[SELF_ROUTES] = {
    {GET, "/livez",                 MAY_ANYONE, TX_NONE, NOW,   RATE_ANY, get_livez},
    {GET, "/readyz",                MAY_ANYONE, TX_NONE, NOW,   RATE_ANY, get_readyz},
    {GET, "/metrics",               MAY_SCRAPE, TX_NONE, STORE, RATE_ANY, get_metrics},
    {GET, "/.well-known/jwks.json", MAY_ANYONE, TX_NONE, NOW,   RATE_ANY, get_jwks},
};
/* clang-format on */
