/* Reads one request from the front of a buffer, as far as it has come; how it was cut into pieces
 * on its way never changes what comes out. It accepts less than any other server: what two programs
 * could read in two ways is refused. */
#pragma once

#include "http/framing.h"
#include "http/request.h"

#include <stdint.h>

struct arena;

struct request_limits {
    size_t line, headers, body; /* bytes; the line and the headers with their ends */
    /* Asked once the headers are whole: how much body this request may have, where that is more
     * than `body`. NULL: none may have more. */
    size_t (*body_of)(void *with, const struct http_request *request);
    void *with;
};

enum request_parse {
    PARSE_MORE,   /* nothing wrong yet, not whole yet */
    PARSE_DONE,   /* the request is whole; request_parser_used tells where the next one begins */
    PARSE_REFUSED /* request_parser_error tells why; where the next one would begin is not known */
};

/* Members are the parser's own; use the functions. */
struct request_parser {
    struct request_limits limits;
    struct http_request *request;
    struct arena *arena;
    int phase;
    enum err error;
    struct framing framing;
    size_t at, searched;        /* read up to here; no end of line up to here */
    size_t headers_at, body_at; /* where they begin */
    uint64_t left;              /* of a body of known length, or of the chunk */
};

/* Begins a request; empties `request`. A path with escapes is decoded into the arena. */
void request_parser_begin(struct request_parser *parser, const struct request_limits *limits,
                          struct http_request *request, struct arena *arena);

/* Reads on. `data` is the whole buffer from the first byte of the request, now `len` bytes long.
 * The chunks of a body are joined in place. Once done or refused it stays so. */
enum request_parse request_parser_read(struct request_parser *parser, char *data, size_t len);

enum err request_parser_error(const struct request_parser *parser);
size_t request_parser_used(const struct request_parser *parser);

/* The headers are whole and acceptable, the body is not here yet. */
bool request_parser_in_body(const struct request_parser *parser);
/* And the client waits to be told to send it. */
bool request_parser_expects_continue(const struct request_parser *parser);
/* How much of the body has come. */
size_t request_parser_body_bytes(const struct request_parser *parser);

/* Closes the gap that joined chunks left in the buffer: gives its new length. */
size_t request_parser_squeeze(struct request_parser *parser, char *data, size_t len);

/* The buffer was copied from one place to another: the request's slices follow. */
void request_parser_moved(struct request_parser *parser, const char *from, const char *to);

/* A buffer of this size holds any request within the limits, if it is squeezed when it is full. */
size_t request_parser_most(const struct request_limits *limits);
