#include "base/check.h"
#include "ops/log_sink.h"

#include <unistd.h>

#include <fcntl.h>
#include <sys/socket.h>

static const char many[100000];

/* Writes until nothing more is taken. Where writing waited for a reader, this would never return.
 */
static size_t fill(const struct log_sink *sink)
{
    size_t sum = 0, written;

    do {
        written = log_sink_write(sink, (struct str){many, sizeof many});
        sum += written;
    } while (written > 0);
    return sum;
}

static size_t empty(int descriptor, size_t most)
{
    char memory[4096];
    size_t sum = 0;

    while (sum < most) {
        ssize_t got = read(descriptor, memory, sizeof memory);
        assert_true(got > 0);
        sum += (size_t)got;
    }
    return sum;
}

static void assert_never_waits(const struct log_sink *sink, int reader)
{
    size_t sum = fill(sink);

    assert_true(sum > 0);
    assert_false(log_sink_wait(sink, 1));
    assert_int_equal(empty(reader, sum), sum);
    assert_true(log_sink_wait(sink, 10000));
    assert_true(log_sink_write(sink, STR("again\n")) == 6);
}

static void a_pipe_is_opened_once_more_and_never_waited_for(void **state)
{
    (void)state;
    int ends[2];
    struct log_sink sink;

    assert_int_equal(pipe(ends), 0);
    assert_ok(log_sink_open(ends[1], &sink));
    assert_true(sink.own);
    assert_false(sink.terminal);
    assert_int_not_equal(sink.descriptor, ends[1]);
    assert_never_waits(&sink, ends[0]);
    log_sink_close(&sink);
    assert_true(fcntl(ends[1], F_GETFD) >= 0);
    close(ends[0]);
    close(ends[1]);
}

static void a_pipe_that_cannot_be_opened_again_is_polled(void **state)
{
    (void)state;
    int ends[2];
    struct log_sink sink;

    assert_int_equal(pipe(ends), 0);
    sink = (struct log_sink){.descriptor = ends[1], .kind = SINK_POLL};
    assert_never_waits(&sink, ends[0]);
    log_sink_close(&sink);
    close(ends[0]);
    close(ends[1]);
}

static void a_pipe_without_a_reader_is_not_waited_for_either(void **state)
{
    (void)state;
    int ends[2];
    struct log_sink sink = {.kind = SINK_POLL};

    assert_int_equal(pipe(ends), 0);
    sink.descriptor = ends[1];
    (void)fill(&sink);
    close(ends[0]);
    assert_false(log_sink_wait(&sink, 600000));
    close(ends[1]);
}

static void a_socket_is_never_waited_for(void **state)
{
    (void)state;
    int ends[2];
    struct log_sink sink;

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_ok(log_sink_open(ends[1], &sink));
    assert_false(sink.own);
    assert_int_equal(sink.kind, SINK_SEND);
    assert_never_waits(&sink, ends[0]);
    close(ends[0]);
    assert_int_equal(log_sink_write(&sink, STR("nobody")), 0); /* and no SIGPIPE */
    log_sink_close(&sink);
    close(ends[1]);
}

static void a_file_is_appended_to_as_it_was_opened(void **state)
{
    (void)state;
    char path[] = "/tmp/signet-test-XXXXXX", memory[16];
    int descriptor = mkstemp(path);
    struct log_sink sink;

    assert_true(descriptor >= 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(write(descriptor, "one ", 4), 4);
    assert_ok(log_sink_open(descriptor, &sink));
    assert_false(sink.own);
    assert_int_equal(log_sink_write(&sink, STR("two")), 3);
    assert_int_equal(pread(descriptor, memory, sizeof memory, 0), 7);
    assert_memory_equal(memory, "one two", 7);
    log_sink_close(&sink);
    close(descriptor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pipe_is_opened_once_more_and_never_waited_for),
        cmocka_unit_test(a_pipe_that_cannot_be_opened_again_is_polled),
        cmocka_unit_test(a_pipe_without_a_reader_is_not_waited_for_either),
        cmocka_unit_test(a_socket_is_never_waited_for),
        cmocka_unit_test(a_file_is_appended_to_as_it_was_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
