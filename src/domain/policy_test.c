#include "base/check.h"
#include "domain/fixture.h"
#include "domain/policy.h"
#include "domain/role.h"
#include "domain/standing.h"
#include "model/organization.h"
#include "store/queries.h"

static struct actor holder(struct permission_set held)
{
    return (struct actor){.kind = ACTOR_USER, .permissions = held};
}

static struct permission_set only(enum permission permission)
{
    return (struct permission_set){(uint64_t)1 << permission};
}

static void each_requirement_lets_in_whom_it_says(void **state)
{
    (void)state;
    const struct actor nobody = {.kind = ACTOR_NOBODY}, plain = holder((struct permission_set){0}),
                       reader = holder(only(PERMIT_ADMINS_READ)),
                       scraper = holder(only(PERMIT_METRICS_READ)),
                       super = holder(permission_all());
    const struct {
        enum requirement requirement;
        enum err nobody, plain, reader, scraper, super, operator;
    } table[] = {
        {MAY_ANYONE,               ERR_OK,            ERR_OK,        ERR_OK,        ERR_OK,        ERR_OK, ERR_OK},
        {MAY_ANYONE_KNOWN,         ERR_OK,            ERR_OK,        ERR_OK,        ERR_OK,        ERR_OK, ERR_OK},
        {MAY_SIGNED_IN,            ERR_TOKEN_MISSING, ERR_OK,        ERR_OK,        ERR_OK,        ERR_OK, ERR_OK},
        {MAY_EVERYTHING,           ERR_TOKEN_MISSING, ERR_FORBIDDEN, ERR_FORBIDDEN, ERR_FORBIDDEN, ERR_OK,
         ERR_OK                                                                                                  },
        {MAY_SCRAPE,               ERR_TOKEN_MISSING, ERR_FORBIDDEN, ERR_FORBIDDEN, ERR_OK,        ERR_OK, ERR_OK},
        {MAY(PERMIT_ADMINS_READ),  ERR_TOKEN_MISSING, ERR_FORBIDDEN, ERR_OK,        ERR_FORBIDDEN, ERR_OK,
         ERR_OK                                                                                                  },
        {MAY(PERMIT_ADMINS_WRITE), ERR_TOKEN_MISSING, ERR_FORBIDDEN, ERR_FORBIDDEN, ERR_FORBIDDEN,
         ERR_OK,                                                                                           ERR_OK},
        {MAY(PERMIT_USERS_READ),   ERR_TOKEN_MISSING, ERR_FORBIDDEN, ERR_FORBIDDEN, ERR_FORBIDDEN,
         ERR_OK,                                                                                           ERR_OK},
    };

    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        enum requirement asked = table[i].requirement;
        assert_int_equal(policy_requires(&nobody, asked), table[i].nobody);
        assert_int_equal(policy_requires(&plain, asked), table[i].plain);
        assert_int_equal(policy_requires(&reader, asked), table[i].reader);
        assert_int_equal(policy_requires(&scraper, asked), table[i].scraper);
        assert_int_equal(policy_requires(&super, asked), table[i].super);
        assert_int_equal(policy_requires(&actor_operator, asked), table[i].operator);
    }
}

static void a_requirement_names_the_permission_it_is_about(void **state)
{
    (void)state;

    assert_false(str_is_set(policy_permission(MAY_ANYONE)));
    assert_false(str_is_set(policy_permission(MAY_ANYONE_KNOWN)));
    assert_false(str_is_set(policy_permission(MAY_SIGNED_IN)));
    assert_str(policy_permission(MAY_EVERYTHING), "*");
    assert_str(policy_permission(MAY_SCRAPE), "metrics:read");
    assert_str(policy_permission(MAY(PERMIT_USERS_READ)), "users:read");
    assert_str(policy_permission(MAY_SOMEWHERE(PERMIT_METRICS_READ)), "metrics:read");
    assert_str(policy_permission(MAY_SELF_OR(PERMIT_USERS_WRITE)), "users:write");
}

static void nobody_who_shows_no_token_passes_by_what_else_is_in_their_actor(void **state)
{
    (void)state;
    struct actor forged = {.kind = ACTOR_NOBODY, .permissions = permission_all()};

    assert_err(policy_requires(&forged, MAY(PERMIT_ADMINS_READ)), ERR_TOKEN_MISSING);
}

/* A user who holds this role alone. */
static struct actor one_with(struct fixture *f, const char *name, enum role role)
{
    return fixture_actor(f, fixture_admin(f, name, role).id);
}

static const char *const names[ROLES] = {"super", "admin", "gym", "member", "user"};

/* Runs one question of the policy as this actor. */
static enum err ask(struct fixture *f, struct actor actor,
                    enum err (*question)(struct ctx *, void *), void *with)
{
    return fixture_run(f, &actor, TX_READ, question, with);
}

static enum err may_grant(struct ctx *ctx, void *with)
{
    struct role_entry role;

    TRY(role_find(ctx, role_name(*(const enum role *)with), &role));
    return policy_grant(ctx, &role, (struct id){0});
}

static void nobody_grants_what_they_do_not_hold(void **state)
{
    struct fixture *f = *state;
    static const bool may[ROLES][ROLES] = {
  /* SUPER_ADMIN, ADMIN, GYM_ADMIN, MEMBER, USER */
        {true,  true,  true,  true, true},
        {false, true,  false, true, true}, /* a GYM_ADMIN holds orgs:* */
        {false, false, true,  true, true},
        {false, false, false, true, true},
        {false, false, false, true, true},
    };

    for (unsigned by = 0; by < ROLES; by++) {
        struct actor actor = one_with(f, names[by], (enum role)by);
        for (unsigned granted = 0; granted < ROLES; granted++) {
            enum role role = (enum role)granted;
            assert_int_equal(ask(f, actor, may_grant, &role),
                             may[by][granted] ? ERR_OK : ERR_FORBIDDEN);
        }
    }
}

static void an_open_face_grants_what_an_administrator_may(void **state)
{
    struct fixture *f = *state;
    struct ctx *ctx = fixture_ctx(f);
    static const bool may[ROLES] = {false, true, false, true, true};

    policy_open(ctx);
    struct actor open = ctx->actor;
    assert_int_equal(open.kind, ACTOR_OPEN);
    assert_int_equal(open.somewhere.bits, open.permissions.bits);
    for (unsigned granted = 0; granted < ROLES; granted++) {
        enum role role = (enum role)granted;
        assert_int_equal(ask(f, open, may_grant, &role), may[granted] ? ERR_OK : ERR_FORBIDDEN);
    }
}

static enum err may_act(struct ctx *ctx, void *with)
{
    return policy_over(ctx, ((const struct user *)with)->id);
}

static void acting_over_somebody_who_holds_more_is_refused(void **state)
{
    struct fixture *f = *state;
    struct user super = fixture_admin(f, "root", ROLE_SUPER_ADMIN);
    struct user admin = fixture_admin(f, "anna", ROLE_ADMIN), plain = fixture_user(f, "paul");
    struct user gym = fixture_admin(f, "gus", ROLE_GYM_ADMIN);
    struct actor all = fixture_actor(f, super.id), some = fixture_actor(f, admin.id),
                 none = fixture_actor(f, plain.id);

    assert_ok(ask(f, all, may_act, &super));
    assert_ok(ask(f, all, may_act, &admin));
    assert_ok(ask(f, all, may_act, &plain));
    assert_err(ask(f, some, may_act, &super), ERR_FORBIDDEN);
    assert_ok(ask(f, some, may_act, &admin));
    assert_ok(ask(f, some, may_act, &plain));
    assert_err(ask(f, some, may_act, &gym), ERR_FORBIDDEN); /* one permission is enough */
    assert_err(ask(f, none, may_act, &super), ERR_FORBIDDEN);
    assert_err(ask(f, none, may_act, &admin), ERR_FORBIDDEN);
    assert_ok(ask(f, none, may_act, &plain));
}

/* What a role allows is held where the role is held. */

static enum err may_read(struct ctx *ctx, void *with)
{
    return policy_user(ctx, PERMIT_USERS_READ, with);
}

static void a_role_in_an_organization_reaches_no_further(void **state)
{
    struct fixture *f = *state;
    struct id here = fixture_organization(f, "iron"), there = fixture_organization(f, "gold");
    struct user ours = fixture_member(f, "ours", here), theirs = fixture_member(f, "theirs", there);
    struct user head = fixture_member(f, "head", here), free = fixture_user(f, "free");
    struct actor actor = fixture_gym_admin(f, head.id, here);

    assert_int_equal(actor.permissions.bits, 0);
    assert_true(permission_held(actor.somewhere, PERMIT_USERS_READ));
    assert_err(policy_requires(&actor, MAY(PERMIT_USERS_READ)), ERR_FORBIDDEN);
    assert_ok(policy_requires(&actor, MAY_SOMEWHERE(PERMIT_USERS_READ)));

    assert_ok(ask(f, actor, may_read, &ours));
    assert_ok(ask(f, actor, may_read, &head));
    assert_err(ask(f, actor, may_read, &theirs), ERR_MISSING);
    assert_err(ask(f, actor, may_read, &free), ERR_MISSING);
    assert_ok(ask(f, fixture_actor(f, ours.id), may_read, &ours)); /* oneself */
    assert_err(ask(f, fixture_actor(f, ours.id), may_read, &head), ERR_FORBIDDEN);
}

static void what_is_granted_in_an_organization_has_to_be_held_there(void **state)
{
    struct fixture *f = *state;
    struct id here = fixture_organization(f, "iron"), there = fixture_organization(f, "gold");
    struct user ours = fixture_member(f, "ours", here), head = fixture_member(f, "head", here);
    struct actor actor = fixture_gym_admin(f, head.id, here);
    struct grant same = {ours.id, ROLE_GYM_ADMIN, here}, other = {ours.id, ROLE_GYM_ADMIN, there},
                 everywhere = {.user = ours.id, .role = ROLE_GYM_ADMIN};

    assert_ok(fixture_grant(f, &actor, same));
    assert_err(fixture_grant(f, &actor, other), ERR_FORBIDDEN);
    assert_err(fixture_grant(f, &actor, everywhere), ERR_FORBIDDEN);
}

static enum err without(struct fixture *f, struct id user)
{
    enum err e = policy_keeps_an_admin(fixture_begin(f, TX_WRITE), user);

    fixture_drop(f);
    return e;
}

static void set_state(struct fixture *f, struct id user, enum user_state to)
{
    struct ctx *ctx = fixture_begin(f, TX_WRITE);

    assert_ok(fixture_set_state(ctx, user, to));
    fixture_keep(f);
}

static void only_the_last_active_super_administrator_must_stay(void **state)
{
    struct fixture *f = *state;
    struct user first = fixture_admin(f, "first", ROLE_SUPER_ADMIN);
    struct user admin = fixture_admin(f, "anna", ROLE_ADMIN), plain = fixture_user(f, "paul");

    assert_err(without(f, first.id), ERR_LAST_ADMIN); /* an ADMIN is none */
    assert_ok(without(f, admin.id));
    assert_ok(without(f, plain.id));

    struct user second = fixture_admin(f, "second", ROLE_SUPER_ADMIN);
    assert_ok(without(f, first.id));
    assert_ok(without(f, second.id));
}

static void one_who_may_not_come_in_is_not_counted(void **state)
{
    struct fixture *f = *state;
    struct user first = fixture_admin(f, "first", ROLE_SUPER_ADMIN);
    struct user second = fixture_admin(f, "second", ROLE_SUPER_ADMIN);
    static const enum user_state states[] = {USER_PENDING_ACTIVATION, USER_PENDING_VERIFICATION,
                                             USER_INACTIVE, USER_SUSPENDED};

    for (size_t i = 0; i < ARRAY_LEN(states); i++) {
        set_state(f, second.id, states[i]);
        assert_err(without(f, first.id), ERR_LAST_ADMIN);
    }
    set_state(f, second.id, USER_ACTIVE);
    assert_ok(without(f, first.id));
}

static void one_without_a_password_is_not_counted(void **state)
{
    struct fixture *f = *state;
    struct user first = fixture_admin(f, "first", ROLE_SUPER_ADMIN);
    struct new_user in = fixture_new_user(f, "second");
    struct user second = {.username = in.username,
                          .email = in.email,
                          .state = USER_ACTIVE,
                          .created = f->now,
                          .updated = f->now};

    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_ok(id_make(f->now, &second.id));
    assert_ok(q_user_insert(ctx->tx, &second));
    assert_ok(role_grant_named(ctx, second.id, role_name(ROLE_SUPER_ADMIN)));
    fixture_keep(f);
    assert_err(without(f, first.id), ERR_LAST_ADMIN);
}

struct place {
    enum permission permission;
    struct id organization;
    struct id *places;
    size_t count;
};

static enum err about_organization(struct ctx *ctx, void *with)
{
    const struct place *place = with;

    return policy_organization(ctx, place->permission, place->organization);
}

static enum err places(struct ctx *ctx, void *with)
{
    struct place *place = with;

    return policy_places(ctx, place->permission, &place->places, &place->count);
}

static void in_one_organization_nobody_learns_of_another(void **state)
{
    struct fixture *f = *state;
    struct id iron = fixture_organization(f, "iron"), gold = fixture_organization(f, "gold");
    struct user paul = fixture_member(f, "paul", iron);
    struct place there = {PERMIT_ORGS_WRITE, iron}, elsewhere = {PERMIT_ORGS_WRITE, gold},
                 none = {PERMIT_ORGS_WRITE, {{0}}}, other = {PERMIT_ADMINS_READ, iron};
    struct role_entry role;

    struct actor actor = fixture_actor(f, paul.id);
    assert_err(fixture_run(f, &actor, TX_READ, about_organization, &there), ERR_FORBIDDEN);
    assert_ok(fixture_run(f, &actor, TX_READ, places, &there));
    assert_int_equal(there.count, 0);

    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_ok(role_find(ctx, role_name(ROLE_GYM_ADMIN), &role));
    assert_ok(role_grant(ctx, paul.id, &role, iron));
    fixture_keep(f);
    fixture_restart(f);
    actor = fixture_actor(f, paul.id);
    assert_ok(fixture_run(f, &actor, TX_READ, about_organization, &there));
    assert_err(fixture_run(f, &actor, TX_READ, about_organization, &elsewhere), ERR_MISSING);
    assert_err(fixture_run(f, &actor, TX_READ, about_organization, &none), ERR_MISSING);
    assert_err(fixture_run(f, &actor, TX_READ, about_organization, &other), ERR_FORBIDDEN);
    assert_ok(fixture_run(f, &actor, TX_READ, places, &there));
    assert_int_equal(there.count, 1);
    assert_true(id_eq(there.places[0], iron));
    assert_ok(fixture_run(f, &actor, TX_READ, places, &other));
    assert_int_equal(other.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_requirement_lets_in_whom_it_says),
        cmocka_unit_test(a_requirement_names_the_permission_it_is_about),
        cmocka_unit_test(nobody_who_shows_no_token_passes_by_what_else_is_in_their_actor),
        FIXTURE_TEST(nobody_grants_what_they_do_not_hold),
        FIXTURE_TEST(an_open_face_grants_what_an_administrator_may),
        FIXTURE_TEST(acting_over_somebody_who_holds_more_is_refused),
        FIXTURE_TEST(a_role_in_an_organization_reaches_no_further),
        FIXTURE_TEST(what_is_granted_in_an_organization_has_to_be_held_there),
        FIXTURE_TEST(only_the_last_active_super_administrator_must_stay),
        FIXTURE_TEST(one_who_may_not_come_in_is_not_counted),
        FIXTURE_TEST(one_without_a_password_is_not_counted),
        FIXTURE_TEST(in_one_organization_nobody_learns_of_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
