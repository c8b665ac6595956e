/* What there is to do, and how often. */
#pragma once

#include "domain/ctx.h"

struct service;

struct job {
    const char *name;
    int64_t every_ms;
    enum err (*run)(struct ctx *ctx);
    /* NULL for a job whose time comes by the clock alone. Otherwise what it waits with in between,
     * which `wake` ends from another thread. */
    void (*wait)(struct service *service, int64_t ms);
    void (*wake)(struct service *service);
};

enum {
    JOBS = 3
};
extern const struct job jobs[JOBS];
