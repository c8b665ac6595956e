/* Points in time: milliseconds since 1970, UTC. And the other clock, for durations. */
#pragma once

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

struct buf;

/* Zero means never, or not known. */
struct moment {
    int64_t ms;
};

struct moment moment_now(void); /* the wall clock: for what people and tokens are told */
int64_t monotonic_ms(void);     /* never steps: for deadlines and durations */
int64_t monotonic_ns(void);

struct moment moment_plus(struct moment at, int64_t seconds);
bool moment_before(struct moment a, struct moment b);
bool moment_is_set(struct moment at);
int64_t moment_seconds(struct moment at); /* since 1970, rounded down */

/* How the faces print time. */
enum moment_form {
    MOMENT_SECONDS, /* 2025-06-01T10:30:00Z */
    MOMENT_MILLIS,  /* 2025-06-01T10:30:00.000Z */
    MOMENT_SEVENTHS /* 2025-09-04T20:18:28.7080000, no zone letter */
};
void moment_print(struct buf *out, struct moment at, enum moment_form form);

/* Reads the first two forms. */
enum err moment_parse(struct str text, struct moment *ret);

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7). */
void moment_print_http(struct buf *out, struct moment at);
