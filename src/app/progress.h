/* Long work tells a person at the terminal that it goes on. */
#pragma once

#include "base/err.h"

struct progress;

/* From the first second on, one line on `descriptor` says what is being done and for how long;
 * nothing anywhere but on a terminal. `doing` outlives it. */
enum err progress_start(int descriptor, const char *doing, struct progress **ret);

/* The work is over: the line goes. NULL is fine. */
void progress_stop(struct progress *progress);
