#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "crypto/jose.h"
#include "crypto/openid.h"
#include "domain/desk.h"
#include "domain/federation.h"
#include "domain/federation_state.h"
#include "domain/fixture.h"
#include "domain/identity.h"
#include "domain/outbound.h"
#include "domain/providers.h"
#include "store/queries.h"

#include <string.h>

#define CLIENT  "our-client"
#define BACK    "https://app.example/back"
#define GOOGLE  "https://google.example"
#define COMMON  "https://microsoft.example/common/v2.0"
#define TENANT  "9188040d-6c67-4c5b-b112-36a304b66dad"
#define LINKED  "https://linkedin.example"
#define BROWSER "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

enum {
    MINUTE = 60,
    CROWD = 20
};

/* A provider that answers what the test says, and counts how often it was asked. */
struct world {
    struct fixture *f;
    struct federation_settings settings;
    struct outbound outbound;
    struct jose_key *key,
        *newer; /* it signs with the first; both are published once there are two */
    bool silent;
    int status;
    unsigned asked;
    struct str metadata_issuer; /* no text: that of the settings */
    struct str grant;           /* what its token endpoint answers */
    struct str form;            /* and what it was sent */
    /* of the newest answer */
    struct federation_way way;
    struct vouched vouched;
    struct logged_in in;
    struct identity linked;
};

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

static struct world *begin_world(void **state)
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

static void end_world(struct world *w)
{
    providers_destroy(w->f->service.providers);
    w->f->service.providers = NULL;
    jose_key_destroy(w->key);
    jose_key_destroy(w->newer);
}

static void end_world_at(struct world **w)
{
    end_world(*w);
}

/* What the token is to say; what is not set is as it should be. */
struct says {
    const char *issuer, *subject, *audience, *more; /* audience: JSON; more: further members */
    int64_t issued, life;
    const struct jose_key *by;
    const char *type;
};

static struct secret token_of(struct world *w, struct says says)
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

static enum err link(struct ctx *ctx, void *with)
{
    struct world *w = with;

    return federation_link(ctx, &w->vouched, &w->linked);
}

static enum err show(struct world *w, const struct federation_answer *in)
{
    enum err e = federation_judge(fixture_ctx(w->f), in, &w->vouched);

    return e == ERR_OK ? fixture_run(w->f, &(struct actor){0}, TX_WRITE, enter, w) : e;
}

static enum err show_token(struct world *w, enum provider provider, struct says says)
{
    return show(w,
                &(struct federation_answer){.provider = provider, .id_token = token_of(w, says)});
}

static enum err google(struct world *w, struct says says)
{
    return show_token(w, PROVIDER_GOOGLE, says);
}

static struct str parameter(struct world *w, const char *name)
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

static enum err begin(struct world *w, enum provider provider, const char *browser)
{
    struct federation_start start = {provider, STR(BACK), str_of(browser)};

    return federation_begin(fixture_ctx(w->f), &start, &w->way);
}

/* An answer to what was begun, with its nonce in the token. */
static struct federation_answer answer_to(struct world *w, enum provider provider)
{
    struct str nonce;

    assert_ok(
        arena_print(w->f->arena, &nonce, "\"nonce\":\"%.*s\"", STR_ARG(parameter(w, "nonce"))));
    return (struct federation_answer){
        .provider = provider,
        .id_token = token_of(w, (struct says){.more = nonce.ptr}),
        .state = parameter(w, "state"),
        .browser = w->way.browser,
    };
}

static struct user user_by(struct world *w, struct id id)
{
    struct user user;

    assert_ok(user_get(fixture_begin(w->f, TX_READ), id, &user));
    fixture_keep(w->f);
    return user;
}

static enum err verify(struct ctx *ctx, void *with)
{
    const struct user *user = with;

    return q_user_verified(ctx->tx, ctx->now, false, user->id);
}

static void whoever_is_vouched_for_gets_an_account_and_comes_back_to_it(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);
    struct says ann = {.more =
                           "\"email\":\"ann@example.com\",\"email_verified\":true,"
                           "\"given_name\":\"Ann\",\"family_name\":\"Lee\""};

    assert_ok(google(w, ann));
    struct user first = user_by(w, w->in.user.id);
    assert_str(first.email.shown, "ann@example.com");
    assert_str(first.first_name, "Ann");
    assert_str(first.last_name, "Lee");
    assert_int_equal(first.state, USER_ACTIVE);
    assert_true(moment_is_set(first.verified));
    assert_ok(fixture_accept(w->f, w->in.token.text, NULL));
    fixture_pass(w->f, MINUTE);
    ann.more = "\"email\":\"ann.lee@example.com\",\"email_verified\":true"; /* the subject counts */
    assert_ok(google(w, ann));
    assert_true(id_eq(w->in.user.id, first.id));
    assert_str(w->in.user.email.shown, "ann@example.com");
    assert_int_equal(fixture_count(w->f, EVENT_IDENTITY_LINKED), 1);
}

static void an_address_joins_where_both_have_verified_it(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);
    struct user ada = fixture_user(w->f, "ada"), bob = fixture_user(w->f, "bob");

    assert_ok(fixture_run(w->f, &actor_operator, TX_WRITE, verify, &ada));
    assert_ok(
        google(w, (struct says){.more = "\"email\":\"ADA@example.com\",\"email_verified\":true"}));
    assert_true(id_eq(w->in.user.id, ada.id));
    (void)fixture_login(w->f, "ada"); /* and the password is still theirs */
    /* The provider has not; we have not. */
    assert_err(google(w, (struct says){.subject = "2",
                                       .more = "\"email\":\"ada@example.com\","
                                               "\"email_verified\":false"}),
               ERR_EMAIL_TAKEN);
    assert_err(google(w, (struct says){.subject = "3", .more = "\"email\":\"ada@example.com\""}),
               ERR_EMAIL_TAKEN);
    assert_err(google(w, (struct says){.subject = "4",
                                       .more = "\"email\":\"bob@example.com\","
                                               "\"email_verified\":true"}),
               ERR_EMAIL_TAKEN);
    assert_false(moment_is_set(user_by(w, bob.id).verified));
}

static void the_word_of_microsoft_for_an_address_counts_for_nothing(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);
    struct user ada = fixture_user(w->f, "ada");
    struct says says = {.issuer = "https://microsoft.example/" TENANT "/v2.0",
                        .more = "\"tid\":\"" TENANT
                                "\",\"email\":\"ada@example.com\","
                                "\"email_verified\":true"};

    w->metadata_issuer = STR("https://microsoft.example/{tenantid}/v2.0");
    assert_ok(fixture_run(w->f, &actor_operator, TX_WRITE, verify, &ada));
    assert_err(show_token(w, PROVIDER_MICROSOFT, says), ERR_EMAIL_TAKEN);
    says.more = "\"tid\":\"" TENANT "\",\"email\":\"new@example.com\",\"email_verified\":true";
    assert_ok(show_token(w, PROVIDER_MICROSOFT, says));
    assert_false(moment_is_set(user_by(w, w->in.user.id).verified));
    assert_int_equal(w->in.user.state, USER_PENDING_VERIFICATION);
}

static void a_tenant_is_an_issuer_of_its_own(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);
    struct says says = {.issuer = "https://microsoft.example/" TENANT "/v2.0",
                        .more = "\"tid\":\"" TENANT "\""};

    w->metadata_issuer = STR("https://microsoft.example/{tenantid}/v2.0");
    assert_ok(show_token(w, PROVIDER_MICROSOFT, says));
    says.more = "\"tid\":\"11111111-6c67-4c5b-b112-36a304b66dad\"";
    assert_err(show_token(w, PROVIDER_MICROSOFT, says), ERR_TOKEN_INVALID);
    says.more = "\"tid\":\"common\"";
    says.issuer = COMMON;
    assert_err(show_token(w, PROVIDER_MICROSOFT, says), ERR_TOKEN_INVALID);
    says.more = NULL;
    says.issuer = "https://microsoft.example/{tenantid}/v2.0";
    assert_err(show_token(w, PROVIDER_MICROSOFT, says), ERR_TOKEN_INVALID);
}

static void who_has_no_address_gets_a_name(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);

    assert_ok(google(w, (struct says){.subject = "1"}));
    assert_true(str_starts(w->in.user.username.shown, STR("google-")));
    assert_int_equal(w->in.user.email.key.len, 0);
    assert_ok(google(w, (struct says){.subject = "2", .more = "\"email\":\"no address\""}));
    assert_int_equal(w->in.user.email.key.len, 0);
}

static void what_is_wrong_with_a_token_is_seen(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);
    const struct says wrong[] = {
        {.issuer = "https://google.example/"     },
        {.issuer = "https://other.example"       },
        {.audience = "\"other\""                 },
        {.audience = "[\"" CLIENT "\",\"other\"]"},
        {.audience = "[]"                        },
        {.more = "\"azp\":\"other\""             },
        {.issued = -7200,                          .life = -31},
        {.issued = 31                                       },
        {.more = "\"nbf\":1750000040"},
        {.issued = -86401                                       },
        {.life = 86401},
        {.type = "at+jwt"                                       },
    };
    const struct says right[] = {
        {.audience = "[\"" CLIENT "\"]", .more = "\"azp\":\"" CLIENT "\""},
        {.issued = -3600,                              .life = -29},
        {.issued = 29},
    };

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        enum err e = google(w, wrong[i]);
        if (e != ERR_TOKEN_INVALID) {
            fail_msg("%zu: %s", i, err_name(e));
        }
    }
    assert_int_equal(fixture_count(w->f, EVENT_LOGIN_FAILED), ARRAY_LEN(wrong));
    for (size_t i = 0; i < ARRAY_LEN(right); i++) {
        assert_ok(google(w, right[i]));
    }
}

static void a_token_counts_once(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);
    struct federation_answer in = {.provider = PROVIDER_GOOGLE,
                                   .id_token = token_of(w, (struct says){0})};

    assert_ok(show(w, &in));
    assert_err(show(w, &in), ERR_TOKEN_INVALID);
    assert_int_equal(fixture_count(w->f, EVENT_LOGIN), 1);
}

static void a_login_that_began_here_ends_here_once(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);

    assert_ok(begin(w, PROVIDER_GOOGLE, NULL));
    assert_true(str_starts(w->way.url, STR(GOOGLE "/authorize?response_type=id_token&")));
    assert_str(parameter(w, "client_id"), CLIENT);
    assert_str(parameter(w, "redirect_uri"), "https%3A%2F%2Fapp.example%2Fback");
    assert_str(parameter(w, "code_challenge_method"), "S256");
    assert_int_equal(parameter(w, "code_challenge").len, 43);
    struct federation_answer in = answer_to(w, PROVIDER_GOOGLE);
    assert_ok(show(w, &in));
    struct federation_answer again = answer_to(w, PROVIDER_GOOGLE);
    again.id_token = token_of(w, (struct says){.subject = "2", .more = "\"nonce\":\"x\""});
    assert_err(show(w, &again), ERR_TOKEN_INVALID); /* another nonce */
    fixture_pass(w->f, 1);
    again = answer_to(w, PROVIDER_GOOGLE); /* another token, the same state */
    assert_err(show(w, &again), ERR_TOKEN_INVALID);
}

static void a_state_is_of_one_browser_provider_and_time(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);

    assert_ok(begin(w, PROVIDER_GOOGLE, BROWSER));
    assert_str(w->way.browser, BROWSER); /* another window of the same browser */
    struct federation_answer in = answer_to(w, PROVIDER_GOOGLE), other = in;
    other.browser = STR("1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    assert_err(show(w, &other), ERR_FIELD_VALUE);
    other.browser = (struct str){0};
    assert_err(show(w, &other), ERR_FIELD_VALUE);
    other = in;
    other.provider = PROVIDER_MICROSOFT;
    assert_err(show(w, &other), ERR_FIELD_VALUE);
    other = in;
    other.state = str_sub(in.state, 0, in.state.len - 1);
    assert_err(show(w, &other), ERR_FIELD_VALUE);
    other.state = STR("");
    assert_err(show(w, &other), ERR_FIELD_VALUE);
    fixture_pass(w->f, FEDERATION_LIFE);
    other = answer_to(w, PROVIDER_GOOGLE);
    assert_err(show(w, &other), ERR_FIELD_VALUE);
}

static void a_token_from_before_the_login_is_not_its_answer(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);
    struct str nonce;

    assert_ok(begin(w, PROVIDER_GOOGLE, NULL));
    struct federation_answer in = answer_to(w, PROVIDER_GOOGLE);
    assert_ok(
        arena_print(w->f->arena, &nonce, "\"nonce\":\"%.*s\"", STR_ARG(parameter(w, "nonce"))));
    in.id_token = token_of(w, (struct says){.issued = -31, .more = nonce.ptr});
    assert_err(show(w, &in), ERR_TOKEN_INVALID);
}

static void where_a_state_is_required_there_has_to_be_one(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);

    w->settings.of[PROVIDER_GOOGLE].require_state = true;
    assert_err(google(w, (struct says){0}), ERR_FIELD_MISSING);
    assert_ok(begin(w, PROVIDER_GOOGLE, NULL));
    struct federation_answer in = answer_to(w, PROVIDER_GOOGLE);
    assert_ok(show(w, &in));
}

static void browsers_go_back_where_the_settings_say_alone(void **state)
{
    static const char *const others[] = {
        BACK "/", "https://app.example/bac", "https://APP.example/back", BACK "?x=1", "", "x " BACK,
    };
    CLEANUP(end_world_at) struct world *w = begin_world(state);

    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        struct federation_start start = {PROVIDER_GOOGLE, str_of(others[i]), {0}};
        assert_err(federation_begin(fixture_ctx(w->f), &start, &w->way), ERR_FIELD_VALUE);
    }
}

static void a_provider_without_a_client_id_is_none(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);

    w->settings.of[PROVIDER_GOOGLE].client_id = STR("");
    assert_err(begin(w, PROVIDER_GOOGLE, NULL), ERR_MISSING);
    assert_err(google(w, (struct says){0}), ERR_MISSING);
    assert_int_equal(w->asked, 0);
}

static enum err exchange(struct world *w, struct says says, const char *access, struct str state)
{
    struct federation_answer in = {.provider = PROVIDER_LINKEDIN,
                                   .code = {STR("a code")},
                                   .redirect_uri = STR(BACK),
                                   .state = state,
                                   .browser = w->way.browser};

    says.issuer = LINKED;
    assert_ok(arena_print(w->f->arena, &w->grant, "{\"id_token\":\"%.*s\"%s%s%s}",
                          STR_ARG(token_of(w, says).hidden), access ? ",\"access_token\":\"" : "",
                          access ? access : "", access ? "\"" : ""));
    return show(w, &in);
}

static void a_code_is_exchanged_for_what_it_stands_for(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);

    assert_ok(exchange(w, (struct says){0}, NULL, (struct str){0}));
    assert_true(str_starts(w->form, STR("grant_type=authorization_code&code=a%20code"
                                        "&redirect_uri=https%3A%2F%2Fapp.example%2Fback")));
    w->status = 400;
    assert_err(exchange(w, (struct says){.subject = "2"}, NULL, (struct str){0}),
               ERR_TOKEN_INVALID);
    w->status = 500;
    assert_err(exchange(w, (struct says){.subject = "3"}, NULL, (struct str){0}), ERR_PROVIDER);
}

/* OpenID Connect Core 1.0, A.3. */
static void the_access_token_beside_it_has_to_be_the_right_one(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);
    struct says says = {.more = "\"at_hash\":\"77QmUPtjPfzWtF2AnpK9RQ\""};

    assert_ok(exchange(w, says, "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", (struct str){0}));
    says.subject = "2";
    assert_err(exchange(w, says, "another", (struct str){0}), ERR_TOKEN_INVALID);
}

static void codes_carry_pkce_where_all_begins_here(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);
    struct str nonce;

    assert_ok(begin(w, PROVIDER_LINKEDIN, NULL));
    assert_false(str_contains(w->way.url, '~'));
    assert_null(strstr(w->way.url.ptr, "code_challenge"));
    w->settings.of[PROVIDER_LINKEDIN].require_state = true;
    assert_ok(begin(w, PROVIDER_LINKEDIN, NULL));
    assert_int_equal(parameter(w, "code_challenge").len, 43);
    assert_ok(
        arena_print(w->f->arena, &nonce, "\"nonce\":\"%.*s\"", STR_ARG(parameter(w, "nonce"))));
    assert_ok(exchange(w, (struct says){.more = nonce.ptr}, NULL, parameter(w, "state")));
    assert_non_null(strstr(w->form.ptr, "&code_verifier="));
}

static void keys_that_change_are_followed_but_not_for_ever(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);
    struct jose_key *strange;

    assert_ok(google(w, (struct says){.subject = "1"}));
    assert_int_equal(w->asked, 2); /* metadata, keys */
    assert_ok(google(w, (struct says){.subject = "2"}));
    assert_int_equal(w->asked, 2);
    assert_ok(jose_key_make(&w->newer));
    assert_ok(google(w, (struct says){.subject = "3", .by = w->newer}));
    assert_int_equal(w->asked, 4);
    assert_ok(jose_key_make(&strange));
    for (int i = 0; i < 20; i++) {
        assert_err(google(w, (struct says){.subject = "4", .by = strange}), ERR_TOKEN_INVALID);
    }
    assert_true(w->asked <= 4 + 2 * 4);
    assert_ok(google(w, (struct says){.subject = "5", .by = w->newer}));
    jose_key_destroy(strange);
}

static void a_provider_that_does_not_answer_is_left_alone_for_a_while(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);

    w->silent = true;
    assert_err(google(w, (struct says){0}), ERR_PROVIDER);
    assert_err(google(w, (struct says){0}), ERR_PROVIDER);
    assert_int_equal(w->asked, 1);
}

static void nor_is_it_asked_for_one_code_after_another(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);

    assert_ok(exchange(w, (struct says){.subject = "1"}, NULL, (struct str){0}));
    unsigned asked = w->asked;
    w->silent = true;
    for (int i = 0; i < 3; i++) {
        assert_err(exchange(w, (struct says){.subject = "2"}, NULL, (struct str){0}), ERR_PROVIDER);
    }
    assert_int_equal(w->asked, asked + 1);
    w->silent = false;
    assert_ok(google(w, (struct says){.subject = "3"})); /* another one answers */
}

static void metadata_of_another_issuer_speaks_for_nobody(void **state)
{
    static const char *const others[] = {"https://other.example", "https://google.example/",
                                         "https://{tenantid}", "https://google.example/{tenantid}"};

    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        CLEANUP(end_world_at) struct world *w = begin_world(state);
        w->metadata_issuer = str_of(others[i]);
        assert_err(google(w, (struct says){0}), ERR_PROVIDER);
    }
}

static void what_is_linked_leads_into_the_account(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);
    struct user ada = fixture_user(w->f, "ada"), bob = fixture_user(w->f, "bob");
    struct actor as_ada = fixture_actor(w->f, ada.id), as_bob = fixture_actor(w->f, bob.id);
    struct federation_answer in = {.provider = PROVIDER_GOOGLE};
    struct identity *list;
    size_t count;

    in.id_token = token_of(w, (struct says){.more = "\"email\":\"a@b.example\""});
    assert_ok(federation_judge(fixture_ctx(w->f), &in, &w->vouched));
    assert_ok(fixture_run(w->f, &as_ada, TX_WRITE, link, w));
    assert_err(fixture_run(w->f, &as_ada, TX_WRITE, link, w), ERR_TOKEN_INVALID); /* once */
    assert_ok(google(w, (struct says){.issued = 1}));
    assert_true(id_eq(w->in.user.id, ada.id));
    in.id_token = token_of(w, (struct says){.issued = 2});
    assert_ok(federation_judge(fixture_ctx(w->f), &in, &w->vouched));
    assert_err(fixture_run(w->f, &as_bob, TX_WRITE, link, w), ERR_TAKEN);
    assert_ok(identity_list(fixture_begin(w->f, TX_READ), ada.id, &list, &count));
    fixture_keep(w->f);
    assert_int_equal(count, 1);
    assert_str(list[0].email, "a@b.example");
    assert_str(provider_name(list[0].provider), "google");
}

static enum err unlink_first(struct ctx *ctx, void *with)
{
    const struct user *user = with;
    struct identity *list;
    size_t count;

    TRY(identity_list(ctx, user->id, &list, &count));
    return count > 0 ? identity_remove(ctx, user, list[0].id) : ERR_MISSING;
}

static void the_only_way_in_stays(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);

    assert_ok(google(w, (struct says){.subject = "1"}));
    struct user nameless = w->in.user;
    assert_err(fixture_run(w->f, &actor_operator, TX_WRITE, unlink_first, &nameless), ERR_IN_USE);
    assert_ok(google(w, (struct says){.subject = "2", .more = "\"email\":\"a@b.example\""}));
    struct user addressed = w->in.user;
    assert_ok(fixture_run(w->f, &actor_operator, TX_WRITE, unlink_first, &addressed));
    assert_err(fixture_run(w->f, &actor_operator, TX_WRITE, unlink_first, &addressed), ERR_MISSING);
}

static void who_may_not_come_in_does_not_by_a_provider(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);

    assert_ok(google(w, (struct says){0}));
    assert_ok(q_user_set_state(fixture_begin(w->f, TX_WRITE)->tx, USER_SUSPENDED, w->f->now,
                               w->in.user.id));
    fixture_keep(w->f);
    assert_err(google(w, (struct says){.issued = 1}), ERR_ACCOUNT_STATE);
}

struct newcomer {
    struct vouched vouched;
    struct logged_in in;
};

static enum err enter_newcomer(struct ctx *ctx, void *with)
{
    struct newcomer *newcomer = with;

    return federation_enter(ctx, &newcomer->vouched, &newcomer->in);
}

static void of_many_at_the_same_moment_all_get_one_account(void **state)
{
    CLEANUP(end_world_at) struct world *w = begin_world(state);
    struct newcomer *newcomers = arena_array(w->f->arena, CROWD, sizeof *newcomers);
    struct fixture_one ones[CROWD];

    assert_non_null(newcomers);
    for (size_t i = 0; i < CROWD; i++) {
        struct federation_answer in = {.provider = PROVIDER_GOOGLE};
        in.id_token =
            token_of(w, (struct says){.life = 60 + (int64_t)i,
                                      .more = "\"email\":\"a@b.example\",\"email_verified\":true"});
        assert_ok(federation_judge(fixture_ctx(w->f), &in, &newcomers[i].vouched));
        ones[i] = (struct fixture_one){.with = &newcomers[i]};
    }
    fixture_crowd(w->f, enter_newcomer, ones, CROWD);
    for (size_t i = 0; i < CROWD; i++) {
        assert_ok(ones[i].answer);
        assert_true(id_eq(newcomers[i].in.user.id, newcomers[0].in.user.id));
    }
    assert_int_equal(fixture_count(w->f, EVENT_IDENTITY_LINKED), 1);
}

static void issuers_are_https_or_on_this_machine(void **state)
{
    (void)state;
    assert_true(url_is_https(STR("https://op.example/x")));
    assert_false(url_is_https(STR("http://op.example")));
    assert_false(url_is_https(STR("https://")));
    assert_false(url_is_https(STR("https://a@b.example")));
    assert_true(url_is_loopback(STR("http://127.0.0.1:8080/x")));
    assert_true(url_is_loopback(STR("http://localhost")));
    assert_true(url_is_loopback(STR("http://[::1]:1")));
    assert_false(url_is_loopback(STR("http://localhost.example")));
    assert_false(url_is_loopback(STR("http://127.0.0.1@evil.example")));
    assert_false(url_is_loopback(STR("http://127.0.0.10")));
    assert_false(url_is_loopback(STR("https://localhost")));
}

int main(int count, char **arguments)
{
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(whoever_is_vouched_for_gets_an_account_and_comes_back_to_it),
        FIXTURE_TEST(an_address_joins_where_both_have_verified_it),
        FIXTURE_TEST(the_word_of_microsoft_for_an_address_counts_for_nothing),
        FIXTURE_TEST(a_tenant_is_an_issuer_of_its_own),
        FIXTURE_TEST(who_has_no_address_gets_a_name),
        FIXTURE_TEST(what_is_wrong_with_a_token_is_seen),
        FIXTURE_TEST(a_token_counts_once),
        FIXTURE_TEST(a_login_that_began_here_ends_here_once),
        FIXTURE_TEST(a_state_is_of_one_browser_provider_and_time),
        FIXTURE_TEST(a_token_from_before_the_login_is_not_its_answer),
        FIXTURE_TEST(where_a_state_is_required_there_has_to_be_one),
        FIXTURE_TEST(browsers_go_back_where_the_settings_say_alone),
        FIXTURE_TEST(a_provider_without_a_client_id_is_none),
        FIXTURE_TEST(a_code_is_exchanged_for_what_it_stands_for),
        FIXTURE_TEST(the_access_token_beside_it_has_to_be_the_right_one),
        FIXTURE_TEST(codes_carry_pkce_where_all_begins_here),
        FIXTURE_TEST(keys_that_change_are_followed_but_not_for_ever),
        FIXTURE_TEST(a_provider_that_does_not_answer_is_left_alone_for_a_while),
        FIXTURE_TEST(nor_is_it_asked_for_one_code_after_another),
        FIXTURE_TEST(metadata_of_another_issuer_speaks_for_nobody),
        FIXTURE_TEST(what_is_linked_leads_into_the_account),
        FIXTURE_TEST(the_only_way_in_stays),
        FIXTURE_TEST(who_may_not_come_in_does_not_by_a_provider),
        FIXTURE_TEST(of_many_at_the_same_moment_all_get_one_account),
        FIXTURE_TEST(issuers_are_https_or_on_this_machine),
    };

    (void)arguments;
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
