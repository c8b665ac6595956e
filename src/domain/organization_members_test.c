/* Whom a suspended or deleted organization keeps out, and whom it does not. */
#include "base/arena.h"
#include "base/check.h"
#include "base/rcu.h"
#include "domain/desk.h"
#include "domain/feed.h"
#include "domain/fixture.h"
#include "domain/organization.h"
#include "domain/renewal.h"
#include "domain/role.h"
#include "domain/standing.h"
#include "store/queries.h"

static struct organization get(struct fixture *f, struct id id)
{
    struct organization found;

    assert_ok(organization_get(fixture_begin(f, TX_READ), id, &found));
    fixture_keep(f);
    return found;
}

struct changing {
    struct id id;
    struct organization_change in;
    struct organization out;
};

static enum err change(struct ctx *ctx, void *with)
{
    struct changing *changing = with;

    return organization_change(ctx, changing->id, &changing->in, &changing->out);
}

static enum err set_state(struct fixture *f, struct id id, enum organization_state state)
{
    return fixture_set_organization(f, &actor_operator, id, state);
}

static bool is_stopped(struct fixture *f, struct id user)
{
    rcu_enter(f->desk->reader);
    struct user_standing standing = standing_user(f->service.standing, user);
    rcu_leave(f->desk->reader);
    return standing.stopped;
}

static int64_t users_kept(struct fixture *f)
{
    return standing_size(f->service.standing).users;
}

/* Suspension. */

static void members_of_a_suspended_one_are_kept_out_at_once(void **state)
{
    struct fixture *f = *state;
    struct id gym = fixture_organization(f, "gym"), other = fixture_organization(f, "other");
    struct user anna = fixture_member(f, "anna", gym), paul = fixture_member(f, "paul", other);
    struct logged_in in = fixture_login(f, "anna"), elsewhere = fixture_login(f, "paul"), again;

    assert_ok(fixture_accept(f, in.token.text, NULL));
    assert_ok(set_state(f, gym, ORGANIZATION_SUSPENDED));
    assert_err(fixture_accept(f, in.token.text, NULL), ERR_TOKEN_INVALID);
    assert_ok(fixture_accept(f, elsewhere.token.text, NULL));
    assert_true(is_stopped(f, anna.id));
    assert_false(is_stopped(f, paul.id));
    assert_err(fixture_try_login(f, "anna", PASSWORD, NULL, &again), ERR_ACCOUNT_STATE);
    assert_err(fixture_try_login(f, "anna", "a wrong password", NULL, &again), ERR_CREDENTIALS);
    assert_int_equal(fixture_count(f, EVENT_ORGANIZATION_SUSPENDED), 1);

    assert_ok(set_state(f, gym, ORGANIZATION_SUSPENDED)); /* nothing new */
    assert_int_equal(fixture_count(f, EVENT_ORGANIZATION_SUSPENDED), 1);

    assert_ok(set_state(f, gym, ORGANIZATION_ACTIVE));
    assert_ok(fixture_accept(f, in.token.text, NULL)); /* the login lasts */
    assert_false(is_stopped(f, anna.id));
    assert_int_equal(users_kept(f), 0);
    assert_ok(fixture_try_login(f, "anna", PASSWORD, NULL, &again));
}

static enum err renew(struct ctx *ctx, void *token)
{
    struct logged_in renewed;

    return renewal(ctx, *(const struct str *)token, &renewed);
}

static void a_member_of_a_suspended_one_renews_nothing(void **state)
{
    struct fixture *f = *state;
    struct id gym = fixture_organization(f, "gym");
    const struct actor nobody = {.kind = ACTOR_NOBODY};

    (void)fixture_member(f, "anna", gym);
    struct logged_in in = fixture_login(f, "anna");
    assert_ok(set_state(f, gym, ORGANIZATION_SUSPENDED));
    assert_err(fixture_run(f, &nobody, TX_WRITE, renew, &in.token.text), ERR_ACCOUNT_STATE);
    assert_ok(set_state(f, gym, ORGANIZATION_ACTIVE));
    assert_ok(fixture_run(f, &nobody, TX_WRITE, renew, &in.token.text));
}

static void whoever_comes_to_a_suspended_one_is_kept_out_too(void **state)
{
    struct fixture *f = *state;
    struct id gym = fixture_organization(f, "gym");
    struct logged_in in;

    assert_ok(set_state(f, gym, ORGANIZATION_SUSPENDED));
    struct user late = fixture_member(f, "late", gym);
    assert_true(is_stopped(f, late.id));
    assert_err(fixture_try_login(f, "late", PASSWORD, NULL, &in), ERR_ACCOUNT_STATE);
    fixture_restart(f);
    assert_true(is_stopped(f, late.id));
    assert_ok(set_state(f, gym, ORGANIZATION_ACTIVE));
    assert_false(is_stopped(f, late.id));
}

static enum err stop(struct ctx *ctx, void *user)
{
    return user_stop(ctx, user);
}

static void one_who_was_stopped_stays_so_when_the_organization_is_resumed(void **state)
{
    struct fixture *f = *state;
    struct id gym = fixture_organization(f, "gym");
    struct user anna = fixture_member(f, "anna", gym), paul = fixture_member(f, "paul", gym);
    struct actor admin = fixture_gym_admin(f, paul.id, gym);

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &anna));
    assert_ok(set_state(f, gym, ORGANIZATION_SUSPENDED));
    assert_ok(set_state(f, gym, ORGANIZATION_ACTIVE));
    assert_true(is_stopped(f, anna.id));
    assert_false(is_stopped(f, paul.id));
    assert_int_equal(fixture_actor(f, paul.id).somewhere.bits, admin.somewhere.bits);
}

static void read_feed(struct fixture *f)
{
    rcu_enter(f->desk->reader);
    assert_ok(feed_read(fixture_ctx(f)));
    rcu_leave(f->desk->reader);
}

static void other_nodes_hear_of_it(void **state)
{
    struct fixture *f = *state, *other = fixture_join(f);
    struct id gym = fixture_organization(f, "gym");
    struct user anna = fixture_member(f, "anna", gym);

    assert_ok(set_state(f, gym, ORGANIZATION_SUSPENDED));
    read_feed(other);
    assert_true(is_stopped(other, anna.id));
    assert_ok(fixture_delete_organization(f, &actor_operator, gym, true));
    read_feed(other);
    assert_false(is_stopped(other, anna.id));
    fixture_leave(other);
}

/* More than are read at once. */
static void all_of_many_members_are_kept_out(void **state)
{
    enum {
        MANY = 2100
    };
    struct fixture *f = *state;
    struct id gym = fixture_organization(f, "gym");
    struct ctx *ctx = fixture_begin(f, TX_WRITE);

    for (int i = 0; i < MANY; i++) {
        struct user user = {.state = USER_ACTIVE, .organization = gym, .created = f->now};
        user.updated = f->now;
        assert_ok(id_make(f->now, &user.id));
        assert_ok(arena_print(f->arena, &user.username.key, "many%d", i));
        user.username.shown = user.username.key;
        assert_ok(q_user_insert(ctx->tx, &user));
    }
    fixture_keep(f);
    assert_ok(set_state(f, gym, ORGANIZATION_SUSPENDED));
    assert_int_equal(users_kept(f), MANY);
    fixture_restart(f);
    assert_int_equal(users_kept(f), MANY);
    assert_ok(fixture_delete_organization(f, &actor_operator, gym, true));
    assert_int_equal(fixture_count(f, EVENT_USER_MOVED), MANY);
}

static void the_last_super_administrator_is_not_kept_out(void **state)
{
    struct fixture *f = *state;
    struct id gym = fixture_organization(f, "gym");
    struct user boss = fixture_member(f, "boss", gym);
    struct grant grant = {.user = boss.id, .role = ROLE_SUPER_ADMIN};

    assert_ok(fixture_grant(f, &actor_operator, grant));
    assert_err(set_state(f, gym, ORGANIZATION_SUSPENDED), ERR_LAST_ADMIN);
    assert_int_equal(get(f, gym).state, ORGANIZATION_ACTIVE);
    struct user other = fixture_admin(f, "other", ROLE_SUPER_ADMIN);
    assert_ok(set_state(f, gym, ORGANIZATION_SUSPENDED));
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, stop, &other), ERR_LAST_ADMIN);
}

static enum err suspend(struct ctx *ctx, void *id)
{
    struct organization_change in = {.state = ORGANIZATION_SUSPENDED};
    struct organization changed;

    return organization_change(ctx, *(const struct id *)id, &in, &changed);
}

static void of_the_organizations_of_all_administrators_one_stays(void **state)
{
    enum {
        PAIR = 2,
        ROUNDS = 10
    };
    struct fixture *f = *state;
    struct id gyms[PAIR] = {fixture_organization(f, "one"), fixture_organization(f, "two")};
    const char *const names[PAIR] = {"anna", "paul"};
    struct fixture_one ones[PAIR];

    for (size_t i = 0; i < PAIR; i++) {
        struct user user = fixture_member(f, names[i], gyms[i]);
        struct grant grant = {.user = user.id, .role = ROLE_SUPER_ADMIN};
        assert_ok(fixture_grant(f, &actor_operator, grant));
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < PAIR; i++) {
            ones[i] = (struct fixture_one){.with = &gyms[i]};
        }
        fixture_crowd(f, suspend, ones, PAIR);
        size_t winner = ones[0].answer == ERR_OK ? 0 : 1;
        assert_ok(ones[winner].answer);
        assert_err(ones[1 - winner].answer, ERR_LAST_ADMIN);
        assert_ok(set_state(f, gyms[winner], ORGANIZATION_ACTIVE));
    }
}

/* A member is made while the organization is suspended: whoever comes first, nobody comes in. */
static enum err make_or_suspend(struct ctx *ctx, void *with)
{
    struct changing *changing = with;
    struct new_user in = {.organization = changing->id};
    struct user made;

    if (changing->in.state == ORGANIZATION_SUSPENDED) {
        return change(ctx, with);
    }
    TRY(arena_print(ctx->arena, &in.username.key, "%.*s", STR_ARG(*changing->in.name)));
    in.username.shown = in.username.key;
    TRY(user_create(ctx, &in, &made));
    changing->out.id = made.id;
    return ERR_OK;
}

static void nobody_slips_in_while_it_is_suspended(void **state)
{
    enum {
        ROUNDS = 20
    };
    struct fixture *f = *state;
    struct id gym = fixture_organization(f, "gym");

    for (int round = 0; round < ROUNDS; round++) {
        struct str name;
        assert_ok(arena_print(f->arena, &name, "user%d", round));
        struct changing pair[] = {
            {.id = gym, .in = {.state = ORGANIZATION_SUSPENDED}},
            {.id = gym, .in = {.name = &name}                  },
        };
        struct fixture_one ones[] = {{.with = &pair[0]}, {.with = &pair[1]}};
        fixture_crowd(f, make_or_suspend, ones, ARRAY_LEN(ones));
        assert_ok(ones[0].answer);
        assert_ok(ones[1].answer);
        assert_true(is_stopped(f, pair[1].out.id));
        assert_ok(set_state(f, gym, ORGANIZATION_ACTIVE));
        assert_false(is_stopped(f, pair[1].out.id));
    }
}

/* Deleting. */

static enum err take_away(struct ctx *ctx, void *with)
{
    const struct grant *grant = with;
    struct role_entry role;

    TRY(role_find(ctx, role_name(grant->role), &role));
    return role_revoke(ctx, grant->user, &role, grant->organization);
}

static enum err revoke(struct fixture *f, struct grant grant)
{
    return fixture_run(f, &actor_operator, TX_WRITE, take_away, &grant);
}

/* Deletes the organization, or makes a member of it. */
static enum err make_or_delete(struct ctx *ctx, void *with)
{
    struct changing *changing = with;
    struct organization there;
    struct new_user in = {.organization = changing->id};
    struct user made;

    if (!changing->in.name) {
        return organization_delete(ctx, changing->id, false);
    }
    TRY(organization_seen(ctx, PERMIT_USERS_WRITE, changing->id, &there));
    TRY(arena_print(ctx->arena, &in.username.key, "%.*s", STR_ARG(*changing->in.name)));
    in.username.shown = in.username.key;
    return user_create(ctx, &in, &made);
}

static void nobody_comes_to_one_that_is_deleted(void **state)
{
    enum {
        ROUNDS = 20
    };
    struct fixture *f = *state;

    for (int round = 0; round < ROUNDS; round++) {
        struct str name;
        assert_ok(arena_print(f->arena, &name, "gym%d", round));
        struct id gym = fixture_organization(f, name.ptr);
        struct changing pair[] = {
            {.id = gym             },
            { .id = gym, .in = {.name = &name}}
        };
        struct fixture_one ones[] = {{.with = &pair[0]}, {.with = &pair[1]}};
        fixture_crowd(f, make_or_delete, ones, ARRAY_LEN(ones));
        if (ones[0].answer == ERR_OK) {
            assert_err(ones[1].answer, ERR_MISSING);
        } else {
            assert_err(ones[0].answer, ERR_IN_USE);
            assert_ok(ones[1].answer);
        }
    }
}

static void one_with_members_goes_only_by_force_and_they_stay(void **state)
{
    struct fixture *f = *state;
    struct id gym = fixture_organization(f, "gym");
    struct user anna = fixture_member(f, "anna", gym);
    struct actor admin = fixture_gym_admin(f, anna.id, gym);
    struct logged_in in = fixture_login(f, "anna");
    struct user found;

    assert_true(permission_held(admin.somewhere, PERMIT_USERS_READ));
    assert_err(fixture_delete_organization(f, &actor_operator, gym, false), ERR_IN_USE);
    assert_ok(fixture_delete_organization(f, &actor_operator, gym, true));
    assert_ok(user_get(fixture_begin(f, TX_READ), anna.id, &found));
    fixture_keep(f);
    assert_false(id_is_set(found.organization));
    assert_ok(fixture_accept(f, in.token.text, NULL));
    assert_int_equal(fixture_actor(f, anna.id).somewhere.bits, 0);
    assert_int_equal(users_kept(f), 1); /* what they held, and hold no more */
    assert_int_equal(fixture_count(f, EVENT_ORGANIZATION_DELETED), 1);
    assert_err(fixture_delete_organization(f, &actor_operator, gym, true), ERR_MISSING);
}

/* Nobody takes what they do not hold, by deleting the place where it is held either. */
static void one_in_which_somebody_holds_more_is_not_deleted_by_its_administrator(void **state)
{
    struct fixture *f = *state;
    struct id gym = fixture_organization(f, "gym"), other = fixture_organization(f, "other");
    struct user anna = fixture_member(f, "anna", gym), paul = fixture_user(f, "paul");
    struct actor admin = fixture_gym_admin(f, fixture_member(f, "boss", gym).id, gym);
    const struct grant more[] = {
        {anna.id, ROLE_ADMIN,       {{0}}}, /* a member, everywhere */
        {anna.id, ROLE_GYM_ADMIN,   other}, /* and in another one */
        {paul.id, ROLE_SUPER_ADMIN, gym  }, /* somebody else, there */
    };

    assert_ok(fixture_grant(f, &actor_operator, (struct grant){anna.id, ROLE_GYM_ADMIN, gym}));
    assert_ok(fixture_grant(f, &actor_operator, (struct grant){paul.id, ROLE_MEMBER, gym}));
    for (size_t i = 0; i < ARRAY_LEN(more); i++) {
        assert_ok(fixture_grant(f, &actor_operator, more[i]));
        assert_err(fixture_delete_organization(f, &admin, gym, false), ERR_IN_USE);
        assert_err(fixture_delete_organization(f, &admin, gym, true), ERR_FORBIDDEN);
        assert_true(permission_held(fixture_actor(f, anna.id).somewhere, PERMIT_USERS_READ));
        assert_ok(revoke(f, more[i]));
    }
    assert_int_equal(fixture_count(f, EVENT_ROLE_REVOKED), ARRAY_LEN(more));
    assert_ok(fixture_delete_organization(f, &admin, gym, true));
}

static void one_in_which_somebody_holds_more_is_deleted_by_who_holds_everything(void **state)
{
    struct fixture *f = *state;
    struct user root = fixture_admin(f, "root", ROLE_SUPER_ADMIN);
    struct id gyms[] = {fixture_organization(f, "one"), fixture_organization(f, "two")};
    const struct actor by[] = {fixture_actor(f, root.id), actor_operator};
    struct user anna = fixture_user(f, "anna");

    for (size_t i = 0; i < ARRAY_LEN(gyms); i++) {
        struct grant there = {anna.id, ROLE_SUPER_ADMIN, gyms[i]};
        assert_ok(fixture_grant(f, &actor_operator, there));
        assert_ok(fixture_delete_organization(f, &by[i], gyms[i], true));
    }
}

/* What the actor holds elsewhere, and where, is nobody's to ask. */
static void who_deletes_one_may_hold_more_in_another(void **state)
{
    struct fixture *f = *state;
    struct id gym = fixture_organization(f, "gym"), other = fixture_organization(f, "other");
    struct user boss = fixture_member(f, "boss", gym), anna = fixture_member(f, "anna", gym);
    struct grant plain[] = {
        {anna.id, ROLE_MEMBER, gym  },
        {anna.id, ROLE_USER,   {{0}}},
        {boss.id, ROLE_ADMIN,  other},
    };

    for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
        assert_ok(fixture_grant(f, &actor_operator, plain[i]));
    }
    struct actor admin = fixture_gym_admin(f, boss.id, gym);
    assert_ok(fixture_delete_organization(f, &admin, gym, true));
}

static void members_of_a_suspended_one_come_in_again_when_it_is_deleted(void **state)
{
    struct fixture *f = *state;
    struct id gym = fixture_organization(f, "gym");
    struct user anna = fixture_member(f, "anna", gym);
    struct logged_in in;

    assert_ok(set_state(f, gym, ORGANIZATION_SUSPENDED));
    assert_ok(fixture_delete_organization(f, &actor_operator, gym, true));
    read_feed(f);
    assert_false(is_stopped(f, anna.id));
    assert_ok(fixture_try_login(f, "anna", PASSWORD, NULL, &in));
}

int main(int count, char **arguments)
{
    (void)arguments;
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(members_of_a_suspended_one_are_kept_out_at_once),
        FIXTURE_TEST(a_member_of_a_suspended_one_renews_nothing),
        FIXTURE_TEST(whoever_comes_to_a_suspended_one_is_kept_out_too),
        FIXTURE_TEST(one_who_was_stopped_stays_so_when_the_organization_is_resumed),
        FIXTURE_TEST(other_nodes_hear_of_it),
        FIXTURE_TEST(all_of_many_members_are_kept_out),
        FIXTURE_TEST(the_last_super_administrator_is_not_kept_out),
        FIXTURE_TEST(of_the_organizations_of_all_administrators_one_stays),
        FIXTURE_TEST(nobody_slips_in_while_it_is_suspended),
        FIXTURE_TEST(nobody_comes_to_one_that_is_deleted),
        FIXTURE_TEST(one_with_members_goes_only_by_force_and_they_stay),
        FIXTURE_TEST(one_in_which_somebody_holds_more_is_not_deleted_by_its_administrator),
        FIXTURE_TEST(one_in_which_somebody_holds_more_is_deleted_by_who_holds_everything),
        FIXTURE_TEST(who_deletes_one_may_hold_more_in_another),
        FIXTURE_TEST(members_of_a_suspended_one_come_in_again_when_it_is_deleted),
    };
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
