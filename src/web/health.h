/* How well the service is, from memory alone. */
#pragma once

#include "web/call.h"

/* The feed is read several times a second: when it has not been for two, the store is not there. */
bool health_store_is_reachable(const struct call *c);
