/* A server that gives up what it no longer needs: privileges once it listens, system calls before
 * its threads start. */
#pragma once

#include "app/config.h"
#include "base/buf.h"
#include "confine/serving.h"

enum {
    CONFINEMENT_CALLS = 1024 /* numbers of system calls that are told apart in the log */
};

struct confinement {
    struct log *log;
    struct serving *serving;               /* NULL: not shut in */
    uint64_t told[CONFINEMENT_CALLS / 64]; /* calls that are in the log; the watch's alone */
};

/* What process.user and the kernel have to say before anything of the installation is opened. */
enum err confinement_privileges(const struct config *config, struct log *log,
                                struct reason *reason);

/* Shuts this thread and all that it starts from then on in, as process.confine says. Where it
 * cannot be done, that is logged, or fails with a reason. `ret` stays where it is until it is
 * closed. */
enum err confinement_open(const struct config *config, struct log *log, struct reason *reason,
                          struct confinement *ret);
void confinement_close(struct confinement *confinement);

/* A source for metrics_add; the object is the confinement. */
void confinement_write_metrics(void *object, struct buf *out);

/* Why filter_support() says that there is no filter; NULL when there is. */
const char *confinement_obstacle(void);
