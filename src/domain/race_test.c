/* What must hold whoever comes first: two threads, each at a desk of its own, at the same moment.
 */
#include "base/arena.h"
#include "base/check.h"
#include "base/rcu.h"
#include "domain/admin.h"
#include "domain/desk.h"
#include "domain/fixture.h"
#include "domain/session.h"
#include "domain/unit.h"
#include "store/queries.h"

#include <pthread.h>

enum {
    ROUNDS = 50,
    PAIR = 2
};

/* One thread's work: one unit, begun when the other is ready too. */
struct side {
    struct fixture *f;
    struct desk *desk;
    struct arena *arena;
    pthread_barrier_t *start;
    enum unit_kind kind;
    struct actor actor;
    enum err (*work)(struct ctx *ctx, void *with);
    void *with;
    enum err answer;
};

static void *run_side(void *with)
{
    struct side *side = with;
    struct ctx ctx = service_ctx(&side->f->service, side->desk, side->arena);

    ctx.now = side->f->now;
    ctx.face = STR(EDGE);
    ctx.actor = side->actor;
    (void)pthread_barrier_wait(side->start);
    rcu_enter(side->desk->reader);
    side->answer = unit_run(&ctx, side->kind, side->work, side->with);
    rcu_leave(side->desk->reader);
    return NULL;
}

static void sides_open(struct fixture *f, struct side sides[PAIR])
{
    for (size_t i = 0; i < PAIR; i++) {
        sides[i] = (struct side){.f = f, .actor = actor_operator, .kind = TX_LATE};
        sides[i].arena = arena_create(1 << 16, 1 << 24);
        assert_non_null(sides[i].arena);
        assert_ok(desk_open(&f->service, DESK_HASH_DIRECT, &sides[i].desk));
    }
}

static void sides_close(struct side sides[PAIR])
{
    for (size_t i = 0; i < PAIR; i++) {
        desk_close(&sides[i].f->service, sides[i].desk);
        arena_destroy(sides[i].arena);
    }
}

static void run_both(struct side sides[PAIR])
{
    pthread_barrier_t start;
    pthread_t threads[PAIR];

    assert_int_equal(pthread_barrier_init(&start, NULL, PAIR), 0);
    for (size_t i = 0; i < PAIR; i++) {
        sides[i].start = &start;
        arena_reset(sides[i].arena);
        assert_int_equal(pthread_create(&threads[i], NULL, run_side, &sides[i]), 0);
    }
    for (size_t i = 0; i < PAIR; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    (void)pthread_barrier_destroy(&start);
}

static enum err stop(struct ctx *ctx, void *name)
{
    return admin_stop(ctx, str_of(name));
}

static enum err resume(struct ctx *ctx, void *name)
{
    return admin_resume(ctx, str_of(name));
}

static void of_two_who_stop_each_other_exactly_one_succeeds(void **state)
{
    struct fixture *f = *state;
    static char names[PAIR][8] = {"first", "second"};
    struct side sides[PAIR];

    struct user users[PAIR] = {fixture_admin(f, names[0], ROLE_SUPER_ADMIN),
                               fixture_admin(f, names[1], ROLE_SUPER_ADMIN)};
    sides_open(f, sides);
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < PAIR; i++) {
            sides[i].actor = fixture_actor(f, users[i].id);
            sides[i].kind = round % 2 ? TX_WRITE : TX_LATE; /* whatever unit it is done in */
            sides[i].work = stop;
            sides[i].with = names[1 - i];
        }
        run_both(sides);
        size_t winner = sides[0].answer == ERR_OK ? 0 : 1;
        assert_ok(sides[winner].answer);
        /* Who comes second is the last one's last, or knows already that they have been stopped. */
        enum err second = sides[1 - winner].answer;
        assert_true(second == ERR_LAST_ADMIN || second == ERR_FORBIDDEN);
        assert_ok(fixture_run(f, &actor_operator, TX_WRITE, resume, names[1 - winner]));
    }
    sides_close(sides);
}

struct new_login {
    struct login in;
    struct logged_in out;
};

static enum err log_in(struct ctx *ctx, void *with)
{
    struct new_login *new_login = with;

    return login(ctx, &new_login->in, &new_login->out);
}

static enum err reset(struct ctx *ctx, void *password)
{
    return admin_reset_password(ctx, STR("anna"), (struct secret){str_of(password)});
}

static size_t sessions_of(struct fixture *f, struct id user)
{
    struct session *sessions;
    size_t count;

    assert_ok(session_list(fixture_begin(f, TX_READ), user, &sessions, &count));
    fixture_keep(f);
    return count;
}

/* A login that was let in by the old password while it was changed must not last. */
static void no_login_by_the_old_password_outlives_its_change(void **state)
{
    struct fixture *f = *state;
    static char passwords[PAIR][24] = {PASSWORD, "another password"};
    struct user user = fixture_admin(f, "anna", ROLE_ADMIN);
    struct side sides[PAIR];

    f->settings.most_failures = 95;
    f->settings.free_failures = 90;
    sides_open(f, sides);
    for (int round = 0; round < ROUNDS; round++) {
        struct new_login old = {.in = {.name = STR("anna")}};
        old.in.password.hidden = str_of(passwords[round % 2]);
        fixture_pass(f, 1);
        sides[0].work = log_in;
        sides[0].with = &old;
        sides[1].work = reset;
        sides[1].with = passwords[1 - round % 2];
        run_both(sides);
        assert_ok(sides[1].answer);
        assert_true(sides[0].answer == ERR_OK || sides[0].answer == ERR_CREDENTIALS);
        assert_int_equal(sessions_of(f, user.id), 0);
    }
    sides_close(sides);
}

/* Nor one of somebody who was stopped meanwhile, for they may be let back in. */
static void no_login_outlives_the_stopping_of_its_user(void **state)
{
    struct fixture *f = *state;
    static char name[] = "anna";
    struct user user = fixture_admin(f, name, ROLE_ADMIN);
    struct side sides[PAIR];

    sides_open(f, sides);
    for (int round = 0; round < ROUNDS; round++) {
        struct new_login new_login = {
            .in = {.name = STR("anna"), .password = {STR(PASSWORD)}}
        };
        fixture_pass(f, 1);
        sides[0].work = log_in;
        sides[0].with = &new_login;
        sides[1].work = stop;
        sides[1].with = name;
        run_both(sides);
        assert_ok(sides[1].answer);
        assert_true(sides[0].answer == ERR_OK || sides[0].answer == ERR_ACCOUNT_STATE);
        assert_int_equal(sessions_of(f, user.id), 0);
        assert_ok(fixture_run(f, &actor_operator, TX_WRITE, resume, name));
    }
    sides_close(sides);
}

static enum err change(struct ctx *ctx, void *with)
{
    return admin_change_password(ctx, with);
}

/* Both show the same current password: it is spent by the first one. */
static void one_password_is_changed_once(void **state)
{
    struct fixture *f = *state;
    static char chosen[PAIR][32] = {"what the first one wants", "what the second one wants"};
    struct side sides[PAIR];
    const char *current = PASSWORD;

    struct user user = fixture_admin(f, "anna", ROLE_ADMIN);
    f->settings.most_failures = 95;
    f->settings.free_failures = 90;
    sides_open(f, sides);
    for (int round = 0; round < ROUNDS / 2; round++) {
        struct new_password in[PAIR];
        struct str next[PAIR];
        fixture_pass(f, 1);
        for (size_t i = 0; i < PAIR; i++) {
            assert_ok(arena_print(f->arena, &next[i], "%s, %d", chosen[i], round));
            in[i] = (struct new_password){STR("anna"), {str_of(current)}, {next[i]}};
            sides[i].actor = fixture_actor(f, user.id);
            sides[i].work = change;
            sides[i].with = &in[i];
        }
        run_both(sides);
        size_t winner = sides[0].answer == ERR_OK ? 0 : 1;
        assert_ok(sides[winner].answer);
        assert_err(sides[1 - winner].answer, ERR_CURRENT_PASSWORD);
        current = next[winner].ptr;
    }
    struct logged_in in;
    assert_ok(fixture_try_login(f, "anna", current, NULL, &in));
    sides_close(sides);
}

static enum err create(struct ctx *ctx, void *with)
{
    struct user user;

    return user_create(ctx, with, &user);
}

static void one_name_is_given_once(void **state)
{
    struct fixture *f = *state;
    struct side sides[PAIR];
    char name[32];

    sides_open(f, sides);
    for (int round = 0; round < ROUNDS / 2; round++) {
        (void)snprintf(name, sizeof name, "paul%d", round);
        struct new_user in = fixture_new_user(f, name);
        for (size_t i = 0; i < PAIR; i++) {
            sides[i].work = create;
            sides[i].with = &in;
        }
        run_both(sides);
        size_t winner = sides[0].answer == ERR_OK ? 0 : 1;
        assert_ok(sides[winner].answer);
        assert_int_equal(err_class(sides[1 - winner].answer), CLASS_CONFLICT);
    }
    sides_close(sides);
    assert_int_equal(fixture_count(f, EVENT_USER_CREATED), ROUNDS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(of_two_who_stop_each_other_exactly_one_succeeds),
        FIXTURE_TEST(no_login_by_the_old_password_outlives_its_change),
        FIXTURE_TEST(no_login_outlives_the_stopping_of_its_user),
        FIXTURE_TEST(one_password_is_changed_once),
        FIXTURE_TEST(one_name_is_given_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
