/* An answer as it goes out: the server's own lines before the application's, then the body. */
#pragma once

#include "http/exchange.h"

#include <sys/uio.h>

struct answer {
    struct iovec parts[3];
    unsigned next, count; /* of the parts: the first not sent, and the end */
    size_t head_len;
    char head[1536]; /* all of it, if it is short: one part costs less to send than three */
};

/* Writes the head that fits the exchange and lays out the parts. `date` is a whole header line. An
 * exchange that says what cannot be said (no status, a header that did not fit or held a line end)
 * becomes a bare 500 and closes. */
void answer_build(struct answer *answer, struct exchange *x, struct str date);

/* The reason phrase of a status, as it stands in the head; "" for one that is not known. */
struct str answer_status_text(int status);

void answer_wipe(struct answer *answer); /* it may have held a token */

/* Strikes off what was sent; true when nothing is left. */
bool answer_advance(struct answer *answer, size_t sent);
