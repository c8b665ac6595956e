/* The service's own paths. */
#include "api/self/routes.h"

#define PLAIN "text/plain; charset=utf-8"
#define SCALE "text/plain; version=0.0.4; charset=utf-8"
#define WEBP  "image/webp"
#define JSON  "application/json; charset=utf-8"

/* clang-format off */
/* method, path, who may call, unit of work, lane, rate class, handler, what goes out; then for the contract */
const struct route self_routes[SELF_ROUTES] = {
    {GET, "/livez",                 MAY_ANYONE, TX_NONE, NOW,   RATE_ANY, CALLS(get_livez),    GIVES_TEXT(200, PLAIN),
        TELLS("Whether the process answers", "Says nothing of the store: a restart would not mend that.")},
    {GET, "/readyz",                MAY_ANYONE, TX_NONE, NOW,   RATE_ANY, CALLS(get_readyz),   GIVES_TEXT(200, PLAIN), FAILS(ERR_STORE_DOWN),
        TELLS("Whether traffic may come", "Everything is loaded, and the store answers.")},
    {GET, "/metrics",               MAY_SCRAPE, TX_NONE, STORE, RATE_ANY, CALLS(get_metrics),  GIVES_TEXT(200, SCALE),
        TELLS("Counters and gauges", "In the text format of Prometheus.")},
    {GET, "/.well-known/jwks.json", MAY_ANYONE, TX_NONE, NOW,   RATE_ANY, CALLS(get_jwks),     GIVES_TEXT(200, JSON),
        TELLS("The keys that tokens are verified with", "A JSON Web Key Set (RFC 7517), with the next key before it signs.")},
    {GET, "/openapi/:document",     MAY_ANYONE, TX_NONE, STORE, RATE_ANY, CALLS(get_contract), GIVES_TEXT(200, JSON),  FAILS(ERR_MISSING),
        TELLS("The contract of a face", "`edge.json` is that of the face `edge`, if it is served here.")},
    {GET, "/avatars/:picture",      MAY_ANYONE, TX_NONE, STORE, RATE_ANY, CALLS(get_avatar),   GIVES_TEXT(200, WEBP),  OR_NOTHING(304), SETS("ETag", "Cache-Control"), FAILS(ERR_MISSING),
        TELLS("A user's picture", "WebP, at most 512 × 512 pixels. A picture never changes under its name, so it keeps for a year.")},
};
/* clang-format on */
