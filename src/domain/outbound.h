/* How the domain asks other services, without knowing how that is done: a thread that may ask has
 * one of these at its desk, lent by who runs it. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct arena;

struct outbound_request {
    struct str url;
    struct str form;          /* no text: a GET */
    struct str authorization; /* a header; no text: none */
    bool loopback;            /* a service on this machine, over plain http: for tests */
};

struct outbound_answer {
    int status;
    struct str body; /* in the arena */
};

struct outbound {
    /* Bounded in time and size, without redirects. ERR_PROVIDER with the reason when there is no
     * answer. No unit is open meanwhile. */
    enum err (*fetch)(void *with, struct arena *arena, const struct outbound_request *request,
                      struct reason *reason, struct outbound_answer *ret);
    void *with;
};
