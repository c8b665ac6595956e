/* Hashes on companion threads of the idle class, or on the caller's own.
 *
 * Priority inversion is the danger here: a thread of the idle class can be off the processor for as
 * long as others are busy, and if it holds a lock then, they wait for it who should go first. So a
 * companion takes no lock of ours at all. Jobs go over by two semaphores, which in glibc are an
 * atomic counter and a futex: it is never inside of one. Who gets which companion the callers
 * settle among themselves: whoever is done hands it to the next in the queue, so that it need not
 * wait for somebody to wake up. Its memory for Argon2 is kept, so it does not hold the kernel's
 * lock on our address space either; the few small blocks that libsodium allocates it frees itself,
 * in its own malloc arena. And it gets no signals. */
#include "crypto/hasher.h"

#include "base/random.h"
#include "base/secret.h"
#include "base/thread.h"
#include "crypto/hash_memory.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    COMPANIONS_MOST = 256,
    WIPE_STEP = 256 * 1024 /* some ten microseconds, for which a job may have to wait */
};

enum job_kind {
    JOB_MAKE,
    JOB_VERIFY,
    JOB_STOP
};

struct job {
    enum job_kind kind;
    struct password_cost cost;
    struct str hash, password;
    enum err err;
    struct password_hash made;
    bool right;
    struct companion *by;
    sem_t done;
    struct job *next; /* in the queue */
};

struct companion {
    struct hash_memory memory;
    _Atomic(struct job *) job;
    sem_t asked; /* for a job; without one it has time to wipe its memory */
    pthread_t thread;
    struct companion *next; /* of those who have nothing to do */
};

struct hasher {
    struct password_cost cost;
    struct password_hash dummy; /* of no password */
    struct hash_memory memory;  /* of one that computes on the caller's thread */
    pthread_mutex_t lock;
    struct companion *idle;
    struct job *first, *last; /* who waits for a companion */
    unsigned planned, running;
    struct companion companions[];
};

static void compute(struct hash_memory *memory, struct job *job)
{
    hash_memory_lend(memory);
    job->err = job->kind == JOB_MAKE ? password_make(job->cost, job->password, &job->made)
                                     : password_verify(job->hash, job->password, &job->right);
    enum err failed = hash_memory_return();
    job->err = failed == ERR_OK ? job->err : failed;
}

static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0 && errno == EINTR) {
    }
}

static void wipe_in_the_meantime(struct companion *companion)
{
    while (!atomic_load(&companion->job) && hash_memory_wipe(&companion->memory, WIPE_STEP)) {
    }
}

static void *companion_run(void *argument)
{
    struct companion *companion = argument;

    for (;;) {
        wait_for(&companion->asked);
        struct job *job = atomic_exchange(&companion->job, NULL);
        if (!job) {
            wipe_in_the_meantime(companion);
            continue;
        }
        if (job->kind == JOB_STOP) {
            return NULL;
        }
        compute(&companion->memory, job);
        (void)sem_post(&job->done); /* from here on the job may be gone */
    }
}

static void hand_over(struct companion *companion, struct job *job)
{
    job->by = companion;
    atomic_store(&companion->job, job);
    (void)sem_post(&companion->asked);
}

/* One who has nothing to do; NULL when the job was queued. */
static struct companion *take_or_queue(struct hasher *hasher, struct job *job)
{
    (void)pthread_mutex_lock(&hasher->lock);
    struct companion *companion = hasher->idle;
    if (companion) {
        hasher->idle = companion->next;
    } else {
        *(hasher->last ? &hasher->last->next : &hasher->first) = job;
        hasher->last = job;
    }
    (void)pthread_mutex_unlock(&hasher->lock);
    return companion;
}

static void pass_on(struct hasher *hasher, struct companion *companion)
{
    (void)pthread_mutex_lock(&hasher->lock);
    struct job *next = hasher->first;
    if (next) {
        hasher->first = next->next;
        hasher->last = next->next ? hasher->last : NULL;
    } else {
        companion->next = hasher->idle;
        hasher->idle = companion;
    }
    (void)pthread_mutex_unlock(&hasher->lock);
    if (next) {
        hand_over(companion, next);
        return;
    }
    (void)sem_post(&companion->asked);
}

/* Has the job done, wherever this hasher does it. */
static void run(struct hasher *hasher, struct job *job)
{
    if (hasher->planned == 0) {
        compute(&hasher->memory, job);
        (void)hash_memory_wipe(&hasher->memory, SIZE_MAX);
        return;
    }
    (void)sem_init(&job->done, 0, 0); /* fails only for values out of range */
    struct companion *companion = take_or_queue(hasher, job);
    if (companion) {
        hand_over(companion, job);
    }
    wait_for(&job->done);
    pass_on(hasher, job->by);
    (void)sem_destroy(&job->done);
}

static enum err companion_start(struct companion *companion, struct password_cost cost)
{
    TRY(hash_memory_init(&companion->memory, (size_t)cost.memory_kib * 1024));
    (void)sem_init(&companion->asked, 0, 0);
    enum err e = thread_start(companion_run, companion, &companion->thread);
    if (e != ERR_OK) {
        hash_memory_done(&companion->memory);
        return e;
    }
    (void)pthread_setname_np(companion->thread, "hash");
    return ERR_OK;
}

static enum err start_companions(struct hasher *hasher)
{
    const struct sched_param none = {0};

    while (hasher->running < hasher->planned) {
        struct companion *companion = &hasher->companions[hasher->running];
        TRY(companion_start(companion, hasher->cost));
        hasher->running++;
        companion->next = hasher->idle;
        hasher->idle = companion;
        if (pthread_setschedparam(companion->thread, SCHED_IDLE, &none) != 0) {
            return ERR_SYSTEM;
        }
    }
    return ERR_OK;
}

static enum err set_up(struct hasher *hasher)
{
    TRY(password_start());
    if (hasher->planned == 0) {
        TRY(hash_memory_init(&hasher->memory, (size_t)hasher->cost.memory_kib * 1024));
    }
    TRY(start_companions(hasher));
    return password_imitate(hasher->cost, &hasher->dummy);
}

enum err hasher_create(unsigned companions, struct password_cost cost, struct hasher **ret)
{
    TRY(password_cost_check(cost));
    TRY(companions <= COMPANIONS_MOST ? ERR_OK : ERR_CONFIG);
    struct hasher *hasher = calloc(1, sizeof *hasher + companions * sizeof(struct companion));
    if (!hasher) {
        return ERR_MEMORY;
    }
    (void)pthread_mutex_init(&hasher->lock, NULL);
    hasher->planned = companions;
    hasher->cost = cost;
    enum err e = set_up(hasher);
    if (e != ERR_OK) {
        hasher_destroy(hasher);
        return e;
    }
    *ret = hasher;
    return ERR_OK;
}

static void companion_end(struct companion *companion)
{
    struct job stop = {.kind = JOB_STOP};

    hand_over(companion, &stop);
    (void)pthread_join(companion->thread, NULL);
    (void)sem_destroy(&companion->asked);
    hash_memory_done(&companion->memory);
}

void hasher_destroy(struct hasher *hasher)
{
    if (!hasher) {
        return;
    }
    for (unsigned i = 0; i < hasher->running; i++) {
        companion_end(&hasher->companions[i]);
    }
    hash_memory_done(&hasher->memory);
    (void)pthread_mutex_destroy(&hasher->lock);
    free(hasher);
}

void hasher_destroy_at(struct hasher **hasher)
{
    hasher_destroy(*hasher);
}

enum err hasher_make(struct hasher *hasher, struct str password, struct password_hash *ret)
{
    struct job job = {.kind = JOB_MAKE, .cost = hasher->cost, .password = password};

    run(hasher, &job);
    TRY(job.err);
    *ret = job.made;
    return ERR_OK;
}

enum err hasher_verify(struct hasher *hasher, struct str hash, struct str password, bool *ret_right)
{
    struct job job = {
        .kind = JOB_VERIFY,
        .hash = hash.len > 0 ? hash : str_of(hasher->dummy.text),
        .password = password,
    };

    run(hasher, &job);
    TRY(job.err);
    *ret_right = job.right && hash.len > 0;
    return ERR_OK;
}

bool password_hash_is_stale(const struct hasher *hasher, struct str hash)
{
    struct password_cost cost;

    return password_cost_of(hash, &cost) != ERR_OK || cost.memory_kib != hasher->cost.memory_kib ||
           cost.passes != hasher->cost.passes;
}
