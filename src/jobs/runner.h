/* Background work: a thread for each job does what is due, beside the server. */
#pragma once

#include "base/err.h"

struct log;
struct tools;
struct runner;
struct service;

/* Starts the threads, one for each row of jobs/jobs.h. `tools` are copied; what they point to
 * outlives the runner. */
enum err runner_start(struct service *service, const struct tools *tools, struct log *log,
                      struct runner **ret);

/* Ends it when what it is at is done. NULL is fine. */
void runner_stop(struct runner *runner);
