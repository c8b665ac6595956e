/* Listening sockets. */
#pragma once

#include "http/server.h"

/* Binds and listens. `exclusive` is for the first socket of an address: it fails if anybody listens
 * there already, us in another process included; those after it share its port. With port 0 a free
 * one is taken. ERR_CONFIG or ERR_SYSTEM, with a reason in plain words. */
enum err socket_listen(const struct http_listener *listener, bool exclusive, struct reason *reason,
                       int *ret_fd);

uint16_t socket_port(int fd); /* the port it is bound to */
