#include "base/check.h"
#include "domain/fixture.h"
#include "domain/role.h"
#include "domain/session.h"
#include "domain/standing.h"
#include "domain/user.h"
#include "store/queries.h"

static enum err try_create(struct fixture *f, struct new_user in, struct user *ret)
{
    struct ctx *ctx = fixture_begin(f, TX_LATE);
    enum err e = user_create(ctx, &in, ret);

    if (e == ERR_OK) {
        fixture_keep(f);
    } else {
        fixture_drop(f);
    }
    return e;
}

static struct new_user named(struct fixture *f, const char *username, const char *email)
{
    struct new_user in = {.password = {STR(PASSWORD)}};

    assert_ok(username_parse(f->arena, str_of(username), &in.username));
    assert_ok(email_parse(f->arena, str_of(email), &in.email));
    return in;
}

static enum err try_find(struct fixture *f, const char *name, struct user *ret)
{
    enum err e = user_find(fixture_begin(f, TX_READ), str_of(name), ret);

    fixture_drop(f);
    return e;
}

static void an_account_is_found_by_either_name_in_any_case(void **state)
{
    struct fixture *f = *state;
    struct user made = fixture_user(f, "Paul"), found;
    static const char *const names[] = {"Paul", "paul", "PAUL", "Paul@example.com",
                                        "paul@EXAMPLE.com"};
    static const char *const others[] = {
        "paula", "pau",   "paul@example.org", "",
        "@",     "paul ", "\xff\xfe",         "paul@example.com@example.com"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        assert_ok(try_find(f, names[i], &found));
        assert_true(id_eq(found.id, made.id));
    }
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        assert_err(try_find(f, others[i], &found), ERR_MISSING);
    }
}

static void an_account_is_got_by_its_id(void **state)
{
    struct fixture *f = *state;
    struct user made = fixture_user(f, "paul"), got = {0};

    assert_ok(user_get(fixture_begin(f, TX_READ), made.id, &got));
    fixture_keep(f);
    assert_str(got.username.shown, "paul");
    assert_err(user_get(fixture_begin(f, TX_READ), (struct id){{1}}, &got), ERR_MISSING);
    fixture_drop(f);
    assert_err(user_get(fixture_begin(f, TX_READ), (struct id){0}, &got), ERR_MISSING);
    fixture_drop(f);
}

static void names_are_shown_as_they_were_typed(void **state)
{
    struct fixture *f = *state;
    struct user found;

    (void)fixture_user(f, "PauL");
    assert_ok(try_find(f, "paul", &found));
    assert_str(found.username.shown, "PauL");
    assert_str(found.email.shown, "PauL@example.com");
    assert_int_equal(found.state, USER_ACTIVE);
    assert_int_equal(found.created.ms, f->now.ms);
    assert_false(moment_is_set(found.last_login));
}

static void a_taken_name_is_told_for_what_it_is(void **state)
{
    struct fixture *f = *state;
    struct user user;

    assert_ok(try_create(f, named(f, "paul", "paul@example.com"), &user));
    assert_err(try_create(f, named(f, "PAUL", "other@example.com"), &user), ERR_USERNAME_TAKEN);
    assert_str(f->ctx.reason.field, "username");
    assert_err(try_create(f, named(f, "other", "PAUL@Example.com"), &user), ERR_EMAIL_TAKEN);
    assert_str(f->ctx.reason.field, "email");
    assert_err(try_find(f, "other", &user), ERR_MISSING);
}

static void a_username_with_an_at_is_its_own_address_or_refused(void **state)
{
    struct fixture *f = *state;
    struct user user;

    assert_ok(try_create(f, named(f, "Paul@example.com", "paul@EXAMPLE.com"), &user));
    assert_err(try_create(f, named(f, "eve@example.com", "other@example.com"), &user),
               ERR_FIELD_VALUE);
    assert_str(f->ctx.reason.field, "username");
}

static void nobody_gets_a_name_that_logs_in_as_another(void **state)
{
    struct fixture *f = *state;
    struct user by_address, by_name, user;

    /* The address is first another's address, then another's username. */
    assert_ok(try_create(f, named(f, "paul", "paul@example.com"), &by_address));
    assert_err(try_create(f, named(f, "paul@example.com", "eve@example.com"), &user),
               ERR_FIELD_VALUE);
    assert_err(try_create(f, named(f, "paul@example.com", "paul@example.com"), &user),
               ERR_EMAIL_TAKEN);
    assert_ok(try_create(f, named(f, "anna@example.com", "anna@example.com"), &by_name));
    assert_err(try_create(f, named(f, "eve", "anna@example.com"), &user), ERR_EMAIL_TAKEN);
    assert_err(try_create(f, named(f, "ANNA@example.com", "eve@example.com"), &user),
               ERR_FIELD_VALUE);
}

static void what_is_refused_leaves_nothing_behind(void **state)
{
    struct fixture *f = *state;
    struct new_user in = named(f, "paul", "paul@example.com");
    struct user user;
    size_t before, after;

    (void)fixture_events(f, &before);
    in.password.hidden = STR("short");
    assert_err(try_create(f, in, &user), ERR_PASSWORD_SHORT);
    in.password.hidden = STR("paul@example.com");
    assert_err(try_create(f, in, &user), ERR_PASSWORD_COMMON);
    (void)fixture_events(f, &after);
    assert_int_equal(after, before);
    assert_err(try_find(f, "paul", &user), ERR_MISSING);
}

static enum err stop(struct ctx *ctx, void *user)
{
    return user_stop(ctx, user);
}

static enum err resume(struct ctx *ctx, void *user)
{
    return user_resume(ctx, user);
}

static size_t sessions_of(struct fixture *f, struct id user)
{
    struct session *sessions;
    size_t count;

    assert_ok(session_list(fixture_begin(f, TX_READ), user, &sessions, &count));
    fixture_keep(f);
    return count;
}

static void stopping_ends_all_sessions_at_once(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct logged_in first = fixture_login(f, "paul"), second = fixture_login(f, "paul");

    assert_ok(fixture_accept(f, first.token.text, NULL));
    assert_int_equal(sessions_of(f, user.id), 2);
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &user));

    assert_err(fixture_accept(f, first.token.text, NULL), ERR_TOKEN_INVALID);
    assert_err(fixture_accept(f, second.token.text, NULL), ERR_TOKEN_INVALID);
    assert_int_equal(sessions_of(f, user.id), 0);
    assert_int_equal(fixture_count(f, EVENT_SESSION_ENDED), 2);
    assert_int_equal(fixture_count(f, EVENT_USER_STOPPED), 1);
}

static void stopping_again_changes_nothing(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul"), stopped;

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &user));
    fixture_pass(f, 5);
    assert_ok(try_find(f, "paul", &stopped));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &stopped));
    assert_int_equal(fixture_count(f, EVENT_USER_STOPPED), 1);
    assert_ok(try_find(f, "paul", &user));
    assert_int_equal(user.updated.ms, stopped.updated.ms);
}

static void one_who_is_let_back_in_needs_a_new_login(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct logged_in before = fixture_login(f, "paul"), after;

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, stop, &user));
    assert_err(fixture_try_login(f, "paul", PASSWORD, NULL, &after), ERR_ACCOUNT_STATE);
    assert_ok(try_find(f, "paul", &user));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, resume, &user));

    assert_err(fixture_accept(f, before.token.text, NULL), ERR_TOKEN_INVALID);
    after = fixture_login(f, "paul");
    assert_ok(fixture_accept(f, after.token.text, NULL));
}

static void one_who_may_come_in_is_not_let_back_in(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, resume, &user));
    assert_int_equal(fixture_count(f, EVENT_USER_RESUMED), 0);
}

static void the_last_super_administrator_is_not_stopped(void **state)
{
    struct fixture *f = *state;
    struct user root = fixture_admin(f, "root", ROLE_SUPER_ADMIN), found;
    struct logged_in in = fixture_login(f, "root");

    assert_err(fixture_run(f, &actor_operator, TX_WRITE, stop, &root), ERR_LAST_ADMIN);
    assert_ok(try_find(f, "root", &found));
    assert_int_equal(found.state, USER_ACTIVE);
    assert_ok(fixture_accept(f, in.token.text, NULL));
    assert_int_equal(fixture_count(f, EVENT_USER_STOPPED), 0);
}

struct granting {
    struct id user;
    struct str role;
};

static enum err grant(struct ctx *ctx, void *with)
{
    const struct granting *granting = with;

    return role_grant_named(ctx, granting->user, granting->role);
}

static void a_role_that_there_is_not_is_not_granted(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct granting granting = {user.id, STR("EMPEROR")};

    assert_err(fixture_run(f, &actor_operator, TX_WRITE, grant, &granting), ERR_ROLE_UNKNOWN);
    assert_str(f->ctx.reason.field, "EMPEROR");
    assert_int_equal(fixture_count(f, EVENT_ROLE_GRANTED), 0);
}

static void a_role_is_granted_by_those_who_hold_it_alone(void **state)
{
    struct fixture *f = *state;
    struct user admin = fixture_admin(f, "anna", ROLE_ADMIN), user = fixture_user(f, "paul");
    struct actor actor = fixture_actor(f, admin.id);
    struct granting granting = {user.id, role_name(ROLE_SUPER_ADMIN)};

    assert_err(fixture_run(f, &actor, TX_WRITE, grant, &granting), ERR_FORBIDDEN);
    granting.role = role_name(ROLE_ADMIN);
    assert_ok(fixture_run(f, &actor, TX_WRITE, grant, &granting));
    assert_int_equal(fixture_actor(f, user.id).permissions.bits, actor.permissions.bits);
}

static void roles_are_named_strongest_first(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    static const enum role roles[] = {ROLE_USER, ROLE_SUPER_ADMIN, ROLE_MEMBER};
    struct str names;

    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        struct granting granting = {user.id, role_name(roles[i])};
        assert_ok(fixture_run(f, &actor_operator, TX_WRITE, grant, &granting));
        assert_ok(fixture_run(f, &actor_operator, TX_WRITE, grant, &granting)); /* no harm twice */
    }
    assert_ok(user_roles(fixture_begin(f, TX_READ), user.id, &names));
    fixture_keep(f);
    assert_str(names, "SUPER_ADMIN, MEMBER, USER");
}

static enum err change(struct ctx *ctx, void *with)
{
    struct user_edit *edit = with;

    return user_change(ctx, &edit->from, &edit->to);
}

static void what_somebody_says_of_themself_is_kept(void **state)
{
    struct fixture *f = *state;
    struct user paul = fixture_user(f, "paul"), found;
    struct user_edit edit = {.from = paul, .to = paul};

    edit.to.first_name = STR("Paul");
    edit.to.birth_date = STR("1990-01-31");
    fixture_pass(f, 60);
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, change, &edit));
    assert_ok(user_get(fixture_begin(f, TX_READ), paul.id, &found));
    fixture_keep(f);
    assert_str(found.first_name, "Paul");
    assert_str(found.birth_date, "1990-01-31");
    assert_false(str_is_set(found.last_name));
    assert_int_equal(found.updated.ms, f->now.ms);

    edit.to.birth_date = STR("1990-02-30");
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, change, &edit), ERR_FIELD_VALUE);
    assert_int_equal(fixture_count(f, EVENT_USER_UPDATED), 1);
}

static enum err remove_user(struct ctx *ctx, void *with)
{
    return user_delete(ctx, with);
}

static void who_is_deleted_is_gone_with_all_tokens(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul"), found;
    struct logged_in in = fixture_login(f, "paul");

    assert_ok(fixture_accept(f, in.token.text, NULL));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, remove_user, &user));
    assert_err(fixture_accept(f, in.token.text, NULL), ERR_TOKEN_INVALID);
    assert_err(user_get(fixture_begin(f, TX_READ), user.id, &found), ERR_MISSING);
    fixture_drop(f);
    fixture_restart(f); /* nobody remembers them, but what they were given has ended */
    assert_err(fixture_accept(f, in.token.text, NULL), ERR_TOKEN_INVALID);
    assert_true(id_is_set(fixture_user(f, "paul").id)); /* the name is free */
}

static void nobody_is_deleted_by_those_who_hold_less(void **state)
{
    struct fixture *f = *state;
    struct user root = fixture_admin(f, "root", ROLE_SUPER_ADMIN),
                admin = fixture_admin(f, "anna", ROLE_ADMIN);
    struct actor by = fixture_actor(f, admin.id);

    assert_err(fixture_run(f, &by, TX_WRITE, remove_user, &root), ERR_FORBIDDEN);
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, remove_user, &root), ERR_LAST_ADMIN);
    assert_int_equal(fixture_count(f, EVENT_USER_DELETED), 0);
    (void)fixture_admin(f, "second", ROLE_SUPER_ADMIN);
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, remove_user, &root));
}

struct changing {
    struct user user;
    const char *current, *chosen;
    struct str device;
};

static enum err change_password(struct ctx *ctx, void *with)
{
    const struct changing *changing = with;

    return user_change_password(ctx, &changing->user,
                                &(struct password_change){{str_of(changing->current)},
                                                          {str_of(changing->chosen)},
                                                          changing->device});
}

static void ones_own_password_is_changed_by_the_current_one(void **state)
{
    struct fixture *f = *state;
    struct changing changing = {fixture_user(f, "paul"), "not the one", "another long password"};
    struct logged_in here = fixture_login(f, "paul"), elsewhere = fixture_login(f, "paul");
    struct actor actor = fixture_actor(f, changing.user.id);

    actor.session = here.session.id;
    assert_err(fixture_run(f, &actor, TX_LATE, change_password, &changing), ERR_CURRENT_PASSWORD);
    assert_int_equal(fixture_count(f, EVENT_PASSWORD_REFUSED), 1);
    changing.current = PASSWORD;
    assert_ok(fixture_run(f, &actor, TX_LATE, change_password, &changing));
    assert_ok(fixture_accept(f, here.token.text, NULL));
    assert_err(fixture_accept(f, elsewhere.token.text, NULL), ERR_TOKEN_INVALID);
}

struct given_password {
    struct user user;
    const char *chosen;
};

static enum err set_password(struct ctx *ctx, void *with)
{
    struct given_password *given = with;

    return user_set_password(ctx, &given->user, (struct secret){str_of(given->chosen)});
}

static void who_is_given_a_password_waits_no_longer(void **state)
{
    struct fixture *f = *state;
    struct new_user in = fixture_new_user(f, "ann");
    struct given_password ann = {.chosen = "short"}, paul = {fixture_user(f, "paul"), PASSWORD};
    struct logged_in out;

    in.state = USER_PENDING_ACTIVATION;
    in.password = (struct secret){0};
    assert_ok(user_create(fixture_begin(f, TX_WRITE), &in, &ann.user));
    fixture_keep(f);
    assert_err(fixture_run(f, &actor_operator, TX_LATE, set_password, &ann), ERR_PASSWORD_SHORT);
    assert_int_equal(ann.user.state, USER_PENDING_ACTIVATION);
    ann.chosen = PASSWORD;
    struct given_password late = ann;
    assert_ok(fixture_run(f, &actor_operator, TX_LATE, set_password, &ann));
    assert_int_equal(ann.user.state, USER_ACTIVE);
    assert_ok(fixture_try_login(f, "ann", PASSWORD, NULL, &out));
    assert_ok(fixture_accept(f, out.token.text, NULL));
    assert_int_equal(fixture_count(f, EVENT_USER_RESUMED), 1);
    /* Who is stopped stays so, even where it was looked at before. */
    struct user stopped[] = {ann.user, paul.user};
    for (size_t i = 0; i < ARRAY_LEN(stopped); i++) {
        assert_ok(user_stop(fixture_begin(f, TX_WRITE), &stopped[i]));
        fixture_keep(f);
    }
    assert_ok(fixture_run(f, &actor_operator, TX_LATE, set_password, &late));
    assert_ok(fixture_run(f, &actor_operator, TX_LATE, set_password, &paul));
    assert_int_equal(late.user.state, USER_INACTIVE);
    assert_err(fixture_try_login(f, "ann", PASSWORD, NULL, &out), ERR_ACCOUNT_STATE);
    assert_err(fixture_try_login(f, "paul", PASSWORD, NULL, &out), ERR_ACCOUNT_STATE);
}

static void an_account_may_have_no_password_and_no_name(void **state)
{
    struct fixture *f = *state;
    struct new_user in = fixture_new_user(f, "paul"), nobody = {0};
    struct logged_in out;
    struct user user;

    in.username = (struct username){0};
    in.password = (struct secret){0};
    assert_ok(user_create(fixture_begin(f, TX_WRITE), &in, &user));
    fixture_keep(f);
    assert_err(fixture_try_login(f, "paul@example.com", "", NULL, &out), ERR_CREDENTIALS);
    assert_err(fixture_try_login(f, "paul@example.com", PASSWORD, NULL, &out), ERR_CREDENTIALS);
    assert_err(user_create(fixture_begin(f, TX_WRITE), &nobody, &user), ERR_FIELD_MISSING);
    fixture_drop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(an_account_is_found_by_either_name_in_any_case),
        FIXTURE_TEST(an_account_is_got_by_its_id),
        FIXTURE_TEST(names_are_shown_as_they_were_typed),
        FIXTURE_TEST(a_taken_name_is_told_for_what_it_is),
        FIXTURE_TEST(a_username_with_an_at_is_its_own_address_or_refused),
        FIXTURE_TEST(nobody_gets_a_name_that_logs_in_as_another),
        FIXTURE_TEST(what_is_refused_leaves_nothing_behind),
        FIXTURE_TEST(stopping_ends_all_sessions_at_once),
        FIXTURE_TEST(stopping_again_changes_nothing),
        FIXTURE_TEST(one_who_is_let_back_in_needs_a_new_login),
        FIXTURE_TEST(one_who_may_come_in_is_not_let_back_in),
        FIXTURE_TEST(the_last_super_administrator_is_not_stopped),
        FIXTURE_TEST(a_role_that_there_is_not_is_not_granted),
        FIXTURE_TEST(a_role_is_granted_by_those_who_hold_it_alone),
        FIXTURE_TEST(roles_are_named_strongest_first),
        FIXTURE_TEST(what_somebody_says_of_themself_is_kept),
        FIXTURE_TEST(who_is_deleted_is_gone_with_all_tokens),
        FIXTURE_TEST(nobody_is_deleted_by_those_who_hold_less),
        FIXTURE_TEST(ones_own_password_is_changed_by_the_current_one),
        FIXTURE_TEST(who_is_given_a_password_waits_no_longer),
        FIXTURE_TEST(an_account_may_have_no_password_and_no_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
