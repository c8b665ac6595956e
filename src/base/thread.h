/* Threads that no signal interrupts. */
#pragma once

#include "base/err.h"

#include <pthread.h>

/* Signals are the main thread's: the new one has them blocked. But for SIGSYS, by which the kernel
 * tells a thread of a call that is not allowed (confine/serving): where that is blocked, such a
 * call is the end of the process. ERR_SYSTEM. */
enum err thread_start(void *(*run)(void *argument), void *argument, pthread_t *ret);
