/* Shutting a process in, before it touches what a stranger has sent. */
#pragma once

#include "base/err.h"

struct buf;

enum {
    CONFINED_BYTES = 512 << 20, /* of addresses, the libraries among them */
    CONFINED_SECONDS = 4        /* of processor time */
};

/* From here on this process reads from descriptor 0, writes to 1, asks for memory, and ends; the
 * kernel kills it at anything else, at CONFINED_SECONDS, and when its parent ends. No files, no
 * network, no other processes, no core file. ERR_SYSTEM when any of it cannot be had: then it must
 * not go on. */
enum err confine(void);

/* Writes the version of libseccomp that was loaded. */
void confine_library(struct buf *out);
