/* One thread with its epoll, its listening sockets, its connections, and a mailbox for answers that
 * other threads have finished. Nothing of it is touched by another thread but the mailbox. */
#pragma once

#include "http/connection.h"
#include "http/server.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

/* What all loops of a server share. */
struct loop_plan {
    struct request_limits limits;
    size_t usual_input;  /* bytes that a request within `limits` takes */
    int64_t connections; /* most of each loop: only its own can make room for one more */
    int64_t unfinished;  /* bytes that requests of each loop may take which are not whole */
    int64_t large;       /* requests of each loop that may take more than usual */
    int64_t requests_per_connection, body_rate;
    int64_t header_ns, total_ns, idle_ns;
    struct http_app app;
    sem_t ready;             /* posted by each loop once it has started, or has not */
    _Atomic int64_t open;    /* connections of all loops */
    _Atomic int64_t stop_ns; /* when the last has to be gone; 0 while running */
};

struct acceptor {
    struct watched watched; /* first: epoll points here */
    struct loop *loop;
    int fd; /* -1 once closed */
    unsigned listener;
};

struct loop {
    struct watched mail; /* first: epoll points here when another thread wakes us */
    struct loop_plan *plan;
    unsigned index;
    pthread_t thread; /* its owner's, to join it */
    pthread_t self;   /* the same, as the thread itself noted it */
    int epoll, wake;
    int spare; /* a descriptor to give up when there are no more, so that a client can be turned
                  away */
    struct acceptor *acceptors;
    size_t acceptor_count;
    int64_t accept_again_ns; /* accepting rests until then; 0: it does not */
    void *local;
    struct connection_list idle; /* without a request, the longest idle first */
    struct connection_list busy;
    struct connection_list heavy; /* busy with more bytes than most requests have */
    int64_t open, held;           /* connections; bytes of the heavy ones */
    int64_t large;                /* how many of these take more than usual */
    struct connection_list stray; /* closed, their exchange still away */
    struct connection *dead; /* freed at the end of the turn: an event may still point to them */
    struct connection *delivering;
    struct work *pool;
    unsigned pooled;
    bool hungry; /* a connection stopped for fairness' sake and goes on next turn */
    bool running, draining;
    int64_t now_ns, swept_ns, sweep_ns, date_ns;
    struct str date;
    char date_line[48];
    _Atomic(struct work *) mailbox;
    _Atomic uint64_t accepted, refused, timeouts; /* written by this loop alone */
};

/* ERR_SYSTEM with errno set, or ERR_MEMORY. */
enum err loop_create(struct loop_plan *plan, unsigned index, size_t listeners, struct loop **ret);
void loop_destroy(struct loop *loop); /* NULL is fine; the thread must have ended */

enum err loop_listen(struct loop *loop, int fd,
                     unsigned listener); /* takes over the listening socket */
enum err loop_start(struct loop *loop);
void loop_wake(struct loop *loop); /* from any thread */
void loop_join(struct loop *loop);

void loop_wake_by(struct loop *loop,
                  int64_t ns); /* for a deadline; kept within a quarter of a second */
struct work *loop_take_work(struct loop *loop); /* NULL when there is no memory */
void loop_give_work(struct loop *loop, struct work *work);
void loop_count(_Atomic uint64_t *counter);
bool loop_is_stopping(const struct loop *loop); /* told to, whether or not it drains already */
bool loop_is_current(const struct loop *loop);  /* called on its thread */

/* Posts a finished exchange; from any thread. */
void loop_post(struct loop *loop, struct work *work);
