/* The kernel's own structure: the C library has no name for it yet, and its <sched.h> cannot be
 * included beside the kernel's. */
#include "http/turn.h"

#include "base/err.h"

#include <unistd.h>

#include <linux/sched.h>
#include <linux/sched/types.h>
#include <sys/syscall.h>

static bool attributes_of(pid_t thread, struct sched_attr *ret)
{
    *ret = (struct sched_attr){.size = sizeof *ret};
    return syscall(SYS_sched_getattr, thread, ret, sizeof *ret, 0) == 0 &&
           ret->sched_policy == SCHED_NORMAL;
}

void turn_wish_shortest(void)
{
    struct sched_attr wish;

    if (attributes_of(0, &wish)) {
        wish.sched_runtime = TURN_SHORTEST_NS;
        long refused = syscall(SYS_sched_setattr, 0, &wish, 0);
        (void)refused;
    }
}

uint64_t turn_of(pid_t thread)
{
    struct sched_attr attributes;

    return attributes_of(thread, &attributes) ? attributes.sched_runtime : 0;
}
