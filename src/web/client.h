/* Where a request really comes from. */
#pragma once

#include "web/call.h"

/* The peer's address; behind a trusted proxy, the nearest address that is none of ours, from
 * X-Forwarded-For. From anyone else that header is ignored. A trusted proxy's header that cannot be
 * read is refused, never skipped: ERR_REQUEST_MALFORMED. */
enum err client_address(struct call *c, struct str *ret);

/* Whether the peer itself is a trusted proxy, whomever it passes on. */
bool client_is_proxy(const struct call *c);

/* Whether the settings let this address read the metrics without a token. */
bool client_may_scrape(const struct call *c);

/* What a network is limited by: an IPv4 address, or the first 64 bits of an IPv6 one. */
struct str client_network(struct call *c, struct str address);
