/* How often something may be done: rates by key, in bounded memory that forgets the oldest. */
#pragma once

#include "base/err.h"
#include "base/moment.h"
#include "base/str.h"

struct limits;

/* `count` times in `seconds`; a count of 0 is no limit. */
struct rate {
    int64_t count, seconds;
};

enum err limits_create(struct limits **ret);
void limits_destroy(struct limits *limits); /* NULL is fine */

/* Seconds to wait before `key` may go on under this rate; 0 is now. `kind` keeps uses apart. */
int64_t limit_wait(struct limits *limits, unsigned kind, struct str key, struct rate rate,
                   int64_t monotonic_ms);

/* Counts one. */
void limit_count(struct limits *limits, unsigned kind, struct str key, struct rate rate,
                 int64_t monotonic_ms);
