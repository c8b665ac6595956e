#include "base/arena.h"
#include "base/check.h"
#include "domain/fixture.h"
#include "domain/gym_admin.h"
#include "domain/member.h"
#include "domain/organization.h"
#include "domain/role.h"

struct making {
    struct new_gym_admin in;
    struct gym_admin out;
};

static enum err make(struct ctx *ctx, void *with)
{
    struct making *making = with;

    return gym_admin_create(ctx, &making->in, &making->out);
}

static struct making wanted(struct fixture *f, const char *name, const char *gym)
{
    struct making making = {.in.user = fixture_new_user(f, name), .in.gym = str_of(gym)};

    making.in.user.password = (struct secret){0};
    return making;
}

static struct actor holder(struct fixture *f, const char *name, enum role role)
{
    return fixture_actor(f, fixture_admin(f, name, role).id);
}

static struct member shown(struct fixture *f, const struct user *user)
{
    struct member member;

    assert_ok(member_of(fixture_begin(f, TX_READ), user, &member));
    fixture_drop(f);
    return member;
}

static void a_gym_that_is_not_there_is_made(void **state)
{
    struct fixture *f = *state;
    const struct actor root = holder(f, "root", ROLE_SUPER_ADMIN);
    struct making first = wanted(f, "ann", "irontemple"), second = wanted(f, "bob", "irontemple"),
                  named = wanted(f, "cid", "Gold & Söhne");

    assert_ok(fixture_run(f, &root, TX_LATE, make, &first));
    assert_ok(fixture_run(f, &root, TX_LATE, make, &second));
    assert_ok(fixture_run(f, &root, TX_LATE, make, &named));
    assert_int_equal(first.out.user.state, USER_PENDING_ACTIVATION);
    assert_int_equal(first.out.link.token.hidden.len, LINK_TOKEN);
    assert_str(shown(f, &first.out.user).gym, "irontemple");
    assert_true(id_eq(first.out.user.organization, second.out.user.organization));
    assert_str(shown(f, &named.out.user).gym, "gold-sohne");
    assert_int_equal(shown(f, &named.out.user).role, ROLE_GYM_ADMIN);
    assert_int_equal(fixture_count(f, EVENT_ORGANIZATION_CREATED), 2);
}

static void a_gym_that_is_there_is_taken_and_no_other_id_is_made_up(void **state)
{
    struct fixture *f = *state;
    const struct actor root = holder(f, "root", ROLE_SUPER_ADMIN);
    struct id iron = fixture_organization(f, "iron");
    struct making ann = wanted(f, "ann", "iron"),
                  bob = wanted(f, "bob", "01a1feec-ce90-7532-b6a3-ca184ff1da28");

    assert_ok(fixture_run(f, &root, TX_LATE, make, &ann));
    assert_true(id_eq(ann.out.user.organization, iron));
    assert_err(fixture_run(f, &root, TX_LATE, make, &bob), ERR_MISSING);
}

/* The orchestration sends a gym's name each time; so do people, each in their way. */
static void a_gym_is_made_once_however_often_it_is_named(void **state)
{
    struct fixture *f = *state;
    const struct actor root = holder(f, "root", ROLE_SUPER_ADMIN);
    static const char *const names[] = {
        "irontemple",          "IronTemple", "Gold & S\u00f6hne", "Gold & S\u00f6hne",
        " Gold & S\u00f6hne ", "Gold-Sohne", "Gold Sohne"};
    static const char *const gyms[] = {"irontemple", "irontemple", "gold-sohne",  "gold-sohne",
                                       "gold-sohne", "gold-sohne", "gold-sohne-2"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct str name;
        assert_ok(arena_print(f->arena, &name, "user%zu", i));
        struct making making = wanted(f, name.ptr, names[i]);
        assert_ok(fixture_run(f, &root, TX_LATE, make, &making));
        assert_true(str_eq(shown(f, &making.out.user).gym, str_of(gyms[i])));
    }
    assert_int_equal(fixture_count(f, EVENT_ORGANIZATION_CREATED), 3);
}

/* Each looks for the gym before any of them makes it. */
static void of_however_many_name_a_new_gym_at_once_all_are_of_one(void **state)
{
    enum {
        CROWD = 12
    };
    static const char *const names[][2] = {
        {"Rush & S\u00f6hne", "Rush & S\u00f6hne"},
        {"rush-hour",         "Rush-Hour"        }
    };
    struct fixture *f = *state;
    struct making makings[CROWD];
    struct fixture_one ones[CROWD];

    for (size_t round = 0; round < ARRAY_LEN(names); round++) {
        for (size_t i = 0; i < CROWD; i++) {
            struct str name;
            assert_ok(arena_print(f->arena, &name, "user%zu-%zu", round, i));
            makings[i] = wanted(f, name.ptr, names[round][i % 2]);
            ones[i] = (struct fixture_one){.with = &makings[i]};
        }
        fixture_crowd(f, make, ones, CROWD);
        for (size_t i = 0; i < CROWD; i++) {
            assert_ok(ones[i].answer);
            assert_true(id_eq(makings[i].out.user.organization, makings[0].out.user.organization));
        }
        assert_int_equal(fixture_count(f, EVENT_ORGANIZATION_CREATED), round + 1);
    }
}

static void who_may_not_grant_what_the_role_allows_makes_nobody(void **state)
{
    struct fixture *f = *state;
    const struct actor admin = holder(f, "admin", ROLE_ADMIN);
    const struct actor nobody = {.kind = ACTOR_NOBODY};
    struct making ann = wanted(f, "ann", "iron");

    assert_err(fixture_run(f, &admin, TX_LATE, make, &ann), ERR_FORBIDDEN);
    assert_err(fixture_run(f, &nobody, TX_LATE, make, &ann), ERR_FORBIDDEN);
    assert_int_equal(fixture_count(f, EVENT_ORGANIZATION_CREATED), 0);
}

static void a_password_that_was_given_counts_after_the_activation(void **state)
{
    struct fixture *f = *state;
    const struct actor root = holder(f, "root", ROLE_SUPER_ADMIN);
    struct making ann = wanted(f, "ann", "iron"), bob = wanted(f, "bob", "iron");
    struct logged_in in;
    struct user user;

    ann.in.user.password = (struct secret){STR(PASSWORD)};
    bob.in.user.password = (struct secret){STR("short")};
    assert_ok(fixture_run(f, &root, TX_LATE, make, &ann));
    assert_err(fixture_run(f, &root, TX_LATE, make, &bob), ERR_PASSWORD_SHORT);
    assert_err(fixture_try_login(f, "ann", PASSWORD, NULL, &in), ERR_ACCOUNT_STATE);
    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_ok(activation_use(ctx, ann.out.link.token.hidden, (struct secret){0}, &user));
    fixture_keep(f);
    assert_ok(fixture_try_login(f, "ann", PASSWORD, NULL, &in));
}

static void a_letter_goes_out_when_it_is_asked_for(void **state)
{
    struct fixture *f = *state;
    const struct actor root = holder(f, "root", ROLE_SUPER_ADMIN);
    struct making ann = wanted(f, "ann", "iron"), bob = wanted(f, "bob", "iron");

    ann.in.mail = true;
    assert_ok(fixture_run(f, &root, TX_LATE, make, &ann));
    assert_true(f->ctx.wrote_letter);
    assert_ok(fixture_run(f, &root, TX_LATE, make, &bob));
    assert_false(f->ctx.wrote_letter);
}

/* Who waits already. */

static enum err activate(struct fixture *f, struct str token, const char *password)
{
    struct user user;
    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    enum err e = activation_use(ctx, token, (struct secret){str_of(password)}, &user);

    if (e == ERR_OK) {
        fixture_keep(f);
    } else {
        fixture_drop(f);
    }
    return e;
}

static void who_waits_gets_a_new_link_and_what_the_call_says(void **state)
{
    struct fixture *f = *state;
    const struct actor root = holder(f, "root", ROLE_SUPER_ADMIN);
    struct making first = wanted(f, "ann", "iron"), second = wanted(f, "ann", "Iron");
    struct logged_in in;

    first.in.user.first_name = STR("Anne");
    first.in.user.last_name = STR("Lee");
    assert_ok(fixture_run(f, &root, TX_LATE, make, &first));
    fixture_pass(f, 60);
    second.in.user.first_name = STR("Ann");
    second.in.user.phone = STR("+49 30 1234");
    second.in.user.password = (struct secret){STR(PASSWORD)};
    assert_ok(fixture_run(f, &root, TX_LATE, make, &second));
    assert_false(f->ctx.wrote_letter);
    assert_true(id_eq(second.out.user.id, first.out.user.id));
    assert_int_equal(second.out.link.expires.ms - first.out.link.expires.ms, 60000);
    assert_str(second.out.user.first_name, "Ann");
    assert_str(second.out.user.last_name, "Lee");
    assert_str(second.out.user.phone, "+49 30 1234");
    assert_int_equal(fixture_count(f, EVENT_USER_CREATED), 2); /* root, and once ann */
    second.in.mail = true;
    second.in.user.password = (struct secret){0};
    struct str middle = second.out.link.token.hidden;
    assert_ok(fixture_run(f, &root, TX_LATE, make, &second));
    assert_true(f->ctx.wrote_letter);
    assert_err(activate(f, first.out.link.token.hidden, PASSWORD), ERR_LINK);
    assert_err(activate(f, middle, PASSWORD), ERR_LINK);
    assert_err(fixture_try_login(f, "ann", PASSWORD, NULL, &in), ERR_ACCOUNT_STATE);
    assert_ok(activate(f, second.out.link.token.hidden, NULL)); /* the password of before stays */
    assert_ok(fixture_try_login(f, "ann", PASSWORD, NULL, &in));
}

static void every_other_account_with_the_address_is_in_the_way(void **state)
{
    struct fixture *f = *state;
    const struct actor root = holder(f, "root", ROLE_SUPER_ADMIN);
    struct id iron = fixture_organization(f, "iron");
    struct making ann = wanted(f, "ann", "iron"), elsewhere = wanted(f, "ann", "gold"),
                  bob = wanted(f, "bob", "iron"), cid = wanted(f, "cid", "iron");
    struct new_user waits = fixture_new_user(f, "cid");
    struct user user;

    (void)fixture_member(f, "bob", iron);
    waits.state = USER_PENDING_ACTIVATION;
    waits.organization = iron;
    assert_ok(user_create(fixture_begin(f, TX_WRITE), &waits, &user));
    fixture_keep(f);
    assert_ok(fixture_run(f, &root, TX_LATE, make, &ann));
    assert_err(fixture_run(f, &root, TX_LATE, make, &elsewhere), ERR_EMAIL_TAKEN);
    assert_err(fixture_run(f, &root, TX_LATE, make, &bob), ERR_EMAIL_TAKEN); /* active */
    assert_err(fixture_run(f, &root, TX_LATE, make, &cid), ERR_EMAIL_TAKEN); /* no administrator */
    struct str token = ann.out.link.token.hidden;
    assert_ok(activate(f, token, PASSWORD));
    assert_err(fixture_run(f, &root, TX_LATE, make, &ann), ERR_EMAIL_TAKEN);
    assert_str(f->ctx.reason.field, "email");
    assert_ok(fixture_set_state(fixture_begin(f, TX_WRITE), ann.out.user.id, USER_INACTIVE));
    fixture_keep(f);
    assert_err(fixture_run(f, &root, TX_LATE, make, &ann), ERR_EMAIL_TAKEN);
    assert_int_equal(fixture_count(f, EVENT_ORGANIZATION_CREATED), 0); /* gold neither */
}

static void nobody_gets_a_link_into_one_who_holds_more(void **state)
{
    struct fixture *f = *state;
    const struct actor root = holder(f, "root", ROLE_SUPER_ADMIN);
    struct grant everywhere = {.user = fixture_user(f, "key").id, .role = ROLE_GYM_ADMIN};
    struct making ann = wanted(f, "ann", "iron"), again = wanted(f, "ann", "iron");

    assert_ok(fixture_grant(f, &root, everywhere));
    struct actor key = fixture_actor(f, everywhere.user);
    assert_ok(fixture_run(f, &key, TX_LATE, make, &ann));
    assert_ok(fixture_run(f, &key, TX_LATE, make, &again));
    struct grant more = {.user = ann.out.user.id, .role = ROLE_SUPER_ADMIN};
    assert_ok(fixture_grant(f, &root, more));
    assert_err(fixture_run(f, &key, TX_LATE, make, &ann), ERR_FORBIDDEN);
    assert_ok(activate(f, again.out.link.token.hidden, PASSWORD)); /* which has not been voided */
}

int main(int count, char **arguments)
{
    (void)arguments;
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_gym_that_is_not_there_is_made),
        FIXTURE_TEST(a_gym_that_is_there_is_taken_and_no_other_id_is_made_up),
        FIXTURE_TEST(a_gym_is_made_once_however_often_it_is_named),
        FIXTURE_TEST(of_however_many_name_a_new_gym_at_once_all_are_of_one),
        FIXTURE_TEST(who_may_not_grant_what_the_role_allows_makes_nobody),
        FIXTURE_TEST(a_password_that_was_given_counts_after_the_activation),
        FIXTURE_TEST(a_letter_goes_out_when_it_is_asked_for),
        FIXTURE_TEST(who_waits_gets_a_new_link_and_what_the_call_says),
        FIXTURE_TEST(every_other_account_with_the_address_is_in_the_way),
        FIXTURE_TEST(nobody_gets_a_link_into_one_who_holds_more),
    };
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
