/* A load generator for 127.0.0.1: asks one thing over and over, checks every answer, and prints one
 * line of JSON. Exit status 0: every answer was right; 1: not; 2: wrongly called. */
#include "base/buf.h"
#include "base/moment.h"
#include "base/number.h"
#include "bench/worker.h"

#include <unistd.h>

#include <argp.h>
#include <string.h>
#include <sys/resource.h>

enum {
    REQUEST_MOST = 65536,
    LINES_MOST = 1000000,
    SPARE_FILES = 64,
    CORES_MOST = 64,
    CONNECTIONS_MOST = 10000
};

enum {
    KEY_REQUEST = 256,
    KEY_METHOD,
    KEY_PATH,
    KEY_HEADER,
    KEY_BODY,
    KEY_EXPECT,
    KEY_CONTAINS,
    KEY_LINES,
    KEY_FOLLOW,
    KEY_CONNECTIONS,
    KEY_CORES,
    KEY_SECONDS,
    KEY_RATE,
    KEY_REQUESTS,
    KEY_PATIENCE
};

/* clang-format off */
static const struct argp_option options[] = {
    {"request", KEY_REQUEST, "FILE", 0, "the whole request as it goes over the wire", 0},
    {"method", KEY_METHOD, "NAME", 0, "GET, if no whole request is given", 0},
    {"path", KEY_PATH, "TARGET", 0, "/", 0},
    {"header", KEY_HEADER, "LINE", 0, "one more header; may be given again", 0},
    {"body", KEY_BODY, "FILE", 0, "sent with its Content-Length", 0},
    {"expect", KEY_EXPECT, "STATUS", 0, "what a right answer says: 200", 0},
    {"contains", KEY_CONTAINS, "TEXT", 0, "and what is in its first 16 KiB", 0},
    {"lines", KEY_LINES, "FILE", 0, "the next line stands for {line} in each request", 0},
    {"follow", KEY_FOLLOW, "MEMBER", 0, "each connection's next line is that member's text in its answer", 0},
    {"connections", KEY_CONNECTIONS, "NUMBER", 0, "of each thread: 16, at most 10000", 0},
    {"cores", KEY_CORES, "LIST", 0, "one thread pinned to each, such as 0,1; else one anywhere", 0},
    {"seconds", KEY_SECONDS, "NUMBER", 0, "how long requests start: 5, at most 600", 0},
    {"rate", KEY_RATE, "NUMBER", 0, "open loop: requests a second in all; else a closed loop", 0},
    {"requests", KEY_REQUESTS, "NUMBER", 0, "at most so many of each thread: 100000000", 0},
    {"patience", KEY_PATIENCE, "SECONDS", 0, "an answer is waited for so long: 10", 0},
    {0}
};
/* clang-format on */

struct call {
    struct plan plan;
    int64_t port, connections, seconds, rate, patience, expected; /* read by the table below */
    struct str method, path, request_file, body_file, lines_file;
    int cores[CORES_MOST];
    unsigned threads;
    struct buf headers, body, request, whole; /* in the rooms */
    struct tally tally;                       /* of all threads */
    int64_t elapsed;
    char header_room[REQUEST_MOST], body_room[REQUEST_MOST], request_room[REQUEST_MOST];
    char whole_room[REQUEST_MOST];
};

/* The options that are a number: 1 to `most`. */
static const struct {
    int key;
    int64_t most;
    size_t offset;
} numbers[] = {
    {KEY_EXPECT,      STATUS_END - 1,   offsetof(struct call, expected)     },
    {KEY_CONNECTIONS, CONNECTIONS_MOST, offsetof(struct call, connections)  },
    {KEY_SECONDS,     600,              offsetof(struct call, seconds)      },
    {KEY_RATE,        1000000,          offsetof(struct call, rate)         },
    {KEY_REQUESTS,    100000000,        offsetof(struct call, plan.requests)},
    {KEY_PATIENCE,    60,               offsetof(struct call, patience)     },
    {ARGP_KEY_ARG,    UINT16_MAX,       offsetof(struct call, port)         },
};

/* False when the option is none of them. */
static bool read_number(int key, const char *text, struct argp_state *state)
{
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        if (numbers[i].key != key) {
            continue;
        }
        int64_t *number = (int64_t *)(void *)((char *)state->input + numbers[i].offset);
        if (number_parse(str_of(text), 1, numbers[i].most, number) != ERR_OK) {
            argp_error(state, "'%s' is no number from 1 to %lld", text, (long long)numbers[i].most);
        }
        return true;
    }
    return false;
}

static void read_cores(struct argp_state *state, struct str list, struct call *call)
{
    struct str word;
    int64_t core;

    for (call->threads = 0; str_next(&list, ',', &word); call->threads++) {
        if (call->threads == CORES_MOST || number_parse(word, 0, CORES_MOST - 1, &core) != ERR_OK) {
            argp_error(state, "'%.*s' is no core", STR_ARG(word));
        }
        call->cores[call->threads] = (int)core;
    }
    if (call->threads == 0) {
        argp_error(state, "no core is named");
    }
}

static error_t read_option(int key, char *text, struct argp_state *state)
{
    struct call *call = state->input;

    if (key == ARGP_KEY_ARG && state->arg_num > 0) {
        argp_usage(state);
    }
    if (read_number(key, text, state)) {
        return 0;
    }
    switch (key) {
    case KEY_REQUEST:
        call->request_file = str_of(text);
        return 0;
    case KEY_METHOD:
        call->method = str_of(text);
        return 0;
    case KEY_PATH:
        call->path = str_of(text);
        return 0;
    case KEY_CONTAINS:
        call->plan.contains = str_of(text);
        return 0;
    case KEY_LINES:
        call->lines_file = str_of(text);
        return 0;
    case KEY_FOLLOW:
        call->plan.follows = str_of(text);
        return 0;
    case KEY_BODY:
        call->body_file = str_of(text);
        return 0;
    case KEY_HEADER:
        buf_print(&call->headers, "%s\r\n", text);
        return 0;
    case KEY_CORES:
        read_cores(state, str_of(text), call);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_usage(state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void read_file(struct str name, struct buf *out)
{
    FILE *file = fopen(name.ptr, "rb");
    char *room = buf_reserve(out, REQUEST_MOST / 2);

    if (!file || !room) {
        (void)fprintf(stderr, "load: %s: cannot be read\n", name.ptr);
        exit(2);
    }
    size_t count = fread(room, 1, REQUEST_MOST / 2, file);
    out->len += count;
    bool whole = feof(file);
    (void)fclose(file);
    if (!whole) {
        (void)fprintf(stderr, "load: %s: larger than %d bytes\n", name.ptr, REQUEST_MOST / 2);
        exit(2);
    }
}

static void write_request(struct call *call)
{
    if (str_is_set(call->request_file)) {
        read_file(call->request_file, &call->request);
        return;
    }
    buf_print(&call->request, "%.*s %.*s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n", STR_ARG(call->method),
              STR_ARG(call->path), (int)call->port);
    buf_put(&call->request, buf_str(&call->headers));
    if (str_is_set(call->body_file)) {
        read_file(call->body_file, &call->body);
        buf_print(&call->request, "Content-Length: %zu\r\n", call->body.len);
    }
    buf_put(&call->request, STR("\r\n"));
    buf_put(&call->request, buf_str(&call->body));
}

_Noreturn static void fail_call(const char *what)
{
    (void)fprintf(stderr, "load: %s\n", what);
    exit(2);
}

/* Without anybody to follow, a request a line: as many are there at most. */
static void share_lines(struct call *call)
{
    struct plan *plan = &call->plan;
    int64_t each = (int64_t)(plan->line_count / call->threads);

    if (plan->asking.varies != (plan->line_count > 0)) {
        fail_call("{line} in the request and --lines go together");
    }
    if (str_is_set(plan->follows) && each < call->connections) {
        fail_call("there are fewer lines than connections");
    }
    if (plan->line_count > 0 && !str_is_set(plan->follows) && each < plan->requests) {
        plan->requests = each;
    }
}

static void read_lines(struct call *call)
{
    FILE *file = str_is_set(call->lines_file) ? fopen(call->lines_file.ptr, "re") : NULL;
    struct plan *plan = &call->plan;
    char text[LINE_MOST + 2];

    if (!str_is_set(call->lines_file)) {
        return;
    }
    plan->lines = calloc(LINES_MOST, sizeof *plan->lines);
    if (!file || !plan->lines) {
        fail_call("the lines cannot be read");
    }
    while (plan->line_count < LINES_MOST && fgets(text, sizeof text, file)) {
        text[strcspn(text, "\n")] = '\0';
        plan->lines[plan->line_count++] = str_of(strdup(text));
    }
    (void)fclose(file);
}

static void finish_plan(struct call *call)
{
    struct plan *plan = &call->plan;
    struct str request;

    if (buf_end(&call->request, &request) != ERR_OK ||
        asking_parse(request, &plan->asking) != ERR_OK) {
        fail_call("the request is too large, or its head does not end");
    }
    asking_print(&plan->asking, (struct str){0}, &call->whole);
    plan->request = buf_str(&call->whole);
    plan->to_head = str_starts(plan->request, STR("HEAD "));
    plan->threads = call->threads;
    read_lines(call);
    share_lines(call);
    plan->port = (uint16_t)call->port;
    plan->expected = (int)call->expected;
    plan->rate = call->rate / call->threads;
    plan->duration = call->seconds * 1000000000;
    plan->patience = call->patience * 1000000000;
    if (call->rate > 0 && plan->rate * call->threads != call->rate) {
        fail_call("the rate cannot be shared evenly by the cores");
    }
}

static void add_tally(struct tally *into, const struct tally *from)
{
    histogram_merge(&into->latency, &from->latency);
    histogram_merge(&into->lag, &from->lag);
    for (size_t i = 0; i < STATUS_END; i++) {
        into->statuses[i] += from->statuses[i];
    }
    into->refused += from->refused;
    into->cut += from->cut;
    into->malformed += from->malformed;
    into->unanswered += from->unanswered;
    into->wrong += from->wrong;
    into->unsent += from->unsent;
    into->reconnects += from->reconnects;
    into->bytes += from->bytes;
}

static uint64_t error_count(const struct call *call)
{
    const struct tally *tally = &call->tally;
    uint64_t count = tally->refused + tally->cut + tally->malformed + tally->unanswered +
                     tally->unsent + tally->wrong;

    for (int i = 0; i < STATUS_END; i++) {
        count += i == call->plan.expected ? 0 : tally->statuses[i];
    }
    return count;
}

static void print_histogram(const char *name, const struct histogram *histogram)
{
    static const struct {
        const char *name;
        unsigned per_mille;
    } points[] = {
        {"p50",   500},
        {"p90",   900},
        {"p99",   990},
        {"p99.9", 999}
    };

    printf("\"%s\": {", name);
    for (size_t i = 0; i < ARRAY_LEN(points); i++) {
        printf("\"%s\": %.1f, ", points[i].name,
               (double)histogram_quantile(histogram, points[i].per_mille) / 1e3);
    }
    printf("\"max\": %.1f}", (double)histogram->largest / 1e3);
}

static void print_statuses(const struct tally *tally)
{
    const char *comma = "";

    printf("\"statuses\": {");
    for (int i = 0; i < STATUS_END; i++) {
        if (tally->statuses[i] > 0) {
            printf("%s\"%d\": %llu", comma, i, (unsigned long long)tally->statuses[i]);
            comma = ", ";
        }
    }
    printf("}");
}

static double cpu_seconds(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void print_result(const struct call *call)
{
    const struct tally *tally = &call->tally;
    double seconds = (double)call->elapsed / 1e9;
    uint64_t right = tally->latency.total;

    printf("{\"loop\": \"%s\", \"requests\": %llu, \"errors\": %llu, ",
           call->rate > 0 ? "open" : "closed", (unsigned long long)right,
           (unsigned long long)error_count(call));
    print_statuses(tally);
    printf(
        ", \"refused\": %llu, \"cut\": %llu, \"malformed\": %llu, \"unanswered\": %llu, "
        "\"unsent\": %llu, \"wrong\": %llu, \"reconnects\": %llu, \"bytes\": %llu, ",
        (unsigned long long)tally->refused, (unsigned long long)tally->cut,
        (unsigned long long)tally->malformed, (unsigned long long)tally->unanswered,
        (unsigned long long)tally->unsent, (unsigned long long)tally->wrong,
        (unsigned long long)tally->reconnects, (unsigned long long)tally->bytes);
    printf("\"seconds\": %.6f, \"rate\": %.2f, \"cpu_seconds\": %.6f, ", seconds,
           seconds > 0 ? (double)right / seconds : 0.0, cpu_seconds());
    print_histogram("latency_us", &tally->latency);
    if (call->rate > 0) {
        printf(", ");
        print_histogram("lag_us", &tally->lag);
    }
    printf("}\n");
}

_Noreturn static void fail_hard(const char *what)
{
    (void)fprintf(stderr, "load: %s\n", what);
    exit(1);
}

static void allow_files(unsigned count)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < count) {
        limit.rlim_cur = count < limit.rlim_max ? count : limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Runs all threads and adds up what they counted. */
static void run_all(struct call *call)
{
    struct worker_job *jobs = calloc(call->threads, sizeof *jobs);
    pthread_t threads[CORES_MOST];
    pthread_barrier_t start;

    if (!jobs || pthread_barrier_init(&start, NULL, call->threads) != 0) {
        fail_hard("no memory");
    }
    allow_files((unsigned)call->connections * call->threads + SPARE_FILES);
    for (unsigned i = 0; i < call->threads; i++) {
        jobs[i].plan = &call->plan;
        jobs[i].start = &start;
        jobs[i].number = i;
        jobs[i].core = call->cores[i];
        jobs[i].connections = (unsigned)call->connections;
        if (pthread_create(&threads[i], NULL, worker_run, &jobs[i]) != 0) {
            fail_hard("a thread cannot be made");
        }
    }
    for (unsigned i = 0; i < call->threads; i++) {
        (void)pthread_join(threads[i], NULL);
        if (jobs[i].err != ERR_OK) {
            fail_hard("a thread cannot be pinned or has no memory");
        }
        add_tally(&call->tally, &jobs[i].tally);
        call->elapsed = jobs[i].elapsed > call->elapsed ? jobs[i].elapsed : call->elapsed;
    }
    (void)pthread_barrier_destroy(&start);
    free(jobs);
}

static struct call *call_create(void)
{
    struct call *call = calloc(1, sizeof *call);

    if (!call) {
        fail_hard("no memory");
    }
    call->plan.requests = 100000000;
    call->connections = 16;
    call->seconds = 5;
    call->patience = 10;
    call->expected = 200;
    call->method = STR("GET");
    call->path = STR("/");
    call->cores[0] = -1;
    call->threads = 1;
    call->headers = buf_over(call->header_room, sizeof call->header_room);
    call->body = buf_over(call->body_room, sizeof call->body_room);
    call->request = buf_over(call->request_room, sizeof call->request_room);
    call->whole = buf_over(call->whole_room, sizeof call->whole_room);
    return call;
}

static void call_destroy_at(struct call **call)
{
    for (size_t i = 0; i < (*call)->plan.line_count; i++) {
        free((void *)(uintptr_t)(*call)->plan.lines[i].ptr);
    }
    free((*call)->plan.lines);
    free(*call);
}

int main(int count, char **arguments)
{
    static const struct argp parser = {
        options, read_option, "PORT", "Puts load on a server at 127.0.0.1:PORT.", NULL, NULL, NULL};
    CLEANUP(call_destroy_at) struct call *call = call_create();

    argp_err_exit_status = 2;
    if (argp_parse(&parser, count, arguments, 0, NULL, call) != 0) {
        return 2;
    }
    write_request(call);
    finish_plan(call);
    run_all(call);
    print_result(call);
    return error_count(call) > 0 || call->tally.latency.total == 0;
}
