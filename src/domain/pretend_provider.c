/* For tests: see pretend_provider.h. */
#include "domain/pretend_provider.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "crypto/jose.h"
#include "domain/desk.h"
#include "domain/outbound.h"
#include "domain/service.h"

#include <stdio.h>
#include <string.h>

static struct str print_keys(struct world *w, struct arena *arena)
{
    struct buf json = buf_in_arena(arena, 4096);
    struct str text = {0};

    buf_put(&json, STR("{\"keys\":["));
    jose_key_public(&json, w->key);
    if (w->newer) {
        buf_put_char(&json, ',');
        jose_key_public(&json, w->newer);
    }
    buf_put(&json, STR("]}"));
    assert_ok(buf_end(&json, &text));
    return text;
}

static struct str print_metadata(struct world *w, struct arena *arena, struct str url)
{
    struct str base = str_sub(url, 0, url.len - strlen("/.well-known/openid-configuration")), text;
    struct str issuer = str_is_set(w->metadata_issuer) ? w->metadata_issuer : base;

    assert_ok(arena_print(arena, &text,
                          "{\"issuer\":\"%.*s\",\"authorization_endpoint\":\"%.*s/authorize\","
                          "\"token_endpoint\":\"%.*s/token\",\"jwks_uri\":\"%.*s/keys\"}",
                          STR_ARG(issuer), STR_ARG(base), STR_ARG(base), STR_ARG(base)));
    return text;
}

static enum err answer(void *with, struct arena *arena, const struct outbound_request *request,
                       struct reason *reason, struct outbound_answer *ret)
{
    struct world *w = with;

    (void)reason;
    w->asked++;
    assert_null(w->f->ctx.tx); /* nothing is held meanwhile */
    if (w->silent) {
        return ERR_PROVIDER;
    }
    ret->status = w->status ? w->status : 200;
    if (str_ends(request->url, STR("/keys"))) {
        ret->body = print_keys(w, arena);
    } else if (str_ends(request->url, STR("/token"))) {
        w->form = request->form;
        ret->body = w->grant;
    } else {
        ret->body = print_metadata(w, arena, request->url);
    }
    return ERR_OK;
}

struct world *pretend_begin(void **state)
{
    static struct world world;
    struct world *w = &world;

    *w = (struct world){.f = *state};
    w->settings.redirect_uris = STR("https://other.example/x " BACK);
    w->settings.of[PROVIDER_GOOGLE] =
        (struct provider_settings){.issuer = STR(GOOGLE), .client_id = STR(CLIENT)};
    w->settings.of[PROVIDER_MICROSOFT] =
        (struct provider_settings){.issuer = STR(COMMON), .client_id = STR(CLIENT)};
    w->settings.of[PROVIDER_LINKEDIN] = (struct provider_settings){
        .issuer = STR(LINKED), .client_id = STR(CLIENT), .client_secret = {STR("secret")}};
    w->outbound = (struct outbound){answer, w};
    w->f->desk->outbound = &w->outbound;
    assert_ok(jose_key_make(&w->key));
    assert_ok(providers_create(&w->settings, &w->f->service.providers));
    return w;
}

static void pretend_end(struct world *w)
{
    providers_destroy(w->f->service.providers);
    w->f->service.providers = NULL;
    jose_key_destroy(w->key);
    jose_key_destroy(w->newer);
}

void pretend_end_at(struct world **w)
{
    pretend_end(*w);
}

struct secret pretend_token(struct world *w, struct says says)
{
    int64_t now = moment_seconds(w->f->now);
    struct str claims, token;

    assert_ok(arena_print(
        w->f->arena, &claims,
        "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":%s,\"iat\":%lld,\"exp\":%lld%s%s}",
        says.issuer ? says.issuer : GOOGLE, says.subject ? says.subject : "1001",
        says.audience ? says.audience : "\"" CLIENT "\"", (long long)(now + says.issued),
        (long long)(now + (says.life ? says.life : 3600)), says.more ? "," : "",
        says.more ? says.more : ""));
    assert_ok(jose_sign(w->f->arena, says.by ? says.by : w->key,
                        str_of(says.type ? says.type : "JWT"), claims, &token));
    return (struct secret){token};
}

/* The two halves, as the pipeline runs them. */
static enum err enter(struct ctx *ctx, void *with)
{
    struct world *w = with;

    return federation_enter(ctx, &w->vouched, &w->in);
}

enum err pretend_show(struct world *w, const struct federation_answer *in)
{
    enum err e = federation_judge(fixture_ctx(w->f), in, &w->vouched);

    return e == ERR_OK ? fixture_run(w->f, &(struct actor){0}, TX_WRITE, enter, w) : e;
}

enum err pretend_show_token(struct world *w, enum provider provider, struct says says)
{
    return pretend_show(
        w, &(struct federation_answer){.provider = provider, .id_token = pretend_token(w, says)});
}

enum err pretend_google(struct world *w, struct says says)
{
    return pretend_show_token(w, PROVIDER_GOOGLE, says);
}

struct str pretend_parameter(struct world *w, const char *name)
{
    char wanted[64];
    const char *found;
    struct str text, value, rest;

    (void)snprintf(wanted, sizeof wanted, "%s=", name);
    assert_ok(arena_copy(w->f->arena, w->way.url, &text));
    found = strstr(text.ptr, wanted);
    assert_non_null(found);
    (void)str_cut(str_of(found + strlen(wanted)), '&', &value, &rest);
    return value;
}

enum err pretend_send_off(struct world *w, enum provider provider, const char *browser)
{
    struct federation_start start = {provider, STR(BACK), str_of(browser)};

    return federation_begin(fixture_ctx(w->f), &start, &w->way);
}

struct federation_answer pretend_answer(struct world *w, enum provider provider)
{
    struct str nonce;

    assert_ok(arena_print(w->f->arena, &nonce, "\"nonce\":\"%.*s\"",
                          STR_ARG(pretend_parameter(w, "nonce"))));
    return (struct federation_answer){
        .provider = provider,
        .id_token = pretend_token(w, (struct says){.more = nonce.ptr}),
        .state = pretend_parameter(w, "state"),
        .browser = w->way.browser,
    };
}
