/* A descriptor that lines go to, without ever waiting for whoever reads at its other end. */
#pragma once

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

enum log_sink_kind {
    SINK_WRITE, /* regular files, and whatever does not block by itself */
    SINK_SEND,  /* sockets, so journald's too */
    SINK_POLL   /* a pipe or terminal that could not be opened a second time */
};

struct log_sink {
    int descriptor;
    bool own; /* opened here */
    bool terminal;
    enum log_sink_kind kind;
};

/* ERR_SYSTEM when it is no open descriptor. Its flags are shared with other programs and stay. */
enum err log_sink_open(int descriptor, struct log_sink *ret);
void log_sink_close(struct log_sink *sink);

/* Writes what the sink takes at once and tells how much that was; 0 as well when it failed. With
 * SINK_POLL only one thread at a time may write. */
size_t log_sink_write(const struct log_sink *sink, struct str text);

/* Waits until it takes something, and tells whether it does; not longer than `ms`. */
bool log_sink_wait(const struct log_sink *sink, int64_t ms);
