/* Loading the table, and what becomes of a call that is not in it: the kernel does not do it but
 * sends a signal to the thread that made it. Its handler refuses the call, and hands it on to a
 * thread that may take its time to tell.
 *
 * The kernel would also hand such calls to a supervisor, over a descriptor. But whoever holds that
 * may have them done after all, and so would whoever took this process over. */
#include "confine/serving.h"

#include "base/str.h"
#include "base/thread.h"

#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    TAKEN, /* the ends of a pipe */
    TOLD,
    ENDS
};

struct serving {
    struct serving_watch watch;
    int calls[ENDS]; /* a pipe of struct filter_call */
    _Atomic int64_t refused;
    pthread_t thread;
    bool runs;
};

/* A handler has no argument of its own. */
static struct serving *_Atomic signalled;

/* It runs in the midst of anything: no more than the table's own calls, and nothing that waits. */
static void handle(int number, siginfo_t *info, void *context)
{
    struct serving *serving = atomic_load(&signalled);
    int before = errno;
    struct filter_call call;

    (void)number;
    if (filter_refuse(info, context, &call) && serving) {
        atomic_fetch_add_explicit(&serving->refused, 1, memory_order_relaxed);
        (void)!write(serving->calls[TOLD], &call, sizeof call);
    }
    errno = before;
}

static enum err handle_signal(void)
{
    struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};

    (void)sigfillset(&action.sa_mask);
    return sigaction(SIGSYS, &action, NULL) == 0 ? ERR_OK : ERR_SYSTEM;
}

static void *watch(void *argument)
{
    struct serving *serving = argument;
    struct filter_call call;

    (void)pthread_setname_np(pthread_self(), "refusals");
    while (read(serving->calls[TAKEN], &call, sizeof call) == sizeof call) {
        serving->watch.refused(serving->watch.with, &call);
    }
    return NULL;
}

static enum err open_pipe(struct serving *serving, struct reason *reason)
{
    bool well = pipe2(serving->calls, O_CLOEXEC) == 0 &&
                fcntl(serving->calls[TOLD], F_SETFL, O_NONBLOCK) == 0;

    return well ? ERR_OK : fail(reason, ERR_SYSTEM, STR(""), "%s", strerrordesc_np(errno));
}

/* The thread is there before the table, which may not have what a newer C library needs to start
 * one: then that is refused while somebody can be told. */
static enum err start(struct serving *serving, struct reason *reason)
{
    TRY(open_pipe(serving, reason));
    TRY(thread_start(watch, serving, &serving->thread));
    serving->runs = true;
    atomic_store(&signalled, serving);
    TRY(handle_signal());
    if (filter_load(serving_table()) != ERR_OK) {
        return fail(reason, ERR_SYSTEM, STR(""), "the kernel refuses the filter of system calls");
    }
    return ERR_OK;
}

enum err serving_confine(const struct serving_watch *watch, struct reason *reason,
                         struct serving **ret)
{
    struct serving *serving = calloc(1, sizeof *serving);

    if (!serving) {
        return ERR_MEMORY;
    }
    *serving = (struct serving){
        .watch = *watch, .calls = {-1, -1}
    };
    enum err e = start(serving, reason);
    if (e != ERR_OK) {
        serving_close(serving);
        return e;
    }
    *ret = serving;
    return ERR_OK;
}

static void close_at(const int *descriptor)
{
    if (*descriptor >= 0) {
        (void)close(*descriptor);
    }
}

void serving_close(struct serving *serving)
{
    if (!serving) {
        return;
    }
    atomic_store(&signalled, NULL);
    close_at(&serving->calls[TOLD]); /* after which there is no more to read */
    if (serving->runs) {
        (void)pthread_join(serving->thread, NULL);
    }
    close_at(&serving->calls[TAKEN]);
    free(serving);
}

int64_t serving_refused(const struct serving *serving)
{
    return atomic_load_explicit(&serving->refused, memory_order_relaxed);
}
