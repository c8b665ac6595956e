#include "base/check.h"
#include "domain/assignment.h"
#include "domain/fixture.h"
#include "domain/user.h"
#include "model/organization.h"
#include "store/queries.h"

/* One step of somebody: a role to grant or revoke, or what is asked about. */
struct step {
    struct id user, organization;
    const char *role;
    struct held_role *held;
    size_t count;
};

static enum err grant(struct ctx *ctx, void *with)
{
    const struct step *step = with;
    struct role_entry role;

    TRY(role_find(ctx, str_of(step->role), &role));
    return assignment_grant(ctx, step->user, &role, step->organization);
}

static enum err revoke(struct ctx *ctx, void *with)
{
    const struct step *step = with;
    struct role_entry role;

    TRY(role_find(ctx, str_of(step->role), &role));
    return assignment_revoke(ctx, step->user, &role, step->organization);
}

static enum err list(struct ctx *ctx, void *with)
{
    struct step *step = with;

    return assignment_list(ctx, step->user, &step->held, &step->count);
}

static enum err try_grant(struct fixture *f, struct actor actor, struct id user, const char *role,
                          struct id organization)
{
    struct step step = {.user = user, .role = role, .organization = organization};

    return fixture_run(f, &actor, TX_WRITE, grant, &step);
}

static enum err try_revoke(struct fixture *f, struct actor actor, struct id user, const char *role,
                           struct id organization)
{
    struct step step = {.user = user, .role = role, .organization = organization};

    return fixture_run(f, &actor, TX_WRITE, revoke, &step);
}

static size_t count_roles(struct fixture *f, struct actor actor, struct id user)
{
    struct step step = {.user = user};

    assert_ok(fixture_run(f, &actor, TX_READ, list, &step));
    return step.count;
}

static enum err try_list(struct fixture *f, struct actor actor, struct id user)
{
    struct step step = {.user = user};

    return fixture_run(f, &actor, TX_READ, list, &step);
}

struct check {
    enum err err;
    bool allowed;
};

static struct check ask(struct fixture *f, struct actor actor, struct id user,
                        const char *permission, struct id organization)
{
    struct ctx *ctx = fixture_ctx(f);
    struct check check = {0};

    ctx->actor = actor;
    check.err = assignment_allows(ctx, user, str_of(permission), organization, &check.allowed);
    return check;
}

static bool allows(struct fixture *f, struct actor actor, struct id user, const char *permission,
                   struct id organization)
{
    struct check check = ask(f, actor, user, permission, organization);

    assert_ok(check.err);
    return check.allowed;
}

/* Two gyms: ina administers iron, ian is a member of it and gil of gold; adam administers all. */
struct gyms {
    struct id iron, gold, ina, ian, gil, adam;
};

static struct gyms two_gyms(struct fixture *f)
{
    struct gyms gyms = {.iron = fixture_organization(f, "iron"),
                        .gold = fixture_organization(f, "gold")};

    gyms.ina = fixture_member(f, "ina", gyms.iron).id;
    gyms.ian = fixture_member(f, "ian", gyms.iron).id;
    gyms.gil = fixture_member(f, "gil", gyms.gold).id;
    gyms.adam = fixture_admin(f, "adam", ROLE_ADMIN).id;
    assert_ok(try_grant(f, actor_operator, gyms.ina, "GYM_ADMIN", gyms.iron));
    return gyms;
}

static const struct id everywhere = {0};
static const struct id unknown = {
    {1, 2, 3}
};

static void a_user_asks_about_themself(void **state)
{
    struct fixture *f = *state;
    struct gyms gyms = two_gyms(f);
    struct actor ina = fixture_actor(f, gyms.ina), ian = fixture_actor(f, gyms.ian);

    assert_true(allows(f, ina, gyms.ina, "users:read", gyms.iron));
    assert_false(allows(f, ina, gyms.ina, "users:read", gyms.gold));
    assert_false(allows(f, ina, gyms.ina, "users:read", everywhere));
    assert_false(allows(f, ina, gyms.ina, "metrics:read", gyms.iron));
    assert_false(allows(f, ian, gyms.ian, "users:read", gyms.iron));
}

static void who_reads_users_asks_about_all(void **state)
{
    struct fixture *f = *state;
    struct gyms gyms = two_gyms(f);
    struct actor adam = fixture_actor(f, gyms.adam);

    assert_true(allows(f, adam, gyms.ina, "users:write", gyms.iron));
    assert_false(allows(f, adam, gyms.ina, "users:write", gyms.gold));
    assert_true(allows(f, adam, gyms.adam, "users:write", gyms.gold));
    assert_false(allows(f, adam, unknown, "users:read", everywhere));
    assert_true(allows(f, adam, gyms.adam, "users:*", everywhere));
    assert_false(allows(f, adam, gyms.adam, "*", everywhere));
}

static void nobody_asks_across_organizations(void **state)
{
    struct fixture *f = *state;
    struct gyms gyms = two_gyms(f);
    struct actor ina = fixture_actor(f, gyms.ina), ian = fixture_actor(f, gyms.ian);

    assert_false(allows(f, ina, gyms.ian, "users:read", gyms.iron));
    assert_err(ask(f, ina, gyms.ian, "users:read", everywhere).err, ERR_MISSING);
    assert_err(ask(f, ina, gyms.gil, "users:read", gyms.gold).err, ERR_MISSING);
    assert_err(ask(f, ina, unknown, "users:read", gyms.gold).err, ERR_MISSING);
    assert_err(ask(f, ian, gyms.ina, "users:read", gyms.iron).err, ERR_FORBIDDEN);
    assert_err(ask(f, ian, unknown, "users:read", everywhere).err, ERR_FORBIDDEN);
}

static enum err stop(struct ctx *ctx, void *with)
{
    const struct step *step = with;
    struct user user;

    TRY(user_get(ctx, step->user, &user));
    return user_stop(ctx, &user);
}

static void who_is_stopped_is_allowed_nothing(void **state)
{
    struct fixture *f = *state;
    struct gyms gyms = two_gyms(f);
    struct step step = {.user = gyms.ina};

    assert_true(allows(f, actor_operator, gyms.ina, "users:read", gyms.iron));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &step));
    assert_false(allows(f, actor_operator, gyms.ina, "users:read", gyms.iron));
}

static void a_role_of_one_organization_is_given_and_taken_by_who_may_there(void **state)
{
    struct fixture *f = *state;
    struct gyms gyms = two_gyms(f);
    struct actor ina = fixture_actor(f, gyms.ina);

    assert_ok(try_grant(f, ina, gyms.ian, "GYM_ADMIN", gyms.iron));
    assert_true(allows(f, ina, gyms.ian, "users:write", gyms.iron));
    assert_ok(try_revoke(f, ina, gyms.ian, "GYM_ADMIN", gyms.iron));
    assert_false(allows(f, ina, gyms.ian, "users:write", gyms.iron));
    assert_err(try_revoke(f, ina, gyms.ian, "GYM_ADMIN", gyms.iron), ERR_MISSING);
}

static void nobody_gives_or_takes_across_organizations(void **state)
{
    struct fixture *f = *state;
    struct gyms gyms = two_gyms(f);
    struct actor ina = fixture_actor(f, gyms.ina), ian = fixture_actor(f, gyms.ian);

    assert_err(try_grant(f, ina, gyms.gil, "MEMBER", gyms.iron), ERR_MISSING);
    assert_err(try_grant(f, ina, gyms.ian, "MEMBER", gyms.gold), ERR_MISSING);
    assert_err(try_grant(f, ina, gyms.ian, "MEMBER", unknown), ERR_MISSING);
    assert_err(try_grant(f, ina, unknown, "MEMBER", gyms.iron), ERR_MISSING);
    assert_err(try_grant(f, ina, gyms.ian, "MEMBER", everywhere), ERR_FORBIDDEN);
    assert_err(try_revoke(f, ina, gyms.gil, "MEMBER", gyms.gold), ERR_MISSING);
    assert_err(try_grant(f, ian, gyms.ian, "MEMBER", gyms.iron), ERR_MISSING);
    assert_err(try_grant(f, ian, gyms.ina, "MEMBER", gyms.iron), ERR_FORBIDDEN);
    assert_err(try_grant(f, actor_operator, gyms.ian, "MEMBER", unknown), ERR_MISSING);
}

static void nobody_gives_or_takes_what_they_do_not_hold_there(void **state)
{
    struct fixture *f = *state;
    struct gyms gyms = two_gyms(f);
    struct actor ina = fixture_actor(f, gyms.ina), adam = fixture_actor(f, gyms.adam);

    assert_err(try_grant(f, ina, gyms.ian, "ADMIN", gyms.iron), ERR_FORBIDDEN);
    assert_err(try_grant(f, ina, gyms.ina, "SUPER_ADMIN", gyms.iron), ERR_FORBIDDEN);
    assert_err(try_grant(f, adam, gyms.adam, "SUPER_ADMIN", everywhere), ERR_FORBIDDEN);
    assert_ok(try_grant(f, actor_operator, gyms.ian, "ADMIN", gyms.iron));
    assert_err(try_revoke(f, ina, gyms.ian, "ADMIN", gyms.iron), ERR_FORBIDDEN);
    assert_ok(try_revoke(f, adam, gyms.ian, "ADMIN", gyms.iron));
}

static void of_others_nobody_sees_what_they_hold_in_other_organizations(void **state)
{
    struct fixture *f = *state;
    struct gyms gyms = two_gyms(f);
    struct actor ina = fixture_actor(f, gyms.ina), ian = fixture_actor(f, gyms.ian);

    assert_ok(try_grant(f, actor_operator, gyms.ian, "USER", everywhere));
    assert_ok(try_grant(f, actor_operator, gyms.ian, "MEMBER", gyms.iron));
    assert_ok(try_grant(f, actor_operator, gyms.ian, "MEMBER", gyms.gold));
    size_t all = count_roles(f, actor_operator, gyms.ian);
    assert_int_equal(count_roles(f, ian, gyms.ian), all);
    assert_int_equal(count_roles(f, fixture_actor(f, gyms.adam), gyms.ian), all);
    assert_int_equal(count_roles(f, ina, gyms.ian), all - 1);
    assert_err(try_list(f, ina, gyms.gil), ERR_MISSING);
    assert_err(try_list(f, ina, unknown), ERR_MISSING);
    assert_err(try_list(f, ian, gyms.ina), ERR_FORBIDDEN);
    assert_err(try_list(f, ian, unknown), ERR_FORBIDDEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_user_asks_about_themself),
        FIXTURE_TEST(who_reads_users_asks_about_all),
        FIXTURE_TEST(nobody_asks_across_organizations),
        FIXTURE_TEST(who_is_stopped_is_allowed_nothing),
        FIXTURE_TEST(a_role_of_one_organization_is_given_and_taken_by_who_may_there),
        FIXTURE_TEST(nobody_gives_or_takes_across_organizations),
        FIXTURE_TEST(nobody_gives_or_takes_what_they_do_not_hold_there),
        FIXTURE_TEST(of_others_nobody_sees_what_they_hold_in_other_organizations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
