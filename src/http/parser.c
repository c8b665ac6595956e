/* The parser: phases that each take a line or some bytes off the front of what is left. */
#include "http/parser.h"

#include "base/hex.h"
#include "http/chars.h"
#include "http/target.h"

#include <string.h>

enum phase {
    PHASE_LINE,
    PHASE_HEADERS,
    PHASE_BODY, /* of known length */
    PHASE_CHUNK_SIZE,
    PHASE_CHUNK,
    PHASE_CHUNK_END,
    PHASE_LAST_END, /* the empty line after the last chunk */
    PHASE_DONE,
    PHASE_REFUSED
};

enum step {
    STEP_ON,
    STEP_WAIT, /* for more bytes */
    STEP_END   /* done or refused */
};

enum {
    MOST_CHUNK_LINE = 8 + 2
}; /* hexadecimal digits of 32 bits, CR LF */

static enum step refuse(struct request_parser *p, enum err e)
{
    p->error = e;
    p->phase = PHASE_REFUSED;
    p->request->keep_alive = false;
    return STEP_END;
}

static enum step go_on(struct request_parser *p, enum phase phase)
{
    p->phase = (int)phase;
    return phase == PHASE_DONE ? STEP_END : STEP_ON;
}

/* The next line without its end, which counts against `room` too: a line is refused as soon as
 * it cannot fit any more, so that the answer does not depend on how the bytes came in. */
static enum step take_line(struct request_parser *p, struct str in, size_t room, enum err too_long,
                           struct str *ret)
{
    const char *line = in.ptr + p->at;
    const char *end = memchr(in.ptr + p->searched, '\n', in.len - p->searched);
    size_t length = end ? (size_t)(end - line) + 1 : in.len - p->at;

    if (end ? length > room : length >= room) {
        return refuse(p, too_long);
    }
    if (!end) {
        p->searched = in.len;
        return STEP_WAIT;
    }
    if (length < 2 || end[-1] != '\r') {
        return refuse(p, ERR_REQUEST_MALFORMED);
    }
    p->at += length;
    p->searched = p->at;
    *ret = (struct str){line, length - 2};
    return STEP_ON;
}

static enum err read_version(struct str text, int *ret_minor)
{
    if (str_eq(text, STR("HTTP/1.1")) || str_eq(text, STR("HTTP/1.0"))) {
        *ret_minor = text.ptr[7] - '0';
        return ERR_OK;
    }
    bool shaped = text.len == 8 && str_starts(text, STR("HTTP/")) && text.ptr[6] == '.' &&
                  text.ptr[5] >= '0' && text.ptr[5] <= '9' && text.ptr[7] >= '0' &&
                  text.ptr[7] <= '9';
    return shaped ? ERR_VERSION_UNKNOWN : ERR_REQUEST_MALFORMED;
}

static enum err read_method(struct str text, enum http_method *ret)
{
    if (text.len == 0 || !chars_are(text, CHARS_TOKEN)) {
        return ERR_REQUEST_MALFORMED;
    }
    for (int method = METHOD_NONE + 1; method < HTTP_METHODS; method++) {
        if (str_eq(text, http_method_name((enum http_method)method))) {
            *ret = (enum http_method)method;
            return ERR_OK;
        }
    }
    if (str_eq(text, STR("CONNECT"))) { /* what would follow its answer is no HTTP */
        return ERR_METHOD_UNKNOWN;
    }
    *ret = METHOD_OTHER;
    return ERR_OK;
}

static enum err read_line(struct request_parser *p, struct str line)
{
    struct http_request *request = p->request;
    struct str method, rest, target, version;

    if (!str_cut(line, ' ', &method, &rest) || !str_cut(rest, ' ', &target, &version)) {
        return ERR_REQUEST_MALFORMED;
    }
    request->target = target; /* whatever else is wrong: it says whose error it is */
    TRY(read_version(version, &request->minor));
    TRY(read_method(method, &request->method));
    return target_read(request, p->arena);
}

/* As much of a target that is too long as there is room for: it says whose error it is. */
static void keep_target(struct request_parser *p, struct str in)
{
    struct str line = str_sub(in, p->at, p->limits.line), method, rest, version;

    if (str_cut(line, ' ', &method, &rest)) {
        (void)str_cut(rest, ' ', &p->request->target, &version);
    }
}

static enum step line_phase(struct request_parser *p, struct str in)
{
    struct str line;

    /* What does not even begin like a request (TLS, mostly) is not waited for. */
    if (in.len > 0 && !chars_are(str_sub(in, 0, 1), CHARS_TOKEN)) {
        return refuse(p, ERR_REQUEST_MALFORMED);
    }
    enum step step = take_line(p, in, p->limits.line, ERR_TARGET_LONG, &line);
    if (step != STEP_ON) {
        if (p->error == ERR_TARGET_LONG) {
            keep_target(p, in);
        }
        return step;
    }
    enum err e = read_line(p, line);
    p->headers_at = p->at;
    return e == ERR_OK ? go_on(p, PHASE_HEADERS) : refuse(p, e);
}

static enum err read_header(struct request_parser *p, struct str line)
{
    struct http_request *request = p->request;
    struct http_header header;

    if (request->header_count == HTTP_MOST_HEADERS) {
        return ERR_HEADERS_LARGE;
    }
    /* A name must be a token: so none that is empty, none with a space before the colon, and no
     * continued line, which begins with a space. */
    if (!str_cut(line, ':', &header.name, &header.value) || header.name.len == 0 ||
        !chars_are(header.name, CHARS_TOKEN) || !chars_are(header.value, CHARS_VALUE)) {
        return ERR_REQUEST_MALFORMED; /* a tab, too: servers read "close\t" in different ways */
    }
    header.value = str_trim(header.value);
    request->headers[request->header_count++] = header;
    return framing_note(&p->framing, &header);
}

/* Only where the usual limit might not do: to ask costs every request its route once more. */
static void find_limit(struct request_parser *p)
{
    bool may_be_larger =
        p->framing.chunked || (uint64_t)p->framing.length > (uint64_t)p->limits.body;

    if (may_be_larger && p->limits.body_of) {
        size_t most = p->limits.body_of(p->limits.with, p->request);
        p->limits.body = most > p->limits.body ? most : p->limits.body;
    }
}

static enum step end_headers(struct request_parser *p)
{
    enum err e = framing_settle(&p->framing, p->request);

    if (e != ERR_OK) {
        return refuse(p, e);
    }
    p->body_at = p->at;
    find_limit(p);
    if (p->framing.chunked) {
        return go_on(p, PHASE_CHUNK_SIZE);
    }
    p->left = (uint64_t)p->framing.length;
    if (p->left > p->limits.body) {
        return refuse(p, ERR_BODY_LARGE);
    }
    return go_on(p, p->left > 0 ? PHASE_BODY : PHASE_DONE);
}

static enum step headers_phase(struct request_parser *p, struct str in)
{
    size_t room = p->limits.headers - (p->at - p->headers_at);
    struct str line;
    enum step step = take_line(p, in, room, ERR_HEADERS_LARGE, &line);

    if (step != STEP_ON) {
        return step;
    }
    if (line.len == 0) {
        return end_headers(p);
    }
    enum err e = read_header(p, line);
    return e == ERR_OK ? STEP_ON : refuse(p, e);
}

/* A body is read by its framing whatever the method, so that both ends agree on where the next
 * request begins; a GET that has one is nobody's business but the route's. */
static enum step body_phase(struct request_parser *p, struct str in)
{
    size_t here = in.len - p->at < p->left ? in.len - p->at : (size_t)p->left;

    p->at += here;
    p->left -= here;
    p->request->body = (struct str){in.ptr + p->body_at, p->at - p->body_at};
    return p->left > 0 ? STEP_WAIT : go_on(p, PHASE_DONE);
}

static enum step chunk_size_phase(struct request_parser *p, struct str in)
{
    struct str line;
    uint64_t size = 0;
    enum step step = take_line(p, in, MOST_CHUNK_LINE, ERR_REQUEST_MALFORMED, &line);

    if (step != STEP_ON) {
        return step;
    }
    /* Digits alone: no sign, no blank, no extension. */
    for (size_t i = 0; i < line.len; i++) {
        int digit = hex_digit(line.ptr[i]);
        if (digit < 0) {
            return refuse(p, ERR_REQUEST_MALFORMED);
        }
        size = size * 16 + (uint64_t)digit;
    }
    if (line.len == 0) {
        return refuse(p, ERR_REQUEST_MALFORMED);
    }
    if (size > p->limits.body - p->request->body.len) {
        return refuse(p, ERR_BODY_LARGE);
    }
    p->left = size;
    return go_on(p, size > 0 ? PHASE_CHUNK : PHASE_LAST_END);
}

static enum step chunk_phase(struct request_parser *p, struct str in, char *data)
{
    struct str *body = &p->request->body;
    size_t here = in.len - p->at < p->left ? in.len - p->at : (size_t)p->left;

    memmove(data + p->body_at + body->len, data + p->at, here);
    *body = (struct str){data + p->body_at, body->len + here};
    p->at += here;
    p->searched = p->at;
    p->left -= here;
    return p->left > 0 ? STEP_WAIT : go_on(p, PHASE_CHUNK_END);
}

/* Trailers are refused by the same rule: they would be headers that nobody looked at. */
static enum step empty_line_phase(struct request_parser *p, struct str in, enum phase next)
{
    struct str line;
    enum step step = take_line(p, in, 2, ERR_REQUEST_MALFORMED, &line);

    return step == STEP_ON ? go_on(p, next) : step;
}

static enum step step_on(struct request_parser *p, char *data, size_t len)
{
    struct str in = {data, len};

    switch ((enum phase)p->phase) {
    case PHASE_LINE:
        return line_phase(p, in);
    case PHASE_HEADERS:
        return headers_phase(p, in);
    case PHASE_BODY:
        return body_phase(p, in);
    case PHASE_CHUNK_SIZE:
        return chunk_size_phase(p, in);
    case PHASE_CHUNK:
        return chunk_phase(p, in, data);
    case PHASE_CHUNK_END:
        return empty_line_phase(p, in, PHASE_CHUNK_SIZE);
    case PHASE_LAST_END:
        return empty_line_phase(p, in, PHASE_DONE);
    case PHASE_DONE:
    case PHASE_REFUSED:
        break;
    }
    return STEP_END;
}

void request_parser_begin(struct request_parser *parser, const struct request_limits *limits,
                          struct http_request *request, struct arena *arena)
{
    *parser = (struct request_parser){.limits = *limits, .request = request, .arena = arena};
    /* Member by member: the room for the headers is three kilobytes, and is not looked at beyond
     * the count. */
    request->method = METHOD_NONE;
    request->target = request->path = request->query = (struct str){0};
    request->host = request->body = request->peer = (struct str){0};
    request->header_count = 0;
    request->minor = 1;
    request->keep_alive = false;
}

enum request_parse request_parser_read(struct request_parser *parser, char *data, size_t len)
{
    enum step step = STEP_ON;

    while (step == STEP_ON) {
        step = step_on(parser, data, len);
    }
    if (step == STEP_WAIT) {
        return PARSE_MORE;
    }
    return parser->phase == PHASE_DONE ? PARSE_DONE : PARSE_REFUSED;
}

enum err request_parser_error(const struct request_parser *parser)
{
    return parser->error;
}

size_t request_parser_used(const struct request_parser *parser)
{
    return parser->at;
}

bool request_parser_in_body(const struct request_parser *parser)
{
    return parser->phase >= PHASE_BODY && parser->phase < PHASE_DONE;
}

bool request_parser_expects_continue(const struct request_parser *parser)
{
    /* A client of HTTP/1.0 is not told (RFC 9110, 10.1.1). */
    return parser->framing.expects_continue && parser->request->minor == 1;
}

size_t request_parser_body_bytes(const struct request_parser *parser)
{
    return parser->request->body.len;
}

size_t request_parser_squeeze(struct request_parser *parser, char *data, size_t len)
{
    size_t joined = parser->body_at + parser->request->body.len;

    if (!request_parser_in_body(parser) || parser->at == joined) {
        return len;
    }
    size_t gap = parser->at - joined;
    memmove(data + joined, data + parser->at, len - parser->at);
    parser->searched -= gap;
    parser->at = joined;
    return len - gap;
}

/* Slices of the buffer move with it; a decoded path is in the arena and stays. */
static void follow(struct str *slice, const char *from, const char *to, size_t size)
{
    size_t offset = (uintptr_t)slice->ptr - (uintptr_t)from;

    if (slice->ptr && offset <= size) {
        slice->ptr = to + offset;
    }
}

void request_parser_moved(struct request_parser *parser, const char *from, const char *to)
{
    struct http_request *request = parser->request;
    size_t size = parser->at;

    follow(&request->target, from, to, size);
    follow(&request->path, from, to, size);
    follow(&request->query, from, to, size);
    follow(&request->host, from, to, size);
    follow(&request->body, from, to, size);
    for (size_t i = 0; i < request->header_count; i++) {
        follow(&request->headers[i].name, from, to, size);
        follow(&request->headers[i].value, from, to, size);
    }
}

size_t request_parser_most(const struct request_limits *limits)
{
    return limits->line + limits->headers + limits->body + MOST_CHUNK_LINE + 2;
}
