/* Background work: one thread that does what is due, beside the server. */
#pragma once

#include "base/err.h"

struct log;
struct runner;
struct service;

/* Starts the thread: the feed several times a second, keys and housekeeping now and then. */
enum err runner_start(struct service *service, struct log *log, struct runner **ret);

/* Ends it when what it is at is done. NULL is fine. */
void runner_stop(struct runner *runner);
