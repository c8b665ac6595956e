/* A thread that writes one line again and again. */
#include "app/progress.h"

#include "base/moment.h"

#include <unistd.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    WIDTH = 24 /* of the bar */
};

struct progress {
    int descriptor;
    const char *doing;
    int64_t began;
    _Atomic int64_t done, total; /* 0: nobody counts */
    bool over, written;
    bool running; /* the thread */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
};

static void wait_a_second(struct progress *progress)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec++;
    (void)pthread_cond_timedwait(&progress->changed, &progress->mutex, &until);
}

/* What is not known before may turn out to be more. */
static int64_t share_of(int64_t done, int64_t total, int64_t parts)
{
    return done < total ? parts * done / total : parts;
}

static void tell_once(const struct progress *progress, int64_t seconds)
{
    static const char full[] = "########################", none[] = "........................";
    int64_t done = atomic_load(&progress->done), total = atomic_load(&progress->total);

    if (total == 0) {
        (void)dprintf(progress->descriptor, "\r%s: %lld s", progress->doing, (long long)seconds);
        return;
    }
    int bar = (int)share_of(done, total, WIDTH);
    (void)dprintf(progress->descriptor, "\r%s: [%.*s%.*s] %lld %%, %lld s", progress->doing, bar,
                  full, WIDTH - bar, none, (long long)share_of(done, total, 100),
                  (long long)seconds);
}

static void *tell(void *object)
{
    struct progress *progress = object;

    (void)pthread_mutex_lock(&progress->mutex);
    while (!progress->over) {
        int64_t seconds = (monotonic_ms() - progress->began) / 1000;
        if (seconds > 0) {
            tell_once(progress, seconds);
            progress->written = true;
        }
        wait_a_second(progress);
    }
    (void)pthread_mutex_unlock(&progress->mutex);
    return NULL;
}

enum err progress_start(int descriptor, const char *doing, struct progress **ret)
{
    struct progress *progress = calloc(1, sizeof *progress);

    if (!progress) {
        return ERR_MEMORY;
    }
    progress->descriptor = descriptor;
    progress->doing = doing;
    progress->began = monotonic_ms();
    (void)pthread_mutex_init(&progress->mutex, NULL);
    (void)pthread_cond_init(&progress->changed, NULL);
    /* Without the thread the work goes on, only unseen. */
    progress->running =
        isatty(descriptor) && pthread_create(&progress->thread, NULL, tell, progress) == 0;
    *ret = progress;
    return ERR_OK;
}

void progress_expect(struct progress *progress, int64_t total)
{
    if (progress) {
        atomic_store(&progress->total, total);
    }
}

void progress_advance(struct progress *progress)
{
    if (progress) {
        (void)atomic_fetch_add_explicit(&progress->done, 1, memory_order_relaxed);
    }
}

void progress_stop(struct progress *progress)
{
    if (!progress) {
        return;
    }
    if (progress->running) {
        (void)pthread_mutex_lock(&progress->mutex);
        progress->over = true;
        (void)pthread_cond_signal(&progress->changed);
        (void)pthread_mutex_unlock(&progress->mutex);
        (void)pthread_join(progress->thread, NULL);
    }
    if (progress->written) {
        (void)dprintf(progress->descriptor, "\r\033[K");
    }
    (void)pthread_cond_destroy(&progress->changed);
    (void)pthread_mutex_destroy(&progress->mutex);
    free(progress);
}
