/* Where a PostgreSQL server is, and how long we wait for it. */
#pragma once

#include "base/err.h"

struct store_settings;

struct postgres_address {
    char *url; /* its own */
    int64_t connect_s, statement_ms, lock_ms;
    bool pooler;  /* nothing may be left behind on a connection: the next unit has another one */
    bool prepare; /* statements are prepared once for each connection */
};

/* ERR_CONFIG: no connection can be made of what is set, or libpq is missing. */
enum err postgres_address_read(const struct store_settings *settings, struct reason *reason,
                               struct postgres_address *ret);
void postgres_address_release(struct postgres_address *address); /* also one of zeros */
