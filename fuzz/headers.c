/* Values of headers, one a line: its first byte says of which header, the rest is the value. What
 * is made of cookies, of X-Forwarded-For and of content-types is held against a slow second
 * reading. */
#include "base/arena.h"
#include "fuzz/harness.h"
#include "http/address.h"
#include "web/caller.h"
#include "web/client.h"
#include "web/mock.h"
#include "web/web_private.h"

enum {
    LINES = 20
};

static const struct {
    char sign;
    struct str name;
} names[] = {
    {'c', {"cookie", 6}          },
    {'f', {"x-forwarded-for", 15}},
    {'t', {"content-type", 12}   },
    {'a', {"authorization", 13}  },
    {'u', {"x-user-id", 9}       },
};

/* As the parser leaves them: no control characters but tabs, no blanks at the ends. */
static bool is_value(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    return str_trim(text).len == text.len;
}

/* Headers that may stand only once are refused by the parser when they stand twice. */
static bool may_stand(const struct http_request *request, char sign, struct str name)
{
    bool many = sign == 'c' || sign == 'f' || sign == 'u';

    return many || !str_is_set(http_header(request, name));
}

static void send_lines(struct mock *mock, struct str text)
{
    struct http_request *request = &mock->x.request;
    struct str line;

    while (str_next(&text, '\n', &line) && request->header_count < LINES) {
        struct str value = str_skip(line, 1);
        for (size_t i = 0; i < ARRAY_LEN(names) && line.len > 0; i++) {
            if (line.ptr[0] == names[i].sign && is_value(value) &&
                may_stand(request, line.ptr[0], names[i].name)) {
                request->headers[request->header_count++] =
                    (struct http_header){names[i].name, value};
            }
        }
    }
}

/* How many pairs of that name there are, and the last one's value. */
static size_t pairs_named(struct str cookies, struct str name, struct str *ret)
{
    size_t count = 0;
    bool more = cookies.len > 0;

    for (struct str pair, key, value; more;) {
        more = str_cut(cookies, ';', &pair, &cookies);
        if (str_cut(str_trim(pair), '=', &key, &value) && str_eq(key, name)) {
            *ret = value;
            count++;
        }
    }
    return count;
}

static void read_cookies(const struct call *c)
{
    const struct str name = STR("__Host-x");
    struct str cookies = http_header(&c->x->request, STR("cookie")), wanted = {0};
    struct str found = call_cookie(c, name);

    size_t count = pairs_named(cookies, name, &wanted);
    PROMISE(count == 1 || !str_is_set(found));
    PROMISE(count != 1 || str_eq(found, wanted));
    PROMISE(!str_contains(found, ';'));
}

/* The words of a line, in an array that holds them all. */
static struct str *words_of(const struct call *c, struct str line, size_t *ret_count)
{
    struct str *words = arena_array(c->ctx.arena, line.len + 1, sizeof *words);
    bool more = true;

    PROMISE(words);
    for (*ret_count = 0; more; (*ret_count)++) {
        struct str word;
        more = str_cut(line, ',', &word, &line);
        words[*ret_count] = str_trim(word);
    }
    return words;
}

/* From the peer outwards: the first address that is none of ours, if all before it can be read. */
static enum err nearest(const struct call *c, struct str *ret)
{
    const struct http_request *request = &c->x->request;

    *ret = request->peer;
    for (size_t i = request->header_count; i > 0; i--) {
        const struct http_header *header = &request->headers[i - 1];
        size_t count = 0;
        struct str *words = words_of(c, header->value, &count);
        count = str_eq(header->name, STR("x-forwarded-for")) ? count : 0;
        for (struct address address; count > 0; count--) {
            if (address_parse(words[count - 1], &address) != ERR_OK) {
                return ERR_REQUEST_MALFORMED;
            }
            *ret = words[count - 1];
            if (!network_list_contains(&c->web->proxies, *ret)) {
                return ERR_OK;
            }
        }
    }
    return ERR_OK;
}

static void read_forwarded(struct call *c)
{
    struct str ours = {0}, theirs = {0};
    struct address address;

    c->x->request.peer = STR("192.0.2.7");
    PROMISE(!client_is_proxy(c));
    PROMISE(client_address(c, &ours) == ERR_OK && str_eq(ours, STR("192.0.2.7")));
    c->x->request.peer = STR("10.0.0.1");
    PROMISE(client_is_proxy(c));
    enum err e = client_address(c, &ours);
    PROMISE(e == nearest(c, &theirs));
    PROMISE(e == ERR_OK || c->ctx.reason.err == ERR_REQUEST_MALFORMED);
    if (e == ERR_OK) {
        PROMISE(str_eq(ours, theirs) && address_parse(ours, &address) == ERR_OK);
        PROMISE(address_parse(client_network(c, ours), &address) == ERR_OK);
    }
}

/* What is taken for JSON is JSON by its name, with nothing behind it but the one charset. */
static void read_type(struct call *c)
{
    static const struct shape nothing = {.name = "nothing"};
    static const struct route route = {.takes = &nothing};
    struct str type = http_header(&c->x->request, STR("content-type")), essence, rest;
    char ignored = 0;

    c->route = &route;
    c->x->request.body = STR("{}");
    enum err e = read_body(c, &ignored);
    PROMISE(e == ERR_OK || e == ERR_BODY_TYPE);
    str_cut(type, ';', &essence, &rest);
    bool is_json = str_eq_nocase(str_trim(essence), STR("application/json"));
    PROMISE(e != ERR_OK || (is_json && str_trim(rest).len <= 15));
    PROMISE(e == ERR_OK || !is_json || str_trim(rest).len > 0);
}

/* Whatever is shown that is no token of ours, nobody is signed in by it. A value that says "Bearer"
 * is looked at by the domain, which fuzz/credentials.c tries. */
static void read_authorization(struct call *c)
{
    struct str value = http_header(&c->x->request, STR("authorization")), scheme, token;

    c->ctx.reason = (struct reason){0};
    if (str_cut(value, ' ', &scheme, &token) && str_eq_nocase(scheme, STR("Bearer"))) {
        return;
    }
    enum err e = caller_identify(c);
    PROMISE(e == (str_is_set(value) ? ERR_TOKEN_INVALID : ERR_OK));
    PROMISE(c->ctx.actor.kind == ACTOR_NOBODY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mock mock;
    static struct web web;
    struct reason reason = {0};

    mock_make(&mock);
    mock.call.web = &web;
    PROMISE(network_list_parse(mock.x.arena, STR("10.0.0.0/8 2001:db8::/32"), &reason,
                               &web.proxies) == ERR_OK);
    send_lines(&mock, (struct str){(const char *)data, size});
    read_cookies(&mock.call);
    read_forwarded(&mock.call);
    read_type(&mock.call);
    read_authorization(&mock.call);
    mock_destroy(&mock);
    return 0;
}
