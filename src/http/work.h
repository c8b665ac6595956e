/* What a connection needs only while it has a request: the exchange, its buffers, its arena. A loop
 * keeps a few of them warm, so that no request costs an allocation and an idle connection costs
 * next to nothing. */
#pragma once

#include "http/answer.h"
#include "http/exchange.h"
#include "http/parser.h"

struct connection;

struct work {
    struct exchange exchange;
    struct connection *connection;
    struct work *next; /* in the pool or the mailbox of a loop */
    struct request_parser parser;
    struct answer answer;
    char *input;
    size_t input_len, input_size;
    size_t input_touched; /* up to here there may be something to wipe */
    int64_t large_ns;     /* since when it has taken more than usual; 0: it has not */
    int64_t body_ns;      /* when the wait for the body began; 0: not yet */
    char headers[2048];   /* more grow in the arena */
};

struct work *work_create(void); /* NULL when there is no memory */
void work_destroy(struct work *work);

/* Ready for the next request, whose first bytes may be in the buffer already. */
void work_begin(struct work *work, const struct request_limits *limits);

/* Room for more bytes behind those in the buffer; false when there is no memory. */
bool work_make_room(struct work *work);

/* The request was answered: removes it from the buffer and everything of it from memory, wiped. */
void work_end(struct work *work);
