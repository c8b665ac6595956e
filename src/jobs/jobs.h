/* What there is to do, and how often. */
#pragma once

#include "domain/ctx.h"

struct postman;
struct service;

/* What jobs work with beside the service. */
struct tools {
    struct postman *postman;
};

struct job {
    const char *name;
    int64_t every_ms;
    /* *ret_more, false before: there is more to do than one run does, so that it is due again after
     * a rest. */
    enum err (*run)(struct ctx *ctx, const struct tools *tools, bool *ret_more);
    /* NULL for a job whose time comes by the clock alone. Otherwise what it waits with in between,
     * which `wake` ends from another thread. */
    void (*wait)(struct service *service, int64_t ms);
    void (*wake)(struct service *service);
};

enum {
    JOBS = 5
};
extern const struct job jobs[JOBS];
