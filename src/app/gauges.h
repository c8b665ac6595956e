/* The store's and standing's numbers among the metrics. */
#pragma once

struct buf;

/* A metrics_source (ops/metrics.h) whose object is the struct service. */
void gauges_write(void *object, struct buf *out);
