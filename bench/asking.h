/* What is asked: a request in which `{line}` may stand for a line of the caller's own, a token say,
 * and `{length}` for the length of the body then. */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct asking {
    struct str head, body; /* the head with its blank line */
    bool varies;           /* with the line */
};

/* ERR_REQUEST_MALFORMED where no head ends. The parts lie in `request`. */
enum err asking_parse(struct str request, struct asking *ret);

/* Appends the request as it goes over the wire. */
void asking_print(const struct asking *asking, struct str line, struct buf *out);

/* The text of the first member of that name in an answer, up to the next quotation mark; false
 * where there is none or it is empty. */
bool asking_member(struct str answer, struct str name, struct str *ret);
