/* A new thread inherits the signals that are blocked. */
#include "base/thread.h"

#include <signal.h>

enum err thread_start(void *(*run)(void *argument), void *argument, pthread_t *ret)
{
    sigset_t blocked, before;

    (void)sigfillset(&blocked);
    (void)sigdelset(&blocked, SIGSYS);
    (void)pthread_sigmask(SIG_SETMASK, &blocked, &before);
    bool started = pthread_create(ret, NULL, run, argument) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started ? ERR_OK : ERR_SYSTEM;
}
