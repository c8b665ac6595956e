/* Log-linear buckets: below 128 one for each value, above that 128 for each power of two. */
#include "bench/histogram.h"

static unsigned bucket_of(uint64_t value)
{
    if (value < HISTOGRAM_STEPS) {
        return (unsigned)value;
    }
    unsigned top = 63U - (unsigned)__builtin_clzll(value);
    unsigned shift = top - HISTOGRAM_STEP_BITS;

    return (shift + 1) * HISTOGRAM_STEPS + (unsigned)((value >> shift) - HISTOGRAM_STEPS);
}

static int64_t bucket_end(unsigned bucket)
{
    unsigned row = bucket / HISTOGRAM_STEPS;
    uint64_t step = bucket % HISTOGRAM_STEPS;

    if (row == 0) {
        return (int64_t)step;
    }
    return (int64_t)(((step + HISTOGRAM_STEPS + 1) << (row - 1)) - 1);
}

void histogram_add(struct histogram *histogram, int64_t duration)
{
    const uint64_t most = (UINT64_C(1) << HISTOGRAM_TOP_BITS) - 1;
    uint64_t value = duration > 0 ? (uint64_t)duration : 0;

    histogram->counts[bucket_of(value < most ? value : most)]++;
    histogram->total++;
    if (duration > histogram->largest) {
        histogram->largest = duration;
    }
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        into->counts[i] += from->counts[i];
    }
    into->total += from->total;
    if (from->largest > into->largest) {
        into->largest = from->largest;
    }
}

int64_t histogram_quantile(const struct histogram *histogram, unsigned per_mille)
{
    uint64_t wanted = (histogram->total * per_mille + 999) / 1000;
    uint64_t seen = 0;

    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += histogram->counts[i];
        if (seen >= wanted && seen > 0) {
            int64_t end = bucket_end(i);
            return end < histogram->largest ? end : histogram->largest;
        }
    }
    return 0;
}
