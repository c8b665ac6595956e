#include "base/arena.h"
#include "base/check.h"
#include "crypto/claims.h"
#include "crypto/jose.h"

enum {
    KEEP = 4096,
    MOST = 1 << 20
};

struct stage {
    struct arena *arena;
    struct jose_key *key, *other;
    struct claims claims;
};

static int set_up(void **state)
{
    static struct stage stage; /* of one test after another */

    stage = (struct stage){.arena = arena_create(KEEP, MOST)};
    if (jose_key_make(&stage.key) != ERR_OK || jose_key_make(&stage.other) != ERR_OK ||
        id_make((struct moment){1000}, &stage.claims.subject) != ERR_OK ||
        id_make((struct moment){2000}, &stage.claims.session) != ERR_OK) {
        return -1;
    }
    stage.claims.issuer = STR("signet");
    stage.claims.username = STR("admin");
    stage.claims.face = STR("edge");
    stage.claims.issued = 1000;
    stage.claims.expires = 2000;
    *state = &stage;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;

    jose_key_destroy(stage->key);
    jose_key_destroy(stage->other);
    arena_destroy(stage->arena);
    return 0;
}

static void what_was_signed_is_read_back(void **state)
{
    struct stage *stage = *state;
    struct claims read;
    struct str token;

    assert_ok(claims_sign(stage->arena, stage->key, &stage->claims, &token));
    assert_ok(claims_verify(stage->arena, stage->key, token, &read));
    assert_str(read.issuer, "signet");
    assert_str(read.username, "admin");
    assert_str(read.face, "edge");
    assert_false(str_is_set(read.email)); /* what is not said is not there */
    assert_true(id_eq(read.subject, stage->claims.subject));
    assert_true(id_eq(read.session, stage->claims.session));
    assert_int_equal(read.issued, 1000);
    assert_int_equal(read.expires, 2000);
}

static void another_key_signed_nothing(void **state)
{
    struct stage *stage = *state;
    struct claims read;
    struct str token;

    assert_ok(claims_sign(stage->arena, stage->other, &stage->claims, &token));
    assert_err(claims_verify(stage->arena, stage->key, token, &read), ERR_TOKEN_INVALID);
}

/* Signed with our own key, as another kind of token might be: still no access token. */
static void without_its_claims_it_is_no_token(void **state)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        "not json",
        "{\"iss\":\"signet\",\"sub\":\"admin\"}",
        "{\"iss\":\"signet\",\"sub\":\"01a1fd92-eeb0-72b6-aab5-0192dca7b04f\","
        "\"sid\":\"01a1fd92-f462-7759-a5b8-6088b5bed0ff\",\"iat\":\"1\",\"exp\":2,"
        "\"username\":\"a\",\"face\":\"edge\"}",
        "{\"iss\":\"signet\",\"sub\":\"01a1fd92-eeb0-72b6-aab5-0192dca7b04f\","
        "\"sid\":\"01a1fd92-f462-7759-a5b8-6088b5bed0ff\",\"iat\":1,"
        "\"username\":\"a\",\"face\":\"edge\"}",
    };
    struct stage *stage = *state;
    struct claims read;
    struct str token;

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        assert_ok(
            jose_sign(stage->arena, stage->key, STR(CLAIMS_ACCESS), str_of(texts[i]), &token));
        assert_err(claims_verify(stage->arena, stage->key, token, &read), ERR_TOKEN_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_signed_is_read_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_key_signed_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_its_claims_it_is_no_token, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
