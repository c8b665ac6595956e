/* The head of an HTTP/1.1 answer, as far as a load generator has to understand it. */
#pragma once

#include "base/str.h"

enum answer_state {
    ANSWER_PARTIAL, /* the head has not ended yet */
    ANSWER_READ,
    ANSWER_BAD /* no HTTP/1.1 answer, or one whose length it does not say */
};

struct answer {
    int status;
    bool closes;       /* the server will close the connection behind it */
    bool chunked;      /* how long the body is, answer_measure() tells */
    size_t head, body; /* bytes of the head with its blank line; bytes of the body to come */
};

/* `to_head` tells that the request was a HEAD, whose answer has no body whatever its length says.
 */
enum answer_state answer_read(struct str received, bool to_head, struct answer *ret);

/* How many bytes the chunks at the beginning of `received` take, the last one and its blank line
 * with them. */
enum answer_state answer_measure(struct str received, size_t *ret);
