/* Bringing an SQLite schema up to date. */
#pragma once

#include "base/err.h"
#include "store/sqlite.h"

struct store_steps;

/* As the entries of struct engine have it. */
enum err sqlite_migrate(const struct sqlite_file *file, struct reason *reason);
enum err sqlite_rehearse(const struct sqlite_file *file, struct reason *reason,
                         struct store_steps *ret);
enum err sqlite_version(const struct sqlite_file *file, int64_t *ret);
