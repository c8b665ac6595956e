/* Counters and histograms in Prometheus' text form (0.0.4). Each thread counts into a block of its
 * own, without locks; a scrape adds the blocks up.
 *
 * Memory: a block holds one pointer a route, and 448 bytes for each route that its thread has
 * answered: 12 threads that have all answered all of 100 routes take 540 KiB. */
#pragma once

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

struct buf;
struct metrics;
struct metrics_block;

/* The label set of one route: its index is what metrics_request takes. */
struct metrics_route {
    struct str face, method, path;
};

/* The texts have to outlive the metrics. */
enum err metrics_create(const struct metrics_route *routes, size_t count, struct metrics **ret);
void metrics_destroy(struct metrics *metrics); /* when no thread counts any more; NULL is fine */

/* One for each thread that counts. Owned by metrics, and stays when the thread ends, because
 * counters never go backwards. Any thread may make one. */
enum err metrics_block_create(struct metrics *metrics, struct metrics_block **ret);

/* Only by the block's own thread. METRICS_NO_ROUTE is what no row answered; its labels are "none".
 */
#define METRICS_NO_ROUTE SIZE_MAX
void metrics_request(struct metrics_block *block, size_t route, int status, int64_t microseconds);

/* Everything else is read when asked for: a module writes its own lines with these. */
typedef void metrics_source(void *object, struct buf *out);
enum err metrics_add(struct metrics *metrics, metrics_source *source, void *object);
void metrics_write_help(struct buf *out, const char *name, const char *type, const char *help);
void metrics_write_value(struct buf *out, const char *name, const char *labels, /* may be NULL */
                         int64_t value);

/* Content-Type: text/plain; version=0.0.4; charset=utf-8. Routes that were never asked for have no
 * lines. Any thread, at any time; one that is counting meanwhile is seen before or after. */
void metrics_write(const struct metrics *metrics, struct buf *out);

/* A source for metrics_add, without an object: memory, descriptors, processor time and start of
 * this process under Prometheus' usual names, and signet_build_info. */
metrics_source metrics_process;
