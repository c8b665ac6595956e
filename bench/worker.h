/* One thread of load: its own connections, its own epoll, its own counts. */
#pragma once

#include "base/err.h"
#include "base/str.h"
#include "bench/asking.h"
#include "bench/histogram.h"

#include <pthread.h>

enum {
    STATUS_END = 600,
    ANSWER_MOST = 16384, /* what is looked at of an answer, and the longest one in chunks */
    LINE_MOST = 4096
};

/* What the threads do together. */
struct plan {
    struct asking asking;
    struct str request; /* where no line stands in it */
    struct str *lines;  /* each stands in one request, of thread t those at t, t + threads, … */
    size_t line_count;  /* 0: the request is always the same */
    unsigned threads;
    struct str follows;  /* the member whose text in an answer is the connection's next line */
    struct str contains; /* what a right answer has in its first ANSWER_MOST bytes */
    bool to_head;        /* it is a HEAD */
    uint16_t port;       /* on 127.0.0.1, always */
    int expected;        /* the status of a right answer */
    int64_t rate;        /* requests a second of one thread; 0: each connection as fast as it can */
    int64_t requests;    /* of one thread, at most */
    int64_t duration;    /* nanoseconds in which requests start */
    int64_t patience;    /* nanoseconds after which an answer is given up */
};

struct tally {
    struct histogram latency; /* of right answers: open loop from the moment they were due */
    struct histogram lag;     /* open loop: how late a request was sent */
    uint64_t statuses[STATUS_END];
    uint64_t refused, cut, malformed, unanswered; /* connections, answers, answers, answers */
    uint64_t wrong;                               /* the right status, and not what was wanted */
    uint64_t unsent;                              /* open loop: due and never sent */
    uint64_t reconnects; /* the server had announced or was idle: no error */
    uint64_t bytes;
};

struct worker_job {
    const struct plan *plan;
    pthread_barrier_t *start; /* all connections of all threads stand before the first request */
    unsigned number;          /* of the thread, from 0 */
    int core;                 /* -1: wherever the kernel likes */
    unsigned connections;
    struct tally tally;
    int64_t elapsed; /* nanoseconds from the first request to the last answer */
    enum err err;
};

/* A pthread start routine; `argument` is a struct worker_job, whose last three members it fills. */
void *worker_run(void *argument);
