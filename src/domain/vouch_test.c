#include "base/check.h"
#include "domain/event.h"
#include "domain/fixture.h"
#include "domain/vouch.h"

static const struct actor gateway = {
    .kind = ACTOR_SERVICE,
    .service_key = {{1, 0x9f, 0xee, 0xce, 0x90, 0x75, 0x70, 0, 0x80, 1}},
    .permissions = {1},
};

/* What memory makes of it, then the store. */
static enum err speak_for(struct fixture *f, struct id user, struct actor *ret)
{
    struct ctx *ctx = fixture_begin(f, TX_READ);

    ctx->actor = gateway;
    enum err e = vouch_accept(ctx, &gateway, user);
    e = e == ERR_OK ? vouch_confirm(ctx) : e;
    *ret = ctx->actor;
    fixture_drop(f);
    return e;
}

static void a_user_who_is_spoken_for_may_what_they_may_and_no_more(void **state)
{
    struct fixture *f = *state;
    struct user paul = fixture_user(f, "paul"), anna = fixture_admin(f, "anna", ROLE_ADMIN);
    struct actor own, actor;

    assert_ok(speak_for(f, paul.id, &actor));
    assert_int_equal(actor.kind, ACTOR_USER);
    assert_true(id_eq(actor.user, paul.id));
    assert_false(id_is_set(actor.session));
    assert_int_equal(actor.permissions.bits, 0); /* not what the service may */
    assert_str(actor.username, "paul");
    assert_str(actor.email, "paul@example.com");
    own = fixture_actor(f, anna.id);
    assert_ok(speak_for(f, anna.id, &actor));
    assert_int_equal(actor.permissions.bits, own.permissions.bits);
    assert_int_equal(actor.roles.bits, own.roles.bits);
}

static enum err stop(struct ctx *ctx, void *user)
{
    return user_stop(ctx, user);
}

static enum err delete (struct ctx *ctx, void *user) {
    return user_delete(ctx, user);
}

static void nobody_is_spoken_for_who_is_not_there_or_may_not_come_in(void **state)
{
    struct fixture *f = *state;
    struct user paul = fixture_user(f, "paul"), eve = fixture_user(f, "eve");
    struct actor actor;

    assert_err(speak_for(f, (struct id){{7}}, &actor), ERR_TOKEN_INVALID);
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &paul));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, delete, &eve));
    assert_err(speak_for(f, paul.id, &actor), ERR_TOKEN_INVALID);
    assert_err(speak_for(f, eve.id, &actor), ERR_TOKEN_INVALID);
    fixture_restart(f); /* memory has forgotten who was deleted */
    assert_err(speak_for(f, eve.id, &actor), ERR_TOKEN_INVALID);
}

static void all_others_stay_who_they_are(void **state)
{
    struct fixture *f = *state;
    struct actor nobody = {.kind = ACTOR_NOBODY}, holder = {.kind = ACTOR_USER, .user = {{7}}};
    const struct actor *others[] = {&nobody, &holder, &gateway, &actor_operator};

    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        struct ctx *ctx = fixture_begin(f, TX_READ);
        ctx->actor = *others[i];
        assert_ok(vouch_confirm(ctx));
        assert_int_equal(ctx->actor.kind, others[i]->kind);
        assert_false(str_is_set(ctx->actor.email));
        fixture_drop(f);
    }
}

static void events_name_the_key_beside_the_user(void **state)
{
    struct fixture *f = *state;
    struct user paul = fixture_user(f, "paul");
    size_t count;

    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_ok(vouch_accept(ctx, &gateway, paul.id));
    assert_ok(event(ctx, EVENT_USER_UPDATED, paul.id));
    fixture_keep(f);
    const struct event *events = fixture_events(f, &count), *last = &events[count - 1];
    assert_str(last->details, "{\"serviceKey\": \"019feece-9075-7000-8001-000000000000\"}");
    assert_true(id_eq(last->actor, paul.id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_user_who_is_spoken_for_may_what_they_may_and_no_more),
        FIXTURE_TEST(nobody_is_spoken_for_who_is_not_there_or_may_not_come_in),
        FIXTURE_TEST(all_others_stay_who_they_are),
        FIXTURE_TEST(events_name_the_key_beside_the_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
