/* This program is the nursery, and the children. */
#include "base/check.h"
#include "picture/child.h"
#include "picture/nursery.h"

#include <unistd.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* What the child tells of itself. */
struct told {
    pid_t process, parent;
    bool has_more, has_environment;
};

static int tell(void)
{
    struct told told = {getpid(), getppid(), close(2) == 0 || close(3) == 0 || close(4) == 0,
                        getenv("SIGNET_SECRET") != NULL};

    return write(1, &told, sizeof told) == sizeof told ? CHILD_DRAWN : CHILD_FAILED;
}

static struct told begun(struct nursery *nursery)
{
    struct reason reason = {0};
    struct told told = {0};
    int ends[2], status;
    pid_t process;

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    assert_ok(nursery_begin(nursery, ends[1], &reason, &process));
    (void)close(ends[1]);
    assert_int_equal(recv(ends[0], &told, sizeof told, MSG_WAITALL), sizeof told);
    assert_int_equal(recv(ends[0], &status, 1, 0), 0); /* nobody holds the other end any more */
    (void)close(ends[0]);
    assert_int_equal(waitpid(process, &status, 0), process);
    assert_int_equal(status, 0);
    assert_int_equal(told.process, process);
    return told;
}

static void a_child_is_ours_and_inherits_nothing(void **state)
{
    struct reason reason = {0};
    struct nursery *nursery;

    (void)state;
    assert_int_equal(setenv("SIGNET_SECRET", "seen", 1), 0);
    assert_ok(nursery_open(&reason, &nursery));
    for (int i = 0; i < 3; i++) {
        struct told told = begun(nursery);
        assert_int_equal(told.parent, getpid());
        assert_false(told.has_more);
        assert_false(told.has_environment);
    }
    nursery_close(nursery);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

/* Another program's nursery, found as its only child. */
static pid_t only_child(void)
{
    char path[64], text[32] = "";

    (void)snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    FILE *file = fopen(path, "re");
    if (!file) {
        return 0; /* this kernel does not tell */
    }
    assert_non_null(fgets(text, sizeof text, file));
    (void)fclose(file);
    return (pid_t)strtol(text, NULL, 10);
}

static void one_that_was_killed_is_told(void **state)
{
    struct reason reason = {0};
    struct nursery *nursery;
    siginfo_t info = {0};
    pid_t process;

    (void)state;
    assert_ok(nursery_open(&reason, &nursery));
    pid_t victim = only_child();
    if (victim == 0) {
        nursery_close(nursery);
        skip();
    }
    assert_int_equal(kill(victim, SIGTERM), 0); /* it is the server that this is for */
    (void)begun(nursery);
    assert_int_equal(kill(victim, SIGKILL), 0);
    assert_int_equal(waitid(P_PID, (id_t)victim, &info, WEXITED | WNOWAIT), 0);
    assert_err(nursery_begin(nursery, 0, &reason, &process), ERR_SYSTEM);
    assert_string_equal(reason.detail, "what begins children has ended");
    nursery_close(nursery);
}

static void none_is_closed_too(void **state)
{
    (void)state;
    nursery_close(NULL);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_is_ours_and_inherits_nothing),
        cmocka_unit_test(one_that_was_killed_is_told),
        cmocka_unit_test(none_is_closed_too),
    };

    if (count == 2 && strcmp(arguments[1], CHILD_ARGUMENT) == 0) {
        return tell();
    }
    if (count == 2 && strcmp(arguments[1], NURSERY_ARGUMENT) == 0) {
        return nursery_main();
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
