#include "base/check.h"
#include "domain/admin.h"
#include "domain/fixture.h"

struct named {
    struct str name;
    struct secret password;
};

static enum err stop(struct ctx *ctx, void *with)
{
    return admin_stop(ctx, ((const struct named *)with)->name);
}

static enum err resume(struct ctx *ctx, void *with)
{
    return admin_resume(ctx, ((const struct named *)with)->name);
}

static enum err reset(struct ctx *ctx, void *with)
{
    const struct named *named = with;

    return admin_reset_password(ctx, named->name, named->password);
}

static enum err change(struct ctx *ctx, void *with)
{
    return admin_change_password(ctx, with);
}

static enum err try_stop(struct fixture *f, const struct actor *actor, const char *name)
{
    return fixture_run(f, actor, TX_WRITE, stop, &(struct named){.name = str_of(name)});
}

static enum err try_reset(struct fixture *f, const struct actor *actor, const char *name,
                          const char *password)
{
    struct named named = {str_of(name), {str_of(password)}};

    return fixture_run(f, actor, TX_LATE, reset, &named);
}

static enum err try_change(struct fixture *f, const struct actor *actor, const char *name,
                           const char *current, const char *chosen)
{
    struct new_password in = {
        str_of(name), {.current = {str_of(current)}, .chosen = {str_of(chosen)}}
    };

    return fixture_run(f, actor, TX_LATE, change, &in);
}

static struct actor signed_in(struct fixture *f, const struct logged_in *in)
{
    struct actor actor;

    assert_ok(fixture_accept(f, in->token.text, &actor));
    return actor;
}

static void administrators_are_listed_in_order_of_making(void **state)
{
    struct fixture *f = *state;
    struct admin *admins;
    size_t count;

    (void)fixture_admin(f, "root", ROLE_SUPER_ADMIN);
    (void)fixture_user(f, "paul");
    (void)fixture_admin(f, "Anna", ROLE_ADMIN);
    assert_ok(try_stop(f, &actor_operator, "anna"));
    fixture_pass(f, 60);
    (void)fixture_login(f, "root");

    assert_ok(admin_list(fixture_begin(f, TX_READ), &admins, &count));
    fixture_keep(f);
    assert_int_equal(count, 2);
    assert_str(admins[0].username, "root");
    assert_true(admins[0].active);
    assert_int_equal(admins[0].last_login.ms, f->now.ms);
    assert_str(admins[1].username, "Anna");
    assert_str(admins[1].email, "Anna@example.com");
    assert_false(admins[1].active);
    assert_false(moment_is_set(admins[1].last_login));
    assert_int_equal(admins[0].number, 1);
    assert_int_equal(admins[1].number, 2);
}

static void a_number_is_not_used_for_one_who_was_not_made(void **state)
{
    struct fixture *f = *state;
    struct new_user in = fixture_new_user(f, "root");
    struct admin *admins;
    struct user user;
    size_t count;

    assert_ok(admin_create(fixture_begin(f, TX_LATE), &in, ROLE_SUPER_ADMIN, &user));
    fixture_drop(f);
    assert_ok(admin_list(fixture_begin(f, TX_READ), &admins, &count));
    fixture_keep(f);
    assert_int_equal(count, 0);
    assert_int_equal(fixture_count(f, EVENT_USER_CREATED), 0);
}

static void an_administrator_makes_no_super_administrator(void **state)
{
    struct fixture *f = *state;
    struct user admin = fixture_admin(f, "anna", ROLE_ADMIN), user;
    struct new_user in = fixture_new_user(f, "eve");
    struct actor actor = fixture_actor(f, admin.id);

    struct ctx *ctx = fixture_begin(f, TX_LATE);
    ctx->actor = actor;
    assert_err(admin_create(ctx, &in, ROLE_SUPER_ADMIN, &user), ERR_FORBIDDEN);
    fixture_drop(f);
    ctx = fixture_begin(f, TX_LATE);
    ctx->actor = actor;
    assert_ok(admin_create(ctx, &in, ROLE_ADMIN, &user));
    fixture_keep(f);
}

static void only_administrators_are_found_here(void **state)
{
    struct fixture *f = *state;

    (void)fixture_user(f, "paul");
    assert_err(try_stop(f, &actor_operator, "paul"), ERR_MISSING);
    assert_err(try_stop(f, &actor_operator, "nobody"), ERR_MISSING);
    assert_err(try_reset(f, &actor_operator, "paul", "another password"), ERR_MISSING);
    assert_err(try_change(f, &actor_operator, "paul", PASSWORD, "another password"), ERR_MISSING);
}

static void one_who_holds_less_cannot_stop_or_reset_one_who_holds_more(void **state)
{
    struct fixture *f = *state;
    struct user admin = fixture_admin(f, "anna", ROLE_ADMIN);
    struct actor actor = fixture_actor(f, admin.id);

    (void)fixture_admin(f, "root", ROLE_SUPER_ADMIN);
    (void)fixture_admin(f, "second", ROLE_SUPER_ADMIN);
    assert_err(try_stop(f, &actor, "root"), ERR_FORBIDDEN);
    assert_err(try_reset(f, &actor, "root", "another password"), ERR_FORBIDDEN);
    (void)fixture_login(f, "root");
    assert_ok(try_stop(f, &actor, "ANNA@example.com")); /* themself */
}

static void the_last_super_administrator_stays_until_there_is_another(void **state)
{
    struct fixture *f = *state;
    struct named second = {.name = STR("second")};

    (void)fixture_admin(f, "root", ROLE_SUPER_ADMIN);
    (void)fixture_admin(f, "second", ROLE_SUPER_ADMIN);
    assert_ok(try_stop(f, &actor_operator, "second"));
    assert_err(try_stop(f, &actor_operator, "root"), ERR_LAST_ADMIN);
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, resume, &second));
    assert_ok(try_stop(f, &actor_operator, "root"));
    assert_err(try_stop(f, &actor_operator, "second"), ERR_LAST_ADMIN);
}

static void changing_ones_password_ends_all_other_sessions(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;

    (void)fixture_admin(f, "anna", ROLE_ADMIN);
    struct logged_in mine = fixture_login(f, "anna"), other = fixture_login(f, "anna");
    struct actor actor = signed_in(f, &mine);
    fixture_pass(f, 1);
    assert_ok(try_change(f, &actor, "anna", PASSWORD, "another password"));

    assert_ok(fixture_accept(f, mine.token.text, NULL));
    assert_err(fixture_accept(f, other.token.text, NULL), ERR_TOKEN_INVALID);
    assert_err(fixture_try_login(f, "anna", PASSWORD, NULL, &in), ERR_CREDENTIALS);
    assert_ok(fixture_try_login(f, "anna", "another password", NULL, &in));
    assert_int_equal(fixture_count(f, EVENT_PASSWORD_CHANGED), 1);
}

static void anothers_password_is_changed_by_super_administrators_alone(void **state)
{
    struct fixture *f = *state;

    (void)fixture_admin(f, "root", ROLE_SUPER_ADMIN);
    (void)fixture_admin(f, "anna", ROLE_ADMIN);
    (void)fixture_admin(f, "berta", ROLE_ADMIN);
    (void)fixture_user(f, "paul");
    struct logged_in anna = fixture_login(f, "anna"), berta = fixture_login(f, "berta"),
                     root = fixture_login(f, "root"), paul = fixture_login(f, "paul");
    struct actor as_anna = signed_in(f, &anna), as_root = signed_in(f, &root),
                 as_paul = signed_in(f, &paul);

    fixture_pass(f, 1);
    assert_err(try_change(f, &as_anna, "berta", PASSWORD, "another password"), ERR_FORBIDDEN);
    /* Whether somebody is an administrator at all is not told either. */
    assert_err(try_change(f, &as_anna, "nobody", PASSWORD, "another password"), ERR_FORBIDDEN);
    assert_err(try_change(f, &as_paul, "paul", PASSWORD, "another password"), ERR_FORBIDDEN);
    assert_err(try_change(f, &as_root, "berta", "wrong", "another password"), ERR_CURRENT_PASSWORD);
    assert_ok(try_change(f, &as_root, "berta", PASSWORD, "another password"));
    assert_err(fixture_accept(f, berta.token.text, NULL), ERR_TOKEN_INVALID);
    assert_ok(fixture_accept(f, root.token.text, NULL));
}

static void a_wrong_current_password_is_counted_like_a_wrong_login(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;

    (void)fixture_admin(f, "anna", ROLE_ADMIN);
    struct logged_in mine = fixture_login(f, "anna");
    struct actor actor = signed_in(f, &mine);
    for (int64_t i = 0; i < f->settings.free_failures; i++) {
        assert_err(try_change(f, &actor, "anna", "wrong", "another password"),
                   ERR_CURRENT_PASSWORD);
        assert_str(f->ctx.reason.field, "current_password");
    }
    assert_int_equal(fixture_count(f, EVENT_PASSWORD_REFUSED), f->settings.free_failures);
    /* Delayed now, both here and at the door: not even the right one counts. */
    assert_err(try_change(f, &actor, "anna", PASSWORD, "another password"), ERR_CURRENT_PASSWORD);
    assert_err(fixture_try_login(f, "anna", PASSWORD, NULL, &in), ERR_CREDENTIALS);
    fixture_pass(f, 2);
    assert_ok(try_change(f, &actor, "anna", PASSWORD, "another password"));
    assert_ok(fixture_try_login(f, "anna", "another password", NULL, &in));
}

static void a_new_password_that_is_refused_changes_nothing(void **state)
{
    struct fixture *f = *state;

    (void)fixture_admin(f, "anna", ROLE_ADMIN);
    struct logged_in mine = fixture_login(f, "anna"), other = fixture_login(f, "anna");
    struct actor actor = signed_in(f, &mine);
    assert_err(try_change(f, &actor, "anna", PASSWORD, "short"), ERR_PASSWORD_SHORT);
    assert_ok(fixture_accept(f, other.token.text, NULL));
    (void)fixture_login(f, "anna");
}

static void resetting_a_password_ends_all_sessions(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;

    (void)fixture_admin(f, "anna", ROLE_ADMIN);
    struct logged_in mine = fixture_login(f, "anna");
    fixture_pass(f, 1);
    assert_ok(try_reset(f, &actor_operator, "anna", "another password"));
    assert_err(fixture_accept(f, mine.token.text, NULL), ERR_TOKEN_INVALID);
    assert_err(fixture_try_login(f, "anna", PASSWORD, NULL, &in), ERR_CREDENTIALS);
    assert_ok(fixture_try_login(f, "anna", "another password", NULL, &in));
}

static void use_up_all_tries(struct fixture *f, const char *device)
{
    struct logged_in in;

    for (int64_t i = 0; i < f->settings.most_failures; i++) {
        assert_err(fixture_try_login(f, "anna", "wrong", device, &in), ERR_CREDENTIALS);
        fixture_pass(f, f->settings.most_delay + 1);
    }
    assert_err(fixture_try_login(f, "anna", PASSWORD, device, &in), ERR_CREDENTIALS);
}

/* Where only recovery helps, it helps: at the door, and on the device that the owner has tried. */
static void resetting_a_password_forgives_the_failures_of_every_device(void **state)
{
    struct fixture *f = *state;
    struct logged_in in;

    f->settings.most_failures = 6;
    (void)fixture_admin(f, "anna", ROLE_ADMIN);
    struct logged_in known = fixture_login(f, "anna");
    const char *device = known.device.ptr;
    use_up_all_tries(f, NULL);
    use_up_all_tries(f, device);
    assert_ok(try_reset(f, &actor_operator, "anna", "another password"));
    assert_ok(fixture_try_login(f, "anna", "another password", NULL, &in));
    assert_ok(fixture_try_login(f, "anna", "another password", device, &in));
}

static void an_outage_is_not_told_as_a_refusal(void **state)
{
    struct fixture *f = *state;
    struct user anna = fixture_admin(f, "anna", ROLE_ADMIN);
    struct actor actor = fixture_actor(f, anna.id);
    struct new_password in = {
        STR("anna"), {.current = {STR(PASSWORD)}, .chosen = {STR("another password")}}
    };

    struct ctx *ctx = fixture_begin(f, TX_READ);
    ctx->actor = actor;
    assert_err(admin_resume(ctx, STR("nobody")), ERR_MISSING);
    /* A unit that writes where it may only read is spoiled: every statement fails from then on. */
    struct user copy = anna;
    copy.state = USER_INACTIVE;
    ctx->actor = actor_operator;
    enum err broken = user_resume(ctx, &copy);
    assert_true(broken != ERR_OK);
    ctx->actor = actor;
    assert_int_equal(admin_change_password(ctx, &in), broken);
    fixture_drop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(administrators_are_listed_in_order_of_making),
        FIXTURE_TEST(a_number_is_not_used_for_one_who_was_not_made),
        FIXTURE_TEST(an_administrator_makes_no_super_administrator),
        FIXTURE_TEST(only_administrators_are_found_here),
        FIXTURE_TEST(one_who_holds_less_cannot_stop_or_reset_one_who_holds_more),
        FIXTURE_TEST(the_last_super_administrator_stays_until_there_is_another),
        FIXTURE_TEST(changing_ones_password_ends_all_other_sessions),
        FIXTURE_TEST(anothers_password_is_changed_by_super_administrators_alone),
        FIXTURE_TEST(a_wrong_current_password_is_counted_like_a_wrong_login),
        FIXTURE_TEST(a_new_password_that_is_refused_changes_nothing),
        FIXTURE_TEST(resetting_a_password_ends_all_sessions),
        FIXTURE_TEST(resetting_a_password_forgives_the_failures_of_every_device),
        FIXTURE_TEST(an_outage_is_not_told_as_a_refusal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
