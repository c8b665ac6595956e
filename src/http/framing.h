/* The headers that decide where a request ends and what becomes of its connection. */
#pragma once

#include "http/request.h"

#include <stdint.h>

struct framing {
    unsigned seen;  /* which of the headers of the table in framing.c */
    int64_t length; /* Content-Length, if it was seen */
    bool chunked, close, keep_alive, expects_continue;
};

/* Looks at one header. Refuses one that may stand only once and stands again, even with the same
 * value, and any value that is not exactly as it should be. */
enum err framing_note(struct framing *framing, const struct http_header *header);

/* All headers were seen: whether they agree with each other. Settles host and keep_alive. */
enum err framing_settle(const struct framing *framing, struct http_request *request);
