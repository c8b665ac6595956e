#include "base/check.h"
#include "base/rcu.h"
#include "domain/asking.h"
#include "domain/desk.h"
#include "domain/event.h"
#include "domain/fixture.h"
#include "domain/housekeeping.h"
#include "domain/link.h"
#include "domain/outbox.h"
#include "domain/session.h"
#include "domain/standing.h"
#include "model/signing_key.h"
#include "store/queries.h"

#include <stdatomic.h>

enum {
    DAY = 86400,
    SESSIONS_STAY = DAY,
    ATTEMPTS_LIVE = 30 * DAY,
    LETTERS_STAY = 7 * DAY,
    MAGIC_LIFE = 600,
    MOST_ATTEMPTS = 65536,
    AT_ONCE = 20 /* rows of a kind in one step */
};

static bool step_once(struct fixture *f)
{
    struct ctx *ctx = fixture_ctx(f);
    bool more = true;

    rcu_enter(f->desk->reader);
    assert_ok(housekeeping_step(ctx, &more));
    rcu_leave(f->desk->reader);
    return more;
}

static void step(struct fixture *f)
{
    while (step_once(f)) {
        /* until nothing is left */
    }
}

static bool session_is_there(struct fixture *f, struct id id)
{
    struct session session;
    enum err e = q_session_by_id(fixture_begin(f, TX_READ)->tx, id, &session);

    fixture_keep(f);
    return e == ERR_OK;
}

static void add_attempts(struct fixture *f, uint32_t first, uint32_t count)
{
    struct ctx *ctx = fixture_begin(f, TX_WRITE);

    for (uint32_t i = first; i < first + count; i++) {
        struct key32 subject = {{1}};
        memcpy(subject.bytes + 1, &i, sizeof i);
        assert_ok(q_attempt_failed(ctx->tx, &subject, f->now));
    }
    fixture_keep(f);
}

static bool attempt_is_there(struct fixture *f, uint32_t number)
{
    struct key32 subject = {{1}};
    struct attempt_of_row row;

    memcpy(subject.bytes + 1, &number, sizeof number);
    enum err e = q_attempt_of(fixture_begin(f, TX_READ)->tx, &subject, &row);
    fixture_keep(f);
    return e == ERR_OK;
}

static int64_t count_attempts(struct fixture *f)
{
    int64_t count;

    /* What would be removed if nothing were kept, in a unit that is dropped. */
    assert_ok(q_attempts_remove(fixture_begin(f, TX_WRITE)->tx, (struct moment){INT64_MAX},
                                INT64_MAX, &count));
    fixture_drop(f);
    return count;
}

static void a_session_stays_a_day_after_its_time(void **state)
{
    struct fixture *f = *state;

    (void)fixture_user(f, "paul");
    struct logged_in old = fixture_login(f, "paul");
    fixture_pass(f, 1);
    struct logged_in younger = fixture_login(f, "paul");
    fixture_pass(f, f->settings.session_seconds + SESSIONS_STAY - 1);
    step(f);
    assert_true(session_is_there(f, old.session.id));
    f->now.ms++;
    step(f);
    assert_false(session_is_there(f, old.session.id));
    assert_true(session_is_there(f, younger.session.id));
}

static void an_ended_session_stays_for_those_who_start_from_it(void **state)
{
    struct fixture *f = *state;

    (void)fixture_user(f, "paul");
    struct logged_in in = fixture_login(f, "paul");
    assert_ok(session_end(fixture_begin(f, TX_WRITE), in.session.id));
    fixture_keep(f);
    fixture_pass(f, DAY);
    step(f);
    assert_true(session_is_there(f, in.session.id));
}

struct posting {
    const struct user *user;
    struct claimed claimed;
    enum outbox_end end;
};

static enum err post(struct ctx *ctx, void *with)
{
    struct posting *posting = with;
    struct link_letter letter = {.kind = LINK_MAGIC, .user = posting->user, .path = STR("/magic")};
    struct link link;

    return link_mail(ctx, &letter, &link);
}

static enum err send_it(struct ctx *ctx, void *with)
{
    struct posting *posting = with;
    bool found;

    TRY(outbox_claim(ctx, 1, &posting->claimed, &found));
    assert_true(found);
    TRY(outbox_hand(ctx, &posting->claimed, 1));
    return outbox_settle(ctx, &posting->claimed, posting->end, STR("no"));
}

static size_t letters_left(struct fixture *f)
{
    struct outbox_row *rows;
    size_t count;

    assert_ok(outbox_list(fixture_begin(f, TX_READ), &rows, &count));
    fixture_keep(f);
    return count;
}

static int64_t links_left(struct fixture *f)
{
    int64_t count;

    assert_ok(q_links_remove(fixture_begin(f, TX_WRITE)->tx, (struct moment){INT64_MAX}, INT64_MAX,
                             &count));
    fixture_drop(f);
    return count;
}

/* Sent ones as long as their tokens, so that none is sent for them again; dead ones for somebody to
 * look at. */
static void letters_and_links_go_when_nobody_needs_them(void **state)
{
    struct fixture *f = *state;
    struct user ada = fixture_user(f, "ada"), bob = fixture_user(f, "bob");
    struct posting sent = {&ada, .end = OUTBOX_SENT}, dead = {&bob, .end = OUTBOX_DEAD};

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, post, &sent));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, send_it, &sent));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, post, &dead));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, send_it, &dead));
    fixture_pass(f, MAGIC_LIFE);
    step(f);
    assert_int_equal(letters_left(f), 2);
    assert_int_equal(links_left(f), 2);
    f->now.ms++;
    step(f);
    assert_int_equal(letters_left(f), 1);
    assert_int_equal(links_left(f), 0);
    fixture_pass(f, LETTERS_STAY);
    step(f);
    assert_int_equal(letters_left(f), 0);
}

static enum err ask(struct ctx *ctx, void *with)
{
    struct asked_letter asked = {.kind = LINK_VERIFY_EMAIL, .path = STR("/verify")};

    (void)with;
    TRY(email_parse(ctx->arena, STR("ada@example.com"), &asked.to));
    return asking_put(ctx, &asked);
}

static void what_was_asked_for_goes_when_it_no_longer_counts(void **state)
{
    struct fixture *f = *state;

    f->settings.letters_per_address = 1;
    f->settings.letters_period = 86400;
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, ask, NULL));
    fixture_pass(f, 86400 - 1);
    step(f);
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, ask, NULL), ERR_TOO_MANY);
    f->now.ms += 1001;
    step(f);
    int64_t count;
    assert_ok(
        q_asked_remove(fixture_begin(f, TX_WRITE)->tx, (struct moment){INT64_MAX}, 10, &count));
    fixture_drop(f);
    assert_int_equal(count, 0);
}

static void failures_stay_longer_than_they_hold_anyone_up(void **state)
{
    struct fixture *f = *state;

    add_attempts(f, 1, 1);
    fixture_pass(f, 1);
    add_attempts(f, 2, 1);
    fixture_pass(f, ATTEMPTS_LIVE - 1);
    step(f);
    assert_true(attempt_is_there(f, 1));
    f->now.ms++;
    step(f);
    assert_false(attempt_is_there(f, 1));
    assert_true(attempt_is_there(f, 2));
}

static void the_oldest_failures_make_room(void **state)
{
    struct fixture *f = *state;
    enum {
        EXCESS = 700
    };

    add_attempts(f, 0, EXCESS);
    fixture_pass(f, 1);
    add_attempts(f, EXCESS, MOST_ATTEMPTS);
    assert_int_equal(count_attempts(f), MOST_ATTEMPTS + EXCESS);
    step(f);
    assert_int_equal(count_attempts(f), MOST_ATTEMPTS);
    assert_false(attempt_is_there(f, 0));
    assert_false(attempt_is_there(f, EXCESS - 1));
    assert_true(attempt_is_there(f, EXCESS));
    step(f);
    assert_int_equal(count_attempts(f), MOST_ATTEMPTS);
}

/* However much there is, nobody waits for more than a step's worth of it. */
static void a_step_is_bounded_and_says_that_there_is_more(void **state)
{
    struct fixture *f = *state;

    add_attempts(f, 0, 2 * AT_ONCE + 10);
    fixture_pass(f, ATTEMPTS_LIVE + 1);
    assert_true(step_once(f));
    assert_int_equal(count_attempts(f), AT_ONCE + 10);
    assert_true(step_once(f));
    assert_false(step_once(f));
    assert_int_equal(count_attempts(f), 0);
    assert_false(step_once(f));
}

static void many_sessions_go_one_step_after_the_other(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct session session = {0};
    int64_t removed;

    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    for (int i = 0; i < 6000; i++) {
        assert_ok(session_open(ctx, user.id, &session));
    }
    fixture_keep(f);
    fixture_pass(f, f->settings.session_seconds + SESSIONS_STAY + 1);
    step(f);
    assert_false(session_is_there(f, session.id));
    ctx = fixture_begin(f, TX_WRITE);
    assert_ok(q_sessions_remove(ctx->tx, f->now, 1, &removed));
    fixture_drop(f);
    assert_int_equal(removed, 0);
    step(f); /* what is free is seen at the beginning of a round */
    assert_true(atomic_load(&f->service.store_unused) > 0);
    assert_true(atomic_load(&f->service.store_bytes) > atomic_load(&f->service.store_unused));
}

static void events_go_when_the_settings_say_so(void **state)
{
    struct fixture *f = *state;
    size_t count, early;

    for (uint32_t i = 0; i < 2 * AT_ONCE; i++) {
        assert_ok(event(fixture_begin(f, TX_WRITE), EVENT_LOGIN, (struct id){{1}}));
        fixture_keep(f);
    }
    (void)fixture_events(f, &early);
    fixture_pass(f, 1);
    assert_ok(event(fixture_begin(f, TX_WRITE), EVENT_LOGIN, (struct id){{2}}));
    fixture_keep(f);
    f->settings.events_keep = 1; /* but for a day all are kept */
    fixture_pass(f, DAY - 1);
    step(f);
    (void)fixture_events(f, &count);
    assert_int_equal(count, early + 1);
    f->now.ms++;
    step(f);
    (void)fixture_events(f, &count);
    assert_int_equal(count, 1);
    f->settings.events_keep = 40 * DAY;
    fixture_pass(f, 39 * DAY);
    step(f);
    (void)fixture_events(f, &count);
    assert_int_equal(count, 1);
    fixture_pass(f, DAY);
    step(f);
    (void)fixture_events(f, &count);
    assert_int_equal(count, 0);
}

static void a_key_goes_after_its_last_token(void **state)
{
    struct fixture *f = *state;
    struct signing_key *keys, old = {.id = STR("old"),
                                     .sealed = STR("x"),
                                     .created = f->now,
                                     .signs_from = {1},
                                     .verifies_to = f->now};
    size_t count;

    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_ok(q_key_insert(ctx->tx, &old));
    fixture_keep(f);
    step(f);
    assert_ok(q_keys_all(fixture_begin(f, TX_READ)->tx, &keys, &count));
    fixture_keep(f);
    assert_int_equal(count, 2);
    f->now.ms++;
    step(f);
    assert_ok(q_keys_all(fixture_begin(f, TX_READ)->tx, &keys, &count));
    fixture_keep(f);
    assert_int_equal(count, 1); /* the one that signs has no end */
}

static void standing_forgets_in_the_same_step(void **state)
{
    struct fixture *f = *state;

    assert_ok(standing_end_session(fixture_ctx(f), (struct id){{1}}, f->now));
    step(f);
    assert_int_equal(standing_size(f->service.standing).sessions, 1);
    fixture_pass(f, 2 * EDGE_LIFE);
    step(f);
    assert_int_equal(standing_size(f->service.standing).sessions, 0);
}

static void nothing_else_goes(void **state)
{
    struct fixture *f = *state;
    size_t before, after;

    struct user user = fixture_admin(f, "root", ROLE_SUPER_ADMIN);
    (void)fixture_login(f, "root");
    (void)fixture_events(f, &before);
    fixture_pass(f, 400 * DAY);
    step(f);
    (void)fixture_events(f, &after);
    assert_int_equal(after, before); /* the audit stays */
    (void)fixture_login(f, "root");
    assert_true(permission_covers(fixture_actor(f, user.id).permissions, permission_all()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_session_stays_a_day_after_its_time),
        FIXTURE_TEST(an_ended_session_stays_for_those_who_start_from_it),
        FIXTURE_TEST(letters_and_links_go_when_nobody_needs_them),
        FIXTURE_TEST(what_was_asked_for_goes_when_it_no_longer_counts),
        FIXTURE_TEST(failures_stay_longer_than_they_hold_anyone_up),
        FIXTURE_TEST(the_oldest_failures_make_room),
        FIXTURE_TEST(a_step_is_bounded_and_says_that_there_is_more),
        FIXTURE_TEST(many_sessions_go_one_step_after_the_other),
        FIXTURE_TEST(events_go_when_the_settings_say_so),
        FIXTURE_TEST(a_key_goes_after_its_last_token),
        FIXTURE_TEST(standing_forgets_in_the_same_step),
        FIXTURE_TEST(nothing_else_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
