/* Shutting the server in, once it listens and before it answers: what may be asked of the kernel
 * from then on is one table. */
#pragma once

#include "base/err.h"
#include "confine/filter.h"

#include <stdint.h>

struct buf;
struct serving;

/* Told of a call that the table does not have, and that returned ENOSYS: some library's, newer than
 * the table, or an attacker's. On a thread of its own; it may log. Of a flood of them not each. */
struct serving_watch {
    void (*refused)(void *with, const struct filter_call *call);
    void *with;
};

/* For all threads there are and will be, but one at a time in a process, whose SIGSYS it takes: no
 * thread may block that. ERR_MEMORY; ERR_SYSTEM with a reason. Only where filter_support() says
 * that it can be. */
enum err serving_confine(const struct serving_watch *watch, struct reason *reason,
                         struct serving **ret);

/* Nobody is told any more. What was given up stays so. NULL is fine. */
void serving_close(struct serving *serving);

/* How many calls were refused so far because the table does not have them. */
int64_t serving_refused(const struct serving *serving);

/* The table as a page for people has it, in Markdown. */
void serving_describe(struct buf *out);

/* The table itself, for those who look whether it is right. */
const struct filter_table *serving_table(void);
