/* A filter of system calls, made of a table: libseccomp's part, for whoever is shut in. */
#pragma once

#include "base/err.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum filter_verdict {
    FILTER_ALLOW,
    FILTER_REFUSE, /* with the row's `error` */
    FILTER_KILL    /* the whole process, by SIGSYS */
};

/* One argument, of which `mask` is looked at. No mask: no condition. */
struct filter_condition {
    unsigned argument; /* counted from 0 */
    uint64_t mask, value;
    bool own_process; /* our process id in place of `value` */
};

enum {
    FILTER_CONDITIONS = 3
};

/* Names that this architecture does not have are passed over. Of the rows of one call no two may
 * hold at once. */
struct filter_row {
    const char *calls; /* names, with blanks between */
    enum filter_verdict verdict;
    int error;
    struct filter_condition only[FILTER_CONDITIONS]; /* all of them hold */
    const char *when;                                /* the same in words; NULL: always */
    const char *why;
};

/* What becomes of a call that no row is about. */
enum filter_rest {
    FILTER_REST_KILL,
    FILTER_REST_SIGNAL /* SIGSYS to the thread that made it, for filter_refuse */
};

struct filter_table {
    const struct filter_row *rows;
    size_t count;
    enum filter_rest rest;
};

enum filter_support {
    FILTER_CAN,
    FILTER_SANITIZED, /* a sanitizer's own threads and memory would not bear it */
    FILTER_NO_KERNEL  /* the kernel has no such filters, or whatever confines us keeps them back */
};
enum filter_support filter_support(void);

/* For all threads of this process and whatever it starts, for ever; with it goes no_new_privs.
 * ERR_MEMORY; ERR_SYSTEM: the kernel refuses it. */
enum err filter_load(const struct filter_table *table);

/* In a handler of SIGSYS, with what it was given: the call, which the kernel has not done and will
 * not, returns ENOSYS, as one that this kernel does not have. False when the signal was about
 * something else. */
struct filter_call {
    int number;
    int64_t thread;
};
bool filter_refuse(const siginfo_t *info, void *context, struct filter_call *ret);

/* What a call is called, or "call N". */
void filter_name(struct buf *out, int number);

/* Whether every name of the table is one that libseccomp knows, on whichever architecture. */
bool filter_knows(const struct filter_table *table, struct buf *ret_unknown);

/* Writes the version of libseccomp that was loaded. */
void filter_library(struct buf *out);
