/* One hash at a time, on a companion thread of the idle class or on the caller's own.
 *
 * Priority inversion is the danger here: a thread of the idle class can be off the processor for as
 * long as others are busy, and if it holds a lock then, they wait for it who should go first. So
 * the companion takes no lock of ours at all. Jobs go over by two semaphores, which in glibc are
 * an atomic counter and a futex: it is never inside of one. Its memory for Argon2 is kept, so it
 * does not hold the kernel's lock on our address space either; the few small blocks that libsodium
 * allocates it frees itself, in its own malloc arena. And it gets no signals. */
#include "crypto/hasher.h"

#include "base/random.h"
#include "base/secret.h"
#include "crypto/hash_memory.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>

enum job_kind {
    JOB_MAKE,
    JOB_VERIFY,
    JOB_STOP
};

struct job {
    enum job_kind kind;
    struct str hash, password;
    enum err err;
    struct password_hash made;
    bool right;
};

struct hasher {
    enum hasher_kind kind;
    struct password_cost cost;
    struct password_hash dummy; /* of no password */
    struct hash_memory memory;
    struct job job; /* the companion's between `asked` and `answered`, ours otherwise */
    sem_t asked, answered;
    pthread_t companion;
    bool has_companion;
};

static void compute(struct hasher *hasher)
{
    struct job *job = &hasher->job;

    hash_memory_lend(&hasher->memory);
    job->err = job->kind == JOB_MAKE ? password_make(hasher->cost, job->password, &job->made)
                                     : password_verify(job->hash, job->password, &job->right);
    enum err memory = hash_memory_return();
    job->err = memory == ERR_OK ? job->err : memory;
}

static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0 && errno == EINTR) {
    }
}

static void *companion_run(void *argument)
{
    struct hasher *hasher = argument;

    for (;;) {
        wait_for(&hasher->asked);
        if (hasher->job.kind == JOB_STOP) {
            return NULL;
        }
        compute(hasher);
        (void)sem_post(&hasher->answered);
    }
}

/* Has the job done, wherever this hasher does it. */
static struct job run(struct hasher *hasher, struct job job)
{
    hasher->job = job;
    if (hasher->kind == HASHER_DIRECT) {
        compute(hasher);
    } else {
        (void)sem_post(&hasher->asked);
        wait_for(&hasher->answered);
    }
    struct job done = hasher->job;
    hasher->job = (struct job){0}; /* it points to a password */
    return done;
}

static enum err companion_start(struct hasher *hasher)
{
    sigset_t all, before;

    if (sem_init(&hasher->asked, 0, 0) != 0 || sem_init(&hasher->answered, 0, 0) != 0) {
        return ERR_SYSTEM;
    }
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before); /* a new thread inherits it */
    hasher->has_companion = pthread_create(&hasher->companion, NULL, companion_run, hasher) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!hasher->has_companion ||
        pthread_setschedparam(hasher->companion, SCHED_IDLE, &(struct sched_param){0}) != 0) {
        return ERR_SYSTEM;
    }
    (void)pthread_setname_np(hasher->companion, "hash");
    return ERR_OK;
}

static enum err set_up(struct hasher *hasher)
{
    TRY(password_start());
    TRY(hash_memory_init(&hasher->memory, (size_t)hasher->cost.memory_kib * 1024));
    if (hasher->kind == HASHER_IDLE_CLASS) {
        TRY(companion_start(hasher));
    }
    return password_imitate(hasher->cost, &hasher->dummy);
}

enum err hasher_create(enum hasher_kind kind, struct password_cost cost, struct hasher **ret)
{
    TRY(password_cost_check(cost));
    struct hasher *hasher = calloc(1, sizeof *hasher);
    if (!hasher) {
        return ERR_MEMORY;
    }
    hasher->kind = kind;
    hasher->cost = cost;
    enum err e = set_up(hasher);
    if (e != ERR_OK) {
        hasher_destroy(hasher);
        return e;
    }
    *ret = hasher;
    return ERR_OK;
}

void hasher_destroy(struct hasher *hasher)
{
    if (!hasher) {
        return;
    }
    if (hasher->has_companion) {
        hasher->job.kind = JOB_STOP;
        (void)sem_post(&hasher->asked);
        (void)pthread_join(hasher->companion, NULL);
        (void)sem_destroy(&hasher->asked);
        (void)sem_destroy(&hasher->answered);
    }
    hash_memory_done(&hasher->memory);
    free(hasher);
}

void hasher_destroy_at(struct hasher **hasher)
{
    hasher_destroy(*hasher);
}

enum err hasher_make(struct hasher *hasher, struct str password, struct password_hash *ret)
{
    struct job done = run(hasher, (struct job){.kind = JOB_MAKE, .password = password});

    TRY(done.err);
    *ret = done.made;
    return ERR_OK;
}

enum err hasher_verify(struct hasher *hasher, struct str hash, struct str password, bool *ret_right)
{
    struct job done = run(hasher, (struct job){
                                      .kind = JOB_VERIFY,
                                      .hash = hash.len > 0 ? hash : str_of(hasher->dummy.text),
                                      .password = password,
                                  });

    TRY(done.err);
    *ret_right = done.right && hash.len > 0;
    return ERR_OK;
}

bool password_hash_is_stale(const struct hasher *hasher, struct str hash)
{
    struct password_cost cost;

    return password_cost_of(hash, &cost) != ERR_OK || cost.memory_kib != hasher->cost.memory_kib ||
           cost.passes != hasher->cost.passes;
}
