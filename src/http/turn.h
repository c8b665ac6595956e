/* How long the turns are that a thread gets at a processor which others want too. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

enum {
    TURN_SHORTEST_NS = 100000 /* shorter ones the kernel does not give */
};

/* For the calling thread, if it is of the usual class. A wish: before Linux 6.12 the kernel does
 * not read it, and it may be forbidden. */
void turn_wish_shortest(void);

/* Of a thread of ours, 0 being the caller; 0 where the kernel does not tell. */
uint64_t turn_of(pid_t thread);
