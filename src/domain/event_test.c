#include "base/check.h"
#include "domain/event.h"
#include "domain/fixture.h"

static void an_event_says_who_what_whom_when_and_from_where(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul"), admin = fixture_admin(f, "anna", ROLE_ADMIN);
    struct actor actor = fixture_actor(f, admin.id);
    size_t count;

    fixture_pass(f, 7);
    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    ctx->actor = actor;
    assert_ok(event(ctx, EVENT_USER_STOPPED, user.id));
    fixture_keep(f);
    const struct event *events = fixture_events(f, &count), *last = &events[count - 1];
    assert_str(last->verb, "user.stopped");
    assert_true(id_eq(last->actor, admin.id));
    assert_true(id_eq(last->subject, user.id));
    assert_int_equal(last->at.ms, f->now.ms);
    assert_str(last->source, "192.0.2.1");
    assert_str(last->face, EDGE);
    assert_false(str_is_set(last->details));
}

static void what_nobody_did_to_nobody_says_so(void **state)
{
    struct fixture *f = *state;
    size_t count;

    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    ctx->actor = (struct actor){.kind = ACTOR_NOBODY};
    ctx->face = ctx->source = (struct str){0};
    assert_ok(event(ctx, EVENT_REFUSED, (struct id){0}));
    fixture_keep(f);
    const struct event *events = fixture_events(f, &count), *last = &events[count - 1];
    assert_false(id_is_set(last->actor));
    assert_false(id_is_set(last->subject));
    assert_false(str_is_set(last->source));
    assert_false(str_is_set(last->face));
}

static void an_event_is_there_with_its_unit_or_not_at_all(void **state)
{
    struct fixture *f = *state;
    size_t before, after;

    (void)fixture_events(f, &before);
    assert_ok(event(fixture_begin(f, TX_WRITE), EVENT_REFUSED, (struct id){0}));
    fixture_drop(f);
    (void)fixture_events(f, &after);
    assert_int_equal(after, before);
}

static void sequences_rise(void **state)
{
    struct fixture *f = *state;
    size_t count;

    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    for (int i = 0; i < 20; i++) {
        assert_ok(event(ctx, EVENT_REFUSED, (struct id){0}));
    }
    fixture_keep(f);
    const struct event *events = fixture_events(f, &count);
    for (size_t i = 1; i < count; i++) {
        assert_true(events[i].sequence > events[i - 1].sequence);
    }
}

static void the_last_event_is_the_newest_one(void **state)
{
    struct fixture *f = *state;
    struct moment last;

    fixture_pass(f, 60);
    assert_ok(event(fixture_begin(f, TX_WRITE), EVENT_REFUSED, (struct id){0}));
    fixture_keep(f);
    assert_ok(event_last(fixture_begin(f, TX_READ), &last));
    fixture_keep(f);
    assert_int_equal(last.ms, f->now.ms);
}

/* Each verb is told on exactly when somebody keeps in memory what it changes. */
static void memory_is_told_of_what_it_keeps(void **state)
{
    struct fixture *f = *state;

    for (unsigned verb = 0; verb < EVENT_VERBS; verb++) {
        struct ctx *ctx = fixture_begin(f, TX_WRITE);
        assert_ok(event(ctx, (enum event_verb)verb, (struct id){{9}}));
        assert_int_equal(ctx->told != NULL, event_is_kept_in_memory((enum event_verb)verb));
        if (ctx->told) {
            assert_int_equal(ctx->told->verb, verb);
            assert_true(id_eq(ctx->told->subject, (struct id){{9}}));
            assert_int_equal(ctx->told->at.ms, f->now.ms);
        }
        fixture_drop(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(an_event_says_who_what_whom_when_and_from_where),
        FIXTURE_TEST(what_nobody_did_to_nobody_says_so),
        FIXTURE_TEST(an_event_is_there_with_its_unit_or_not_at_all),
        FIXTURE_TEST(sequences_rise),
        FIXTURE_TEST(the_last_event_is_the_newest_one),
        FIXTURE_TEST(memory_is_told_of_what_it_keeps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
