/* Host, held against the names that are ours. */
#include "web/own_name.h"

#include "http/host.h"
#include "web/web_private.h"

/* RFC 6761, 6.3: browsers ask nobody where these are. */
static bool is_local(struct str name)
{
    const struct str below = STR(".localhost");
    size_t before = name.len > below.len ? name.len - below.len : 0;

    return str_eq_nocase(name, STR("localhost")) ||
           (before > 0 && str_eq_nocase(str_skip(name, before), below));
}

/* "https://HOST[:PORT][/PATH]", as the setting was looked at. */
static bool is_public(struct str url, struct str name)
{
    struct str authority, path;
    struct host host;

    url = str_skip(url, str_starts(url, STR("https://")) ? 8 : 7);
    str_cut(url, '/', &authority, &path);
    return host_parse(authority, &host) == ERR_OK && str_eq_nocase(host.name, name);
}

bool own_name_is_used(const struct call *c)
{
    struct host host;

    if (host_parse(c->x->request.host, &host) != ERR_OK) { /* HTTP/1.0 may name nobody */
        return false;
    }
    return host.is_address || is_local(host.name) || is_public(c->web->plan.public_url, host.name);
}

enum err own_name_refuse(struct call *c, enum err e)
{
    return ctx_fail(&c->ctx, e, STR(""),
                    "open to addresses, localhost and the host of http.public_url, not to \"%.*s\"",
                    STR_ARG(c->x->request.host));
}
