#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "base/rcu.h"
#include "crypto/jose.h"
#include "domain/desk.h"
#include "domain/fixture.h"
#include "domain/housekeeping.h"
#include "domain/keyring.h"
#include "domain/token.h"
#include "model/signing_key.h"
#include "store/queries.h"

#include <pthread.h>
#include <stdatomic.h>

#define SECRET "thirty-two bytes, or it is none."

static enum err keep(struct ctx *ctx, void *ret_made)
{
    return keyring_keep(ctx, ret_made);
}

static bool keep_keys(struct fixture *f)
{
    bool made = false;

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, keep, &made));
    return made;
}

static enum err rotate(struct ctx *ctx, void *signs_from)
{
    return keyring_rotate(ctx, *(const struct moment *)signs_from);
}

static void rotate_now(struct fixture *f)
{
    fixture_pass(f, 1);
    struct moment now = f->now;

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, rotate, &now));
}

static struct str signer_id(struct fixture *f)
{
    const struct jose_key *key = keyring_signer(f->service.keyring, STR(EDGE), f->now);
    struct str id;

    assert_non_null(key);
    assert_ok(arena_copy(f->arena, jose_key_id(key), &id));
    return id;
}

static bool is_known(struct fixture *f, struct str id)
{
    return keyring_find(f->service.keyring, id, f->now) != NULL;
}

/* How many keys are published, and that `id` is one of them or not. */
static size_t published(struct fixture *f, struct str id, bool *ret_there)
{
    struct buf out = buf_in_arena(f->arena, 65536);
    size_t count = 0;

    keyring_publish(f->service.keyring, f->now, &out);
    struct str text = buf_str(&out);
    assert_true(str_starts(text, STR("{\"keys\":[")) && str_ends(text, STR("]}")));
    *ret_there = false;
    for (size_t i = 0; i < text.len; i++) {
        *ret_there |= str_starts(str_skip(text, i), id);
        count += str_starts(str_skip(text, i), STR("\"kid\":"));
    }
    return count;
}

static size_t stored(struct fixture *f, struct signing_key **ret)
{
    size_t count;

    assert_ok(keyring_list(fixture_begin(f, TX_READ), ret, &count));
    fixture_keep(f);
    return count;
}

static void the_first_key_signs_at_once_and_is_published(void **state)
{
    struct fixture *f = *state;
    struct signing_key *keys;
    bool there;

    assert_int_equal(stored(f, &keys), 1);
    assert_true(str_eq(keys[0].id, signer_id(f)));
    assert_false(moment_is_set(keys[0].verifies_to));
    assert_int_equal(published(f, signer_id(f), &there), 1);
    assert_true(there);
    assert_false(keep_keys(f)); /* and there is no need for another */
    assert_int_equal(fixture_count(f, EVENT_KEY_CREATED), 1);
}

static void a_private_key_is_stored_under_seal(void **state)
{
    struct fixture *f = *state;
    struct signing_key *keys;
    struct str jwk;

    (void)stored(f, &keys);
    const struct jose_key *key = keyring_signer(f->service.keyring, STR(EDGE), f->now);
    assert_ok(jose_key_private(f->arena, key, &jwk));
    for (size_t i = 0; i + 16 <= jwk.len; i++) {
        for (size_t at = 0; at < keys[0].sealed.len; at++) {
            assert_false(str_starts(str_skip(keys[0].sealed, at), str_sub(jwk, i, 16)));
        }
    }
}

/* The whole life of a key: announced, signing, verifying, gone. */
static void a_key_is_published_before_it_signs_and_verifies_after(void **state)
{
    struct fixture *f = *state;
    struct str old = signer_id(f);
    struct signing_key *keys;
    bool there;

    fixture_pass(f, f->settings.key_rotation - f->settings.key_announcement - 1);
    assert_false(keep_keys(f));
    fixture_pass(f, 1);
    assert_true(keep_keys(f));
    assert_false(keep_keys(f)); /* one is enough */
    assert_int_equal(stored(f, &keys), 2);
    struct str new = keys[0].id;
    assert_int_equal(published(f, new, &there), 2);
    assert_true(there && is_known(f, new) && is_known(f, old));
    assert_true(str_eq(signer_id(f), old));

    (void)fixture_user(f, "paul");
    fixture_pass(f, f->settings.key_announcement - 1);
    assert_true(str_eq(signer_id(f), old));
    struct logged_in last = fixture_login(f, "paul"); /* of the old one */
    fixture_pass(f, 1);
    assert_true(str_eq(signer_id(f), new));
    fixture_pass(f, EDGE_LIFE - 2);
    assert_ok(fixture_accept(f, last.token.text, NULL));
    assert_true(is_known(f, old));
    fixture_pass(f, 2);
    assert_err(fixture_accept(f, last.token.text, NULL), ERR_TOKEN_INVALID);
    assert_false(is_known(f, old));
    assert_int_equal(published(f, old, &there), 1);
    assert_false(there);

    fixture_pass(f, 1);
    struct ctx *ctx = fixture_ctx(f);
    bool more;
    rcu_enter(f->desk->reader);
    assert_ok(housekeeping_step(ctx, &more));
    rcu_leave(f->desk->reader);
    assert_int_equal(stored(f, &keys), 1);
    assert_true(str_eq(keys[0].id, new));
    fixture_restart(f);
    assert_true(str_eq(signer_id(f), new));
}

static void a_key_that_is_made_by_hand_signs_at_once(void **state)
{
    struct fixture *f = *state;
    struct str old = signer_id(f);

    (void)fixture_user(f, "paul");
    struct logged_in before = fixture_login(f, "paul");
    rotate_now(f);
    assert_false(str_eq(signer_id(f), old));
    assert_ok(fixture_accept(f, before.token.text, NULL));
    struct logged_in after = fixture_login(f, "paul");
    assert_ok(fixture_accept(f, after.token.text, NULL));
}

/* The announced one would sign tokens that nobody takes any more: it has been followed before it
 * began. */
static void a_key_that_is_made_by_hand_takes_the_place_of_an_announced_one(void **state)
{
    struct fixture *f = *state;
    struct signing_key *keys;

    (void)fixture_user(f, "paul");
    fixture_pass(f, f->settings.key_rotation - f->settings.key_announcement);
    assert_true(keep_keys(f));
    (void)stored(f, &keys);
    struct str announced = keys[0].id;
    fixture_pass(f, 60);
    rotate_now(f);
    struct str by_hand = signer_id(f);
    assert_false(str_eq(by_hand, announced));
    assert_false(is_known(f, announced));

    fixture_pass(f, f->settings.key_announcement + EDGE_LIFE);
    assert_true(str_eq(signer_id(f), by_hand));
    struct logged_in in = fixture_login(f, "paul");
    assert_ok(fixture_accept(f, in.token.text, NULL));
    fixture_pass(f, EDGE_LIFE - 1);
    assert_ok(fixture_accept(f, in.token.text, NULL));
    assert_false(keep_keys(f)); /* its own age counts */
}

static void a_clock_that_is_set_back_stops_no_login(void **state)
{
    struct fixture *f = *state;

    (void)fixture_user(f, "paul");
    fixture_pass(f, -3600);
    struct logged_in in = fixture_login(f, "paul");
    assert_ok(fixture_accept(f, in.token.text, NULL));
}

static enum err load(struct ctx *ctx, void *with)
{
    (void)with;
    return keyring_load(ctx);
}

static void another_master_key_is_told_in_plain_words(void **state)
{
    struct fixture *f = *state;
    struct str before = signer_id(f);

    f->service.master.bytes[31] ^= 1;
    assert_err(fixture_run(f, &actor_operator, TX_READ, load, NULL), ERR_CRYPTO);
    assert_non_null(strstr(f->ctx.reason.detail, "sealed under another master key"));
    assert_non_null(strstr(f->ctx.reason.detail, "master.key"));
    assert_true(str_eq(signer_id(f), before)); /* what there was stays */
    f->service.master.bytes[31] ^= 1;
    assert_ok(fixture_run(f, &actor_operator, TX_READ, load, NULL));
}

static void a_sealed_key_cannot_be_passed_off_as_another(void **state)
{
    struct fixture *f = *state;
    struct signing_key *keys;

    (void)stored(f, &keys);
    struct signing_key swapped = keys[0];
    swapped.id = STR("another name");
    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_ok(q_key_insert(ctx->tx, &swapped));
    fixture_keep(f);
    assert_err(fixture_run(f, &actor_operator, TX_READ, load, NULL), ERR_CRYPTO);
}

static void a_shared_secret_is_for_its_face_alone(void **state)
{
    struct fixture *f = *state;
    struct keyring *keyring = f->service.keyring;
    bool there;

    assert_ok(keyring_add_secret(keyring, STR(CORPORATE), STR(SECRET)));
    const struct jose_key *edge = keyring_signer(keyring, STR(EDGE), f->now);
    const struct jose_key *corporate = keyring_signer(keyring, STR(CORPORATE), f->now);
    assert_int_equal(jose_key_algorithm(edge), JOSE_ES256);
    assert_int_equal(jose_key_algorithm(corporate), JOSE_HS256);
    assert_int_equal(published(f, jose_key_id(corporate), &there), 1);
    assert_false(there);

    /* A token of one face is taken by all. */
    struct user user = fixture_user(f, "paul");
    struct session session = {.id = {{2}}, .user = user.id, .expires = moment_plus(f->now, 86400)};
    struct token token;
    struct ctx *ctx = fixture_ctx(f);
    ctx->face = STR(CORPORATE);
    assert_ok(token_issue(ctx, &user, &session, &token));
    assert_ok(fixture_accept(f, token.text, NULL));
}

static void a_shared_secret_that_is_short_or_one_too_many_is_refused(void **state)
{
    struct fixture *f = *state;
    struct keyring *keyring = f->service.keyring;

    assert_err(keyring_add_secret(keyring, STR(EDGE), STR("short")), ERR_CONFIG);
    for (size_t i = 0; i < SERVICE_FACES; i++) {
        assert_ok(keyring_add_secret(keyring, STR("face"), STR(SECRET)));
    }
    assert_err(keyring_add_secret(keyring, STR("face"), STR(SECRET)), ERR_CONFIG);
}

static void a_name_that_no_key_has_finds_none(void **state)
{
    struct fixture *f = *state;
    struct str id = signer_id(f);

    assert_true(is_known(f, id));
    assert_false(is_known(f, (struct str){0}));
    assert_false(is_known(f, STR("")));
    assert_false(is_known(f, str_sub(id, 0, id.len - 1)));
}

struct reader {
    struct fixture *f;
    struct rcu_reader *place;
    _Atomic bool done;
    _Atomic size_t looks;
    size_t missed;
};

static void *look_on(void *with)
{
    struct reader *reader = with;
    const struct keyring *keyring = reader->f->service.keyring;

    while (!atomic_load(&reader->done)) {
        char memory[6000];
        struct buf out = buf_over(memory, sizeof memory);
        rcu_enter(reader->place);
        const struct jose_key *key = keyring_signer(keyring, STR(EDGE), reader->f->now);
        reader->missed += !key || keyring_find(keyring, jose_key_id(key), reader->f->now) == NULL;
        keyring_publish(keyring, reader->f->now, &out);
        rcu_leave(reader->place);
        reader->looks++;
    }
    return NULL;
}

static void readers_go_on_while_keys_are_swapped(void **state)
{
    struct fixture *f = *state;
    struct reader readers[2] = {0};
    pthread_t threads[2];

    for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
        readers[i].f = f;
        assert_ok(rcu_join(f->service.rcu, &readers[i].place));
        assert_int_equal(pthread_create(&threads[i], NULL, look_on, &readers[i]), 0);
    }
    for (int i = 0; i < 20 || !readers[0].looks || !readers[1].looks; i++) {
        rotate_now(f);
        rcu_collect(f->service.rcu);
    }
    for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
        atomic_store(&readers[i].done, true);
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        rcu_part(f->service.rcu, readers[i].place);
        assert_int_equal(readers[i].missed, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(the_first_key_signs_at_once_and_is_published),
        FIXTURE_TEST(a_private_key_is_stored_under_seal),
        FIXTURE_TEST(a_key_is_published_before_it_signs_and_verifies_after),
        FIXTURE_TEST(a_key_that_is_made_by_hand_signs_at_once),
        FIXTURE_TEST(a_key_that_is_made_by_hand_takes_the_place_of_an_announced_one),
        FIXTURE_TEST(a_clock_that_is_set_back_stops_no_login),
        FIXTURE_TEST(another_master_key_is_told_in_plain_words),
        FIXTURE_TEST(a_sealed_key_cannot_be_passed_off_as_another),
        FIXTURE_TEST(a_shared_secret_is_for_its_face_alone),
        FIXTURE_TEST(a_shared_secret_that_is_short_or_one_too_many_is_refused),
        FIXTURE_TEST(a_name_that_no_key_has_finds_none),
        FIXTURE_TEST(readers_go_on_while_keys_are_swapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
