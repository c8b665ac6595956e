/* Keeping standing true to what other processes change: the events table, read in order. */
#pragma once

#include "domain/ctx.h"

struct service;

/* Reads everything there is, before anything is answered: standing, keys, and from where to read
 * on. Makes the first signing key if there is none. */
enum err feed_start(struct ctx *ctx);

/* Takes over what is new, in a unit of its own. Run by one thread, a few times a second. */
enum err feed_read(struct ctx *ctx);

/* Waits until there may be something new, for `ms` at most, or until woken. By that same thread. */
void feed_wait(struct service *service, int64_t ms);
void feed_wake(struct service *service); /* from any thread */
