/* Taking in connections, also when there is no room for them. */
#pragma once

#include "base/err.h"
#include "http/loop.h"

void acceptor_init(struct acceptor *acceptor, struct loop *loop, int fd, unsigned listener);
enum err acceptor_watch(struct acceptor *acceptor,
                        bool add); /* tells epoll: for the first time, or again */

void acceptors_resume(struct loop *loop); /* if they rested, and long enough */
void acceptors_close(struct loop *loop);  /* takes in who already waits, then stops listening */
