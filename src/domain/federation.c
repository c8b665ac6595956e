/* Sending browsers off to a provider, and letting in whom it vouches for. */
#include "domain/federation.h"

#include "base/buf.h"
#include "base/random.h"
#include "crypto/openid.h"
#include "domain/desk.h"
#include "domain/federation_state.h"
#include "domain/identity.h"
#include "domain/note.h"
#include "domain/providers.h"
#include "domain/registration.h"
#include "domain/service.h"
#include "domain/verification.h"
#include "store/queries.h"

enum {
    URL_MOST = 8192,
    NAME_RANDOM = 8
};

/* LinkedIn sends back a code; of the others the id_token itself is taken. */
static bool sends_code(enum provider provider)
{
    return provider == PROVIDER_LINKEDIN;
}

static enum err put_secrets(struct ctx *ctx, const struct state *state, bool challenged,
                            struct openid_request *request)
{
    struct str verifier;

    TRY(state_nonce(ctx, state, &request->nonce));
    if (challenged) {
        TRY(state_verifier(ctx, state, &verifier));
        TRY(openid_challenge(ctx->arena, ctx->desk->digester, verifier, &request->challenge));
    }
    return ERR_OK;
}

static enum err print_way(struct ctx *ctx, const struct federation_start *in,
                          const struct provider_settings *settings, struct federation_way *way)
{
    CLEANUP(known_release_at) const struct known *known = NULL;
    struct buf url = buf_in_arena(ctx->arena, URL_MOST);
    bool code = sends_code(in->provider);
    struct state_bounds bounds = {in->provider, code ? in->redirect_uri : (struct str){0},
                                  way->browser};
    struct openid_request request = {
        .response_type = code ? STR("code") : STR("id_token"),
        .client_id = settings->client_id,
        .redirect_uri = in->redirect_uri,
        .scope = STR("openid email profile"),
    };
    struct state state;

    TRY(provider_know(ctx, in->provider, NULL, &known));
    TRY(state_make(ctx, &state));
    TRY(state_print(ctx, &state, &bounds, &request.state));
    TRY(put_secrets(ctx, &state, !code || settings->require_state, &request));
    openid_request_put(&url, known->metadata.authorization, &request);
    return buf_end(&url, &way->url);
}

enum err federation_begin(struct ctx *ctx, const struct federation_start *in,
                          struct federation_way *ret)
{
    const struct provider_settings *settings;
    struct federation_way way;

    TRY(provider_settings_of(ctx, in->provider, &settings));
    if (!providers_may_return_to(ctx->service->providers, in->redirect_uri)) {
        return ctx_fail(ctx, ERR_FIELD_VALUE, STR("redirect_uri"), "not in oauth.redirect_uris");
    }
    TRY(state_browser(ctx, in->browser, &way.browser));
    TRY(print_way(ctx, in, settings, &way));
    *ret = way;
    return ERR_OK;
}

static enum err refuse(struct ctx *ctx, const struct vouched *vouched)
{
    TRY(note_event(ctx, EVENT_LOGIN_FAILED, (struct id){0}));
    return ctx_fail(ctx, vouched->refused, vouched->why.field, "%s", vouched->why.detail);
}

static enum err spend(struct ctx *ctx, const struct vouched *vouched)
{
    for (size_t i = 0; i < ARRAY_LEN(vouched->spent); i++) {
        const struct spent *spent = &vouched->spent[i];
        if (!moment_is_set(spent->expires)) {
            break;
        }
        enum err e = q_spent_insert(ctx->tx, &spent->digest, spent->expires);
        if (e == ERR_TAKEN) {
            TRY(note_event(ctx, EVENT_LOGIN_FAILED, (struct id){0}));
            return ctx_fail(ctx, ERR_TOKEN_INVALID, STR("id_token"), "it was used before");
        }
        TRY(e);
    }
    return ERR_OK;
}

/* For those without an address there has to be some name. */
static enum err make_name(struct ctx *ctx, enum provider provider, struct username *ret)
{
    struct buf name = buf_in_arena(ctx->arena, 64);
    uint8_t random[NAME_RANDOM];
    struct str text;

    TRY(random_fill(random, sizeof random));
    buf_put(&name, provider_name(provider));
    buf_put_char(&name, '-');
    buf_put_hex(&name, random, sizeof random);
    TRY(buf_end(&name, &text));
    return username_parse(ctx->arena, text, ret);
}

static enum err make_account(struct ctx *ctx, const struct vouched *vouched,
                             const struct email *email, struct user *ret)
{
    struct new_user new = {
        .email = *email,
        .first_name = vouched->first_name,
        .last_name = vouched->last_name,
    };

    if (!str_is_set(email->key)) {
        TRY(make_name(ctx, vouched->identity.provider, &new.username));
    }
    enum err e = registration(ctx, &new, ret);
    if (e == ERR_EMAIL_TAKEN) { /* it was free a moment ago */
        return ERR_STORE_RETRY;
    }
    TRY(e);
    return str_is_set(email->key) && vouched->email_verified ? verification_mark(ctx, ret) : ERR_OK;
}

/* An address leads into an account where both sides have seen that it is theirs. Else whoever can
 * put an address into either of the two would come in, or have somebody else come in to them. */
static enum err find_account(struct ctx *ctx, const struct vouched *vouched, struct user *ret)
{
    struct email email = {0};
    struct user user;

    enum err e = str_is_set(vouched->email) ? email_parse(ctx->arena, vouched->email, &email)
                                            : ERR_FIELD_VALUE;
    if (e != ERR_OK) {
        email = (struct email){0};
        return e == ERR_MEMORY ? e : make_account(ctx, vouched, &email, ret);
    }
    e = q_user_by_login(ctx->tx, (struct str){0}, email.key, &user);
    if (e == ERR_MISSING) {
        return make_account(ctx, vouched, &email, ret);
    }
    TRY(e);
    if (!vouched->email_verified || !moment_is_set(user.verified)) {
        return ctx_fail(ctx, ERR_EMAIL_TAKEN, STR("email"),
                        "an account's, and not seen to be theirs");
    }
    *ret = user;
    return ERR_OK;
}

/* Whoever comes second at the same moment finds what the first has made. */
static enum err attach(struct ctx *ctx, const struct vouched *vouched, struct id user,
                       struct identity *ret)
{
    struct identity identity = vouched->identity;

    identity.user = user;
    enum err e = identity_add(ctx, &identity, ret);
    return e == ERR_TAKEN ? ERR_STORE_RETRY : e;
}

static enum err owner_of(struct ctx *ctx, const struct vouched *vouched, struct user *ret)
{
    struct identity identity;

    enum err e = identity_find(ctx, vouched->identity.issuer, vouched->identity.subject, &identity);
    if (e == ERR_OK) {
        TRY(identity_touch(ctx, &identity));
        return user_get(ctx, identity.user, ret);
    }
    if (e != ERR_MISSING) {
        return e;
    }
    TRY(find_account(ctx, vouched, ret));
    return attach(ctx, vouched, ret->id, &identity);
}

enum err federation_enter(struct ctx *ctx, const struct vouched *vouched, struct logged_in *ret)
{
    struct user user;

    if (vouched->refused != ERR_OK) {
        return refuse(ctx, vouched);
    }
    TRY(spend(ctx, vouched));
    TRY(owner_of(ctx, vouched, &user));
    return login_enter(ctx, &user, ret);
}

enum err federation_link(struct ctx *ctx, const struct vouched *vouched, struct identity *ret)
{
    if (vouched->refused != ERR_OK) {
        return refuse(ctx, vouched);
    }
    TRY(spend(ctx, vouched));
    enum err e = identity_find(ctx, vouched->identity.issuer, vouched->identity.subject, ret);
    if (e == ERR_MISSING) {
        return attach(ctx, vouched, ctx->actor.user, ret);
    }
    TRY(e);
    return id_eq(ret->user, ctx->actor.user)
               ? ERR_OK
               : ctx_fail(ctx, ERR_TAKEN, STR(""), "it leads into another account");
}
