/* A process that begins the children that draw, so that the server need not be able to: it starts
 * before the server shuts itself in, holds none of its memory, and is told nothing but where to
 * draw. */
#pragma once

#include "base/err.h"

#include <sys/types.h>

struct nursery;

/* The one argument that makes the binary this. */
#define NURSERY_ARGUMENT "begin-children"

/* Starts it: this same program with NURSERY_ARGUMENT, whose main has to call nursery_main. It ends
 * when it is closed, and with the thread that opened it. ERR_SYSTEM with a reason. */
enum err nursery_open(struct reason *reason, struct nursery **ret);
void nursery_close(struct nursery *nursery); /* NULL is fine */

/* Begins this program with CHILD_ARGUMENT, its descriptors 0 and 1 being `line`, and no others. It
 * is a child of the process that opened the nursery, which has to wait for it. From any thread.
 * ERR_SYSTEM with a reason. */
enum err nursery_begin(struct nursery *nursery, int line, struct reason *reason, pid_t *ret);

/* The exit status. */
int nursery_main(void);
