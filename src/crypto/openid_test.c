#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "crypto/digest.h"
#include "crypto/jose.h"
#include "crypto/openid.h"
#include "crypto/openid_fixture.h"

static int start(void **state)
{
    (void)state;
    jose_start();
    return 0;
}

static struct openid_keys *keys_of(struct arena *arena, const char *json)
{
    struct openid_keys *keys = NULL;

    assert_ok(openid_keys_parse(arena, str_of(json), &keys));
    return keys;
}

static void each_token_is_opened_or_not_as_its_maker_says(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 14, 1 << 22);
    CLEANUP(openid_keys_destroy_at) struct openid_keys *keys = keys_of(arena, fixture_keys);
    struct openid_claims claims;

    assert_int_equal(openid_keys_count(keys), 3); /* those for signing, of kinds that are known */
    for (size_t i = 0; i < ARRAY_LEN(fixtures); i++) {
        enum err e = openid_token_open(arena, keys, str_of(fixtures[i].token), &claims);
        if (e != fixtures[i].opened) {
            fail_msg("%s: %s", fixtures[i].what, err_name(e));
        }
    }
}

static void claims_are_what_the_token_says(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 14, 1 << 22);
    CLEANUP(openid_keys_destroy_at) struct openid_keys *keys = keys_of(arena, fixture_keys);
    struct openid_claims claims;

    assert_ok(openid_token_open(arena, keys, str_of(fixtures[0].token), &claims));
    assert_str(claims.issuer, "https://op.example");
    assert_str(claims.subject, "248289761001");
    assert_int_equal(claims.audience.count, 1);
    assert_str(claims.audience.items[0], "client");
    assert_str(claims.authorized, "client");
    assert_str(claims.nonce, "n-0S6_WzA2Mj");
    assert_str(claims.access_hash, "77QmUPtjPfzWtF2AnpK9RQ");
    assert_str(claims.tenant, "9188040d-6c67-4c5b-b112-36a304b66dad");
    assert_int_equal(claims.expires, 1311281970);
    assert_int_equal(claims.issued, 1311280970);
    assert_int_equal(claims.not_before, 0);
    assert_str(claims.email, "ann@example.com");
    assert_true(claims.email_verified);
    assert_str(claims.first_name, "Ann");
    assert_str(claims.last_name, "Lee");
}

static void a_key_set_that_is_broken_is_refused(void **state)
{
    static const char *const broken[] = {
        "",
        "[]",
        "{}",
        "{\"keys\":{}}",
        "{\"keys\":[1]}",
        "{\"keys\":[{}]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}", /* short */
        "{\"keys\":[{\"kty\":\"RSA\",\"e\":\"AQAB\"}]}",
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQAB\",\"y\":\"AQAB\"}]}",
        /* on no curve */
        ("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\","
         "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
         "\"y\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"}]}"),
    };

    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 14, 1 << 22);
    struct openid_keys *keys;
    for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
        enum err e = openid_keys_parse(arena, str_of(broken[i]), &keys);
        if (e != ERR_FIELD_VALUE) {
            fail_msg("%s: %s", broken[i], err_name(e));
        }
    }
}

#define DOCUMENT                                                                                   \
    "{\"issuer\":\"https://op.example\",\"authorization_endpoint\":\"https://op.example/a\","      \
    "\"token_endpoint\":\"https://op.example/t\",\"jwks_uri\":\"https://op.example/k\","           \
    "\"scopes_supported\":[\"openid\"]%s}"

static void metadata_says_where_to_go(void **state)
{
    static const struct {
        const char *methods;
        bool posts;
    } methods[] = {
        {"",                                                                    false},
        {",\"token_endpoint_auth_methods_supported\":[\"client_secret_basic\",\"client_secret_"
         "post\"]",                                                    false},
        {",\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]", true },
        {",\"token_endpoint_auth_methods_supported\":[\"private_key_jwt\"]",    false},
    };

    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 14, 1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        struct openid_metadata metadata;
        struct str json;
        assert_ok(arena_print(arena, &json, DOCUMENT, methods[i].methods));
        assert_ok(openid_metadata_parse(arena, json, &metadata));
        assert_str(metadata.issuer, "https://op.example");
        assert_str(metadata.authorization, "https://op.example/a");
        assert_str(metadata.token, "https://op.example/t");
        assert_str(metadata.keys, "https://op.example/k");
        assert_int_equal(metadata.posts_secret, methods[i].posts);
    }
}

static void metadata_without_what_is_needed_is_none(void **state)
{
    static const char *const wrong[] = {
        "",
        "null",
        "[]",
        "{}",
        "<html>",
        "{\"issuer\":\"https://op.example\",\"authorization_endpoint\":\"https://op.example/a\"}",
        "{\"issuer\":1,\"authorization_endpoint\":\"a\",\"jwks_uri\":\"k\"}",
    };

    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1 << 14, 1 << 20);
    struct openid_metadata metadata;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_err(openid_metadata_parse(arena, str_of(wrong[i]), &metadata), ERR_FIELD_VALUE);
    }
}

/* OpenID Connect Core 1.0, A.3 and A.6, print both. */
static void the_hash_of_the_printed_example_is_right(void **state)
{
    (void)state;
    CLEANUP(digester_destroy_at) struct digester *digester = NULL;
    struct str token = STR("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
    bool right;

    assert_ok(digester_create(&digester));
    assert_ok(openid_hash_is_of(digester, STR("77QmUPtjPfzWtF2AnpK9RQ"), token, &right));
    assert_true(right);
    assert_ok(openid_hash_is_of(digester, STR("77QmUPtjPfzWtF2AnpK9RR"), token, &right));
    assert_false(right);
    assert_ok(openid_hash_is_of(digester, STR("77QmUPtjPfzWtF2AnpK9RQ"), STR("another"), &right));
    assert_false(right);
}

/* RFC 7636, appendix B. */
static void the_challenge_of_the_printed_verifier_is_right(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 16);
    CLEANUP(digester_destroy_at) struct digester *digester = NULL;
    struct str challenge;

    assert_ok(digester_create(&digester));
    assert_ok(openid_challenge(arena, digester, STR("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
                               &challenge));
    assert_str(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

static void a_request_goes_behind_whatever_the_endpoint_has(void **state)
{
    static const struct openid_request request = {
        .response_type = {"id_token",                     8 },
        .client_id = {"a&b",                          3 },
        .redirect_uri = {"https://app.example/back?x=1", 28},
    };

    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 16);
    struct buf out = buf_in_arena(arena, 1024);
    openid_request_put(&out, STR("https://op.example/a?p=1"), &request);
    assert_str(buf_str(&out),
               "https://op.example/a?p=1&response_type=id_token&client_id=a%26b"
               "&redirect_uri=https%3A%2F%2Fapp.example%2Fback%3Fx%3D1");
}

static void the_secret_goes_where_the_provider_takes_it(void **state)
{
    struct openid_exchange in = {
        .code = STR("c d"),
        .redirect_uri = STR("https://app.example/back"),
        .client_id = STR("id:1"),
        .client_secret = {STR("s=1")},
        .verifier = STR("v"),
    };

    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 17);
    struct str form, authorization;
    assert_ok(openid_exchange_print(arena, &in, &form, &authorization));
    assert_str(form,
               "grant_type=authorization_code&code=c%20d"
               "&redirect_uri=https%3A%2F%2Fapp.example%2Fback&code_verifier=v");
    assert_str(authorization, "Authorization: Basic aWQlM0ExOnMlM0Qx");
    in.posts_secret = true;
    in.verifier = (struct str){0};
    assert_ok(openid_exchange_print(arena, &in, &form, &authorization));
    assert_str(form,
               "grant_type=authorization_code&code=c%20d"
               "&redirect_uri=https%3A%2F%2Fapp.example%2Fback"
               "&client_id=id%3A1&client_secret=s%3D1");
    assert_false(str_is_set(authorization));
}

static void a_grant_without_an_id_token_is_none(void **state)
{
    (void)state;
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(1024, 1 << 16);
    struct openid_grant grant;

    assert_ok(openid_grant_parse(arena, STR("{\"id_token\":\"a.b.c\",\"expires_in\":5}"), &grant));
    assert_str(grant.id_token, "a.b.c");
    assert_false(str_is_set(grant.access_token));
    assert_err(openid_grant_parse(arena, STR("{\"access_token\":\"a\"}"), &grant), ERR_FIELD_VALUE);
    assert_err(openid_grant_parse(arena, STR("{\"error\":\"invalid_grant\"}"), &grant),
               ERR_FIELD_VALUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_token_is_opened_or_not_as_its_maker_says),
        cmocka_unit_test(claims_are_what_the_token_says),
        cmocka_unit_test(a_key_set_that_is_broken_is_refused),
        cmocka_unit_test(metadata_says_where_to_go),
        cmocka_unit_test(metadata_without_what_is_needed_is_none),
        cmocka_unit_test(the_hash_of_the_printed_example_is_right),
        cmocka_unit_test(the_challenge_of_the_printed_verifier_is_right),
        cmocka_unit_test(a_request_goes_behind_whatever_the_endpoint_has),
        cmocka_unit_test(the_secret_goes_where_the_provider_takes_it),
        cmocka_unit_test(a_grant_without_an_id_token_is_none),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
