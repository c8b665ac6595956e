#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "http/framing.h"
#include "http/parser.h"
#include "http/request.h"
#include "http/target.h"

#include <stdlib.h>

static const struct request_limits limits = {.line = 64, .headers = 256, .body = 32};

/* Everything that came out of a request, as text, so that two readings can be compared. */
struct reading {
    enum request_parse parse;
    size_t used;
    char text[2048];
};

static void describe(const struct request_parser *parser, enum request_parse parse,
                     struct reading *ret)
{
    const struct http_request *r = parser->request;
    struct buf out = buf_over(ret->text, sizeof ret->text - 1);

    ret->parse = parse;
    ret->used = request_parser_used(parser);
    buf_print(&out, "%d %s %s 1.%d keep=%d", (int)parse, err_name(request_parser_error(parser)),
              http_method_name(r->method).ptr, r->minor, r->keep_alive);
    buf_print(&out, " target=%.*s path=%.*s query=%.*s host=%.*s", STR_ARG(r->target),
              STR_ARG(r->path), STR_ARG(r->query), STR_ARG(r->host));
    for (size_t i = 0; i < r->header_count; i++) {
        buf_print(&out, " [%.*s]=[%.*s]", STR_ARG(r->headers[i].name),
                  STR_ARG(r->headers[i].value));
    }
    buf_print(&out, " body=%.*s", STR_ARG(r->body));
    assert_false(out.failed);
    ret->text[out.len] = '\0';
}

/* Reads with the bytes coming in two pieces. */
static void read_in_two(struct str text, size_t first, struct reading *ret)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 20);
    struct http_request request;
    struct request_parser parser;
    char *data = malloc(text.len + 1);

    memcpy(data, text.ptr, text.len);
    request_parser_begin(&parser, &limits, &request, arena);
    enum request_parse parse = request_parser_read(&parser, data, first);
    if (parse == PARSE_MORE) {
        parse = request_parser_read(&parser, data, text.len);
    }
    describe(&parser, parse, ret);
    free(data);
}

/* Byte by byte, in a buffer that moves each time and is squeezed each time. */
static void read_in_crumbs(struct str text, struct reading *ret)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 20);
    struct http_request request;
    struct request_parser parser;
    enum request_parse parse = PARSE_MORE;
    char *data = calloc(1, 1);
    size_t len = 0;

    request_parser_begin(&parser, &limits, &request, arena);
    for (size_t i = 0; i < text.len && parse == PARSE_MORE; i++) {
        char *moved = malloc(len + 1);
        memcpy(moved, data, len);
        request_parser_moved(&parser, data, moved);
        free(data);
        data = moved;
        data[len++] = text.ptr[i];
        parse = request_parser_read(&parser, data, len);
        len = request_parser_squeeze(&parser, data, len);
        assert_true(len <= request_parser_most(&limits));
    }
    describe(&parser, parse, ret);
    free(data);
}

/* Reads whole, and sees that no way of cutting it changes anything. */
static void read_every_way(struct str text, struct reading *ret)
{
    struct reading again;

    read_in_two(text, text.len, ret);
    for (size_t first = 0; first < text.len; first++) {
        read_in_two(text, first, &again);
        assert_string_equal(again.text, ret->text);
        assert_int_equal(again.used, ret->used);
    }
    read_in_crumbs(text, &again);
    assert_string_equal(again.text, ret->text);
}

#define LINE    "POST /a HTTP/1.1\r\n"
#define HOST    "Host: a\r\n"
#define CHUNKED LINE HOST "Transfer-Encoding: chunked\r\n\r\n"
#define T(text)                                                                                    \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

/* clang-format off */
static const struct {
    struct str text;
    enum err refused;
} refused[] = {
    /* request line */
    {T("\r\n" LINE HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T(" GET / HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("\x16\x03\x01"), ERR_REQUEST_MALFORMED},
    {T("GET  / HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /  HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1 \r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET\t/ HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /\rHTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / http/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.10\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/01.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.2\r\n" HOST "\r\n"), ERR_VERSION_UNKNOWN},
    {T("GET / HTTP/0.9\r\n\r\n"), ERR_VERSION_UNKNOWN},
    {T("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), ERR_VERSION_UNKNOWN},
    {T("CONNECT a:1 HTTP/1.1\r\n" HOST "\r\n"), ERR_METHOD_UNKNOWN},
    {T("CONNECT / HTTP/1.1\r\n" HOST "\r\n"), ERR_METHOD_UNKNOWN},
    {T("BREW * HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET, / HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa HTTP/1.1\r\n"), ERR_TARGET_LONG},
    {T("GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), ERR_TARGET_LONG},
    /* target */
    {T("GET http://a/ HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET http://b/ HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET * HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET ?a HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET a HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET //a HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /a//b HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /a// HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /. HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /a/../b HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /a/.. HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /a/%2e%2E/b HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /a/.%2e HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /%2fa HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /a%5Cb HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /a\\b HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /%00 HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /%0a HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /%7f HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /% HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /%4 HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /%4g HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /%-1 HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /%c0%af HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /%c3 HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /%ed%a0%80 HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /%f4%90%80%80 HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /%e2%28%a1 HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /\xc3\xa4 HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /a#b HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /a?b#c HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /a?%00 HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /a?%x HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /a?\x01 HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET /a\0b HTTP/1.1\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    /* header lines */
    {T(LINE HOST "A : b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "A\t: b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST " A: b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE " A: b\r\n" HOST "\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "A: b\r\n c\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "A: b\r\n\tc\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST ": b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "A\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "A(: b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "\xc3\xa4: b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "A: b\tc\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Connection: close\t\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "A: b\0\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "A\0: b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "A: b\x01\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "A: b\x7f\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "A: b\rc\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "A: b\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "A: b\r\n\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "A: b\r\r\n\r\n"), ERR_REQUEST_MALFORMED},
    /* host */
    {T("GET / HTTP/1.1\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\nHost:\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.0\r\nHost: \t\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\n" HOST "hOST: a\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\nHost: a%41\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\nHost: :80\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\nHost: a:\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\nHost: a:0\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\nHost: ::1\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\nHost: [a.b]\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n"), ERR_REQUEST_MALFORMED},
    /* lengths */
    {T(LINE HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\nab"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Content-Length: 1, 1\r\n\r\na"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Content-Length: +1\r\n\r\na"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Content-Length: -1\r\n\r\na"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Content-Length: 0x1\r\n\r\na"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Content-Length: 01\r\n\r\na"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Content-Length: 1 1\r\n\r\na"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Content-Length: 1.0\r\n\r\na"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Content-Length:\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Content-Length: 9223372036854775808\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Content-Length: 18446744073709551617\r\n\r\na"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Content-Length: 9223372036854775807\r\n\r\n"), ERR_BODY_LARGE},
    {T(LINE HOST "Content-Length: 33\r\n\r\n"), ERR_BODY_LARGE},
    {T(LINE HOST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Transfer-Encoding: chunked, chunked\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Transfer-Encoding: gzip, chunked\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Transfer-Encoding: identity\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Transfer-Encoding: xchunked\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Transfer-Encoding: \"chunked\"\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Transfer-Encoding:\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Transfer-Encoding: chunked;a=b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "transfer-encodingchunked: chunked\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Content-Length-: 1\r\n\r\n"), ERR_REQUEST_MALFORMED},
    /* chunks */
    {T(CHUNKED "\r\n"), ERR_REQUEST_MALFORMED},
    {T(CHUNKED "g\r\n"), ERR_REQUEST_MALFORMED},
    {T(CHUNKED "+1\r\na\r\n0\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(CHUNKED "-1\r\na\r\n0\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(CHUNKED "0x1\r\na\r\n0\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(CHUNKED " 1\r\na\r\n0\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(CHUNKED "1 \r\na\r\n0\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(CHUNKED "1;a=b\r\na\r\n0\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(CHUNKED "1\na\r\n0\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(CHUNKED "1\r\na\n0\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(CHUNKED "1\r\nab\r\n0\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(CHUNKED "1\r\na0\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(CHUNKED "0\r\nA: b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(CHUNKED "0\r\n\n"), ERR_REQUEST_MALFORMED},
    {T(CHUNKED "000000001\r\na\r\n0\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(CHUNKED "100000001\r\na\r\n0\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(CHUNKED "21\r\n"), ERR_BODY_LARGE},
    {T(CHUNKED "ffffffff\r\n"), ERR_BODY_LARGE},
    {T(CHUNKED "20\r\n0123456789abcdef0123456789abcdef\r\n1\r\n"), ERR_BODY_LARGE},
    /* what may stand only once, and what must agree */
    {T(LINE HOST "Content-Type: a/b\r\ncontent-type: a/b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Authorization: a\r\nAuthorization: b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Cookie: a=b\r\nCookie: a=c\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Origin: null\r\nOrigin: null\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "X-Request-Id: a\r\nx-request-id: b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "x-service-key: a\r\nX-Service-Key: b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "x-gym-id: a\r\nX-Gym-Id: b\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Connection: close, keep-alive\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Connection: close\r\nConnection: keep-alive\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Connection: TE, Clo, close\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Connection: ,close\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Connection:\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Connection: close;\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Expect: 100-continue\r\nExpect: 100-continue\r\n\r\n"), ERR_REQUEST_MALFORMED},
    {T(LINE HOST "Expect: 200-ok\r\n\r\n"), ERR_EXPECTATION},
};

static const struct {
    struct str text;
    const char *read;
} accepted[] = {
    {T("GET / HTTP/1.1\r\n" HOST "\r\n"),
     "1 ERR_OK GET 1.1 keep=1 target=/ path=/ query= host=a [Host]=[a] body="},
    {T("OPTIONS * HTTP/1.1\r\n" HOST "\r\n"),
     "1 ERR_OK OPTIONS 1.1 keep=1 target=* path=* query= host=a [Host]=[a] body="},
    {T("PROPFIND /a HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx"),
     "1 ERR_OK OTHER 1.1 keep=1 target=/a path=/a query= host=a [Host]=[a] [Content-Length]=[1] body=x"},
    {T("get / HTTP/1.1\r\n" HOST "\r\n"),
     "1 ERR_OK OTHER 1.1 keep=1 target=/ path=/ query= host=a [Host]=[a] body="},
    {T("HEAD /a/?b=c%2F%0A&d=? HTTP/1.1\r\nHost: a.B-c_d:65535\r\n\r\n"),
     "1 ERR_OK HEAD 1.1 keep=1 target=/a/?b=c%2F%0A&d=? path=/a/ query=b=c%2F%0A&d=?"
     " host=a.B-c_d:65535 [Host]=[a.B-c_d:65535] body="},
    {T("DELETE /u/%41%c3%a4%252f.%2e. HTTP/1.1\r\nHost: [2001:DB8::1.2.3.4]:1\r\n\r\n"),
     "1 ERR_OK DELETE 1.1 keep=1 target=/u/%41%c3%a4%252f.%2e. path=/u/A\xc3\xa4%2f... query="
     " host=[2001:DB8::1.2.3.4]:1 [Host]=[[2001:DB8::1.2.3.4]:1] body="},
    {T("PATCH /a HTTP/1.1\r\nHost: [::1]\r\nA:\r\nB:   c d  \r\nX: \xff\r\nX: y\r\n\r\n"),
     "1 ERR_OK PATCH 1.1 keep=1 target=/a path=/a query= host=[::1]"
     " [Host]=[[::1]] [A]=[] [B]=[c d] [X]=[\xff] [X]=[y] body="},
    {T("GET / HTTP/1.0\r\n\r\n"),
     "1 ERR_OK GET 1.0 keep=0 target=/ path=/ query= host= body="},
    {T("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"),
     "1 ERR_OK GET 1.0 keep=1 target=/ path=/ query= host= [Connection]=[Keep-Alive] body="},
    {T("GET / HTTP/1.1\r\n" HOST "connection: TE, Close\r\n\r\n"),
     "1 ERR_OK GET 1.1 keep=0 target=/ path=/ query= host=a [Host]=[a] [connection]=[TE, Close] body="},
    {T(LINE HOST "Content-Length: 5\r\nExpect: 100-Continue\r\n\r\nab\r\nc"),
     "1 ERR_OK POST 1.1 keep=1 target=/a path=/a query= host=a"
     " [Host]=[a] [Content-Length]=[5] [Expect]=[100-Continue] body=ab\r\nc"},
    {T("PUT /a HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n"),
     "1 ERR_OK PUT 1.1 keep=1 target=/a path=/a query= host=a [Host]=[a] [Content-Length]=[0] body="},
    {T("GET /a HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx"),
     "1 ERR_OK GET 1.1 keep=1 target=/a path=/a query= host=a [Host]=[a] [Content-Length]=[1] body=x"},
    {T(CHUNKED "1\r\na\r\n00A\r\n0123456789\r\n0\r\n\r\n"),
     "1 ERR_OK POST 1.1 keep=1 target=/a path=/a query= host=a"
     " [Host]=[a] [Transfer-Encoding]=[chunked] body=a0123456789"},
    {T(CHUNKED "20\r\n0123456789abcdef0123456789abcdef\r\n0\r\n\r\n"),
     "1 ERR_OK POST 1.1 keep=1 target=/a path=/a query= host=a"
     " [Host]=[a] [Transfer-Encoding]=[chunked] body=0123456789abcdef0123456789abcdef"},
    {T(CHUNKED "0\r\n\r\n"),
     "1 ERR_OK POST 1.1 keep=1 target=/a path=/a query= host=a"
     " [Host]=[a] [Transfer-Encoding]=[chunked] body="},
};
/* clang-format on */

static void what_is_odd_is_refused_however_it_comes_in(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct reading reading;
        char expected[64];
        read_every_way(refused[i].text, &reading);
        (void)snprintf(expected, sizeof expected, "2 %s ", err_name(refused[i].refused));
        if (strncmp(reading.text, expected, strlen(expected)) != 0) {
            fail_msg("row %zu: expected %sbut got %s for %s", i, expected, reading.text,
                     refused[i].text.ptr);
        }
        assert_non_null(strstr(reading.text, "keep=0"));
    }
}

static void what_is_right_is_read_however_it_comes_in(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(accepted); i++) {
        struct reading reading;
        read_every_way(accepted[i].text, &reading);
        assert_string_equal(reading.text, accepted[i].read);
        assert_int_equal(reading.used, accepted[i].text.len);
    }
}

static void every_shorter_beginning_waits_for_more(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(accepted); i++) {
        for (size_t len = 0; len < accepted[i].text.len; len++) {
            struct reading reading;
            read_in_two(str_sub(accepted[i].text, 0, len), len, &reading);
            assert_int_equal(reading.parse, PARSE_MORE);
        }
    }
}

static void the_next_request_begins_where_this_one_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(accepted); i++) {
        char memory[1024];
        struct buf both = buf_over(memory, sizeof memory);
        struct reading reading;
        size_t len = accepted[i].text.len;
        buf_put(&both, accepted[i].text);
        buf_put(&both, STR("GET / HTTP/1.1\r\n"));
        read_in_two(buf_str(&both), both.len, &reading);
        assert_string_equal(reading.text, accepted[i].read);
        assert_int_equal(reading.used, len);
    }
}

/* A request of `count` headers with `bytes` in each value. */
static enum err error_of_headers(size_t count, size_t bytes)
{
    const struct request_limits wide = {.line = 64, .headers = 16384, .body = 32};
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 20);
    struct buf text = buf_in_arena(arena, 1 << 19);
    struct http_request request;
    struct request_parser parser;

    buf_put(&text, STR("GET / HTTP/1.1\r\nHost: a\r\n"));
    for (size_t i = 1; i < count; i++) {
        buf_put(&text, STR("A: "));
        for (size_t k = 0; k < bytes; k++) {
            buf_put_char(&text, 'x');
        }
        buf_put(&text, STR("\r\n"));
    }
    buf_put(&text, STR("\r\n"));
    request_parser_begin(&parser, &wide, &request, arena);
    assert_int_not_equal(request_parser_read(&parser, text.data, text.len), PARSE_MORE);
    return request_parser_error(&parser);
}

static void of_a_target_that_is_too_long_its_beginning_is_known(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 20);
    static const char text[] =
        "GET /activate?token=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    char data[sizeof text];
    struct http_request request;
    struct request_parser parser;

    memcpy(data, text, sizeof data);
    request_parser_begin(&parser, &limits, &request, arena);
    assert_int_equal(request_parser_read(&parser, data, sizeof data - 1), PARSE_REFUSED);
    assert_int_equal(parser.error, ERR_TARGET_LONG);
    assert_true(str_starts(request.target, STR("/activate?token=aa")));
    assert_true(request.target.len < limits.line);
}

static void headers_have_a_limit_in_number_and_in_bytes(void **state)
{
    (void)state;
    assert_ok(error_of_headers(HTTP_MOST_HEADERS, 1));
    assert_err(error_of_headers(HTTP_MOST_HEADERS + 1, 1), ERR_HEADERS_LARGE);
    /* 9 bytes of Host, the empty line, and one header that fills the rest exactly */
    assert_ok(error_of_headers(2, 16384 - 9 - 2 - 5));
    assert_err(error_of_headers(2, 16384 - 9 - 2 - 5 + 1), ERR_HEADERS_LARGE);
}

static void headers_are_found_without_case_and_the_first_counts(void **state)
{
    (void)state;
    struct http_request request = {
        .headers = {{STR("X-A"), STR("1")}, {STR("x-a"), STR("2")}, {STR("B"), STR("")}},
        .header_count = 3
    };

    assert_str(http_header(&request, STR("x-A")), "1");
    assert_true(str_is_set(http_header(&request, STR("b"))));
    assert_false(str_is_set(http_header(&request, STR("c"))));
}

static void a_path_that_finds_no_memory_is_told_as_that(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(16, 2);
    struct http_request request = {.method = GET, .target = STR("/%41bc")};

    assert_err(target_read(&request, arena), ERR_MEMORY);
    request.target = STR("/Abc"); /* nothing to decode, nothing to keep */
    assert_ok(target_read(&request, arena));
    assert_str(request.path, "/Abc");
}

static void headers_of_no_concern_leave_the_framing_alone(void **state)
{
    (void)state;
    struct framing framing = {0}, untouched = {0};
    const struct http_header header = {STR("X-Forwarded-For"), STR("192.0.2.1")};

    assert_ok(framing_note(&framing, &header));
    assert_ok(framing_note(&framing, &header)); /* it may stand again */
    assert_memory_equal(&framing, &untouched, sizeof framing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_odd_is_refused_however_it_comes_in),
        cmocka_unit_test(what_is_right_is_read_however_it_comes_in),
        cmocka_unit_test(every_shorter_beginning_waits_for_more),
        cmocka_unit_test(the_next_request_begins_where_this_one_ends),
        cmocka_unit_test(of_a_target_that_is_too_long_its_beginning_is_known),
        cmocka_unit_test(headers_have_a_limit_in_number_and_in_bytes),
        cmocka_unit_test(headers_are_found_without_case_and_the_first_counts),
        cmocka_unit_test(a_path_that_finds_no_memory_is_told_as_that),
        cmocka_unit_test(headers_of_no_concern_leave_the_framing_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
