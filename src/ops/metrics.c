/* Counting without locks, and adding up. */
#include "ops/metrics.h"

#include "base/buf.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Upper bounds, as they are counted and as they are written. From a permission check in memory to a
 * login in a storm. */
static const struct {
    int64_t microseconds;
    const char *seconds;
} bounds[] = {
    {50,       "0.00005"},
    {100,      "0.0001" },
    {250,      "0.00025"},
    {500,      "0.0005" },
    {1000,     "0.001"  },
    {2500,     "0.0025" },
    {5000,     "0.005"  },
    {10000,    "0.01"   },
    {25000,    "0.025"  },
    {50000,    "0.05"   },
    {100000,   "0.1"    },
    {250000,   "0.25"   },
    {500000,   "0.5"    },
    {1000000,  "1"      },
    {2500000,  "2.5"    },
    {5000000,  "5"      },
    {10000000, "10"     },
};

enum {
    BOUNDS = ARRAY_LEN(bounds),
    BUCKETS = BOUNDS + 1, /* the last one for what took longer than all bounds */
    STATUSES = 18,        /* exact codes of one route; those beyond are told as "other" */
    CACHE_LINE = 64
};

/* What one thread counted for one route. Written by that thread alone, so that plain loads and
 * stores do: they are atomic only for the reader's sake. */
struct cell {
    _Atomic uint64_t buckets[BUCKETS];
    _Atomic uint64_t microseconds;
    _Atomic uint16_t codes[STATUSES]; /* 0 from the first free one on */
    _Atomic uint64_t by_code[STATUSES];
    _Atomic uint64_t other;
};
enum {
    CELL_BYTES = (sizeof(struct cell) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE
};
_Static_assert(CELL_BYTES <= 448, "metrics.h states the memory");

struct metrics_block {
    struct metrics_block *next;
    size_t routes; /* the cell at this place is for what no row answered */
    _Atomic uint64_t lost;
    struct cell *_Atomic cells[];
};

struct source {
    struct source *next;
    metrics_source *write;
    void *object;
};

struct metrics {
    size_t count;
    struct metrics_route *routes; /* count + 1 of them */
    struct metrics_block *_Atomic blocks;
    struct source *_Atomic sources;
};

enum err metrics_create(const struct metrics_route *routes, size_t count, struct metrics **ret)
{
    struct metrics *metrics = calloc(1, sizeof *metrics);
    struct metrics_route *copy = calloc(count + 1, sizeof *copy);

    if (!metrics || !copy) {
        free(metrics);
        free(copy);
        return ERR_MEMORY;
    }
    if (count > 0) {
        memcpy(copy, routes, count * sizeof *copy);
    }
    copy[count] = (struct metrics_route){STR("none"), STR("none"), STR("none")};
    metrics->routes = copy;
    metrics->count = count;
    *ret = metrics;
    return ERR_OK;
}

static void block_destroy(struct metrics_block *block)
{
    for (size_t i = 0; i <= block->routes; i++) {
        free(block->cells[i]);
    }
    free(block);
}

void metrics_destroy(struct metrics *metrics)
{
    if (!metrics) {
        return;
    }
    struct metrics_block *block = metrics->blocks;
    while (block) {
        struct metrics_block *next = block->next;
        block_destroy(block);
        block = next;
    }
    struct source *source = metrics->sources;
    while (source) {
        struct source *next = source->next;
        free(source);
        source = next;
    }
    free(metrics->routes);
    free(metrics);
}

/* Whole cache lines of its own, so that no thread's counting slows another's. */
static void *lines_of_zero(size_t size)
{
    size_t rounded = (size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    void *memory = aligned_alloc(CACHE_LINE, rounded);

    return memory ? memset(memory, 0, rounded) : NULL;
}

enum err metrics_block_create(struct metrics *metrics, struct metrics_block **ret)
{
    struct metrics_block *block =
        lines_of_zero(sizeof *block + (metrics->count + 1) * sizeof block->cells[0]);

    if (!block) {
        return ERR_MEMORY;
    }
    block->routes = metrics->count;
    block->next = atomic_load(&metrics->blocks);
    while (!atomic_compare_exchange_weak(&metrics->blocks, &block->next, block)) {
    }
    *ret = block;
    return ERR_OK;
}

enum err metrics_add(struct metrics *metrics, metrics_source *source, void *object)
{
    struct source *entry = calloc(1, sizeof *entry);

    if (!entry) {
        return ERR_MEMORY;
    }
    *entry = (struct source){.write = source, .object = object};
    entry->next = atomic_load(&metrics->sources);
    while (!atomic_compare_exchange_weak(&metrics->sources, &entry->next, entry)) {
    }
    return ERR_OK;
}

static uint64_t read_count(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void add_count(_Atomic uint64_t *counter, uint64_t more)
{
    atomic_store_explicit(counter, read_count(counter) + more, memory_order_relaxed);
}

static void count_status(struct cell *cell, uint16_t code)
{
    for (size_t i = 0; i < STATUSES; i++) {
        uint16_t known = atomic_load_explicit(&cell->codes[i], memory_order_relaxed);
        if (known == 0) {
            atomic_store_explicit(&cell->codes[i], code, memory_order_relaxed);
            known = code;
        }
        if (known == code) {
            add_count(&cell->by_code[i], 1);
            return;
        }
    }
    add_count(&cell->other, 1);
}

static size_t bucket_of(int64_t microseconds)
{
    size_t bucket = 0;

    while (bucket < BOUNDS && microseconds > bounds[bucket].microseconds) {
        bucket++;
    }
    return bucket;
}

static struct cell *cell_of(struct metrics_block *block, size_t route)
{
    size_t place = route < block->routes ? route : block->routes;
    struct cell *cell = atomic_load_explicit(&block->cells[place], memory_order_relaxed);

    if (!cell) {
        cell = lines_of_zero(sizeof *cell);
        atomic_store_explicit(&block->cells[place], cell, memory_order_release);
    }
    return cell;
}

void metrics_request(struct metrics_block *block, size_t route, int status, int64_t microseconds)
{
    struct cell *cell = cell_of(block, route);
    bool odd = status < 100 || status > 999;

    if (!cell) {
        add_count(&block->lost, 1);
        return;
    }
    if (odd) {
        add_count(&cell->other, 1);
    } else {
        count_status(cell, (uint16_t)status);
    }
    add_count(&cell->buckets[bucket_of(microseconds)], 1);
    add_count(&cell->microseconds, microseconds > 0 ? (uint64_t)microseconds : 0);
}

/* The scrape. */

static struct cell *cell_at(const struct metrics_block *block, size_t route)
{
    return atomic_load_explicit(&block->cells[route], memory_order_acquire);
}

void metrics_write_help(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_print(out, "# HELP %s ", name);
    for (const char *at = help; *at; at++) {
        if (*at == '\n') {
            buf_put(out, STR("\\n"));
            continue;
        }
        buf_put(out, *at == '\\' ? STR("\\\\") : (struct str){at, 1});
    }
    buf_print(out, "\n# TYPE %s %s\n", name, type);
}

void metrics_write_value(struct buf *out, const char *name, const char *labels, int64_t value)
{
    buf_put(out, str_of(name));
    if (labels) {
        buf_put_char(out, '{');
        buf_put(out, str_of(labels));
        buf_put_char(out, '}');
    }
    buf_put_char(out, ' ');
    buf_put_int(out, value);
    buf_put_char(out, '\n');
}

static void put_label(struct buf *out, struct str name, struct str value)
{
    buf_put(out, name);
    buf_put(out, STR("=\""));
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        if (c == '\n') {
            buf_put(out, STR("\\n"));
            continue;
        }
        if (c == '\\' || c == '"') {
            buf_put_char(out, '\\');
        }
        buf_put_char(out, c);
    }
    buf_put_char(out, '"');
}

/* The name of a sample and the labels of its route, the braces still open. */
static void put_sample(struct buf *out, struct str name, const struct metrics_route *route)
{
    buf_put(out, name);
    buf_put_char(out, '{');
    put_label(out, STR("face"), route->face);
    buf_put_char(out, ',');
    put_label(out, STR("method"), route->method);
    buf_put_char(out, ',');
    put_label(out, STR("route"), route->path);
}

static void put_number(struct buf *out, uint64_t number)
{
    buf_put(out, STR("} "));
    buf_put_int(out, (int64_t)number);
    buf_put_char(out, '\n');
}

/* One route's statuses over all threads, in order. */
struct statuses {
    uint16_t codes[STATUSES * 4];
    uint64_t counts[STATUSES * 4], other;
    size_t len;
};

static void statuses_add(struct statuses *all, uint16_t code, uint64_t count)
{
    size_t at = 0;

    while (at < all->len && all->codes[at] < code) {
        at++;
    }
    if (at < all->len && all->codes[at] == code) {
        all->counts[at] += count;
        return;
    }
    if (all->len == ARRAY_LEN(all->codes)) {
        all->other += count;
        return;
    }
    memmove(&all->codes[at + 1], &all->codes[at], (all->len - at) * sizeof all->codes[0]);
    memmove(&all->counts[at + 1], &all->counts[at], (all->len - at) * sizeof all->counts[0]);
    all->codes[at] = code;
    all->counts[at] = count;
    all->len++;
}

static void statuses_add_cell(struct statuses *all, struct cell *cell)
{
    for (size_t i = 0; i < STATUSES; i++) {
        uint16_t code = atomic_load_explicit(&cell->codes[i], memory_order_relaxed);
        if (code == 0) {
            break;
        }
        statuses_add(all, code, read_count(&cell->by_code[i]));
    }
    all->other += read_count(&cell->other);
}

static void put_statuses(struct buf *out, const struct metrics_route *route,
                         const struct statuses *all)
{
    static const struct str name = {"signet_http_requests_total", 26};

    for (size_t i = 0; i < all->len; i++) {
        put_sample(out, name, route);
        buf_print(out, ",status=\"%d\"", all->codes[i]);
        put_number(out, all->counts[i]);
    }
    if (all->other > 0) {
        put_sample(out, name, route);
        buf_put(out, STR(",status=\"other\""));
        put_number(out, all->other);
    }
}

static void write_requests(const struct metrics *metrics, struct buf *out)
{
    metrics_write_help(out, "signet_http_requests_total", "counter",
                       "Requests answered, by route and status.");
    for (size_t route = 0; route <= metrics->count; route++) {
        struct statuses all = {0};
        for (struct metrics_block *block = metrics->blocks; block; block = block->next) {
            struct cell *cell = cell_at(block, route);
            if (cell) {
                statuses_add_cell(&all, cell);
            }
        }
        put_statuses(out, &metrics->routes[route], &all);
    }
}

struct histogram {
    uint64_t buckets[BUCKETS], microseconds;
    bool used;
};

static void histogram_add_cell(struct histogram *all, struct cell *cell)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        all->buckets[i] += read_count(&cell->buckets[i]);
    }
    all->microseconds += read_count(&cell->microseconds);
    all->used = true;
}

/* The count is that of the last bucket, not a number of its own that a request under way could make
 * differ from it. */
static void put_histogram(struct buf *out, const struct metrics_route *route,
                          const struct histogram *all)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < BUCKETS; i++) {
        sum += all->buckets[i];
        put_sample(out, STR("signet_http_request_seconds_bucket"), route);
        buf_print(out, ",le=\"%s\"", i < BOUNDS ? bounds[i].seconds : "+Inf");
        put_number(out, sum);
    }
    put_sample(out, STR("signet_http_request_seconds_sum"), route);
    buf_print(out, "} %llu.%06llu\n", (unsigned long long)(all->microseconds / 1000000),
              (unsigned long long)(all->microseconds % 1000000));
    put_sample(out, STR("signet_http_request_seconds_count"), route);
    put_number(out, sum);
}

static void write_durations(const struct metrics *metrics, struct buf *out)
{
    metrics_write_help(out, "signet_http_request_seconds", "histogram",
                       "Time from the whole request read to the answer made, by route.");
    for (size_t route = 0; route <= metrics->count; route++) {
        struct histogram all = {0};
        for (struct metrics_block *block = metrics->blocks; block; block = block->next) {
            struct cell *cell = cell_at(block, route);
            if (cell) {
                histogram_add_cell(&all, cell);
            }
        }
        if (all.used) {
            put_histogram(out, &metrics->routes[route], &all);
        }
    }
}

static void write_lost(const struct metrics *metrics, struct buf *out)
{
    uint64_t lost = 0;

    for (struct metrics_block *block = metrics->blocks; block; block = block->next) {
        lost += read_count(&block->lost);
    }
    metrics_write_help(out, "signet_metrics_lost_total", "counter",
                       "Requests that were not counted for want of memory.");
    metrics_write_value(out, "signet_metrics_lost_total", NULL, (int64_t)lost);
}

void metrics_write(const struct metrics *metrics, struct buf *out)
{
    write_requests(metrics, out);
    write_durations(metrics, out);
    write_lost(metrics, out);
    for (struct source *source = metrics->sources; source; source = source->next) {
        source->write(source->object, out);
    }
}
