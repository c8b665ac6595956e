/* One request and its answer, on its way through the house. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "http/request.h"

#include <stdint.h>

struct exchange {
    struct http_request request;

    /* Not ERR_OK: the server could not read the request. Answer with this error; what of the
     * request is known is set, and the connection is closed after. */
    enum err refused;

    struct arena *arena; /* reset when the answer is sent */
    void *local;         /* what the application keeps for this I/O thread (http_app.loop_start) */
    unsigned listener;   /* which of the listeners it came in by */
    int64_t arrived_ns;  /* monotonic: when its first byte was read */

    /* the answer */
    int status;
    struct buf headers; /* complete lines, written by exchange_header */
    struct str body;    /* in the arena or static */
    bool close;         /* close the connection after this answer */
};

/* Adds a header line. A name that is no token or a value with a control character in it (CR, LF,
 * NUL, …) is dropped and the answer becomes an empty 500: nothing that came from outside may end a
 * line. Content-Length, Date and Connection are the server's own. */
void exchange_header(struct exchange *x, struct str name, struct str value);

/* The answer is complete: sends it. From any thread; the exchange is not touched after this call.
 * HEAD, 204 and 304 send no body; HEAD and 304 tell the length of what they would have sent. Called
 * within `answer` it takes effect when that returns. */
void exchange_finish(struct exchange *x);
