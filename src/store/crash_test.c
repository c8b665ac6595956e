/* kill -9 while threads write: every unit that was acknowledged is there afterwards, and none is
 * half there. The writing process tells each acknowledged number through a pipe. */
#include "base/arena.h"
#include "base/check.h"
#include "base/random.h"
#include "store/testdata/scratch.h"

#include <unistd.h>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

enum {
    ROUNDS = 10,
    THREADS = 8,
    PER_THREAD = 1000000
};

struct teller {
    struct store *store;
    int64_t first;
    int output;
};

static void *put_and_tell(void *argument)
{
    struct teller *teller = argument;
    struct arena *arena = arena_create(4096, 1 << 20);
    struct seat *seat = NULL;

    if (!arena || seat_open(teller->store, &seat) != ERR_OK) {
        _exit(1);
    }
    for (int64_t number = teller->first;; number++) {
        if (scratch_put_pair(seat, arena, number) != ERR_OK ||
            write(teller->output, &number, sizeof number) != sizeof number) {
            _exit(1);
        }
        arena_reset(arena);
    }
}

static void write_until_killed(const struct scratch *s, int round, int output)
{
    struct teller tellers[THREADS];
    struct reason reason = {0};
    struct store *store;
    pthread_t thread;

    if (store_open(&s->settings, str_of(s->folder), &reason, &store) != ERR_OK) {
        _exit(1);
    }
    for (int i = 0; i < THREADS; i++) {
        int64_t first = (int64_t)(round * THREADS + i) * PER_THREAD;
        tellers[i] = (struct teller){store, first, output};
        if (pthread_create(&thread, NULL, put_and_tell, &tellers[i]) != 0) {
            _exit(1);
        }
    }
    (void)pause();
}

/* Kills the child at some moment, and gives all that it had acknowledged by then. */
static int64_t *kill_and_listen(pid_t child, int input, size_t *ret_count)
{
    size_t size = 1 << 20, got = 0;
    char *told = malloc(size);
    uint16_t moment;
    int status;

    assert_non_null(told);
    assert_ok(random_fill(&moment, sizeof moment));
    ssize_t count = read(input, told, sizeof(int64_t)); /* it has begun */
    assert_int_equal(count, sizeof(int64_t));
    (void)usleep(moment);
    assert_int_equal(kill(child, SIGKILL), 0);
    while (count > 0) {
        got += (size_t)count;
        assert_true(got < size);
        count = read(input, told + got, size - got);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status)); /* it was not gone already, with an error */
    *ret_count = got / sizeof(int64_t);
    return (int64_t *)(void *)told;
}

static void what_was_acknowledged_outlives_the_process(void **state)
{
    (void)state;
    struct scratch s;
    size_t acknowledged = 0;

    scratch_make(&s, "sqlite:signet.db");
    scratch_close(&s);
    for (int round = 0; round < ROUNDS; round++) {
        int ends[2];
        size_t count;
        assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            write_until_killed(&s, round, ends[1]);
        }
        (void)close(ends[1]);
        int64_t *numbers = kill_and_listen(child, ends[0], &count);
        (void)close(ends[0]);
        scratch_open(&s);
        for (size_t i = 0; i < count; i++) {
            assert_true(scratch_has_pair(&s, numbers[i]));
        }
        acknowledged += count;
        /* Those that were durable, but whose thread did not come to tell so, are at most one each.
         */
        int64_t there = scratch_count_pairs(&s);
        assert_in_range(there, acknowledged, acknowledged + (size_t)THREADS * (size_t)(round + 1));
        scratch_close(&s);
        free(numbers);
    }
    print_message("%zu units acknowledged in %d lives, none lost\n", acknowledged, ROUNDS);
    scratch_remove(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_acknowledged_outlives_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
