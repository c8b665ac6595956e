#include "base/check.h"
#include "domain/fixture.h"
#include "domain/link.h"
#include "domain/registration.h"
#include "domain/verification.h"
#include "model/organization.h"
#include "store/queries.h"

struct step {
    struct new_user in;
    struct user user;
    struct link link;
};

static enum err take_in(struct ctx *ctx, void *with)
{
    struct step *step = with;

    TRY(registration(ctx, &step->in, &step->user));
    return link_make(ctx, LINK_VERIFY_EMAIL, &step->user, &step->link);
}

static enum err look(struct ctx *ctx, void *with)
{
    const struct step *step = with;

    return verification_look(ctx, step->link.token.hidden);
}

static enum err confirm(struct ctx *ctx, void *with)
{
    const struct step *step = with;

    return verification_confirm(ctx, step->link.token.hidden);
}

static enum err reread(struct ctx *ctx, void *with)
{
    struct step *step = with;

    return user_get(ctx, step->user.id, &step->user);
}

static enum err stop(struct ctx *ctx, void *with)
{
    const struct step *step = with;

    return user_stop(ctx, &step->user);
}

static enum err found(struct ctx *ctx, void *domain)
{
    struct organization organization = {.name = STR("Iron"),
                                        .slug = STR("iron"),
                                        .domain = str_of(domain),
                                        .state = ORGANIZATION_ACTIVE,
                                        .created = ctx->now,
                                        .updated = ctx->now};

    TRY(id_make(ctx->now, &organization.id));
    return q_organization_insert(ctx->tx, &organization);
}

static enum err run(struct fixture *f, enum err (*work)(struct ctx *ctx, void *with), void *with)
{
    return fixture_run(f, &actor_operator, TX_WRITE, work, with);
}

static struct step registered(struct fixture *f, const char *address)
{
    struct step step = {.in = fixture_new_user(f, "ada")};

    step.in.username = (struct username){0};
    assert_ok(email_parse(f->arena, str_of(address), &step.in.email));
    assert_ok(run(f, take_in, &step));
    return step;
}

static bool becomes_corporate(struct fixture *f, const char *address)
{
    struct step step = registered(f, address);

    assert_ok(run(f, confirm, &step));
    assert_ok(run(f, reread, &step));
    assert_int_equal(step.user.state, USER_ACTIVE);
    assert_int_equal(step.user.verified.ms, f->now.ms);
    return step.user.corporate;
}

static void a_link_verifies_once(void **state)
{
    struct fixture *f = *state;
    struct step step = registered(f, "ada@samsung.com");

    assert_ok(run(f, look, &step));
    assert_ok(run(f, look, &step));
    assert_ok(run(f, reread, &step));
    assert_int_equal(step.user.state, USER_PENDING_VERIFICATION);
    assert_ok(run(f, confirm, &step));
    assert_ok(run(f, reread, &step));
    assert_int_equal(step.user.state, USER_ACTIVE);
    assert_true(step.user.corporate);
    assert_err(run(f, confirm, &step), ERR_LINK);
    assert_err(run(f, look, &step), ERR_LINK);
    assert_int_equal(fixture_count(f, EVENT_USER_VERIFIED), 1);
}

static void an_address_where_anybody_has_one_makes_nobody_corporate(void **state)
{
    struct fixture *f = *state;

    f->settings.public_mail_domains = STR("gmail.com  Mail.Example");
    assert_false(becomes_corporate(f, "ada@GMail.com"));
    assert_false(becomes_corporate(f, "ada@mail.example"));
    assert_true(becomes_corporate(f, "ada@email.com"));
    assert_true(becomes_corporate(f, "ada@mail.example.com"));
}

static void unless_it_is_an_organizations(void **state)
{
    struct fixture *f = *state;
    char domain[] = "mail.example";

    f->settings.public_mail_domains = STR("mail.example");
    assert_ok(run(f, found, domain));
    assert_true(becomes_corporate(f, "ada@mail.example"));
}

static void who_may_not_come_in_verifies_nothing_and_keeps_the_link(void **state)
{
    struct fixture *f = *state;
    struct step step = registered(f, "ada@samsung.com");

    assert_ok(run(f, stop, &step));
    assert_err(run(f, look, &step), ERR_LINK);
    assert_err(run(f, confirm, &step), ERR_LINK);
    assert_ok(run(f, reread, &step));
    assert_int_equal(step.user.state, USER_INACTIVE);
    assert_false(moment_is_set(step.user.verified));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_link_verifies_once),
        FIXTURE_TEST(an_address_where_anybody_has_one_makes_nobody_corporate),
        FIXTURE_TEST(unless_it_is_an_organizations),
        FIXTURE_TEST(who_may_not_come_in_verifies_nothing_and_keeps_the_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
