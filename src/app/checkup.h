/* What is looked at before a start: each thing one line. Nothing is made or changed by looking. */
#pragma once

#include "app/config.h"

#include <stdint.h>

struct buf;

enum finding {
    FINDING_OK,
    FINDING_WARN, /* it will serve, but somebody should know */
    FINDING_FAIL  /* it will not serve, or not as it should */
};

struct checkup {
    const struct config *config;
    struct buf *out;
    int64_t server;    /* the process that serves the data directory now; 0: none */
    unsigned failures; /* lines with FAIL */
};

/* Writes one line: "ok   …", "warn …" or "FAIL …". */
void checkup_note(struct checkup *checkup, enum finding finding, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The data directory, its files and their owners, the space that is left; and who serves it. The
 * first to be looked at. */
void checkup_files(struct checkup *checkup);

/* The store, its schema, the keys in it under this master key, and the clock against its events. */
void checkup_store(struct checkup *checkup);

/* The SMTP server, which is spoken to without sending anything. */
void checkup_mail(struct checkup *checkup);

/* Faces and listeners: whether each can be listened on, unless a server does already. */
void checkup_listeners(struct checkup *checkup);

/* The clock, how many files the process may open, and what it can give up. */
void checkup_machine(struct checkup *checkup);

/* By how much `now` lies before what is known to have been: 0 when it does not. Seconds. */
int64_t checkup_clock_behind(struct moment now, struct moment known);
