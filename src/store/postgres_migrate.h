/* Bringing a PostgreSQL schema up to date. */
#pragma once

#include "base/err.h"
#include "store/postgres.h"

/* As the entries of struct engine have it. */
enum err postgres_migrate(const struct postgres_address *address, struct reason *reason);
enum err postgres_version(const struct postgres_address *address, struct reason *reason,
                          int64_t *ret);
