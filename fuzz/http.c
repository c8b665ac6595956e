/* Our request parser against http-parser: whatever ours accepts, the other must read alike, or a
 * proxy with that view of HTTP and we would disagree on where a request ends or what it says. What
 * only the other accepts is of no interest. And however the bytes are cut, ours must say the same.
 */
#include "base/arena.h"
#include "fuzz/harness.h"
#include "http/parser.h"

/* NOLINTNEXTLINE(readability-identifier-naming): both have an enum of this name */
#define http_method oracle_http_method
#include <http_parser.h>
#undef http_method

static const struct request_limits limits = {.line = 8192, .headers = 16384, .body = 65536};

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            (void)fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);   \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* What the oracle calls back, while it is held against our reading. */
struct comparison {
    const struct http_request *ours;
    struct str target_left, body_left; /* not yet seen by the oracle */
    size_t header;                     /* which one it is at */
    struct str name_left, value_left;
    bool in_value, complete, keep_alive;
};

static void take(struct str *left, const char *at, size_t length)
{
    CHECK(length <= left->len && (length == 0 || memcmp(left->ptr, at, length) == 0));
    *left = str_skip(*left, length);
}

static void enter_header(struct comparison *c)
{
    CHECK(c->header < c->ours->header_count);
    c->name_left = c->ours->headers[c->header].name;
    c->value_left = c->ours->headers[c->header].value;
    c->in_value = false;
}

static void leave_header(struct comparison *c)
{
    CHECK(c->name_left.len == 0 && c->value_left.len == 0);
    c->header++;
}

static int on_url(http_parser *parser, const char *at, size_t length)
{
    struct comparison *c = parser->data;

    take(&c->target_left, at, length);
    return 0;
}

static int on_field(http_parser *parser, const char *at, size_t length)
{
    struct comparison *c = parser->data;

    if (c->in_value) {
        leave_header(c);
        enter_header(c);
    }
    take(&c->name_left, at, length);
    return 0;
}

static int on_value(http_parser *parser, const char *at, size_t length)
{
    struct comparison *c = parser->data;

    CHECK(c->name_left.len == 0);
    c->in_value = true;
    if (length > c->value_left.len) { /* it leaves the blanks at the end where they are */
        struct str blanks = {at + c->value_left.len, length - c->value_left.len};
        CHECK(str_trim(blanks).len == 0);
        length = c->value_left.len;
    }
    take(&c->value_left, at, length);
    return 0;
}

static int on_headers(http_parser *parser)
{
    struct comparison *c = parser->data;

    if (c->ours->header_count > 0) {
        leave_header(c);
    }
    CHECK(c->header == c->ours->header_count);
    return 0;
}

static int on_body(http_parser *parser, const char *at, size_t length)
{
    struct comparison *c = parser->data;

    take(&c->body_left, at, length);
    return 0;
}

static int on_complete(http_parser *parser)
{
    struct comparison *c = parser->data;

    c->complete = true;
    c->keep_alive = http_should_keep_alive(parser) != 0;
    http_parser_pause(parser, 1); /* so that it tells where the message ended */
    return 0;
}

/* The oracle knows some methods by name and no others: what is another for us is read by it with a
 * method that it knows in its place. */
static struct str with_known_method(struct str sent)
{
    static const struct str known = {"POST ", 5};
    struct str method, rest;

    CHECK(str_cut(sent, ' ', &method, &rest) && method.len > 0);
    CHECK(!str_eq(method, STR("CONNECT")));
    for (unsigned name = GET; name < HTTP_METHODS; name++) {
        CHECK(!str_eq(method, http_method_name((enum http_method)name)));
    }
    char *copy = malloc(known.len + rest.len);
    CHECK(copy);
    memcpy(copy, known.ptr, known.len);
    memcpy(copy + known.len, rest.ptr, rest.len);
    return (struct str){copy, known.len + rest.len};
}

/* `sent` is the request as it came, all of it ours. */
static void check_against_oracle(const struct http_request *ours, struct str sent)
{
    struct comparison c = {.ours = ours, .target_left = ours->target, .body_left = ours->body};
    http_parser_settings settings;
    http_parser parser;

    http_parser_settings_init(&settings);
    settings.on_url = on_url;
    settings.on_header_field = on_field;
    settings.on_header_value = on_value;
    settings.on_headers_complete = on_headers;
    settings.on_body = on_body;
    settings.on_message_complete = on_complete;
    http_parser_init(&parser, HTTP_REQUEST);
    parser.data = &c;
    if (ours->header_count > 0) {
        enter_header(&c);
    }
    size_t read = http_parser_execute(&parser, &settings, sent.ptr, sent.len);

    CHECK(c.complete && read == sent.len);
    CHECK(c.target_left.len == 0 && c.body_left.len == 0);
    CHECK(c.keep_alive == ours->keep_alive);
    CHECK(parser.http_major == 1 && parser.http_minor == ours->minor);
    struct str method = http_method_name(ours->method == METHOD_OTHER ? POST : ours->method);
    CHECK(str_eq(str_of(http_method_str(parser.method)), method));
}

static void check_reading(const struct http_request *ours, struct str sent)
{
    struct str known = ours->method == METHOD_OTHER ? with_known_method(sent) : sent;

    check_against_oracle(ours, known);
    if (known.ptr != sent.ptr) {
        free((char *)(uintptr_t)known.ptr);
    }
}

/* What routing and authorisation rely on. */
static void check_promises(const struct http_request *request)
{
    struct str path = request->path;

    if (request->method == OPTIONS && str_eq(path, STR("*"))) {
        return;
    }
    CHECK(str_starts(path, STR("/")) && path.len <= request->target.len);
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.ptr[i];
        CHECK(c >= ' ' && c != 0x7f && c != '\\');
        struct str rest = str_skip(path, i);
        CHECK(!str_starts(rest, STR("//")) && !str_starts(rest, STR("/./")) &&
              !str_starts(rest, STR("/../")));
    }
    CHECK(!str_ends(path, STR("/.")) && !str_ends(path, STR("/..")));
    CHECK(request->minor == 0 || request->host.len > 0);
}

struct reading {
    enum request_parse parse;
    struct http_request request;
    struct request_parser parser;
    struct arena *arena;
    char *data;
};

/* Reads a copy, because a chunked body is joined in place; in pieces of `piece` bytes. */
static void read_in_pieces(struct str in, size_t piece, struct reading *ret)
{
    ret->arena = arena_create(1024, 1 << 20);
    ret->data = malloc(in.len + 1);
    CHECK(ret->arena && ret->data);
    memcpy(ret->data, in.ptr, in.len);
    request_parser_begin(&ret->parser, &limits, &ret->request, ret->arena);
    ret->parse = PARSE_MORE;
    for (size_t len = 0; len < in.len && ret->parse == PARSE_MORE;) {
        len = in.len - len > piece ? len + piece : in.len;
        ret->parse = request_parser_read(&ret->parser, ret->data, len);
    }
}

static void forget(struct reading *reading)
{
    arena_destroy(reading->arena);
    free(reading->data);
}

static void check_cutting(const struct reading *whole, struct str in, size_t piece)
{
    struct reading cut;

    read_in_pieces(in, piece, &cut);
    CHECK(cut.parse == whole->parse);
    CHECK(request_parser_error(&cut.parser) == request_parser_error(&whole->parser));
    CHECK(request_parser_used(&cut.parser) == request_parser_used(&whole->parser));
    CHECK(cut.request.header_count == whole->request.header_count);
    CHECK(str_eq(cut.request.path, whole->request.path));
    CHECK(str_eq(cut.request.query, whole->request.query));
    CHECK(str_eq(cut.request.body, whole->request.body));
    forget(&cut);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str in = {(const char *)data, size};
    bool more = size > 0;

    while (more) {
        struct reading whole;
        read_in_pieces(in, in.len, &whole);
        size_t used = request_parser_used(&whole.parser);
        more = whole.parse == PARSE_DONE && used < in.len;
        if (whole.parse == PARSE_DONE) {
            check_reading(&whole.request, str_sub(in, 0, used));
            check_promises(&whole.request);
        }
        check_cutting(&whole, in, in.len < 2048 ? 1 : 1021);
        check_cutting(&whole, in, in.len / 2 + 1);
        forget(&whole);
        in = str_skip(in, used);
    }
    return 0;
}
