/* Shutting in the process that draws, before it touches what a stranger has sent. */
#pragma once

#include "base/err.h"

enum {
    DRAWING_BYTES = 512 << 20, /* of addresses, the libraries among them */
    DRAWING_SECONDS = 4        /* of processor time */
};

/* From here on this process reads from descriptor 0, writes to 1, asks for memory, and ends; the
 * kernel kills it at anything else, at DRAWING_SECONDS, and when its parent ends. No files, no
 * network, no other processes, no core file. ERR_SYSTEM when any of it cannot be had: then it must
 * not go on. */
enum err drawing_confine(void);
