/* Each in a process of its own, which shuts itself in and then tries something. */
#include "base/check.h"
#include "confine/drawing.h"
#include "confine/filter.h"

#include <unistd.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

enum {
    SKIPPED = 77, /* for meson */
    DONE = 42
};

static int status_of(void (*work)(void))
{
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        if (drawing_confine() != ERR_OK) {
            _exit(DONE + 1);
        }
        work();
        _exit(DONE);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void open_a_file(void)
{
    (void)!open("/etc/passwd", O_RDONLY);
}

static void open_a_socket(void)
{
    (void)socket(AF_INET, SOCK_STREAM, 0);
}

static void begin_a_process(void)
{
    (void)fork();
}

static void run_a_program(void)
{
    (void)execl("/bin/true", "true", NULL);
}

static void look_at_another_process(void)
{
    (void)kill(getppid(), 0);
}

static void read_another_descriptor(void)
{
    char byte;

    (void)!read(2, &byte, 1);
}

static void write_to_another_descriptor(void)
{
    (void)!write(2, "x", 1);
}

static void make_code(void)
{
    (void)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void map_a_file(void)
{
    (void)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 0, 0);
}

static void make_memory_code(void)
{
    static char page[8192];

    (void)mprotect((void *)(((uintptr_t)page + 4095) & ~(uintptr_t)4095), 4096, PROT_EXEC);
}

static void take_the_filter_off(void)
{
    (void)syscall(SYS_prctl, 22 /* PR_SET_SECCOMP */, 0, 0, 0, 0);
}

static void everything_else_ends_the_process(void **state)
{
    static void (*const tries[])(void) = {
        open_a_file,
        open_a_socket,
        begin_a_process,
        run_a_program,
        look_at_another_process,
        read_another_descriptor,
        write_to_another_descriptor,
        make_code,
        map_a_file,
        make_memory_code,
        take_the_filter_off,
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
        int status = status_of(tries[i]);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), SIGSYS);
    }
}

static void ask_for_some_memory(void)
{
    for (int i = 0; i < 8; i++) {
        char *memory = malloc(10 << 20);
        if (!memory) {
            _exit(DONE + 1);
        }
        memset(memory, i, 10 << 20);
        char *more = realloc(memory, 20 << 20);
        free(more ? more : memory);
    }
}

static void ask_for_too_much_memory(void)
{
    char *volatile much = malloc((size_t)DRAWING_BYTES);

    if (much) {
        free(much);
        _exit(DONE + 1);
    }
}

static void memory_is_there_and_has_an_end(void **state)
{
    (void)state;
    int some = status_of(ask_for_some_memory), much = status_of(ask_for_too_much_memory);

    assert_true(WIFEXITED(some));
    assert_int_equal(WEXITSTATUS(some), DONE);
    assert_true(WIFEXITED(much));
    assert_int_equal(WEXITSTATUS(much), DONE);
}

static void compute_for_ever(void)
{
    for (volatile unsigned turns = 1; turns != 0; turns += 2) {
        /* nothing ends this but its limit */
    }
}

static void its_time_has_an_end(void **state)
{
    (void)state;
    int status = status_of(compute_for_ever);

    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_else_ends_the_process),
        cmocka_unit_test(memory_is_there_and_has_an_end),
        cmocka_unit_test(its_time_has_an_end),
    };

    if (filter_support() == FILTER_SANITIZED) { /* then nobody is shut in */
        return SKIPPED;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
