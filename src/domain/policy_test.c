#include "base/check.h"
#include "domain/fixture.h"
#include "domain/policy.h"
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
        {MAY_SIGNED_IN,            ERR_TOKEN_MISSING, ERR_OK,        ERR_OK,        ERR_OK,        ERR_OK, ERR_OK},
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

static void nobody_who_shows_no_token_passes_by_what_else_is_in_their_actor(void **state)
{
    (void)state;
    struct actor forged = {.kind = ACTOR_NOBODY, .permissions = permission_all()};

    assert_err(policy_requires(&forged, MAY(PERMIT_ADMINS_READ)), ERR_TOKEN_MISSING);
}

static struct permission_set held_by(struct fixture *f, enum role role)
{
    struct permissions_of_role_row *rows;
    struct permission_set held = {0};
    size_t count;

    struct ctx *ctx = fixture_begin(f, TX_READ);
    assert_ok(q_permissions_of_role(ctx->tx, role_name(role), &rows, &count));
    for (size_t i = 0; i < count; i++) {
        permission_add(&held, rows[i].permission);
    }
    fixture_keep(f);
    return held;
}

/* Whether one who holds `by` alone may grant `role`. */
static bool may_grant(struct fixture *f, enum role by, enum role role)
{
    struct actor actor = holder(held_by(f, by));
    struct ctx *ctx = fixture_begin(f, TX_READ);

    ctx->actor = actor;
    enum err e = policy_grant(ctx, role_name(role));
    fixture_drop(f);
    assert_true(e == ERR_OK || e == ERR_FORBIDDEN);
    return e == ERR_OK;
}

static void nobody_grants_what_they_do_not_hold(void **state)
{
    struct fixture *f = *state;
    static const struct {
        enum role by;
        bool may[ROLES]; /* SUPER_ADMIN, ADMIN, GYM_ADMIN, MEMBER, USER */
    } table[] = {
        {ROLE_SUPER_ADMIN, {true, true, true, true, true}   },
        {ROLE_ADMIN,       {false, true, false, true, true} }, /* a GYM_ADMIN holds orgs:* */
        {ROLE_GYM_ADMIN,   {false, false, true, true, true} },
        {ROLE_MEMBER,      {false, false, false, true, true}},
        {ROLE_USER,        {false, false, false, true, true}},
    };

    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        for (unsigned role = 0; role < ROLES; role++) {
            assert_int_equal(may_grant(f, table[i].by, (enum role)role), table[i].may[role]);
        }
    }
}

static enum err act_over(struct fixture *f, struct permission_set held, struct id user)
{
    struct ctx *ctx = fixture_begin(f, TX_READ);

    ctx->actor = holder(held);
    enum err e = policy_over(ctx, user);
    fixture_drop(f);
    return e;
}

static void acting_over_somebody_who_holds_more_is_refused(void **state)
{
    struct fixture *f = *state;
    struct user super = fixture_admin(f, "root", ROLE_SUPER_ADMIN);
    struct user admin = fixture_admin(f, "anna", ROLE_ADMIN), plain = fixture_user(f, "paul");
    struct permission_set all = permission_all(), some = held_by(f, ROLE_ADMIN), none = {0};

    assert_ok(act_over(f, all, super.id));
    assert_ok(act_over(f, all, admin.id));
    assert_ok(act_over(f, all, plain.id));
    assert_err(act_over(f, some, super.id), ERR_FORBIDDEN);
    assert_ok(act_over(f, some, admin.id));
    assert_ok(act_over(f, some, plain.id));
    assert_err(act_over(f, none, super.id), ERR_FORBIDDEN);
    assert_err(act_over(f, none, admin.id), ERR_FORBIDDEN);
    assert_ok(act_over(f, none, plain.id));

    some.bits &= ~((uint64_t)1 << PERMIT_SESSIONS_READ); /* one less is not enough */
    assert_err(act_over(f, some, admin.id), ERR_FORBIDDEN);
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

    assert_ok(q_user_set_state(ctx->tx, to, f->now, user));
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
    assert_ok(user_grant(ctx, second.id, role_name(ROLE_SUPER_ADMIN)));
    fixture_keep(f);
    assert_err(without(f, first.id), ERR_LAST_ADMIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_requirement_lets_in_whom_it_says),
        cmocka_unit_test(nobody_who_shows_no_token_passes_by_what_else_is_in_their_actor),
        FIXTURE_TEST(nobody_grants_what_they_do_not_hold),
        FIXTURE_TEST(acting_over_somebody_who_holds_more_is_refused),
        FIXTURE_TEST(only_the_last_active_super_administrator_must_stay),
        FIXTURE_TEST(one_who_may_not_come_in_is_not_counted),
        FIXTURE_TEST(one_without_a_password_is_not_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
