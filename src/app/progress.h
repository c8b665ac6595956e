/* Long work tells a person at the terminal that it goes on. */
#pragma once

#include "base/err.h"

#include <stdint.h>

struct progress;

/* From the first second on, one line on `descriptor` says what is being done and for how long;
 * nothing anywhere but on a terminal. `doing` outlives it. */
enum err progress_start(int descriptor, const char *doing, struct progress **ret);

/* Of work that can be counted: how much there is, told before it begins, and one more is done. Then
 * the line has a bar. NULL is fine. */
void progress_expect(struct progress *progress, int64_t total);
void progress_advance(struct progress *progress);

/* The work is over: the line goes. NULL is fine. */
void progress_stop(struct progress *progress);
