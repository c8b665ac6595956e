/* What must hold whoever comes first: two threads, each at a desk of its own, at the same moment;
 * or two processes, of which one has its unit between the other's first look and its first write.
 */
#include "base/arena.h"
#include "base/check.h"
#include "base/rcu.h"
#include "domain/admin.h"
#include "domain/desk.h"
#include "domain/fixture.h"
#include "domain/person.h"
#include "domain/profile.h"
#include "domain/role.h"
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
            in[i] = (struct new_password){
                STR("anna"), {.current = {str_of(current)}, .chosen = {next[i]}}
            };
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

/* A unit that has looked when another process has a whole one of its own, the first time that it is
 * run: as long as a password takes to be hashed, that may be anybody's. */
struct overlap {
    struct fixture *other;
    enum err (*meanwhile)(struct ctx *ctx, void *with);
    void *others;
    enum err (*work)(struct ctx *ctx, void *with);
    void *with;
    const struct actor *actor; /* of this unit; the other is the operator's */
    int tries;
};

static enum err look_first(struct ctx *ctx, void *with)
{
    struct overlap *overlap = with;
    struct user nobody;

    assert_err(user_get(ctx, (struct id){{1}}, &nobody), ERR_MISSING); /* opens the view */
    if (overlap->tries++ == 0) {
        assert_ok(fixture_run(overlap->other, &actor_operator, TX_WRITE, overlap->meanwhile,
                              overlap->others));
    }
    return overlap->work(ctx, overlap->with);
}

static enum err run_over(struct fixture *f, struct overlap *overlap)
{
    overlap->other = fixture_join(f);
    enum err e = fixture_run(f, overlap->actor ? overlap->actor : &actor_operator, TX_LATE,
                             look_first, overlap);
    fixture_leave(overlap->other);
    return e;
}

struct changing {
    struct id user;
    struct profile_change change;
    struct person_change as_person;
};

static enum err change_profile(struct ctx *ctx, void *with)
{
    struct changing *changing = with;
    struct profile out;

    return profile_change(ctx, changing->user, &changing->change, &out);
}

static enum err change_person(struct ctx *ctx, void *with)
{
    struct changing *changing = with;
    struct person out;

    return person_change(ctx, changing->user, &changing->as_person, &out);
}

static struct user user_now(struct fixture *f, struct id id)
{
    struct user user;

    assert_ok(user_get(fixture_begin(f, TX_READ), id, &user));
    fixture_keep(f);
    return user;
}

static void two_who_change_other_members_both_do(void **state)
{
    struct fixture *f = *state;
    struct str first = STR("Ann"), last = STR("Smith"), empty = STR("");
    struct id ann = fixture_user(f, "ann").id;
    struct changing slow = {.user = ann, .change.first_name = &first},
                    quick = {.user = ann, .change.last_name = &last},
                    again = {.user = ann, .change.last_name = &empty};
    struct overlap overlap = {
        .meanwhile = change_profile, .others = &quick, .work = change_profile, .with = &slow};

    slow.change.password.hidden = STR("quite another password");
    assert_ok(run_over(f, &overlap));
    assert_int_equal(overlap.tries, 2);
    assert_str(user_now(f, ann).first_name, "Ann");
    assert_str(user_now(f, ann).last_name, "Smith");
    assert_ok(fixture_run(f, &actor_operator, TX_LATE, change_profile, &again));
    assert_ok(fixture_run(f, &actor_operator, TX_LATE, change_profile, &quick));
    assert_str(user_now(f, ann).last_name, "Smith"); /* an empty text is one, and compared as one */
}

static enum err set_avatar(struct ctx *ctx, void *id)
{
    return q_user_set_avatar(ctx->tx, STR("/avatars/new"), ctx->now, *(struct id *)id,
                             (struct str){0});
}

static void a_picture_outlives_who_changed_the_names_meanwhile(void **state)
{
    struct fixture *f = *state;
    struct str first = STR("Ann");
    struct id ann = fixture_user(f, "ann").id;
    struct changing slow = {.user = ann, .as_person.first_name = &first};
    struct overlap overlap = {
        .meanwhile = set_avatar, .others = &ann, .work = change_person, .with = &slow};

    assert_ok(run_over(f, &overlap));
    assert_str(user_now(f, ann).avatar, "/avatars/new");
    assert_str(user_now(f, ann).first_name, "Ann");
}

static enum err verify(struct ctx *ctx, void *id)
{
    return q_user_verified(ctx->tx, ctx->now, true, *(struct id *)id);
}

/* Another way to write the same address is no other address: what is known of it stays. */
static void an_address_stays_verified_that_was_so_meanwhile(void **state)
{
    struct fixture *f = *state;
    struct id ann = fixture_user(f, "ann").id;
    struct email email;
    struct changing slow = {.user = ann, .as_person.email = &email};
    struct overlap overlap = {
        .meanwhile = verify, .others = &ann, .work = change_person, .with = &slow};

    assert_ok(email_parse(f->arena, STR("Ann@example.com"), &email));
    assert_ok(run_over(f, &overlap));
    assert_int_equal(overlap.tries, 2);
    assert_str(user_now(f, ann).email.shown, "Ann@example.com");
    assert_true(moment_is_set(user_now(f, ann).verified));
    assert_true(user_now(f, ann).corporate);
}

static enum err stop_user(struct ctx *ctx, void *id)
{
    struct user user;

    TRY(user_get(ctx, *(struct id *)id, &user));
    return user_stop(ctx, &user);
}

static enum err suspend(struct ctx *ctx, void *id)
{
    return fixture_set_state(ctx, *(struct id *)id, USER_SUSPENDED);
}

/* A password lets in who waits; but nobody who was stopped while it was hashed. */
static void who_is_stopped_meanwhile_stays_so(void **state)
{
    struct fixture *f = *state;
    struct id ann = fixture_user(f, "ann").id;
    struct changing slow = {.user = ann,
                            .as_person.password.hidden = STR("quite another password")};
    struct overlap overlap = {
        .meanwhile = stop_user, .others = &ann, .work = change_person, .with = &slow};

    assert_ok(fixture_set_state(fixture_begin(f, TX_WRITE), ann, USER_PENDING_ACTIVATION));
    fixture_keep(f);
    assert_ok(run_over(f, &overlap));
    assert_int_equal(user_now(f, ann).state, USER_INACTIVE);

    struct overlap stopping = {
        .meanwhile = suspend, .others = &ann, .work = stop_user, .with = &ann};
    assert_ok(fixture_set_state(fixture_begin(f, TX_WRITE), ann, USER_ACTIVE));
    fixture_keep(f);
    assert_ok(run_over(f, &stopping));
    assert_int_equal(stopping.tries, 2); /* what it says has become of them is so */
    assert_int_equal(user_now(f, ann).state, USER_INACTIVE);
}

static struct str roles_now(struct fixture *f, struct id id)
{
    struct str names;

    assert_ok(user_roles(fixture_begin(f, TX_READ), id, &names));
    fixture_keep(f);
    return names;
}

/* One leaves them ADMIN and takes USER, the other the other way round: they are never left with
 * neither. */
static void of_two_sets_of_roles_one_is_held_whole(void **state)
{
    struct fixture *f = *state;
    const struct str admin = STR("ADMIN"), user = STR("USER");
    const struct text_list both =
                               {
                                   (struct str[]){admin, user},
                                    2
    },
                           one = {&admin, 1}, other = {&user, 1};
    struct id ann = fixture_user(f, "ann").id;
    struct changing slow = {.user = ann, .change.roles = &both},
                    quick = {.user = ann, .change.roles = &other};
    struct overlap overlap = {
        .meanwhile = change_profile, .others = &quick, .work = change_profile, .with = &slow};

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, change_profile, &slow));
    slow.change.roles = &one;
    assert_ok(run_over(f, &overlap));
    assert_int_equal(overlap.tries, 2);
    assert_str(roles_now(f, ann), "ADMIN");

    quick.change.roles = &(struct text_list){0}; /* what one would take, the other has taken */
    overlap.tries = 0;
    slow.change.roles = &other;
    assert_ok(run_over(f, &overlap));
    assert_str(roles_now(f, ann), "USER");
}

struct handing {
    struct id user;
    struct role_entry role;
    struct text_list permissions; /* that the role gets */
};

static enum err make_role(struct ctx *ctx, void *with)
{
    struct handing *handing = with;

    return role_create(ctx, &(struct new_role){.name = STR("WATCHER")}, &handing->role);
}

static enum err set_role(struct ctx *ctx, void *with)
{
    struct handing *handing = with;

    return role_change(ctx, &handing->role, &handing->permissions);
}

static enum err hand_out(struct ctx *ctx, void *with)
{
    const struct handing *handing = with;

    return role_grant(ctx, handing->user, &handing->role, (struct id){0});
}

static enum err take_back(struct ctx *ctx, void *with)
{
    const struct handing *handing = with;

    return role_revoke(ctx, handing->user, &handing->role, (struct id){0});
}

static void nobody_hands_out_what_a_role_has_become_meanwhile(void **state)
{
    struct fixture *f = *state;
    static const struct str everything = {"*", 1};
    struct actor admin = fixture_actor(f, fixture_admin(f, "adam", ROLE_ADMIN).id);
    struct handing handing = {.user = fixture_user(f, "ann").id}, nothing;
    struct overlap overlap = {.meanwhile = set_role,
                              .others = &handing,
                              .work = hand_out,
                              .with = &handing,
                              .actor = &admin};

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, make_role, &handing));
    nothing = handing;
    handing.permissions = (struct text_list){&everything, 1};
    assert_err(run_over(f, &overlap), ERR_FORBIDDEN);
    assert_str(roles_now(f, handing.user), "");

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, set_role, &nothing));
    assert_ok(fixture_run(f, &admin, TX_LATE, hand_out, &handing));
    overlap.tries = 0;
    overlap.work = take_back;
    assert_err(run_over(f, &overlap), ERR_FORBIDDEN);
    assert_str(roles_now(f, handing.user), "WATCHER");
}

int main(int count, char **arguments)
{
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(of_two_who_stop_each_other_exactly_one_succeeds),
        FIXTURE_TEST(no_login_by_the_old_password_outlives_its_change),
        FIXTURE_TEST(no_login_outlives_the_stopping_of_its_user),
        FIXTURE_TEST(one_password_is_changed_once),
        FIXTURE_TEST(one_name_is_given_once),
        FIXTURE_TEST(two_who_change_other_members_both_do),
        FIXTURE_TEST(a_picture_outlives_who_changed_the_names_meanwhile),
        FIXTURE_TEST(an_address_stays_verified_that_was_so_meanwhile),
        FIXTURE_TEST(who_is_stopped_meanwhile_stays_so),
        FIXTURE_TEST(of_two_sets_of_roles_one_is_held_whole),
        FIXTURE_TEST(nobody_hands_out_what_a_role_has_become_meanwhile),
    };

    (void)arguments;
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
