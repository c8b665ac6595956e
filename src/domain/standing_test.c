#include "base/check.h"
#include "base/rcu.h"
#include "domain/changes.h"
#include "domain/desk.h"
#include "domain/fixture.h"
#include "domain/role.h"
#include "domain/session.h"
#include "domain/standing.h"
#include "domain/user.h"
#include "store/queries.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    LOADS = 200
};

static enum err stop(struct ctx *ctx, void *user)
{
    return user_stop(ctx, user);
}

static enum err resume(struct ctx *ctx, void *user)
{
    return user_resume(ctx, user);
}

static enum err end_session(struct ctx *ctx, void *session)
{
    return session_end(ctx, *(const struct id *)session);
}

static struct user_standing of(struct fixture *f, struct id user)
{
    rcu_enter(f->desk->reader);
    struct user_standing standing = standing_user(f->service.standing, user);
    rcu_leave(f->desk->reader);
    return standing;
}

static bool ended(struct fixture *f, struct id session)
{
    rcu_enter(f->desk->reader);
    bool yes = standing_session_ended(f->service.standing, session, moment_seconds(f->now));
    rcu_leave(f->desk->reader);
    return yes;
}

static void ones_own_changes_are_known_at_once(void **state)
{
    struct fixture *f = *state;

    struct user user = fixture_admin(f, "anna", ROLE_ADMIN);
    assert_int_equal(of(f, user.id).roles.bits, 1u << ROLE_ADMIN);
    assert_true(permission_held(of(f, user.id).permissions, PERMIT_ADMINS_READ));
    assert_false(of(f, user.id).stopped);

    struct logged_in in = fixture_login(f, "anna");
    assert_false(ended(f, in.session.id));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &user));
    assert_true(of(f, user.id).stopped);
    assert_true(ended(f, in.session.id));
    user.state = USER_INACTIVE;
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, resume, &user));
    assert_false(of(f, user.id).stopped);
    assert_true(ended(f, in.session.id));
}

static enum err stop_and_fail(struct ctx *ctx, void *user)
{
    TRY(user_stop(ctx, user));
    return ERR_FORBIDDEN;
}

static void what_is_rolled_back_is_not_known(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct logged_in in = fixture_login(f, "paul");

    assert_err(fixture_run(f, &actor_operator, TX_WRITE, stop_and_fail, &user), ERR_FORBIDDEN);
    assert_false(of(f, user.id).stopped);
    assert_false(ended(f, in.session.id));
}

static void one_who_is_unknown_holds_nothing(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");

    assert_int_equal(of(f, user.id).permissions.bits, 0);
    assert_int_equal(of(f, user.id).roles.bits, 0);
    assert_false(of(f, user.id).stopped);
}

static void one_who_is_gone_is_stopped(void **state)
{
    struct fixture *f = *state;
    struct id gone = {
        {1, 2, 3}
    };

    assert_ok(standing_reread_user(fixture_begin(f, TX_READ), gone));
    fixture_keep(f);
    assert_true(of(f, gone).stopped);
}

static void set_state(struct fixture *f, struct id user, enum user_state to)
{
    struct ctx *ctx = fixture_begin(f, TX_WRITE);

    assert_ok(fixture_set_state(ctx, user, to));
    fixture_keep(f);
}

static void only_those_who_may_come_in_are_not_stopped(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    static const struct {
        enum user_state state;
        bool stopped;
    } table[] = {
        {USER_PENDING_ACTIVATION,   true },
        {USER_PENDING_VERIFICATION, false},
        {USER_INACTIVE,             true },
        {USER_ACTIVE,               false},
        {USER_SUSPENDED,            true },
    };

    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        set_state(f, user.id, table[i].state);
        assert_ok(standing_reread_user(fixture_begin(f, TX_READ), user.id));
        fixture_keep(f);
        assert_int_equal(of(f, user.id).stopped, table[i].stopped);
        fixture_restart(f);
        assert_int_equal(of(f, user.id).stopped, table[i].stopped);
    }
}

struct granting {
    struct id user;
    enum role role;
};

static enum err grant(struct ctx *ctx, void *with)
{
    const struct granting *granting = with;

    return role_grant_named(ctx, granting->user, role_name(granting->role));
}

enum {
    PEOPLE = 8
};

/* People in every condition, and the sessions of each, one ended and one not. */
static void populate(struct fixture *f, struct user people[PEOPLE], struct id sessions[2 * PEOPLE])
{
    static const char *const names[PEOPLE] = {"a1", "b2", "c3", "d4", "e5", "f6", "g7", "h8"};

    for (size_t i = 0; i < PEOPLE; i++) {
        people[i] = fixture_user(f, names[i]);
        sessions[2 * i] = fixture_login(f, names[i]).session.id;
        sessions[2 * i + 1] = fixture_login(f, names[i]).session.id;
        assert_ok(fixture_run(f, &actor_operator, TX_WRITE, end_session, &sessions[2 * i]));
        for (unsigned role = 0; role < ROLES; role++) {
            struct granting granting = {people[i].id, (enum role)role};
            if (i == role || i == 7) {
                assert_ok(fixture_run(f, &actor_operator, TX_WRITE, grant, &granting));
            }
        }
    }
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &people[5]));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &people[1]));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &people[6]));
    people[6].state = USER_INACTIVE;
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, resume, &people[6]));
}

struct picture {
    struct user_standing people[PEOPLE];
    bool ended[2 * PEOPLE];
};

static struct picture picture_of(struct fixture *f, const struct user people[PEOPLE],
                                 const struct id sessions[2 * PEOPLE])
{
    struct picture picture = {0};

    for (size_t i = 0; i < PEOPLE; i++) {
        picture.people[i] = of(f, people[i].id);
        picture.ended[2 * i] = ended(f, sessions[2 * i]);
        picture.ended[2 * i + 1] = ended(f, sessions[2 * i + 1]);
    }
    return picture;
}

static void assert_same(const struct picture *a, const struct picture *b)
{
    for (size_t i = 0; i < PEOPLE; i++) {
        assert_int_equal(a->people[i].stopped, b->people[i].stopped);
        assert_int_equal(a->people[i].roles.bits, b->people[i].roles.bits);
        assert_int_equal(a->people[i].permissions.bits, b->people[i].permissions.bits);
        assert_int_equal(a->ended[2 * i], b->ended[2 * i]);
        assert_int_equal(a->ended[2 * i + 1], b->ended[2 * i + 1]);
    }
}

static void what_is_loaded_is_what_had_been_accumulated(void **state)
{
    struct fixture *f = *state;
    struct user people[PEOPLE];
    struct id sessions[2 * PEOPLE];

    populate(f, people, sessions);
    struct picture before = picture_of(f, people, sessions);
    assert_true(before.people[5].stopped && before.people[1].stopped && !before.people[6].stopped);
    assert_true(permission_covers(before.people[0].permissions, permission_all()));
    assert_int_equal(before.people[7].roles.bits,
                     1u << ROLE_SUPER_ADMIN | 1u << ROLE_ADMIN | 1u << ROLE_GYM_ADMIN);
    fixture_restart(f);
    struct picture after = picture_of(f, people, sessions);
    assert_same(&before, &after);
}

/* Every event of the store once more: in order, backwards, and each of them three times. */
static void neither_order_nor_repetition_matters(void **state)
{
    struct fixture *f = *state;
    struct user people[PEOPLE];
    struct id sessions[2 * PEOPLE];
    size_t count;

    populate(f, people, sessions);
    struct picture before = picture_of(f, people, sessions);
    const struct event *events = fixture_events(f, &count);
    for (size_t i = 0; i < 6 * count; i++) {
        const struct event *at = &events[i < 3 * count ? i % count : (6 * count - 1 - i) % count];
        struct told told = {.verb = event_verb_of(at->verb), .subject = at->subject, .at = at->at};
        if (event_is_kept_in_memory(told.verb)) {
            standing_lock(f->service.standing);
            assert_ok(changes_apply(fixture_begin(f, TX_READ), &told));
            fixture_keep(f);
            standing_unlock(f->service.standing);
        }
    }
    struct picture after = picture_of(f, people, sessions);
    assert_same(&before, &after);
}

static void an_ended_session_is_remembered_until_its_last_token_is_gone(void **state)
{
    struct fixture *f = *state;

    (void)fixture_user(f, "paul");
    struct logged_in in = fixture_login(f, "paul");
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, end_session, &in.session.id));
    assert_int_equal(standing_size(f->service.standing).sessions, 1);
    fixture_pass(f, EDGE_LIFE + 60); /* another node's clock may be behind, and its unit late */
    assert_ok(standing_forget(f->service.standing, f->now));
    assert_true(ended(f, in.session.id));
    fixture_restart(f);
    assert_true(ended(f, in.session.id));
    fixture_pass(f, 60);
    assert_ok(standing_forget(f->service.standing, f->now));
    assert_false(ended(f, in.session.id));
    assert_int_equal(standing_size(f->service.standing).sessions, 0);
}

static void forgetting_sessions_forgets_no_people(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &user));
    int64_t known = standing_size(f->service.standing).users;
    assert_true(known > 0);
    assert_ok(standing_forget(f->service.standing, moment_plus(f->now, 400 * 86400)));
    assert_true(of(f, user.id).stopped);
    assert_int_equal(standing_size(f->service.standing).users, known);
}

static void it_is_fresh_for_ten_seconds(void **state)
{
    struct fixture *f = *state;
    struct standing *standing = f->service.standing;

    assert_true(standing_is_fresh(standing, monotonic_ms())); /* loaded just now */
    standing_read_through(standing, 5000);
    assert_int_equal(standing_age_ms(standing, 5000), 0);
    assert_true(standing_is_fresh(standing, 5000));
    assert_true(standing_is_fresh(standing, 15000));
    assert_false(standing_is_fresh(standing, 15001));
    assert_int_equal(standing_age_ms(standing, 15001), 10001);
}

static void loading_again_is_harmless(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &user));
    assert_ok(standing_load(fixture_begin(f, TX_READ)));
    fixture_keep(f);
    assert_true(of(f, user.id).stopped);
}

struct watched {
    struct fixture *f;
    struct id administrator, stopped;
    atomic_bool over, looked;
    atomic_int lost; /* how often one of them was not what they are */
};

static void *look_all_the_time(void *with)
{
    struct watched *watched = with;
    const struct standing *standing = watched->f->service.standing;
    struct rcu_reader *reader;

    if (rcu_join(watched->f->service.rcu, &reader) != ERR_OK) {
        watched->lost = -1;
        watched->looked = true;
        return NULL;
    }
    do {
        rcu_enter(reader);
        bool holds = standing_user(standing, watched->administrator).roles.bits != 0;
        watched->lost += !holds || !standing_user(standing, watched->stopped).stopped;
        rcu_leave(reader);
        watched->looked = true;
    } while (!watched->over);
    rcu_part(watched->f->service.rcu, reader);
    return NULL;
}

/* Found by R19: while a node read everything anew a super administrator was told that they may not.
 */
static void nobody_is_forgotten_while_it_is_loaded_again(void **state)
{
    struct fixture *f = *state;
    struct user admin = fixture_admin(f, "anna", ROLE_ADMIN), stopped = fixture_user(f, "paul");
    struct watched watched = {.f = f, .administrator = admin.id, .stopped = stopped.id};
    pthread_t thread;

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &stopped));
    assert_int_equal(pthread_create(&thread, NULL, look_all_the_time, &watched), 0);
    for (int i = 0; i < LOADS || !watched.looked; i++) {
        assert_ok(standing_load(fixture_begin(f, TX_READ)));
        fixture_keep(f);
        rcu_collect(f->service.rcu);
    }
    watched.over = true;
    (void)pthread_join(thread, NULL);
    assert_int_equal(watched.lost, 0);
}

static void destroying_none_is_fine(void **state)
{
    struct standing *standing;

    (void)state;
    standing_destroy(NULL);
    assert_ok(standing_create(&standing));
    standing_destroy(standing); /* before it was loaded */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(ones_own_changes_are_known_at_once),
        FIXTURE_TEST(what_is_rolled_back_is_not_known),
        FIXTURE_TEST(one_who_is_unknown_holds_nothing),
        FIXTURE_TEST(one_who_is_gone_is_stopped),
        FIXTURE_TEST(only_those_who_may_come_in_are_not_stopped),
        FIXTURE_TEST(what_is_loaded_is_what_had_been_accumulated),
        FIXTURE_TEST(neither_order_nor_repetition_matters),
        FIXTURE_TEST(an_ended_session_is_remembered_until_its_last_token_is_gone),
        FIXTURE_TEST(forgetting_sessions_forgets_no_people),
        FIXTURE_TEST(it_is_fresh_for_ten_seconds),
        FIXTURE_TEST(loading_again_is_harmless),
        FIXTURE_TEST(nobody_is_forgotten_while_it_is_loaded_again),
        cmocka_unit_test(destroying_none_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
