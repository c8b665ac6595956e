/* A letter as it goes over the wire (RFC 5322): headers, and its text both plain and as HTML. */
#pragma once

#include "base/moment.h"
#include "mail/mailbox.h"

struct arena;

struct message {
    struct mailbox from, to;
    struct line subject;
    struct line
        id; /* without < >: the same however often it is sent, so that doubles can be told */
    struct moment date;
    struct str text, html; /* lines ended by LF */
};

/* ASCII, lines of at most 78 characters (but for a very long address), ended by CRLF. In the
 * arena. */
enum err message_write(struct arena *arena, const struct message *message, struct str *ret);
