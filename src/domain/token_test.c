#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/rcu.h"
#include "crypto/claims.h"
#include "crypto/digest.h"
#include "crypto/jose.h"
#include "domain/desk.h"
#include "domain/feed.h"
#include "domain/fixture.h"
#include "domain/keyring.h"
#include "domain/role.h"
#include "domain/session.h"
#include "domain/standing.h"
#include "domain/token.h"
#include "domain/user.h"

static enum err end_session(struct ctx *ctx, void *session)
{
    return session_end(ctx, *(const struct id *)session);
}

static enum err stop(struct ctx *ctx, void *user)
{
    return user_stop(ctx, user);
}

static enum err resume(struct ctx *ctx, void *user)
{
    return user_resume(ctx, user);
}

static const struct jose_key *signer(struct fixture *f)
{
    return keyring_signer(f->service.keyring, STR(EDGE), f->now);
}

/* What token_issue would say for a session of this user. */
static struct claims claims_of(struct fixture *f)
{
    return (struct claims){
        .issuer = STR("signet"),
        .username = STR("paul"),
        .email = STR("paul@example.com"),
        .face = STR(EDGE),
        .subject = {{1}},
        .session = {{2}},
        .issued = moment_seconds(f->now),
        .expires = moment_seconds(f->now) + 900,
    };
}

static enum err accept_signed(struct fixture *f, const struct claims *claims)
{
    struct str token;

    assert_ok(claims_sign(f->arena, signer(f), claims, &token));
    return fixture_accept(f, token, NULL);
}

static void what_is_issued_is_accepted(void **state)
{
    struct fixture *f = *state;
    struct actor actor;

    f->edge.identity_headers = true;
    struct user user = fixture_admin(f, "Anna", ROLE_ADMIN);
    struct logged_in in = fixture_login(f, "anna");
    for (int i = 0; i < 3; i++) { /* by its signature, then from the cache */
        assert_ok(fixture_accept(f, in.token.text, &actor));
        assert_int_equal(actor.kind, ACTOR_USER);
        assert_true(id_eq(actor.user, user.id));
        assert_true(id_eq(actor.session, in.session.id));
        assert_str(actor.username, "Anna");
        assert_str(actor.email, "Anna@example.com");
    }
}

static void a_token_tells_no_more_than_its_face_is_to_say(void **state)
{
    struct fixture *f = *state;
    struct actor actor;

    (void)fixture_user(f, "paul");
    struct logged_in in = fixture_login(f, "paul");
    assert_ok(fixture_accept(f, in.token.text, &actor));
    assert_int_equal(actor.email.len, 0);
}

static void roles_and_permissions_come_from_standing(void **state)
{
    struct fixture *f = *state;
    struct actor actor;

    struct user user = fixture_user(f, "anna");
    struct logged_in in = fixture_login(f, "anna");
    assert_ok(fixture_accept(f, in.token.text, &actor));
    assert_int_equal(actor.permissions.bits, 0);

    /* The same token, remembered, says more as soon as its user holds more. */
    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_ok(role_grant_named(ctx, user.id, role_name(ROLE_ADMIN)));
    fixture_keep(f);
    assert_ok(fixture_accept(f, in.token.text, &actor));
    assert_int_equal(actor.permissions.bits, 0); /* nobody has told standing yet */
    rcu_enter(f->desk->reader);
    assert_ok(feed_read(fixture_ctx(f)));
    rcu_leave(f->desk->reader);
    assert_ok(fixture_accept(f, in.token.text, &actor));
    assert_true(permission_held(actor.permissions, PERMIT_ADMINS_WRITE));
    assert_int_equal(actor.roles.bits, 1u << ROLE_ADMIN);
}

static void a_token_lives_exactly_as_long_as_it_says(void **state)
{
    struct fixture *f = *state;
    struct claims claims = claims_of(f);
    struct str token;

    assert_ok(claims_sign(f->arena, signer(f), &claims, &token));
    fixture_pass(f, 899);
    assert_ok(fixture_accept(f, token, NULL));
    fixture_pass(f, 1);
    assert_err(fixture_accept(f, token, NULL), ERR_TOKEN_INVALID); /* though remembered */
    desk_close(&f->service, f->memory);
    assert_ok(desk_open(&f->service, DESK_MEMORY, &f->memory));
    assert_err(fixture_accept(f, token, NULL), ERR_TOKEN_INVALID);
}

static void a_token_of_a_face_lives_as_the_face_says_and_its_session_lets(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct session session = {.id = {{2}}, .user = user.id};
    struct token token;

    session.expires = moment_plus(f->now, 30 * 86400);
    struct ctx *ctx = fixture_ctx(f);
    assert_ok(token_issue(ctx, &user, &session, &token));
    assert_int_equal(token.seconds, EDGE_LIFE);
    ctx->face = STR(CORPORATE);
    assert_ok(token_issue(ctx, &user, &session, &token));
    assert_int_equal(token.seconds, CORPORATE_LIFE);

    session.expires = moment_plus(f->now, 60);
    assert_ok(token_issue(ctx, &user, &session, &token));
    assert_int_equal(token.seconds, 60);
    fixture_pass(f, 59);
    assert_ok(fixture_accept(f, token.text, NULL));
    fixture_pass(f, 1);
    assert_err(fixture_accept(f, token.text, NULL), ERR_TOKEN_INVALID);
}

static void another_nodes_clock_may_be_a_little_ahead(void **state)
{
    struct fixture *f = *state;
    struct claims claims = claims_of(f);

    claims.issued += 60;
    assert_ok(accept_signed(f, &claims));
    claims.issued++;
    assert_err(accept_signed(f, &claims), ERR_TOKEN_INVALID);
}

static void a_token_for_later_is_refused_until_then(void **state)
{
    struct fixture *f = *state;
    struct claims claims = claims_of(f);

    claims.has_not_before = PRESENCE_VALUE;
    claims.not_before = claims.issued + 60;
    assert_ok(accept_signed(f, &claims));
    claims.not_before++;
    assert_err(accept_signed(f, &claims), ERR_TOKEN_INVALID);
}

static void what_another_issuer_says_is_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const others[] = {"", "signe", "signet2", "SIGNET", "https://signet"};

    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        struct claims claims = claims_of(f);
        claims.issuer = str_of(others[i]);
        assert_err(accept_signed(f, &claims), ERR_TOKEN_INVALID);
    }
}

static void a_name_that_is_too_long_is_refused(void **state)
{
    struct fixture *f = *state;
    static char name[256];
    struct claims claims = claims_of(f);

    memset(name, 'x', sizeof name);
    claims.username = (struct str){name, 254};
    claims.email = (struct str){name, 254};
    assert_ok(accept_signed(f, &claims));
    claims.username.len = 255;
    assert_err(accept_signed(f, &claims), ERR_TOKEN_INVALID);
    claims.username.len = 254;
    claims.email.len = 255;
    assert_err(accept_signed(f, &claims), ERR_TOKEN_INVALID);
}

/* Signed by our key all the same: a refresh token, an ID token, or one that does not say. */
static void another_kind_of_token_is_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const types[] = {"JWT", "rt+jwt", "AT+JWT", "application/at+jwt", ""};
    struct claims claims = claims_of(f);
    struct str text, payload, token;

    assert_ok(claims_sign(f->arena, signer(f), &claims, &text));
    assert_ok(jose_verify(f->arena, signer(f), text, &payload));
    assert_ok(jose_sign(f->arena, signer(f), STR(CLAIMS_ACCESS), payload, &token));
    assert_ok(fixture_accept(f, token, NULL)); /* so that it is the type alone */
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        assert_ok(jose_sign(f->arena, signer(f), str_of(types[i]), payload, &token));
        assert_err(fixture_accept(f, token, NULL), ERR_TOKEN_INVALID);
    }
}

static void what_lacks_a_claim_is_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const payloads[] = {
        "{}",
        "[]",
        "null",
        "{\"iss\":\"signet\"}",
        "{\"iss\":\"signet\",\"sub\":\"x\",\"sid\":\"y\",\"iat\":1,\"exp\":9999999999,"
        "\"username\":\"u\",\"face\":\"edge\"}",
        "{\"iss\":\"signet\",\"sub\":\"01000000-0000-7000-8000-000000000000\",\"iat\":1750000000,"
        "\"exp\":1750000900,\"username\":\"u\",\"face\":\"edge\"}", /* no session: it cannot end */
        "{\"iss\":\"signet\",\"sub\":\"01000000-0000-7000-8000-000000000000\","
        "\"sid\":\"02000000-0000-7000-8000-000000000000\",\"iat\":1750000000,"
        "\"exp\":\"1750000900\",\"username\":\"u\",\"face\":\"edge\"}",
    };
    struct str token;

    for (size_t i = 0; i < ARRAY_LEN(payloads); i++) {
        assert_ok(jose_sign(f->arena, signer(f), STR(CLAIMS_ACCESS), str_of(payloads[i]), &token));
        assert_err(fixture_accept(f, token, NULL), ERR_TOKEN_INVALID);
    }
}

static void garbage_is_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const garbage[] = {
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "Bearer",
        "null",
        "e30.e30.",
        "e30.e30.e30",
        "\xff.\xfe.\xfd",
        /* {"alg":"none"} */
        "eyJhbGciOiJub25lIn0.e30.",
        /* {"alg":"none","typ":"at+jwt"} */
        "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.e30.",
    };
    static char long_one[20000];

    for (size_t i = 0; i < ARRAY_LEN(garbage); i++) {
        assert_err(fixture_accept(f, str_of(garbage[i]), NULL), ERR_TOKEN_INVALID);
        assert_int_equal(f->ctx.actor.kind, ACTOR_NOBODY);
    }
    assert_err(fixture_accept(f, (struct str){0}, NULL), ERR_TOKEN_INVALID);
    memset(long_one, 'a', sizeof long_one);
    assert_err(fixture_accept(f, (struct str){long_one, sizeof long_one}, NULL), ERR_TOKEN_INVALID);
}

/* Every single character, in all three parts; the last of the signature has bits that say nothing.
 */
static void a_token_that_is_changed_anywhere_is_refused(void **state)
{
    struct fixture *f = *state;
    struct claims claims = claims_of(f);
    struct str token;
    char text[1024];

    assert_ok(claims_sign(f->arena, signer(f), &claims, &token));
    assert_true(token.len < sizeof text);
    assert_ok(fixture_accept(f, token, NULL));
    for (size_t i = 0; i < token.len; i++) {
        memcpy(text, token.ptr, token.len);
        text[i] = text[i] == 'A' ? 'B' : 'A';
        assert_err(fixture_accept(f, (struct str){text, token.len}, NULL), ERR_TOKEN_INVALID);
    }
    for (size_t cut = 1; cut < token.len; cut += 7) {
        assert_err(fixture_accept(f, str_sub(token, 0, cut), NULL), ERR_TOKEN_INVALID);
    }
}

static void what_a_key_that_is_not_ours_has_signed_is_refused(void **state)
{
    struct fixture *f = *state;
    struct claims claims = claims_of(f);
    struct jose_key *foreign;
    struct str token;

    assert_ok(jose_key_make(&foreign));
    assert_ok(claims_sign(f->arena, foreign, &claims, &token));
    assert_err(fixture_accept(f, token, NULL), ERR_TOKEN_INVALID);
    jose_key_destroy(foreign);
}

static int set_up_other(void **state, const struct fixture *f)
{
    int failed = fixture_set_up(state);

    ((struct fixture *)*state)->now = f->now;
    return failed;
}

static void a_token_of_another_installation_is_refused(void **state)
{
    struct fixture *f = *state;
    void *other_state;

    assert_int_equal(set_up_other(&other_state, f), 0);
    struct fixture *other = other_state;
    (void)fixture_user(other, "paul");
    struct logged_in in = fixture_login(other, "paul");
    assert_ok(fixture_accept(other, in.token.text, NULL));
    assert_err(fixture_accept(f, in.token.text, NULL), ERR_TOKEN_INVALID);
    assert_int_equal(fixture_tear_down(&other_state), 0);
}

static void what_is_remembered_is_refused_at_once_when_its_session_ends(void **state)
{
    struct fixture *f = *state;

    (void)fixture_user(f, "paul");
    struct logged_in in = fixture_login(f, "paul"), other = fixture_login(f, "paul");
    assert_ok(fixture_accept(f, in.token.text, NULL));
    assert_ok(fixture_accept(f, other.token.text, NULL));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, end_session, &in.session.id));
    assert_err(fixture_accept(f, in.token.text, NULL), ERR_TOKEN_INVALID);
    assert_ok(fixture_accept(f, other.token.text, NULL));
}

static void what_is_remembered_is_refused_at_once_when_its_user_is_stopped(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct claims claims = claims_of(f);

    claims.subject = user.id; /* a session that standing has never heard of */
    assert_ok(accept_signed(f, &claims));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &user));
    assert_err(accept_signed(f, &claims), ERR_TOKEN_INVALID);
    user.state = USER_INACTIVE;
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, resume, &user));
    assert_ok(accept_signed(f, &claims));
}

/* More tokens than the smallest cache has places for, in turn: each is told for what it is. */
static void a_full_cache_forgets_but_never_mistakes(void **state)
{
    struct fixture *f = *state;
    enum {
        TOKENS = 300
    };
    struct str tokens[TOKENS];
    struct actor actor;

    for (size_t i = 0; i < TOKENS; i++) {
        struct claims claims = claims_of(f);
        claims.subject.bytes[14] = (uint8_t)(i >> 8);
        claims.subject.bytes[15] = (uint8_t)i;
        claims.expires += (int64_t)(i * 7 % 13);
        assert_ok(claims_sign(f->arena, signer(f), &claims, &tokens[i]));
    }
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < TOKENS; i++) {
            assert_ok(fixture_accept(f, tokens[i], &actor));
            assert_int_equal(actor.user.bytes[14] << 8 | actor.user.bytes[15], i);
        }
    }
    struct id session = claims_of(f).session;
    assert_ok(standing_end_session(fixture_ctx(f), session, f->now));
    for (size_t i = 0; i < TOKENS; i++) {
        assert_err(fixture_accept(f, tokens[i], NULL), ERR_TOKEN_INVALID);
    }
}

/* With all keys gone, what is remembered is all that is left. */
static void what_lives_longest_is_remembered_longest(void **state)
{
    struct fixture *f = *state;
    struct keyring *keys = f->service.keyring;
    struct claims claims = claims_of(f);
    struct str longest, shortest;

    claims.expires += 3600;
    assert_ok(claims_sign(f->arena, signer(f), &claims, &longest));
    assert_ok(fixture_accept(f, longest, NULL));
    claims = claims_of(f);
    assert_ok(claims_sign(f->arena, signer(f), &claims, &shortest));
    assert_ok(fixture_accept(f, shortest, NULL));
    for (size_t i = 0; i < 300; i++) {
        claims.session.bytes[15] = (uint8_t)i;
        claims.expires++;
        assert_ok(accept_signed(f, &claims));
    }
    assert_ok(keyring_create(&f->service.keyring));
    assert_ok(fixture_accept(f, longest, NULL));
    assert_err(fixture_accept(f, shortest, NULL), ERR_TOKEN_INVALID);
    keyring_destroy(f->service.keyring);
    f->service.keyring = keys;
}

/* The name is the request's own, not a place in the cache that the next token may take. */
static void what_a_token_said_outlives_its_place_in_the_cache(void **state)
{
    struct fixture *f = *state;
    struct claims claims = claims_of(f);
    struct str token;
    struct actor actor;

    assert_ok(claims_sign(f->arena, signer(f), &claims, &token));
    assert_ok(fixture_accept(f, token, &actor));
    claims.username = STR("eve");
    for (size_t i = 0; i < 300; i++) {
        claims.session.bytes[15] = (uint8_t)i;
        claims.expires++;
        assert_ok(accept_signed(f, &claims));
    }
    assert_str(actor.username, "paul");
    assert_str(actor.email, "paul@example.com");
}

static void a_node_that_hears_nothing_says_so_instead_of_yes(void **state)
{
    struct fixture *f = *state;
    struct standing *standing = f->service.standing;
    struct claims claims = claims_of(f), expired = claims_of(f);

    expired.expires = expired.issued;
    assert_ok(accept_signed(f, &claims));
    standing_read_through(standing, monotonic_ms() - 10001);
    assert_err(accept_signed(f, &claims), ERR_STORE_DOWN);
    assert_int_equal(f->ctx.actor.kind, ACTOR_NOBODY);
    assert_err(accept_signed(f, &expired), ERR_TOKEN_INVALID); /* a no is still a no */
    assert_err(fixture_accept(f, STR("x"), NULL), ERR_TOKEN_INVALID);
    rcu_enter(f->desk->reader);
    assert_ok(feed_read(fixture_ctx(f)));
    rcu_leave(f->desk->reader);
    assert_ok(accept_signed(f, &claims));
}

/* Shorter lives by new settings: an ended session is forgotten sooner, and its token must not be
 * there any more by then. */
static void the_token_of_an_ended_session_does_not_come_back_with_other_settings(void **state)
{
    struct fixture *f = *state;

    (void)fixture_user(f, "paul");
    struct logged_in in = fixture_login(f, "paul");
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, end_session, &in.session.id));
    fixture_pass(f, 3600);
    assert_err(fixture_accept(f, in.token.text, NULL), ERR_TOKEN_INVALID);
    f->edge.token_seconds = 900;
    fixture_restart(f);
    assert_false(
        standing_session_ended(f->service.standing, in.session.id, moment_seconds(f->now)));
    assert_err(fixture_accept(f, in.token.text, NULL), ERR_TOKEN_INVALID);
}

/* HMAC-SHA-256 over what a forger may know, with the published key as the secret. A key of more
 * than 64 bytes is used by its digest (RFC 2104), which is a key of 32 bytes. */
static struct str forge(struct fixture *f, struct str published, struct str key_id)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    struct claims claims = claims_of(f);
    struct buf token = buf_in_arena(f->arena, 4096);
    struct str text, payload, header, parts[2];
    struct key32 key, digest;
    uint8_t signature[33] = {0};

    assert_ok(claims_sign(f->arena, signer(f), &claims, &text));
    assert_ok(jose_verify(f->arena, signer(f), text, &payload));
    assert_ok(arena_print(f->arena, &header,
                          "{\"alg\":\"HS256\",\"kid\":\"%.*s\",\"typ\":\"at+jwt\"}",
                          STR_ARG(key_id)));
    parts[0] = header;
    parts[1] = payload;
    for (size_t p = 0; p < 3; p++) {
        if (p == 2) {
            assert_ok(digest_sha256(f->desk->digester, published, &key));
            assert_ok(digest_keyed(f->desk->digester, &key, buf_str(&token), &digest));
            memcpy(signature, digest.bytes, sizeof digest.bytes);
        }
        struct str bytes = p < 2 ? parts[p] : (struct str){(const char *)signature, 32};
        buf_put(&token, p ? STR(".") : STR(""));
        for (size_t bit = 0; bit < 8 * bytes.len; bit += 6) {
            unsigned pair = (unsigned)(unsigned char)bytes.ptr[bit / 8] << 8;
            pair |= bit / 8 + 1 < bytes.len ? (unsigned char)bytes.ptr[bit / 8 + 1] : 0;
            buf_put_char(&token, digits[pair >> (10 - bit % 8) & 63]);
        }
    }
    return buf_str(&token);
}

static void the_public_key_is_no_shared_secret(void **state)
{
    struct fixture *f = *state;
    char memory[1024];
    struct buf published = buf_over(memory, sizeof memory);
    struct jose_key *secret;
    struct str id = jose_key_id(signer(f)), claims;

    jose_key_public(&published, signer(f));
    struct str token = forge(f, buf_str(&published), id);
    assert_err(fixture_accept(f, token, NULL), ERR_TOKEN_INVALID);

    /* It is the key that is refused: as an HS256 token it is perfect. */
    assert_ok(jose_key_from_secret(buf_str(&published), &secret));
    assert_ok(jose_verify(f->arena, secret, token, &claims));
    jose_key_destroy(secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(what_is_issued_is_accepted),
        FIXTURE_TEST(a_token_tells_no_more_than_its_face_is_to_say),
        FIXTURE_TEST(roles_and_permissions_come_from_standing),
        FIXTURE_TEST(a_token_lives_exactly_as_long_as_it_says),
        FIXTURE_TEST(a_token_of_a_face_lives_as_the_face_says_and_its_session_lets),
        FIXTURE_TEST(another_nodes_clock_may_be_a_little_ahead),
        FIXTURE_TEST(a_token_for_later_is_refused_until_then),
        FIXTURE_TEST(what_another_issuer_says_is_refused),
        FIXTURE_TEST(a_name_that_is_too_long_is_refused),
        FIXTURE_TEST(another_kind_of_token_is_refused),
        FIXTURE_TEST(what_lacks_a_claim_is_refused),
        FIXTURE_TEST(garbage_is_refused),
        FIXTURE_TEST(a_token_that_is_changed_anywhere_is_refused),
        FIXTURE_TEST(what_a_key_that_is_not_ours_has_signed_is_refused),
        FIXTURE_TEST(a_token_of_another_installation_is_refused),
        FIXTURE_TEST(what_is_remembered_is_refused_at_once_when_its_session_ends),
        FIXTURE_TEST(what_is_remembered_is_refused_at_once_when_its_user_is_stopped),
        FIXTURE_TEST(a_full_cache_forgets_but_never_mistakes),
        FIXTURE_TEST(what_lives_longest_is_remembered_longest),
        FIXTURE_TEST(what_a_token_said_outlives_its_place_in_the_cache),
        FIXTURE_TEST(a_node_that_hears_nothing_says_so_instead_of_yes),
        FIXTURE_TEST(the_token_of_an_ended_session_does_not_come_back_with_other_settings),
        FIXTURE_TEST(the_public_key_is_no_shared_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
