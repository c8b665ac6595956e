#include "base/check.h"
#include "base/thread.h"

#include <signal.h>

static void *look_at_signals(void *argument)
{
    return pthread_sigmask(SIG_SETMASK, NULL, argument) == 0 ? argument : NULL;
}

static void a_thread_has_signals_blocked_but_the_one_about_itself(void **state)
{
    sigset_t there, before, after;
    pthread_t thread;
    void *looked = NULL;

    (void)state;
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &before), 0);
    assert_ok(thread_start(look_at_signals, &there, &thread));
    assert_int_equal(pthread_join(thread, &looked), 0);
    assert_ptr_equal(looked, &there);
    assert_int_equal(sigismember(&there, SIGTERM), 1);
    assert_int_equal(sigismember(&there, SIGHUP), 1);
    assert_int_equal(sigismember(&there, SIGSYS), 0);
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &after), 0);
    for (int number = 1; number < SIGRTMIN; number++) {
        assert_int_equal(sigismember(&after, number), sigismember(&before, number));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_has_signals_blocked_but_the_one_about_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
