/* A lane: threads that take calls from one bounded queue. What waits too long is told so. */
#pragma once

#include "base/err.h"

#include <stdint.h>

struct call;
struct lane_line;

struct lane_plan {
    const char *name; /* of its threads, too */
    unsigned workers;
    unsigned reserves; /* more threads, which take only what has waited for `patience_ms` */
    int64_t patience_ms;
    unsigned capacity; /* most calls that wait */
    int64_t most_wait_ms;
    /* On each thread: makes what it works with, and lets go of it. NULL fails the start. */
    void *(*worker_start)(void *with, bool reserve);
    void (*worker_end)(void *with, void *local);
    /* Works on one call; `late` ones have waited too long and are only to be answered so. */
    void (*work)(void *local, struct call *call, bool late);
    void *with;
};

enum err lane_open(const struct lane_plan *plan, struct lane_line **ret);

/* Lets the queue run dry, then ends the threads. NULL is fine. */
void lane_close(struct lane_line *lane);

/* ERR_BUSY when the queue is full; the call is the caller's again then. */
enum err lane_post(struct lane_line *lane, struct call *call);

int64_t lane_waiting(const struct lane_line *lane);
