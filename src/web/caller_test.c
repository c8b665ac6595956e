#include "base/arena.h"
#include "base/check.h"
#include "domain/keychain.h"
#include "domain/service_key.h"
#include "web/stage.h"

#include <stdio.h>

struct wish {
    struct str permission;
    struct service_key made;
    struct secret text;
};

static enum err make(struct ctx *ctx, void *with)
{
    struct wish *wish = with;
    struct new_service_key in = {
        STR("gateway"), {&wish->permission, 1},
         {0                }
    };

    return service_key_make(ctx, &in, &wish->made, &wish->text);
}

/* What a service shows that may do one thing. */
static const char *key_with(struct stage *stage, struct wish *wish, const char *permission)
{
    wish->permission = str_of(permission);
    assert_ok(fixture_run(stage->fixture, &actor_operator, TX_WRITE, make, wish));
    struct str text;
    assert_ok(arena_copy(stage->fixture->arena, wish->text.hidden, &text));
    return text.ptr;
}

static int get_with_key(struct stage *stage, const char *key, const char *path)
{
    mock_send_header(stage_ask(stage, GET, path), "X-Service-Key", key);
    return stage_send(stage);
}

static void a_service_key_lets_in_where_its_permissions_do(void **state)
{
    struct stage *stage = *state;
    struct wish wish;
    const char *key = key_with(stage, &wish, "admins:read");

    assert_int_equal(get_with_key(stage, key, "/admins"), 200);
    assert_int_equal(stage->script.seen, ACTOR_SERVICE);
    mock_send_header(stage_ask(stage, POST, "/admins"), "x-service-key", key);
    assert_int_equal(stage_send(stage), STATUS_OF(CLASS_FORBIDDEN));
    assert_int_equal(get_with_key(stage, key, "/known"), 200);
    assert_int_equal(stage->script.seen, ACTOR_SERVICE);
}

static void a_service_is_no_user(void **state)
{
    struct stage *stage = *state;
    struct wish wish;
    const char *key = key_with(stage, &wish, "*");

    assert_int_equal(get_with_key(stage, key, "/name"), STATUS_OF(CLASS_UNAUTHENTICATED));
    assert_string_equal(stage->mock.body, "!ERR_TOKEN_MISSING");
}

static void a_key_that_is_not_good_is_never_treated_as_absent(void **state)
{
    struct stage *stage = *state;
    const char *bearer = stage_bearer(stage, "ann", ROLE_ADMIN);
    static const char *const bad[] = {
        "", "x", "signet_", "Bearer x",
        /* well formed, and nobody's */
        ("signet_01a1feecce907532b6a3ca184ff1da28.000102030405060708090a0b0c0d0e0f1011121314151617"
         "18191a1b1c1d1e1f4667f632")};

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(get_with_key(stage, bad[i], "/known"), STATUS_OF(CLASS_UNAUTHENTICATED));
        assert_string_equal(stage->mock.body, "!ERR_TOKEN_INVALID");
        mock_send_header(stage_ask(stage, GET, "/name"), "authorization", bearer);
        mock_send_header(&stage->mock, "x-service-key", bad[i]);
        assert_int_equal(stage_send(stage), STATUS_OF(CLASS_UNAUTHENTICATED));
    }
    assert_int_equal(stage_get_as(stage, bearer, GET, "/name"), 200);
}

static void beside_a_token_the_key_adds_nothing(void **state)
{
    struct stage *stage = *state;
    struct wish wish;
    const char *key = key_with(stage, &wish, "*");
    const char *bearer = stage_bearer(stage, "ann", ROLES);

    mock_send_header(stage_ask(stage, GET, "/name"), "authorization", bearer);
    mock_send_header(&stage->mock, "x-service-key", key);
    assert_int_equal(stage_send(stage), 200);
    assert_string_equal(stage->mock.body, "ann");
    mock_send_header(stage_ask(stage, GET, "/admins"), "authorization", bearer);
    mock_send_header(&stage->mock, "x-service-key", key);
    assert_int_equal(stage_send(stage), STATUS_OF(CLASS_FORBIDDEN));
    mock_send_header(stage_ask(stage, GET, "/admins"), "authorization", "Bearer rubbish");
    mock_send_header(&stage->mock, "x-service-key", key);
    assert_int_equal(stage_send(stage), STATUS_OF(CLASS_UNAUTHENTICATED));
}

static void what_stands_twice_is_refused(void **state)
{
    struct stage *stage = *state;
    struct wish wish;
    const char *key = key_with(stage, &wish, "*");
    const char *bearer = stage_bearer(stage, "ann", ROLE_ADMIN);

    mock_send_header(stage_ask(stage, GET, "/known"), "x-service-key", key);
    mock_send_header(&stage->mock, "X-SERVICE-KEY", key);
    assert_int_equal(stage_send(stage), STATUS_OF(CLASS_UNAUTHENTICATED));
    mock_send_header(stage_ask(stage, GET, "/known"), "authorization", bearer);
    mock_send_header(&stage->mock, "Authorization", bearer);
    assert_int_equal(stage_send(stage), STATUS_OF(CLASS_UNAUTHENTICATED));
}

/* The log names the key by its id; of what was shown nothing is in it, good or not. */
static void a_key_is_named_in_the_log_and_not_shown(void **state)
{
    struct stage *stage = *state;
    struct wish wish;
    const char *key = key_with(stage, &wish, "admins:read");
    char id[ID_TEXT + 1] = {0};
    struct buf out = buf_over(id, ID_TEXT);

    id_print(&out, wish.made.id);
    (void)stage_logged(stage);
    assert_int_equal(get_with_key(stage, key, "/known"), 200);
    const char *logged = stage_logged(stage);
    assert_non_null(strstr(logged, id));
    assert_null(strstr(logged, "signet_"));
    char wrong[128];
    (void)snprintf(wrong, sizeof wrong, "%s", key);
    wrong[50] = wrong[50] == 'a' ? 'b' : 'a';
    assert_int_equal(get_with_key(stage, wrong, "/known"), STATUS_OF(CLASS_UNAUTHENTICATED));
    assert_null(strstr(stage_logged(stage), "signet_"));
}

/* What a peer with this key is told who names a user. */
static int get_for(struct stage *stage, const char *peer, const char *key, const char *user)
{
    struct mock *mock = stage_ask(stage, GET, "/known");

    mock->x.request.peer = str_of(peer);
    if (key) {
        mock_send_header(mock, "x-service-key", key);
    }
    mock_send_header(mock, "X-User-Id", user);
    return stage_send(stage);
}

static const char *id_of(struct stage *stage, const char *name)
{
    struct buf out = buf_in_arena(stage->fixture->arena, ID_TEXT + 1);

    id_print(&out, fixture_user(stage->fixture, name).id);
    buf_put_char(&out, '\0');
    assert_false(out.failed);
    return out.data;
}

static void a_trusted_proxy_with_a_key_speaks_for_a_user(void **state)
{
    struct stage *stage = *state;
    struct wish wish;
    const char *key = key_with(stage, &wish, "*"), *paul = id_of(stage, "paul");

    assert_int_equal(get_for(stage, "10.1.2.3", key, paul), 200);
    assert_int_equal(stage->script.seen, ACTOR_USER);
    mock_send_header(stage_ask(stage, GET, "/admins"), "x-service-key", key);
    mock_send_header(&stage->mock, "x-user-id", paul);
    stage->mock.x.request.peer = STR("10.1.2.3");
    assert_int_equal(stage_send(stage),
                     STATUS_OF(CLASS_FORBIDDEN)); /* what the key may counts not */
}

static void from_anyone_else_it_is_ignored(void **state)
{
    struct stage *stage = *state;
    struct wish wish;
    const char *key = key_with(stage, &wish, "*"), *paul = id_of(stage, "paul");

    assert_int_equal(get_for(stage, "192.0.2.7", key, paul), 200); /* a key, but no proxy */
    assert_int_equal(stage->script.seen, ACTOR_SERVICE);
    assert_int_equal(get_for(stage, "192.0.2.7", key, "rubbish"), 200);
    assert_int_equal(get_for(stage, "10.1.2.3", NULL, paul), 200); /* a proxy, but no key */
    assert_int_equal(stage->script.seen, ACTOR_NOBODY);
    assert_int_equal(get_for(stage, "192.0.2.7", NULL, paul), 200);
    assert_int_equal(stage->script.seen, ACTOR_NOBODY);
    assert_int_equal(get_for(stage, "10.1.2.3", "x", paul), STATUS_OF(CLASS_UNAUTHENTICATED));
}

static void what_a_trusted_proxy_says_and_is_no_user_is_refused(void **state)
{
    struct stage *stage = *state;
    struct wish wish;
    const char *key = key_with(stage, &wish, "*"), *paul = id_of(stage, "paul");
    static const char *const bad[] = {"", "paul", "00000000-0000-0000-0000-000000000000"};

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(get_for(stage, "10.1.2.3", key, bad[i]), STATUS_OF(CLASS_INPUT));
        assert_string_equal(stage->mock.body, "!ERR_REQUEST_MALFORMED");
    }
    mock_send_header(stage_ask(stage, GET, "/known"), "x-service-key", key);
    mock_send_header(&stage->mock, "x-user-id", paul);
    mock_send_header(&stage->mock, "x-user-id", paul);
    stage->mock.x.request.peer = STR("10.1.2.3");
    assert_int_equal(stage_send(stage), STATUS_OF(CLASS_UNAUTHENTICATED));
}

static void beside_a_token_nobody_is_spoken_for(void **state)
{
    struct stage *stage = *state;
    struct wish wish;
    const char *key = key_with(stage, &wish, "*"), *paul = id_of(stage, "paul");
    const char *bearer = stage_bearer(stage, "ann", ROLES);

    mock_send_header(stage_ask(stage, GET, "/name"), "authorization", bearer);
    mock_send_header(&stage->mock, "x-service-key", key);
    mock_send_header(&stage->mock, "x-user-id", paul);
    stage->mock.x.request.peer = STR("10.1.2.3");
    assert_int_equal(stage_send(stage), 200);
    assert_string_equal(stage->mock.body, "ann");
}

#define STAGE_TEST(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_service_key_lets_in_where_its_permissions_do),
        STAGE_TEST(a_service_is_no_user),
        STAGE_TEST(a_key_that_is_not_good_is_never_treated_as_absent),
        STAGE_TEST(beside_a_token_the_key_adds_nothing),
        STAGE_TEST(what_stands_twice_is_refused),
        STAGE_TEST(a_key_is_named_in_the_log_and_not_shown),
        STAGE_TEST(a_trusted_proxy_with_a_key_speaks_for_a_user),
        STAGE_TEST(from_anyone_else_it_is_ignored),
        STAGE_TEST(what_a_trusted_proxy_says_and_is_no_user_is_refused),
        STAGE_TEST(beside_a_token_nobody_is_spoken_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
