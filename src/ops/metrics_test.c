#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/moment.h"
#include "ops/metrics.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* STR is no constant expression. */
#define WORD(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

static const struct metrics_route routes[] = {
    {WORD("edge"),    WORD("GET"),  WORD("/api/v1/auth")         },
    {WORD("edge"),    WORD("POST"), WORD("/odd\\path\"with\nall")},
    {WORD("fitnexa"), WORD("GET"),  WORD("/never/asked/for")     },
};

struct scrape {
    struct metrics *metrics;
    struct metrics_block *block;
    struct arena *arena;
};

static void setup(struct scrape *scrape)
{
    scrape->arena = arena_create(65536, 1 << 20);
    assert_non_null(scrape->arena);
    assert_ok(metrics_create(routes, ARRAY_LEN(routes), &scrape->metrics));
    assert_ok(metrics_block_create(scrape->metrics, &scrape->block));
}

static void teardown(struct scrape *scrape)
{
    metrics_destroy(scrape->metrics);
    arena_destroy(scrape->arena);
}

/* The text of a scrape, with a NUL behind. */
static struct str scraped(const struct scrape *scrape)
{
    struct buf out = buf_in_arena(scrape->arena, 1 << 18);
    struct str text;

    metrics_write(scrape->metrics, &out);
    buf_put_char(&out, '\0');
    assert_ok(buf_end(&out, &text));
    text.len--;
    return text;
}

/* A reader of the text format that takes nothing else. */

struct family {
    struct str name, type;
    bool has_samples;
};

static bool is_name_char(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
           (!first && c >= '0' && c <= '9');
}

static struct str take_name(struct str *rest)
{
    size_t len = 0;

    while (len < rest->len && is_name_char(rest->ptr[len], len == 0)) {
        len++;
    }
    assert_true(len > 0);
    struct str name = str_sub(*rest, 0, len);
    *rest = str_skip(*rest, len);
    return name;
}

static void take(struct str *rest, const char *expected)
{
    assert_true(str_starts(*rest, str_of(expected)));
    *rest = str_skip(*rest, strlen(expected));
}

static void take_label_value(struct str *rest)
{
    take(rest, "\"");
    while (rest->len > 0 && rest->ptr[0] != '"') {
        if (rest->ptr[0] == '\\') {
            *rest = str_skip(*rest, 1);
            assert_true(rest->len > 0 && strchr("\\\"n", rest->ptr[0]));
        }
        *rest = str_skip(*rest, 1);
    }
    take(rest, "\"");
}

static void take_labels(struct str *rest)
{
    take(rest, "{");
    for (;;) {
        (void)take_name(rest);
        take(rest, "=");
        take_label_value(rest);
        if (!str_starts(*rest, STR(","))) {
            break;
        }
        take(rest, ",");
    }
    take(rest, "}");
}

static bool belongs_to(struct str sample, const struct family *family)
{
    static const char *const suffixes[] = {"_bucket", "_sum", "_count"};

    if (!str_starts(sample, family->name)) {
        return false;
    }
    struct str suffix = str_skip(sample, family->name.len);
    if (!str_eq(family->type, STR("histogram"))) {
        return suffix.len == 0;
    }
    for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
        if (str_eq(suffix, str_of(suffixes[i]))) {
            return true;
        }
    }
    return false;
}

static void read_sample(struct str line, const struct family *family)
{
    struct str name = take_name(&line);

    assert_true(belongs_to(name, family));
    if (str_starts(line, STR("{"))) {
        take_labels(&line);
    }
    take(&line, " ");
    char number[64], *end;
    assert_true(line.len > 0 && line.len < sizeof number);
    memcpy(number, line.ptr, line.len);
    number[line.len] = '\0';
    assert_true(strtod(number, &end) >= 0);
    assert_int_equal(*end, '\0');
}

/* Each family once, HELP before TYPE before its samples, nothing between, a newline at the end. */
static size_t read_exposition(struct str text)
{
    struct family family = {0}, seen[64];
    size_t families = 0;
    struct str rest = text, line;

    assert_true(str_ends(text, STR("\n")));
    while (rest.len > 0) {
        assert_true(str_cut(rest, '\n', &line, &rest));
        if (!str_starts(line, STR("#"))) {
            read_sample(line, &family);
            continue;
        }
        take(&line, "# HELP ");
        family = (struct family){.name = take_name(&line)};
        take(&line, " ");
        for (size_t i = 0; i < families; i++) {
            assert_false(str_eq(seen[i].name, family.name));
        }
        assert_true(families < ARRAY_LEN(seen));
        seen[families++] = family;
        assert_true(str_cut(rest, '\n', &line, &rest));
        take(&line, "# TYPE ");
        assert_true(str_eq(take_name(&line), family.name));
        take(&line, " ");
        family.type = line;
        assert_true(str_eq(line, STR("counter")) || str_eq(line, STR("gauge")) ||
                    str_eq(line, STR("histogram")));
    }
    return families;
}

/* The value of the sample that a line starts with; -1 when there is none. */
static double value_of(struct str text, const char *sample)
{
    const char *at = strstr(text.ptr, sample);

    while (at && at != text.ptr && at[-1] != '\n') {
        at = strstr(at + 1, sample);
    }
    return at ? strtod(at + strlen(sample), NULL) : -1;
}

static void requests_are_told_by_route_and_exact_status(void **state)
{
    (void)state;
    struct scrape s;
    setup(&s);
    metrics_request(s.block, 0, 401, 70);
    metrics_request(s.block, 0, 200, 30);
    metrics_request(s.block, 0, 200, 50);
    metrics_request(s.block, METRICS_NO_ROUTE, 404, 5);
    struct str text = scraped(&s);

    (void)read_exposition(text);
    assert_non_null(
        strstr(text.ptr,
               "# HELP signet_http_requests_total Requests answered, by route and status.\n"
               "# TYPE signet_http_requests_total counter\n"
               "signet_http_requests_total{face=\"edge\",method=\"GET\",route=\"/api/v1/auth\","
               "status=\"200\"} 2\n"
               "signet_http_requests_total{face=\"edge\",method=\"GET\",route=\"/api/v1/auth\","
               "status=\"401\"} 1\n"
               "signet_http_requests_total{face=\"none\",method=\"none\",route=\"none\","
               "status=\"404\"} 1\n"));
    assert_null(strstr(text.ptr, "never"));
    teardown(&s);
}

static void durations_fall_into_their_buckets(void **state)
{
    (void)state;
    static const int64_t times[] = {0, -3, 50, 51, 1000, 9999999, 10000000, 10000001};
    struct scrape s;
    setup(&s);
    for (size_t i = 0; i < ARRAY_LEN(times); i++) {
        metrics_request(s.block, 0, 200, times[i]);
    }
    struct str text = scraped(&s);
#define EDGE(name, le) name "{face=\"edge\",method=\"GET\",route=\"/api/v1/auth\"" le "} "
#define BUCKET(le)     EDGE("signet_http_request_seconds_bucket", ",le=\"" le "\"")
    assert_true(value_of(text, BUCKET("0.00005")) == 3);
    assert_true(value_of(text, BUCKET("0.0001")) == 4);
    assert_true(value_of(text, BUCKET("0.0005")) == 4);
    assert_true(value_of(text, BUCKET("0.001")) == 5);
    assert_true(value_of(text, BUCKET("5")) == 5);
    assert_true(value_of(text, BUCKET("10")) == 7);
    assert_true(value_of(text, BUCKET("+Inf")) == 8);
    assert_true(value_of(text, EDGE("signet_http_request_seconds_count", "")) == 8);
    assert_non_null(strstr(text.ptr, EDGE("signet_http_request_seconds_sum", "") "30.001101\n"));
    teardown(&s);
}

static void labels_are_escaped(void **state)
{
    (void)state;
    struct scrape s;
    setup(&s);
    metrics_request(s.block, 1, 201, 1);
    struct str text = scraped(&s);

    (void)read_exposition(text);
    assert_non_null(strstr(text.ptr, "route=\"/odd\\\\path\\\"with\\nall\",status=\"201\"} 1\n"));
    teardown(&s);
}

static void more_statuses_than_a_route_has_room_for_are_told_together(void **state)
{
    (void)state;
    struct scrape s;
    setup(&s);
    for (int status = 599; status >= 560; status--) {
        metrics_request(s.block, 0, status, 1);
    }
    metrics_request(s.block, 0, -1, 1);
    struct str text = scraped(&s);
    double sum = 0;

    (void)read_exposition(text);
    for (const char *at = strstr(text.ptr, ",status=\""); at; at = strstr(at + 1, ",status=\"")) {
        sum += strtod(strchr(at, '}') + 1, NULL);
    }
    assert_true(sum == 41);
    assert_non_null(strstr(text.ptr, "status=\"599\"} 1\n"));
    assert_non_null(strstr(text.ptr, "status=\"other\"} 23\n"));
    teardown(&s);
}

static void write_temperature(void *object, struct buf *out)
{
    metrics_write_help(out, "temperature", "gauge", "How warm\nit \\ is.");
    metrics_write_value(out, "temperature", "room=\"1\"", *(int64_t *)object);
}

static void modules_add_their_own(void **state)
{
    (void)state;
    struct scrape s;
    int64_t degrees = 21;
    setup(&s);
    assert_ok(metrics_add(s.metrics, write_temperature, &degrees));
    assert_ok(metrics_add(s.metrics, metrics_process, NULL));
    struct str text = scraped(&s);

    assert_int_equal(read_exposition(text), 3 + 1 + 7);
    assert_non_null(strstr(text.ptr,
                           "# HELP temperature How warm\\nit \\\\ is.\n"
                           "# TYPE temperature gauge\ntemperature{room=\"1\"} 21\n"));
    assert_true(value_of(text, "process_resident_memory_bytes ") > 100000);
    assert_true(value_of(text, "process_open_fds ") >= 3);
    double started = value_of(text, "process_start_time_seconds ");
    double now = (double)moment_seconds(moment_now());
    assert_true(started <= now + 2 && started > now - 3600);
    teardown(&s);
}

enum {
    THREADS = 3,
    REQUESTS = 20000
};

static void *count_requests(void *object)
{
    struct metrics_block *block;

    if (metrics_block_create(object, &block) != ERR_OK) {
        return object;
    }
    for (int i = 0; i < REQUESTS; i++) {
        metrics_request(block, (size_t)(i % 2), i % 3 ? 200 : 503, i);
    }
    return NULL;
}

static void threads_count_while_others_read(void **state)
{
    (void)state;
    struct scrape s;
    pthread_t threads[THREADS];
    void *failed;
    setup(&s);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, count_requests, s.metrics), 0);
    }
    double last = 0;
    for (int i = 0; i < 50; i++) {
        struct str text = scraped(&s);
        (void)read_exposition(text);
        double count = value_of(text, EDGE("signet_http_request_seconds_count", ""));
        assert_true(count == -1 || count >= last);
        last = count;
        arena_reset(s.arena);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
    struct str text = scraped(&s);
    assert_true(value_of(text, EDGE("signet_http_request_seconds_count", "")) ==
                THREADS * REQUESTS / 2.0);
    double good = value_of(text, EDGE("signet_http_requests_total", ",status=\"200\""));
    double bad = value_of(text, EDGE("signet_http_requests_total", ",status=\"503\""));
    assert_true(good + bad == THREADS * REQUESTS / 2.0);
    assert_true(bad == THREADS * 3334.0);
    teardown(&s);
}

static void what_does_not_fit_is_told(void **state)
{
    (void)state;
    struct scrape s;
    char memory[100];
    struct str text;
    setup(&s);
    struct buf out = buf_over(memory, sizeof memory);
    metrics_write(s.metrics, &out);
    assert_err(buf_end(&out, &text), ERR_MEMORY);
    teardown(&s);
    metrics_destroy(NULL);
}

/* Not a test: what counting one request costs. `metrics_test cost` prints it. */
static int print_cost(void)
{
    enum {
        COUNTED = 20000000
    };
    struct metrics *metrics;
    struct metrics_block *block;

    if (metrics_create(routes, ARRAY_LEN(routes), &metrics) != ERR_OK ||
        metrics_block_create(metrics, &block) != ERR_OK) {
        return 1;
    }
    int64_t start = monotonic_ns();
    for (int i = 0; i < COUNTED; i++) {
        metrics_request(block, (size_t)(i & 1), i & 8 ? 200 : 401, i & 1023);
    }
    printf("%lld ns a request\n", (long long)((monotonic_ns() - start) / COUNTED));
    metrics_destroy(metrics);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "cost") == 0) {
        return print_cost();
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_told_by_route_and_exact_status),
        cmocka_unit_test(durations_fall_into_their_buckets),
        cmocka_unit_test(labels_are_escaped),
        cmocka_unit_test(more_statuses_than_a_route_has_room_for_are_told_together),
        cmocka_unit_test(modules_add_their_own),
        cmocka_unit_test(threads_count_while_others_read),
        cmocka_unit_test(what_does_not_fit_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
