/* Bringing a PostgreSQL schema up to date. */
#pragma once

#include "base/err.h"
#include "store/postgres.h"

struct store_steps;

/* As the entries of struct engine have it. */
enum err postgres_migrate(const struct postgres_address *address, struct reason *reason);
enum err postgres_rehearse(const struct postgres_address *address, struct reason *reason,
                           struct store_steps *ret);
enum err postgres_version(const struct postgres_address *address, struct reason *reason,
                          int64_t *ret);
