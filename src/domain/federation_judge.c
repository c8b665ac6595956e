/* What a provider says of somebody, judged: OpenID Connect Core 1.0, 3.1.3.7, and where it goes
 * beyond. */
#include "base/arena.h"
#include "base/buf.h"
#include "crypto/digest.h"
#include "crypto/openid.h"
#include "domain/desk.h"
#include "domain/federation.h"
#include "domain/federation_state.h"
#include "domain/outbound.h"
#include "domain/providers.h"
#include "domain/service.h"

enum {
    LEEWAY = 30, /* seconds that the provider's clock may be ahead or behind */
    LIFE_MOST = 86400,
    WAITS = 30, /* seconds that a request may be on its way to a provider, judged by its arrival */
    STAYS = CLOCKS_APART + WAITS, /* longer than anybody takes it is remembered what was spent */
    ISSUER_MOST = 2048,
    OK = 200,
    BAD_REQUEST = 400
};

/* One answer on its way through. */
struct judging {
    const struct federation_answer *in;
    const struct provider_settings *settings;
    struct state state;
    bool begun_here; /* there is a state, and it is ours */
    struct str id_token, access_token;
    struct openid_claims claims;
};

static enum err refuse(struct ctx *ctx, const char *why)
{
    return ctx_fail(ctx, ERR_TOKEN_INVALID, STR("id_token"), "%s", why);
}

static bool has_code(const struct judging *judging)
{
    return str_is_set(judging->in->code.hidden);
}

static enum err judge_state(struct ctx *ctx, struct judging *judging)
{
    const struct federation_answer *in = judging->in;
    struct state_bounds bounds = {in->provider, in->redirect_uri, in->browser};

    if (str_is_set(in->state)) {
        judging->begun_here = true;
        return state_read(ctx, in->state, &bounds, &judging->state);
    }
    return judging->settings->require_state
               ? ctx_fail(ctx, ERR_FIELD_MISSING, STR("state"), "the settings require it")
               : ERR_OK;
}

/* LinkedIn has no PKCE for most of its applications: there it was announced only where everything
 * has to begin here. */
static enum err exchange_form(struct ctx *ctx, const struct judging *judging,
                              const struct known *known, struct outbound_request *ret)
{
    const struct federation_answer *in = judging->in;
    struct openid_exchange exchange = {
        .code = in->code.hidden,
        .redirect_uri = in->redirect_uri,
        .client_id = judging->settings->client_id,
        .client_secret = judging->settings->client_secret,
        .posts_secret = known->metadata.posts_secret,
    };

    if (judging->settings->require_state) {
        TRY(state_verifier(ctx, &judging->state, &exchange.verifier));
    }
    return openid_exchange_print(ctx->arena, &exchange, &ret->form, &ret->authorization);
}

static enum err exchange(struct ctx *ctx, struct judging *judging, const struct known *known)
{
    struct str url = known->metadata.token;
    struct outbound_request request = {.url = url, .loopback = known->loopback};
    struct outbound_answer answer;
    struct openid_grant grant;

    if (!providers_may_return_to(ctx->service->providers, judging->in->redirect_uri)) {
        return ctx_fail(ctx, ERR_FIELD_VALUE, STR("redirect_uri"), "not in oauth.redirect_uris");
    }
    if (known->loopback ? !url_is_loopback(url) : !url_is_https(url)) {
        return ctx_fail(ctx, ERR_PROVIDER, STR(""), "the provider names no place for codes");
    }
    TRY(exchange_form(ctx, judging, known, &request));
    TRY(provider_ask(ctx, judging->in->provider, &request, &answer));
    if (answer.status == BAD_REQUEST) { /* RFC 6749, 5.2: the code, or what was sent with it */
        return ctx_fail(ctx, ERR_TOKEN_INVALID, STR("code"), "the provider refuses the code");
    }
    enum err e =
        answer.status == OK ? openid_grant_parse(ctx->arena, answer.body, &grant) : ERR_FIELD_VALUE;
    if (e != ERR_OK) {
        return e == ERR_MEMORY
                   ? e
                   : ctx_fail(ctx, ERR_PROVIDER, STR(""),
                              "the provider answers %d, and no id_token", answer.status);
    }
    judging->id_token = grant.id_token;
    judging->access_token = grant.access_token;
    return ERR_OK;
}

/* Once more with newer keys when it names one that was not among them: providers change them. */
static enum err open_token(struct ctx *ctx, struct judging *judging, const struct known *known)
{
    CLEANUP(known_release_at) const struct known *newer = NULL;
    struct str token = judging->id_token;

    enum err e = openid_token_open(ctx->arena, known->keys, token, &judging->claims);
    if (e == ERR_MISSING) {
        e = provider_know(ctx, judging->in->provider, known, &newer);
        if (e == ERR_OK) {
            e = openid_token_open(ctx->arena, newer->keys, token, &judging->claims);
        }
    }
    if (e == ERR_MISSING) {
        ctx->reason = (struct reason){0};
        return refuse(ctx, "signed by a key that the provider does not have");
    }
    return e == ERR_TOKEN_INVALID ? refuse(ctx, "no id_token that the provider signed") : e;
}

/* To the letter. Where the provider has many tenants, each of them is an issuer of its own. */
static enum err issuer_is_right(struct ctx *ctx, const struct judging *judging,
                                const struct known *known)
{
    struct buf expected = buf_in_arena(ctx->arena, ISSUER_MOST);
    struct str issuer = known->metadata.issuer, head, tail, name;
    struct id tenant;

    if (str_cut(issuer, '{', &head, &tail) && str_cut(tail, '}', &name, &tail)) {
        if (id_parse(judging->claims.tenant, &tenant) != ERR_OK) {
            return refuse(ctx, "of no tenant");
        }
        buf_put(&expected, head);
        id_print(&expected, tenant);
        buf_put(&expected, tail);
        TRY(buf_end(&expected, &issuer));
    }
    return str_eq(judging->claims.issuer, issuer) ? ERR_OK : refuse(ctx, "of another issuer");
}

/* For us and for nobody else: others that it is for could show it here. */
static enum err audience_is_us(struct ctx *ctx, const struct judging *judging)
{
    const struct openid_claims *claims = &judging->claims;
    struct str us = judging->settings->client_id;

    if (claims->audience.count != 1 || !str_eq(claims->audience.items[0], us)) {
        return refuse(ctx, "not for us alone");
    }
    if (str_is_set(claims->authorized) && !str_eq(claims->authorized, us)) {
        return refuse(ctx, "given to another");
    }
    return ERR_OK;
}

static enum err times_are_right(struct ctx *ctx, const struct judging *judging)
{
    const struct openid_claims *claims = &judging->claims;
    int64_t now = moment_seconds(ctx->now);

    if (claims->expires <= now - LEEWAY) {
        return refuse(ctx, "expired");
    }
    if (claims->issued > now + LEEWAY || claims->not_before > now + LEEWAY) {
        return refuse(ctx, "not yet valid");
    }
    if (claims->issued < now - LIFE_MOST || claims->expires > now + LIFE_MOST) {
        return refuse(ctx, "good for longer than a day");
    }
    if (judging->begun_here && claims->issued < moment_seconds(judging->state.begun) - LEEWAY) {
        return refuse(ctx, "older than the login that it came from");
    }
    return ERR_OK;
}

static enum err nonce_is_right(struct ctx *ctx, const struct judging *judging)
{
    struct str nonce;

    if (!judging->begun_here) {
        return ERR_OK; /* whoever made one up is the only one who knows */
    }
    TRY(state_nonce(ctx, &judging->state, &nonce));
    return secret_eq(nonce, judging->claims.nonce) ? ERR_OK : refuse(ctx, "another nonce");
}

static enum err access_hash_is_right(struct ctx *ctx, const struct judging *judging)
{
    bool right = true;

    if (str_is_set(judging->access_token) && str_is_set(judging->claims.access_hash)) {
        TRY(openid_hash_is_of(ctx->desk->digester, judging->claims.access_hash,
                              judging->access_token, &right));
    }
    return right ? ERR_OK : refuse(ctx, "beside another access token");
}

static enum err claims_hold(struct ctx *ctx, const struct judging *judging,
                            const struct known *known)
{
    TRY(issuer_is_right(ctx, judging, known));
    TRY(audience_is_us(ctx, judging));
    TRY(times_are_right(ctx, judging));
    TRY(nonce_is_right(ctx, judging));
    return access_hash_is_right(ctx, judging);
}

/* Without its signature: of one that ES256 made there is a second, which anybody can compute. */
static struct str signed_part(struct str token)
{
    while (token.len > 0 && token.ptr[token.len - 1] != '.') {
        token.len--;
    }
    return token;
}

static enum err note_spent(struct ctx *ctx, const struct judging *judging, struct vouched *vouched)
{
    struct digester *digester = ctx->desk->digester;
    struct spent *spent = vouched->spent;

    TRY(digest_sha256(digester, signed_part(judging->id_token), &spent->digest));
    spent->expires.ms = (judging->claims.expires + LEEWAY + 1 + STAYS) * 1000;
    if (judging->begun_here) {
        struct str random = {(const char *)judging->state.random, STATE_RANDOM};
        spent++;
        TRY(digest_sha256(digester, random, &spent->digest));
        spent->expires = moment_plus(judging->state.begun, FEDERATION_LIFE + STAYS);
    }
    return ERR_OK;
}

/* Anybody can have any address in a directory of their own at Microsoft: its word for one counts
 * for nothing. */
static void take_claims(const struct judging *judging, struct vouched *vouched)
{
    const struct openid_claims *claims = &judging->claims;

    vouched->identity = (struct identity){
        .provider = judging->in->provider,
        .issuer = claims->issuer,
        .subject = claims->subject,
        .email = claims->email,
    };
    vouched->email = claims->email;
    vouched->first_name = claims->first_name;
    vouched->last_name = claims->last_name;
    vouched->email_verified = claims->email_verified && judging->in->provider != PROVIDER_MICROSOFT;
}

static enum err judge(struct ctx *ctx, struct judging *judging, struct vouched *ret)
{
    CLEANUP(known_release_at) const struct known *known = NULL;

    TRY(judge_state(ctx, judging));
    TRY(provider_know(ctx, judging->in->provider, NULL, &known));
    if (has_code(judging)) {
        TRY(exchange(ctx, judging, known));
    }
    TRY(open_token(ctx, judging, known));
    TRY(claims_hold(ctx, judging, known));
    TRY(note_spent(ctx, judging, ret));
    take_claims(judging, ret);
    return ERR_OK;
}

enum err federation_judge(struct ctx *ctx, const struct federation_answer *in, struct vouched *ret)
{
    struct judging judging = {.in = in, .id_token = in->id_token.hidden};
    struct vouched vouched = {0};

    TRY(provider_settings_of(ctx, in->provider, &judging.settings));
    enum err e = judge(ctx, &judging, &vouched);
    if (err_class(e) == CLASS_INPUT || err_class(e) == CLASS_UNAUTHENTICATED) {
        vouched = (struct vouched){.refused = e, .why = ctx->reason};
        ctx->reason = (struct reason){0};
        e = ERR_OK;
    }
    TRY(e);
    *ret = vouched;
    return ERR_OK;
}
