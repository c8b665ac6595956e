/* Bearer tokens, service keys, and whom a gateway names. */
#include "web/caller.h"

#include "domain/keychain.h"
#include "domain/token.h"
#include "domain/vouch.h"
#include "web/client.h"

/* The one value of a header; no text when it is not there. */
static enum err only_value(struct call *c, struct str name, struct str *ret)
{
    const struct http_request *request = &c->x->request;
    struct str found = {0};

    for (size_t i = 0; i < request->header_count; i++) {
        if (!str_eq_nocase(request->headers[i].name, name)) {
            continue;
        }
        if (str_is_set(found)) {
            return ctx_fail(&c->ctx, ERR_TOKEN_INVALID, STR(""), "%.*s stands twice",
                            STR_ARG(name));
        }
        found = request->headers[i].value;
    }
    *ret = found;
    return ERR_OK;
}

static enum err look_at_token(struct call *c, struct str header)
{
    struct str scheme, token;

    if (!str_cut(header, ' ', &scheme, &token) || !str_eq_nocase(scheme, STR("Bearer"))) {
        return ctx_fail(&c->ctx, ERR_TOKEN_INVALID, STR(""), "not a bearer token");
    }
    return token_accept(&c->ctx, str_trim(token));
}

/* For whom a trusted proxy with a good key speaks. From anyone else it is not looked at. */
static enum err look_at_user(struct call *c)
{
    struct actor service = c->ctx.actor;
    struct str text = {0};
    struct id user;

    if (!client_is_proxy(c)) {
        return ERR_OK;
    }
    TRY(only_value(c, STR("x-user-id"), &text));
    if (!str_is_set(text)) {
        return ERR_OK;
    }
    if (id_parse(text, &user) != ERR_OK) {
        return ctx_fail(&c->ctx, ERR_REQUEST_MALFORMED, STR("X-User-Id"),
                        "a trusted proxy sent no id");
    }
    return vouch_accept(&c->ctx, &service, user);
}

enum err caller_identify(struct call *c)
{
    struct str authorization = {0}, key = {0};

    TRY(only_value(c, STR("authorization"), &authorization));
    TRY(only_value(c, STR("x-service-key"), &key));
    if (str_is_set(key)) {
        struct actor service;
        TRY(keychain_accept(&c->ctx, key, &service));
        c->ctx.actor = service;
    }
    if (str_is_set(authorization)) {
        return look_at_token(c, authorization);
    }
    return str_is_set(key) ? look_at_user(c) : ERR_OK;
}
