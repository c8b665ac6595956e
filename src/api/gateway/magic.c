/* Document 001's Magic link: asked for, and shown. */
#include "domain/magic.h"

#include "api/gateway/reading.h"
#include "api/gateway/routes.h"
#include "web/cookie.h"

enum err gateway_post_magic_link(struct call *c)
{
    struct magic in = {0};
    struct str browser;

    TRY(read_body(c, &in));
    TRY(magic_ask(&c->ctx, &in.email));
    TRY(magic_browser(&c->ctx, &in.email, &browser));
    cookie_give(c, STR(MAGIC_COOKIE), browser, MAGIC_LIFE);
    return gateway_answer_nothing(c);
}

/* The document's token; or the digits of the letter, with the address to which it went. */
static enum err is_whole(struct call *c, const struct magic *in)
{
    if (str_is_set(in->token.hidden)) {
        return ERR_OK;
    }
    if (!str_is_set(in->code.hidden)) {
        return ctx_fail(&c->ctx, ERR_FIELD_MISSING, STR("token"), "neither token nor code");
    }
    return str_is_set(in->email.key)
               ? ERR_OK
               : ctx_fail(&c->ctx, ERR_FIELD_MISSING, STR("email"), "a code of nobody");
}

enum err gateway_post_verify_magic_link(struct call *c)
{
    struct magic in = {0};
    struct logged_in out;

    TRY(read_body(c, &in));
    TRY(is_whole(c, &in));
    TRY(magic_enter(&c->ctx, &in, &out));
    return gateway_answer_login(c, &out);
}
