/* What a person at the terminal is told when the server has started. */
#pragma once

#include "app/instance.h"

struct http_listener;
struct http_server;

struct greeting {
    const struct http_server *http;
    const struct http_listener *listeners;
    size_t listener_count;
};

/* dev: one screen with the addresses, the account, three lines to try, and where mail lands.
 * serve: how to make an administrator, if there is none. */
enum err greeting_show(struct instance *instance, const struct greeting *greeting,
                       struct reason *reason);
