/* The client's address, through the proxies that we trust. */
#include "web/client.h"

#include "base/arena.h"
#include "base/buf.h"
#include "http/address.h"
#include "web/web_private.h"

/* Takes the last word off a comma-separated list; false when it was the only one. */
static bool take_last(struct str *rest, struct str *ret_word)
{
    size_t at = rest->len;

    while (at > 0 && rest->ptr[at - 1] != ',') {
        at--;
    }
    *ret_word = str_trim(str_skip(*rest, at));
    rest->len = at > 0 ? at - 1 : 0;
    return at > 0;
}

/* One header line, read from its end, until it names somebody who is no proxy of ours. */
static enum err nearest_stranger(struct call *c, struct str line, struct str *ret, bool *ret_found)
{
    struct address address;
    struct str word;
    bool more = true;

    while (more && !*ret_found) {
        more = take_last(&line, &word);
        if (address_parse(word, &address) != ERR_OK) {
            return ctx_fail(&c->ctx, ERR_REQUEST_MALFORMED, STR("X-Forwarded-For"),
                            "a trusted proxy sent no address");
        }
        *ret = word;
        *ret_found = !network_list_contains(&c->web->proxies, word);
    }
    return ERR_OK;
}

bool client_is_proxy(const struct call *c)
{
    const struct network_list *proxies = &c->web->proxies;

    return proxies->count > 0 && network_list_contains(proxies, c->x->request.peer);
}

enum err client_address(struct call *c, struct str *ret)
{
    const struct http_request *request = &c->x->request;
    bool found = false;

    *ret = request->peer;
    if (!client_is_proxy(c)) {
        return ERR_OK;
    }
    for (size_t i = request->header_count; i > 0 && !found; i--) {
        const struct http_header *header = &request->headers[i - 1];
        if (str_eq_nocase(header->name, STR("x-forwarded-for"))) {
            TRY(nearest_stranger(c, header->value, ret, &found));
        }
    }
    return ERR_OK;
}

bool client_may_scrape(const struct call *c)
{
    return network_list_contains(&c->web->scrapers, c->ctx.source);
}

struct str client_network(struct call *c, struct str address)
{
    struct buf text = buf_in_arena(c->ctx.arena, 64);
    struct address parsed;

    if (address_parse(address, &parsed) != ERR_OK) {
        return address;
    }
    parsed = address_network_key(&parsed);
    address_print(&text, &parsed);
    return buf_str(&text);
}
