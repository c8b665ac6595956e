/* What is believed of an answer, and what is not. */
#include "base/arena.h"
#include "base/check.h"
#include "crypto/jose.h"
#include "domain/federation.h"
#include "domain/federation_state.h"
#include "domain/housekeeping.h"
#include "domain/identity.h"
#include "domain/pretend_provider.h"
#include "domain/providers.h"
#include "store/queries.h"

#include <string.h>

enum {
    MINUTE = 60
};

static void a_tenant_is_an_issuer_of_its_own(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);
    struct says says = {.issuer = "https://microsoft.example/" TENANT "/v2.0",
                        .more = "\"tid\":\"" TENANT "\""};

    w->metadata_issuer = STR("https://microsoft.example/{tenantid}/v2.0");
    assert_ok(pretend_show_token(w, PROVIDER_MICROSOFT, says));
    says.more = "\"tid\":\"11111111-6c67-4c5b-b112-36a304b66dad\"";
    assert_err(pretend_show_token(w, PROVIDER_MICROSOFT, says), ERR_TOKEN_INVALID);
    says.more = "\"tid\":\"common\"";
    says.issuer = COMMON;
    assert_err(pretend_show_token(w, PROVIDER_MICROSOFT, says), ERR_TOKEN_INVALID);
    says.more = NULL;
    says.issuer = "https://microsoft.example/{tenantid}/v2.0";
    assert_err(pretend_show_token(w, PROVIDER_MICROSOFT, says), ERR_TOKEN_INVALID);
}

static void what_is_wrong_with_a_token_is_seen(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);
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
        enum err e = pretend_google(w, wrong[i]);
        if (e != ERR_TOKEN_INVALID) {
            fail_msg("%zu: %s", i, err_name(e));
        }
    }
    assert_int_equal(fixture_count(w->f, EVENT_LOGIN_FAILED), ARRAY_LEN(wrong));
    for (size_t i = 0; i < ARRAY_LEN(right); i++) {
        assert_ok(pretend_google(w, right[i]));
    }
}

static void a_token_counts_once(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);
    struct federation_answer in = {.provider = PROVIDER_GOOGLE,
                                   .id_token = pretend_token(w, (struct says){0})};

    assert_ok(pretend_show(w, &in));
    assert_err(pretend_show(w, &in), ERR_TOKEN_INVALID);
    assert_int_equal(fixture_count(w->f, EVENT_LOGIN), 1);
}

/* What another node does whose clock is so much ahead. */
static void tidy_ahead(struct fixture *f, int64_t seconds)
{
    struct moment now = f->now;
    bool more = true;

    f->now = moment_plus(now, seconds);
    while (more) {
        assert_ok(housekeeping_step(fixture_ctx(f), &more));
    }
    f->now = now;
}

static void a_token_counts_once_where_clocks_are_a_minute_apart(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);
    struct federation_answer in = {.provider = PROVIDER_GOOGLE,
                                   .id_token = pretend_token(w, (struct says){.life = 3600})};

    assert_ok(pretend_show(w, &in));
    fixture_pass(w->f, 3600 + 29); /* the last second in which it is taken */
    tidy_ahead(w->f, MINUTE);
    assert_err(pretend_show(w, &in), ERR_TOKEN_INVALID);
    assert_string_equal(w->f->ctx.reason.detail, "it was used before");
    tidy_ahead(w->f, 3 * MINUTE); /* nothing stays for ever */
    assert_ok(pretend_show(w, &in));
}

static void a_state_counts_once_where_clocks_are_a_minute_apart(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);

    assert_ok(pretend_send_off(w, PROVIDER_GOOGLE, NULL));
    struct federation_answer in = pretend_answer(w, PROVIDER_GOOGLE);
    assert_ok(pretend_show(w, &in));
    fixture_pass(w->f, FEDERATION_LIFE - 1);
    tidy_ahead(w->f, MINUTE);
    in = pretend_answer(w, PROVIDER_GOOGLE); /* another token, the same state */
    assert_err(pretend_show(w, &in), ERR_TOKEN_INVALID);
    assert_string_equal(w->f->ctx.reason.detail, "it was used before");
}

static void a_login_that_began_here_ends_here_once(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);

    assert_ok(pretend_send_off(w, PROVIDER_GOOGLE, NULL));
    assert_true(str_starts(w->way.url, STR(GOOGLE "/authorize?response_type=id_token&")));
    assert_str(pretend_parameter(w, "client_id"), CLIENT);
    assert_str(pretend_parameter(w, "redirect_uri"), "https%3A%2F%2Fapp.example%2Fback");
    assert_str(pretend_parameter(w, "code_challenge_method"), "S256");
    assert_int_equal(pretend_parameter(w, "code_challenge").len, 43);
    struct federation_answer in = pretend_answer(w, PROVIDER_GOOGLE);
    assert_ok(pretend_show(w, &in));
    struct federation_answer again = pretend_answer(w, PROVIDER_GOOGLE);
    again.id_token = pretend_token(w, (struct says){.subject = "2", .more = "\"nonce\":\"x\""});
    assert_err(pretend_show(w, &again), ERR_TOKEN_INVALID); /* another nonce */
    fixture_pass(w->f, 1);
    again = pretend_answer(w, PROVIDER_GOOGLE); /* another token, the same state */
    assert_err(pretend_show(w, &again), ERR_TOKEN_INVALID);
}

static void a_state_is_of_one_browser_provider_and_time(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);

    assert_ok(pretend_send_off(w, PROVIDER_GOOGLE, BROWSER));
    assert_str(w->way.browser, BROWSER); /* another window of the same browser */
    struct federation_answer in = pretend_answer(w, PROVIDER_GOOGLE), other = in;
    other.browser = STR("1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    assert_err(pretend_show(w, &other), ERR_FIELD_VALUE);
    other.browser = (struct str){0};
    assert_err(pretend_show(w, &other), ERR_FIELD_VALUE);
    other = in;
    other.provider = PROVIDER_MICROSOFT;
    assert_err(pretend_show(w, &other), ERR_FIELD_VALUE);
    other = in;
    other.state = str_sub(in.state, 0, in.state.len - 1);
    assert_err(pretend_show(w, &other), ERR_FIELD_VALUE);
    other.state = STR("");
    assert_err(pretend_show(w, &other), ERR_FIELD_VALUE);
    fixture_pass(w->f, FEDERATION_LIFE);
    other = pretend_answer(w, PROVIDER_GOOGLE);
    assert_err(pretend_show(w, &other), ERR_FIELD_VALUE);
}

static void a_token_from_before_the_login_is_not_its_answer(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);
    struct str nonce;

    assert_ok(pretend_send_off(w, PROVIDER_GOOGLE, NULL));
    struct federation_answer in = pretend_answer(w, PROVIDER_GOOGLE);
    assert_ok(arena_print(w->f->arena, &nonce, "\"nonce\":\"%.*s\"",
                          STR_ARG(pretend_parameter(w, "nonce"))));
    in.id_token = pretend_token(w, (struct says){.issued = -31, .more = nonce.ptr});
    assert_err(pretend_show(w, &in), ERR_TOKEN_INVALID);
}

static void where_a_state_is_required_there_has_to_be_one(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);

    w->settings.of[PROVIDER_GOOGLE].require_state = true;
    assert_err(pretend_google(w, (struct says){0}), ERR_FIELD_MISSING);
    assert_ok(pretend_send_off(w, PROVIDER_GOOGLE, NULL));
    struct federation_answer in = pretend_answer(w, PROVIDER_GOOGLE);
    assert_ok(pretend_show(w, &in));
}

static void browsers_go_back_where_the_settings_say_alone(void **state)
{
    static const char *const others[] = {
        BACK "/",    "https://app.example/bac", "https://APP.example/back", BACK "?x=1", "",
        ("x " BACK),
    };
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);

    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        struct federation_start start = {PROVIDER_GOOGLE, str_of(others[i]), {0}};
        assert_err(federation_begin(fixture_ctx(w->f), &start, &w->way), ERR_FIELD_VALUE);
    }
}

static void a_provider_without_a_client_id_is_none(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);

    w->settings.of[PROVIDER_GOOGLE].client_id = STR("");
    assert_err(pretend_send_off(w, PROVIDER_GOOGLE, NULL), ERR_MISSING);
    assert_err(pretend_google(w, (struct says){0}), ERR_MISSING);
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
                          STR_ARG(pretend_token(w, says).hidden),
                          access ? ",\"access_token\":\"" : "", access ? access : "",
                          access ? "\"" : ""));
    return pretend_show(w, &in);
}

static void a_code_is_exchanged_for_what_it_stands_for(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);

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
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);
    struct says says = {.more = "\"at_hash\":\"77QmUPtjPfzWtF2AnpK9RQ\""};

    assert_ok(exchange(w, says, "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", (struct str){0}));
    says.subject = "2";
    assert_err(exchange(w, says, "another", (struct str){0}), ERR_TOKEN_INVALID);
}

static void codes_carry_pkce_where_all_begins_here(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);
    struct str nonce;

    assert_ok(pretend_send_off(w, PROVIDER_LINKEDIN, NULL));
    assert_false(str_contains(w->way.url, '~'));
    assert_null(strstr(w->way.url.ptr, "code_challenge"));
    w->settings.of[PROVIDER_LINKEDIN].require_state = true;
    assert_ok(pretend_send_off(w, PROVIDER_LINKEDIN, NULL));
    assert_int_equal(pretend_parameter(w, "code_challenge").len, 43);
    assert_ok(arena_print(w->f->arena, &nonce, "\"nonce\":\"%.*s\"",
                          STR_ARG(pretend_parameter(w, "nonce"))));
    assert_ok(exchange(w, (struct says){.more = nonce.ptr}, NULL, pretend_parameter(w, "state")));
    assert_non_null(strstr(w->form.ptr, "&code_verifier="));
}

static void keys_that_change_are_followed_but_not_for_ever(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);
    struct jose_key *strange;

    assert_ok(pretend_google(w, (struct says){.subject = "1"}));
    assert_int_equal(w->asked, 2); /* metadata, keys */
    assert_ok(pretend_google(w, (struct says){.subject = "2"}));
    assert_int_equal(w->asked, 2);
    assert_ok(jose_key_make(&w->newer));
    assert_ok(pretend_google(w, (struct says){.subject = "3", .by = w->newer}));
    assert_int_equal(w->asked, 4);
    assert_ok(jose_key_make(&strange));
    for (int i = 0; i < 20; i++) {
        assert_err(pretend_google(w, (struct says){.subject = "4", .by = strange}),
                   ERR_TOKEN_INVALID);
    }
    assert_true(w->asked <= 4 + 2 * 4);
    assert_ok(pretend_google(w, (struct says){.subject = "5", .by = w->newer}));
    jose_key_destroy(strange);
}

static void a_provider_that_does_not_answer_is_left_alone_for_a_while(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);

    w->silent = true;
    assert_err(pretend_google(w, (struct says){0}), ERR_PROVIDER);
    assert_err(pretend_google(w, (struct says){0}), ERR_PROVIDER);
    assert_int_equal(w->asked, 1);
}

static void nor_is_it_asked_for_one_code_after_another(void **state)
{
    CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);

    assert_ok(exchange(w, (struct says){.subject = "1"}, NULL, (struct str){0}));
    unsigned asked = w->asked;
    w->silent = true;
    for (int i = 0; i < 3; i++) {
        assert_err(exchange(w, (struct says){.subject = "2"}, NULL, (struct str){0}), ERR_PROVIDER);
    }
    assert_int_equal(w->asked, asked + 1);
    w->silent = false;
    assert_ok(pretend_google(w, (struct says){.subject = "3"})); /* another one answers */
}

static void metadata_of_another_issuer_speaks_for_nobody(void **state)
{
    static const char *const others[] = {"https://other.example", "https://google.example/",
                                         "https://{tenantid}", "https://google.example/{tenantid}"};

    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        CLEANUP(pretend_end_at) struct world *w = pretend_begin(state);
        w->metadata_issuer = str_of(others[i]);
        assert_err(pretend_google(w, (struct says){0}), ERR_PROVIDER);
    }
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
        FIXTURE_TEST(a_tenant_is_an_issuer_of_its_own),
        FIXTURE_TEST(what_is_wrong_with_a_token_is_seen),
        FIXTURE_TEST(a_token_counts_once),
        FIXTURE_TEST(a_token_counts_once_where_clocks_are_a_minute_apart),
        FIXTURE_TEST(a_state_counts_once_where_clocks_are_a_minute_apart),
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
        FIXTURE_TEST(issuers_are_https_or_on_this_machine),
    };

    (void)arguments;
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
