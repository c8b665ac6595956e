#include "base/check.h"
#include "domain/fixture.h"
#include "domain/registration.h"
#include "domain/role.h"
#include "domain/service.h"

struct applying {
    struct new_user in;
    struct user user;
    struct str roles;
};

static enum err apply(struct ctx *ctx, void *with)
{
    struct applying *applying = with;

    TRY(registration(ctx, &applying->in, &applying->user));
    return user_roles(ctx, applying->user.id, &applying->roles);
}

/* By whoever asks: nobody. */
static enum err register_as(struct fixture *f, struct applying *applying)
{
    return fixture_run(f, &(struct actor){.kind = ACTOR_NOBODY}, TX_LATE, apply, applying);
}

static void whoever_registers_waits_for_verification_and_is_a_user(void **state)
{
    struct fixture *f = *state;
    struct applying ada = {.in = fixture_new_user(f, "ada")};

    ada.in.state = USER_ACTIVE;
    assert_ok(register_as(f, &ada));
    assert_int_equal(ada.user.state, USER_PENDING_VERIFICATION);
    assert_str(ada.roles, "USER");
    assert_false(ada.user.corporate);
    assert_false(moment_is_set(ada.user.verified));
}

static void they_may_log_in_unless_the_settings_ask_for_more(void **state)
{
    struct fixture *f = *state;
    struct applying ada = {.in = fixture_new_user(f, "ada")};
    struct logged_in in;

    assert_ok(register_as(f, &ada));
    (void)fixture_login(f, "ada");
    f->settings.require_verified = true;
    assert_err(fixture_try_login(f, "ada", PASSWORD, NULL, &in), ERR_ACCOUNT_STATE);
}

static void an_address_in_use_makes_nobody(void **state)
{
    struct fixture *f = *state;
    struct applying again = {.in = fixture_new_user(f, "ada")};

    (void)fixture_user(f, "ada");
    again.in.username = (struct username){0};
    assert_err(register_as(f, &again), ERR_EMAIL_TAKEN);
    assert_int_equal(fixture_count(f, EVENT_USER_CREATED), 1);
}

static enum err apply_as_member(struct ctx *ctx, void *with)
{
    struct applying *applying = with;

    TRY(registration_of_member(ctx, &applying->in, &applying->user));
    return user_roles(ctx, applying->user.id, &applying->roles);
}

static enum err join(struct fixture *f, struct applying *applying)
{
    return fixture_run(f, &(struct actor){.kind = ACTOR_NOBODY}, TX_LATE, apply_as_member,
                       applying);
}

static void a_member_is_active_at_once_and_nothing_more(void **state)
{
    struct fixture *f = *state;
    struct applying ada = {.in = fixture_new_user(f, "ada")};

    ada.in.state = USER_INACTIVE;
    assert_ok(join(f, &ada));
    assert_int_equal(ada.user.state, USER_ACTIVE);
    assert_str(ada.roles, "MEMBER");
}

static void a_member_waits_where_logins_wait_for_verified_addresses(void **state)
{
    struct fixture *f = *state;
    struct applying ada = {.in = fixture_new_user(f, "ada")};
    struct logged_in in;

    f->settings.require_verified = true;
    assert_ok(join(f, &ada));
    assert_int_equal(ada.user.state, USER_PENDING_VERIFICATION);
    assert_err(fixture_try_login(f, "ada", PASSWORD, NULL, &in), ERR_ACCOUNT_STATE);
}

static void a_member_of_a_gym_holds_the_role_there(void **state)
{
    struct fixture *f = *state;
    struct applying ada = {.in = fixture_new_user(f, "ada")};

    ada.in.organization = fixture_organization(f, "iron");
    assert_ok(join(f, &ada));
    assert_true(id_eq(ada.user.organization, ada.in.organization));
    assert_str(ada.roles, "MEMBER (in iron)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(whoever_registers_waits_for_verification_and_is_a_user),
        FIXTURE_TEST(they_may_log_in_unless_the_settings_ask_for_more),
        FIXTURE_TEST(an_address_in_use_makes_nobody),
        FIXTURE_TEST(a_member_is_active_at_once_and_nothing_more),
        FIXTURE_TEST(a_member_waits_where_logins_wait_for_verified_addresses),
        FIXTURE_TEST(a_member_of_a_gym_holds_the_role_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
