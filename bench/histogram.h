/* Durations, counted in log-linear buckets: each power of two is cut into 128 equal steps, so that
 * what is read back is never below what was added and at most 1/128 above it. */
#pragma once

#include <stdint.h>

enum {
    HISTOGRAM_STEP_BITS = 7,
    HISTOGRAM_STEPS = 1 << HISTOGRAM_STEP_BITS,
    HISTOGRAM_TOP_BITS = 40, /* in nanoseconds: 18 minutes; what is longer counts as that */
    HISTOGRAM_BUCKETS = (HISTOGRAM_TOP_BITS - HISTOGRAM_STEP_BITS + 1) * HISTOGRAM_STEPS
};

/* Zeroed is empty. */
struct histogram {
    uint64_t total;
    int64_t largest; /* exact, never rounded */
    uint64_t counts[HISTOGRAM_BUCKETS];
};

/* A negative duration counts as none. */
void histogram_add(struct histogram *histogram, int64_t duration);
void histogram_merge(struct histogram *into, const struct histogram *from);

/* The duration that `per_mille` of a thousand did not exceed, 0 to 1000; 0 when nothing was added.
 */
int64_t histogram_quantile(const struct histogram *histogram, unsigned per_mille);
