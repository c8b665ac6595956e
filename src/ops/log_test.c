#include "base/arena.h"
#include "base/check.h"
#include "base/setting.h"
#include "ops/log.h"
#include "ops/log_line.h"

#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* STR is no constant expression. */
#define WORD(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

static const struct log_settings json = {WORD("info"), WORD("json"), WORD("all")};
static const struct log_settings human = {WORD("info"), WORD("human"), WORD("all")};

static struct log_request a_request(void)
{
    return (struct log_request){
        .id = STR("0197-abc"),
        .face = STR("edge"),
        .method = STR("GET"),
        .route = STR("/users/:id"),
        .path = STR("/users/7"),
        .peer = STR("192.0.2.1"),
        .status = 200,
        .microseconds = 1234,
    };
}

/* What arrived in a pipe so far, with a NUL behind. */
static struct str received(int descriptor, char *memory, size_t size)
{
    size_t len = 0;
    struct pollfd poll_for = {.fd = descriptor, .events = POLLIN};

    while (len < size - 1 && poll(&poll_for, 1, 0) == 1 && (poll_for.revents & POLLIN)) {
        ssize_t got = read(descriptor, memory + len, size - 1 - len);
        if (got <= 0) {
            break;
        }
        len += (size_t)got;
    }
    memory[len] = '\0';
    return (struct str){memory, len};
}

static size_t count_lines(struct str text)
{
    size_t lines = 0;

    for (size_t i = 0; i < text.len; i++) {
        lines += text.ptr[i] == '\n';
    }
    return lines;
}

static void lines_are_gathered_and_written_at_once(void **state)
{
    (void)state;
    int ends[2];
    struct log *log;
    struct log_buffer *buffer;
    char memory[4096];
    struct log_request line = a_request();

    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0); /* shows single writes */
    assert_ok(log_open(&json, ends[1], &log));
    assert_ok(log_buffer_create(log, &buffer));
    for (int i = 0; i < 5; i++) {
        log_request(buffer, &line);
    }
    struct pollfd poll_for = {.fd = ends[0], .events = POLLIN};
    assert_int_equal(poll(&poll_for, 1, 0), 0);
    log_buffer_flush(buffer);
    ssize_t got = recv(ends[0], memory, sizeof memory, 0);
    assert_true(got > 0);
    assert_int_equal(count_lines((struct str){memory, (size_t)got}), 5);
    log_buffer_flush(buffer); /* of nothing: not an empty message */
    assert_int_equal(poll(&poll_for, 1, 0), 0);
    log_buffer_destroy(buffer);
    log_close(log);
    close(ends[0]);
    close(ends[1]);
}

static void requests_are_chosen_by_level_and_kind(void **state)
{
    (void)state;
    static const struct {
        const char *level, *requests;
        int status;
        bool changes, wanted;
        const char *warning;
    } table[] = {
        {"info",    "all",      200, false, true,  NULL  },
        {"info",    "changes",  200, false, false, NULL  },
        {"info",    "changes",  200, true,  true,  NULL  },
        {"info",    "changes",  404, false, true,  NULL  },
        {"info",    "failures", 200, true,  false, NULL  },
        {"info",    "failures", 400, false, true,  NULL  },
        {"warning", "all",      404, true,  false, NULL  },
        {"error",   "all",      500, false, true,  NULL  },
        {"error",   "failures", 503, false, true,  NULL  },
        {"warning", "failures", 200, true,  true,  "weak"},
        {"error",   "all",      200, true,  false, "weak"},
    };
    int ends[2];
    struct log *log;
    struct log_buffer *buffer;
    char memory[4096];

    assert_int_equal(pipe(ends), 0);
    assert_ok(log_open(&json, ends[1], &log));
    assert_ok(log_buffer_create(log, &buffer));
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct log_settings settings = {str_of(table[i].level), STR("json"),
                                        str_of(table[i].requests)};
        struct log_request line = a_request();
        line.status = table[i].status;
        line.changes = table[i].changes;
        line.warning = table[i].warning;
        log_configure(log, &settings);
        log_request(buffer, &line);
        log_buffer_flush(buffer);
        assert_int_equal(received(ends[0], memory, sizeof memory).len > 0, table[i].wanted);
    }
    log_buffer_destroy(buffer);
    log_close(log);
    close(ends[0]);
    close(ends[1]);
}

static void events_below_the_level_are_not_written(void **state)
{
    (void)state;
    int ends[2];
    struct log *log;
    char memory[4096];

    assert_int_equal(pipe(ends), 0);
    assert_ok(log_open(&human, ends[1], &log));
    log_event(log, LOG_DEBUG, "not this");
    log_event(log, LOG_INFO, "listening on %s\n%s", "127.0.0.1:3007", "and more");
    struct str text = received(ends[0], memory, sizeof memory);
    assert_int_equal(count_lines(text), 1);
    assert_non_null(strstr(memory, "Z  info     listening on 127.0.0.1:3007\\nand more\n"));
    log_close(log);
    close(ends[0]);
    close(ends[1]);
}

static void a_long_event_is_cut(void **state)
{
    (void)state;
    int ends[2];
    struct log *log;
    char memory[4096], message[3000];

    memset(message, 'm', sizeof message);
    message[sizeof message - 1] = '\0';
    assert_int_equal(pipe(ends), 0);
    assert_ok(log_open(&json, ends[1], &log));
    log_event(log, LOG_INFO, "%s", message);
    struct str text = received(ends[0], memory, sizeof memory);
    assert_int_equal(count_lines(text), 1);
    assert_true(str_ends(text, STR("m\xe2\x80\xa6\"}\n")));
    log_close(log);
    close(ends[0]);
    close(ends[1]);
}

/* The counts of all "dropped" notes in a text. */
static uint64_t dropped_in(const char *text)
{
    static const char note[] = "\"msg\":\"log lines dropped\",\"count\":";
    uint64_t sum = 0;

    for (const char *at = strstr(text, note); at; at = strstr(at + 1, note)) {
        sum += strtoull(at + sizeof note - 1, NULL, 10);
    }
    return sum;
}

static void assert_every_line_is_whole(struct str text)
{
    struct str rest = text, line;

    while (str_next(&rest, '\n', &line)) {
        assert_true(str_starts(line, STR("{\"time\":\"2")));
        assert_true(str_ends(line, STR("}")));
    }
}

/* R34: a reader that stalls costs lines, never time; and it is told how many. */
static void a_full_pipe_loses_lines_whole_and_tells_how_many(void **state)
{
    (void)state;
    enum {
        SENT = 5000,
        ROOM = 4 << 20
    };
    int ends[2];
    struct log *log;
    struct log_buffer *buffer;
    struct log_request line = a_request();
    char *memory = malloc(ROOM);
    size_t len = 0;

    assert_non_null(memory);
    assert_int_equal(pipe(ends), 0); /* blocking: had we to wait, this test would hang */
    assert_int_equal(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
    assert_ok(log_open(&json, ends[1], &log));
    assert_int_equal(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0); /* it is not ours to change */
    assert_ok(log_buffer_create(log, &buffer));
    for (int i = 0; i < SENT; i++) {
        line.microseconds = i;
        log_request(buffer, &line);
    }
    log_buffer_flush(buffer);
    for (int i = 0; i < 100; i++) {
        log_event(log, LOG_ERROR, "store lost, try %d", i);
    }
    len += received(ends[0], memory + len, ROOM - len).len;
    log_event(log, LOG_INFO, "reader is back"); /* told in the next line */
    log_request(buffer, &line);
    log_buffer_flush(buffer);
    len += received(ends[0], memory + len, ROOM - len).len;
    log_buffer_flush(buffer);
    len += received(ends[0], memory + len, ROOM - len).len;

    struct str text = {memory, len};
    uint64_t dropped = dropped_in(memory);
    assert_true(dropped > 0);
    assert_non_null(strstr(memory, "reader is back"));
    assert_every_line_is_whole(text);
    size_t notes = 0;
    for (char *at = strstr(memory, "lines dropped"); at; at = strstr(at + 1, "lines dropped")) {
        notes++;
    }
    assert_int_equal(count_lines(text) - notes + dropped, SENT + 100 + 2);
    log_buffer_destroy(buffer);
    log_close(log);
    close(ends[0]);
    close(ends[1]);
    free(memory);
}

/* A line that tells how many were lost can be lost itself. */
static void a_lost_note_is_told_again(void **state)
{
    (void)state;
    enum {
        SENT = 2000
    };
    static char memory[1 << 20];
    int ends[2];
    struct log *log;
    struct log_buffer *buffer;
    struct log_request line = a_request();
    size_t notes = 0;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[1], F_SETPIPE_SZ, 16384), 16384);
    assert_ok(log_open(&json, ends[1], &log));
    assert_ok(log_buffer_create(log, &buffer));
    for (int i = 0; i < SENT; i++) {
        log_request(buffer, &line);
    }
    size_t len = received(ends[0], memory, sizeof memory).len;
    log_request(buffer, &line); /* there is room for this one, and for the note before it */
    log_buffer_destroy(buffer); /* and nobody reads on */
    len += received(ends[0], memory + len, sizeof memory - len).len;
    log_close(log);
    len += received(ends[0], memory + len, sizeof memory - len).len;

    struct str text = {memory, len};
    assert_every_line_is_whole(text);
    for (char *at = strstr(memory, "lines dropped"); at; at = strstr(at + 1, "lines dropped")) {
        notes++;
    }
    assert_int_equal(notes, 1);
    assert_int_equal(count_lines(text) - notes + dropped_in(memory), SENT + 1);
    close(ends[0]);
    close(ends[1]);
}

static void a_reader_that_went_away_is_survived(void **state)
{
    (void)state;
    int ends[2];
    struct log *log;
    struct log_buffer *buffer;
    struct log_request line = a_request();

    (void)signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    assert_ok(log_open(&json, ends[1], &log));
    assert_ok(log_buffer_create(log, &buffer));
    close(ends[0]);
    for (int i = 0; i < 1000; i++) {
        log_request(buffer, &line);
        log_event(log, LOG_INFO, "nobody reads this");
    }
    log_buffer_flush(buffer);
    log_buffer_destroy(buffer);
    log_close(log);
    assert_true(fcntl(ends[1], F_GETFD) >= 0); /* still the caller's */
    close(ends[1]);
}

static void a_full_disk_is_survived(void **state)
{
    (void)state;
    struct log *log;
    struct log_buffer *buffer;
    struct log_request line = a_request();
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

    assert_true(full >= 0);
    assert_ok(log_open(&json, full, &log));
    assert_ok(log_buffer_create(log, &buffer));
    for (int i = 0; i < 1000; i++) {
        log_request(buffer, &line);
    }
    log_event(log, LOG_ERROR, "no space");
    log_buffer_destroy(buffer);
    log_close(log);
    close(full);
}

static void what_is_no_descriptor_is_refused(void **state)
{
    (void)state;
    struct log *log;

    assert_err(log_open(&json, -1, &log), ERR_SYSTEM);
    log_close(NULL);
    log_buffer_destroy(NULL);
}

static int open_terminal(int *ret_master)
{
    char name[64];

    *ret_master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(*ret_master >= 0);
    assert_int_equal(grantpt(*ret_master), 0);
    assert_int_equal(unlockpt(*ret_master), 0);
    assert_int_equal(ptsname_r(*ret_master, name, sizeof name), 0);
    return open(name, O_RDWR | O_NOCTTY);
}

static struct str on_terminal(const struct log_settings *settings, char *memory, size_t size)
{
    int master, terminal = open_terminal(&master);
    struct log *log;
    assert_true(terminal >= 0);
    assert_ok(log_open(settings, terminal, &log));
    log_event(log, LOG_ERROR, "broken");
    struct pollfd poll_for = {.fd = master, .events = POLLIN};
    assert_int_equal(poll(&poll_for, 1, 10000), 1);
    struct str text = received(master, memory, size);
    log_close(log);
    close(terminal);
    close(master);
    return text;
}

static void colour_is_for_terminals_whose_owner_does_not_mind(void **state)
{
    (void)state;
    static const struct log_settings automatic = {WORD("info"), WORD("auto"), WORD("all")};
    char memory[4096];
    int ends[2];
    struct log *log;

    assert_int_equal(unsetenv("NO_COLOR"), 0);
    (void)on_terminal(&automatic, memory, sizeof memory);
    assert_non_null(strstr(memory, "\033[31merror    \033[0mbroken"));
    (void)on_terminal(&json, memory, sizeof memory);
    assert_null(strchr(memory, '\033'));
    assert_non_null(strstr(memory, "\"level\":\"error\",\"msg\":\"broken\"}"));
    assert_int_equal(setenv("NO_COLOR", "1", 1), 0);
    (void)on_terminal(&automatic, memory, sizeof memory);
    assert_null(strchr(memory, '\033'));
    assert_non_null(strstr(memory, "  error    broken"));
    assert_int_equal(unsetenv("NO_COLOR"), 0);

    assert_int_equal(pipe(ends), 0);
    assert_ok(log_open(&automatic, ends[1], &log)); /* no terminal: JSON */
    log_event(log, LOG_ERROR, "broken");
    assert_int_equal(received(ends[0], memory, sizeof memory).ptr[0], '{');
    log_close(log);
    close(ends[0]);
    close(ends[1]);
}

enum {
    THREADS = 4,
    LINES_EACH = 3000
};

static void *write_lines(void *object)
{
    struct log *log = object;
    struct log_buffer *buffer;
    struct log_request line = a_request();

    if (log_buffer_create(log, &buffer) != ERR_OK) {
        return log;
    }
    for (int i = 0; i < LINES_EACH; i++) {
        line.microseconds = i;
        log_request(buffer, &line);
        if (i % 64 == 0) {
            log_event(log, LOG_INFO, "%d done", i);
            log_buffer_flush(buffer);
        }
    }
    log_buffer_destroy(buffer);
    return NULL;
}

static void *read_all(void *object)
{
    FILE *from = fdopen(*(int *)object, "r");
    char line[LOG_LINE_MOST];
    uintptr_t lines = 0;

    if (!from) {
        return NULL;
    }
    while (fgets(line, sizeof line, from)) {
        struct str text = str_of(line);
        bool whole = str_starts(text, STR("{\"time\":")) && str_ends(text, STR("}\n"));
        lines += whole ? 1 + dropped_in(line) - (dropped_in(line) > 0) : 1u << 30;
    }
    (void)fclose(from);
    return (void *)lines;
}

static void threads_never_mix_their_lines_and_lose_none_unsaid(void **state)
{
    (void)state;
    int ends[2];
    struct log *log;
    pthread_t threads[THREADS], reader;
    void *failed, *lines;

    assert_int_equal(pipe(ends), 0);
    assert_ok(log_open(&json, ends[1], &log));
    assert_int_equal(pthread_create(&reader, NULL, read_all, &ends[0]), 0);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, write_lines, log), 0);
    }
    for (int i = 0; i < 100; i++) {
        log_configure(log, &json);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
    log_close(log);
    close(ends[1]);
    assert_int_equal(pthread_join(reader, &lines), 0);
    assert_int_equal((uintptr_t)lines, THREADS * (LINES_EACH + (LINES_EACH + 63) / 64));
}

/* Not a test: what one line costs. `log_test cost` prints it. */
static int print_cost(void)
{
    enum {
        LINES = 2000000
    };
    struct log *log;
    struct log_buffer *buffer;
    struct log_request line = a_request();
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

    line.id = STR("01973f2e-7c1b-7d3a-9f4e-5b6c7d8e9fa0");
    line.actor.bytes[0] = 1;
    for (int form = 0; form < 2; form++) {
        if (log_open(form ? &human : &json, null, &log) != ERR_OK ||
            log_buffer_create(log, &buffer) != ERR_OK) {
            return 1;
        }
        int64_t start = monotonic_ns();
        for (int i = 0; i < LINES; i++) {
            log_request(buffer, &line);
        }
        printf("%s: %lld ns a line\n", form ? "human" : "json",
               (long long)((monotonic_ns() - start) / LINES));
        log_buffer_destroy(buffer);
        log_close(log);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "cost") == 0) {
        return print_cost();
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_gathered_and_written_at_once),
        cmocka_unit_test(requests_are_chosen_by_level_and_kind),
        cmocka_unit_test(events_below_the_level_are_not_written),
        cmocka_unit_test(a_long_event_is_cut),
        cmocka_unit_test(a_full_pipe_loses_lines_whole_and_tells_how_many),
        cmocka_unit_test(a_lost_note_is_told_again),
        cmocka_unit_test(a_reader_that_went_away_is_survived),
        cmocka_unit_test(a_full_disk_is_survived),
        cmocka_unit_test(what_is_no_descriptor_is_refused),
        cmocka_unit_test(colour_is_for_terminals_whose_owner_does_not_mind),
        cmocka_unit_test(threads_never_mix_their_lines_and_lose_none_unsaid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
