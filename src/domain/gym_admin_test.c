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

int main(int count, char **arguments)
{
    (void)arguments;
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_gym_that_is_not_there_is_made),
        FIXTURE_TEST(a_gym_that_is_there_is_taken_and_no_other_id_is_made_up),
        FIXTURE_TEST(who_may_not_grant_what_the_role_allows_makes_nobody),
        FIXTURE_TEST(a_password_that_was_given_counts_after_the_activation),
        FIXTURE_TEST(a_letter_goes_out_when_it_is_asked_for),
    };
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
