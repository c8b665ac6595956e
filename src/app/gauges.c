/* The store's commits and batches, and how much standing knows. */
#include "app/gauges.h"

#include "base/moment.h"
#include "domain/service.h"
#include "domain/standing.h"
#include "ops/metrics.h"
#include "store/store.h"

#include <stdatomic.h>
#include <stdio.h>

static void write_standing(const struct service *service, struct buf *out)
{
    struct standing_size size = standing_size(service->standing);

    metrics_write_help(out, "signet_standing_entries", "gauge", "What standing holds in memory");
    metrics_write_value(out, "signet_standing_entries", "kind=\"ended_sessions\"", size.sessions);
    metrics_write_value(out, "signet_standing_entries", "kind=\"users\"", size.users);
    metrics_write_help(out, "signet_feed_age_milliseconds", "gauge",
                       "Since the events of other processes were last read through");
    metrics_write_value(out, "signet_feed_age_milliseconds", NULL,
                        standing_age_ms(service->standing, monotonic_ms()));
}

static void write_batches(const struct store_counters *counters, struct buf *out)
{
    static const char *const least[] = {"1", "2", "3", "5", "9", "17", "33", "65"};
    char label[32];

    metrics_write_help(out, "signet_store_batches_total", "counter",
                       "Commits by the number of units they carried, from this many on");
    for (size_t i = 0; i < ARRAY_LEN(least); i++) {
        (void)snprintf(label, sizeof label, "units=\"%s\"", least[i]);
        metrics_write_value(out, "signet_store_batches_total", label, (int64_t)counters->batch[i]);
    }
}

static void write_store_size(const struct service *service, struct buf *out)
{
    metrics_write_help(out, "signet_store_bytes", "gauge", "What the store takes of the disk");
    metrics_write_value(out, "signet_store_bytes", NULL, atomic_load(&service->store_bytes));
    metrics_write_help(out, "signet_store_unused_bytes", "gauge",
                       "Of that, pages that what comes is written to first (SQLite)");
    metrics_write_value(out, "signet_store_unused_bytes", NULL,
                        atomic_load(&service->store_unused));
}

void gauges_write(void *object, struct buf *out)
{
    const struct service *service = object;
    struct store_counters counters;

    store_counters(service->store, &counters);
    metrics_write_help(out, "signet_store_commits_total", "counter", "Durable commits");
    metrics_write_value(out, "signet_store_commits_total", NULL, (int64_t)counters.commits);
    metrics_write_help(out, "signet_store_units_total", "counter", "Units of work that committed");
    metrics_write_value(out, "signet_store_units_total", NULL, (int64_t)counters.units);
    metrics_write_help(out, "signet_store_rollbacks_total", "counter",
                       "Units of work that did not");
    metrics_write_value(out, "signet_store_rollbacks_total", NULL, (int64_t)counters.rollbacks);
    write_batches(&counters, out);
    write_store_size(service, out);
    write_standing(service, out);
}
