#include "base/check.h"
#include "domain/fixture.h"
#include "domain/policy.h"
#include "domain/profile.h"
#include "domain/role.h"
#include "model/organization.h"
#include "store/queries.h"

#include <stdio.h>

static const struct actor nobody = {0};

static struct text_list one_name(const struct str *name)
{
    return (struct text_list){name, 1};
}

struct creating {
    struct new_user in;
    const struct text_list *roles;
    struct profile out;
};

static enum err create(struct ctx *ctx, void *with)
{
    struct creating *creating = with;

    return profile_create(ctx, &creating->in, creating->roles, &creating->out);
}

static enum err try_create(struct fixture *f, struct actor actor, const char *name,
                           const struct text_list *roles, struct creating *ret)
{
    *ret = (struct creating){.in = fixture_new_user(f, name), .roles = roles};
    ret->in.state = USER_INACTIVE;
    return fixture_run(f, &actor, TX_LATE, create, ret);
}

static struct actor open_face(struct fixture *f)
{
    struct ctx *ctx = fixture_ctx(f);

    policy_open(ctx);
    return ctx->actor;
}

static struct str role_at(const struct profile *profile, size_t at)
{
    assert_true(at < profile->roles.count);
    return ((const struct role_entry *)profile->roles.items)[at].name;
}

static void who_registers_is_an_active_user(void **state)
{
    struct fixture *f = *state;
    struct creating made;

    assert_ok(try_create(f, nobody, "paul", NULL, &made));
    assert_int_equal(made.out.user.state, USER_ACTIVE);
    assert_true(made.out.user.claimed);
    assert_int_equal(made.out.roles.count, 1);
    assert_str(role_at(&made.out, 0), "USER");
    assert_str(made.out.name, "paul");
    struct actor paul = fixture_actor(f, made.out.user.id);
    assert_ok(try_create(f, paul, "pia", NULL, &made));
    assert_int_equal(made.out.user.state, USER_ACTIVE);
}

static void where_addresses_are_to_be_verified_who_registers_waits_for_that(void **state)
{
    struct fixture *f = *state;
    struct creating made;

    f->settings.require_verified = true;
    assert_ok(try_create(f, nobody, "paul", NULL, &made));
    assert_int_equal(made.out.user.state, USER_PENDING_VERIFICATION);
    made = (struct creating){.in = fixture_new_user(f, "eve")};
    made.in.email = (struct email){0}; /* there is none to be verified */
    assert_ok(fixture_run(f, &nobody, TX_LATE, create, &made));
    assert_int_equal(made.out.user.state, USER_ACTIVE);
}

static void who_may_write_users_says_in_which_state_they_begin(void **state)
{
    struct fixture *f = *state;
    struct creating made;
    struct actor anna = fixture_actor(f, fixture_admin(f, "anna", ROLE_ADMIN).id);

    assert_ok(try_create(f, anna, "paul", NULL, &made));
    assert_int_equal(made.out.user.state, USER_INACTIVE);
    assert_false(made.out.user.claimed);
    assert_ok(try_create(f, open_face(f), "pia", NULL, &made));
    assert_int_equal(made.out.user.state, USER_INACTIVE);
}

static void no_role_but_user_is_given_by_who_may_give_none(void **state)
{
    struct fixture *f = *state;
    static const struct str names[] = {
        {"ADMIN",       5 },
        {"MEMBER",      6 },
        {"NONE",        4 },
        {"SUPER_ADMIN", 11}
    };
    struct actor plain = fixture_actor(f, fixture_user(f, "plain").id);
    const struct actor askers[] = {nobody, plain, open_face(f)};
    struct creating made;

    for (size_t asker = 0; asker < ARRAY_LEN(askers); asker++) {
        for (size_t i = 0; i < ARRAY_LEN(names); i++) {
            struct text_list roles = one_name(&names[i]);
            assert_err(try_create(f, askers[asker], "eve", &roles, &made), ERR_FORBIDDEN);
        }
    }
    struct user eve;
    assert_err(user_find(fixture_begin(f, TX_READ), STR("eve"), &eve), ERR_MISSING);
    fixture_drop(f);
}

static void roles_are_given_by_who_holds_what_they_allow(void **state)
{
    struct fixture *f = *state;
    static const struct str admin = {"ADMIN", 5}, super = {"SUPER_ADMIN", 11}, none = {"NONE", 4};
    struct actor anna = fixture_actor(f, fixture_admin(f, "anna", ROLE_ADMIN).id);
    struct text_list roles = one_name(&admin);
    struct creating made;

    assert_ok(try_create(f, anna, "paul", &roles, &made));
    assert_str(role_at(&made.out, 0), "ADMIN");
    roles = one_name(&super);
    assert_err(try_create(f, anna, "pia", &roles, &made), ERR_FORBIDDEN);
    roles = one_name(&none);
    assert_err(try_create(f, anna, "pia", &roles, &made), ERR_ROLE_UNKNOWN);
    assert_str(f->ctx.reason.field, "NONE");
    roles = (struct text_list){&none, 0};
    assert_ok(try_create(f, anna, "pia", &roles, &made));
    assert_int_equal(made.out.roles.count, 0);
}

static void an_address_as_name_is_the_address_too(void **state)
{
    struct fixture *f = *state;
    struct creating made = {.in = fixture_new_user(f, "paul")};

    made.in.email = (struct email){0};
    assert_ok(username_parse(f->arena, STR("Paul@Example.org"), &made.in.username));
    assert_ok(fixture_run(f, &nobody, TX_LATE, create, &made));
    assert_str(made.out.user.email.shown, "Paul@Example.org");
    assert_str(made.out.user.email.key, "paul@example.org");
}

/* Four questions about one user. */

struct about {
    struct id id;
    struct profile_change change;
    struct profile out;
};

static enum err get(struct ctx *ctx, void *with)
{
    struct about *about = with;

    return profile_get(ctx, about->id, &about->out);
}

static enum err change(struct ctx *ctx, void *with)
{
    struct about *about = with;

    return profile_change(ctx, about->id, &about->change, &about->out);
}

static enum err remove_one(struct ctx *ctx, void *with)
{
    return profile_delete(ctx, ((const struct about *)with)->id);
}

static enum err change_password(struct ctx *ctx, void *with)
{
    struct about *about = with;

    return profile_change_password(
        ctx, about->id,
        &(struct password_change){{STR(PASSWORD)}, {STR("another password")}, STR("")},
        &about->out);
}

static enum err ask(struct fixture *f, struct actor actor, enum err (*what)(struct ctx *, void *),
                    struct id id)
{
    const struct str name = STR("Changed");
    struct about about = {.id = id, .change = {.first_name = &name}};

    return fixture_run(f, &actor, what == get ? TX_READ : TX_WRITE, what, &about);
}

static void one_reads_and_changes_oneself_and_nobody_else(void **state)
{
    struct fixture *f = *state;
    struct id paul = fixture_user(f, "paul").id, pia = fixture_user(f, "pia").id, none = {{9}};
    struct actor actor = fixture_actor(f, paul);

    assert_ok(ask(f, actor, get, paul));
    assert_ok(ask(f, actor, change, paul));
    assert_ok(ask(f, actor, change_password, paul));
    assert_err(ask(f, actor, get, pia), ERR_FORBIDDEN);
    assert_err(ask(f, actor, change, pia), ERR_FORBIDDEN);
    assert_err(ask(f, actor, change_password, pia), ERR_FORBIDDEN);
    assert_err(ask(f, actor, remove_one, pia), ERR_FORBIDDEN);
    assert_err(ask(f, actor, get, none), ERR_FORBIDDEN); /* whether they are there or not */
    assert_err(ask(f, actor, change_password, none), ERR_FORBIDDEN);
}

static void who_administers_does_so_to_those_who_hold_no_more(void **state)
{
    struct fixture *f = *state;
    struct id paul = fixture_user(f, "paul").id,
              root = fixture_admin(f, "root", ROLE_SUPER_ADMIN).id;
    struct actor askers[] = {fixture_actor(f, fixture_admin(f, "anna", ROLE_ADMIN).id),
                             open_face(f)};

    for (size_t i = 0; i < ARRAY_LEN(askers); i++) {
        assert_ok(ask(f, askers[i], get, root));
        assert_err(ask(f, askers[i], change, root), ERR_FORBIDDEN);
        assert_err(ask(f, askers[i], remove_one, root), ERR_FORBIDDEN);
        assert_ok(ask(f, askers[i], change, paul));
        assert_err(ask(f, askers[i], change_password, paul), ERR_FORBIDDEN);
        assert_err(ask(f, askers[i], get, (struct id){{9}}), ERR_MISSING);
    }
    assert_ok(ask(f, askers[0], remove_one, paul));
    assert_err(ask(f, askers[0], get, paul), ERR_MISSING);
}

static void what_is_not_named_stays_and_what_is_none_is_cleared(void **state)
{
    struct fixture *f = *state;
    static const struct str first = {"Paul", 4}, birth = {"1990-01-01", 10}, none = {0};
    struct id paul = fixture_user(f, "paul").id;
    struct actor actor = fixture_actor(f, paul);
    struct about about = {
        .id = paul, .change = {.first_name = &first, .birth_date = &birth}
    };

    assert_ok(fixture_run(f, &actor, TX_LATE, change, &about));
    about.change = (struct profile_change){.birth_date = &none};
    assert_ok(fixture_run(f, &actor, TX_LATE, change, &about));
    assert_ok(fixture_run(f, &actor, TX_READ, get, &about));
    assert_str(about.out.user.first_name, "Paul");
    assert_false(str_is_set(about.out.user.birth_date));
    size_t before = fixture_count(f, EVENT_USER_UPDATED);
    about.change = (struct profile_change){0};
    assert_ok(fixture_run(f, &actor, TX_LATE, change, &about));
    assert_int_equal(fixture_count(f, EVENT_USER_UPDATED), before);
}

static void nobody_gives_roles_to_themself_without_the_right(void **state)
{
    struct fixture *f = *state;
    static const struct str names[] = {
        {"ADMIN", 5},
        {"USER",  4}
    };
    struct id paul = fixture_user(f, "paul").id;
    struct actor actor = fixture_actor(f, paul);

    for (size_t count = 0; count <= 2; count++) {
        struct text_list roles = {names, count};
        struct about about = {.id = paul, .change = {.roles = &roles}};
        assert_err(fixture_run(f, &actor, TX_LATE, change, &about), ERR_FORBIDDEN);
    }
    assert_int_equal(fixture_count(f, EVENT_ROLE_GRANTED), 0);
}

/* What is held in one organization counts there alone, and is not shown as held. */

static void who_administers_an_organization_sees_no_further(void **state)
{
    struct fixture *f = *state;
    static const struct str names[] = {
        {"USER", 4}
    };
    struct text_list roles = {names, 1};
    struct id here = fixture_organization(f, "iron"), there = fixture_organization(f, "gold");
    struct id head = fixture_member(f, "head", here).id, ours = fixture_member(f, "ours", here).id,
              theirs = fixture_member(f, "theirs", there).id;
    struct about about = {.id = ours, .change = {.roles = &roles}};
    struct creating made;

    struct actor actor = fixture_gym_admin(f, head, here);
    assert_ok(ask(f, actor, get, ours));
    assert_ok(ask(f, actor, change, ours));
    assert_err(fixture_run(f, &actor, TX_LATE, change, &about), ERR_FORBIDDEN);
    assert_err(ask(f, actor, get, theirs), ERR_MISSING);
    assert_err(ask(f, actor, change, theirs), ERR_MISSING);
    assert_err(ask(f, actor, remove_one, theirs), ERR_MISSING);
    assert_ok(ask(f, actor, remove_one, ours));
    assert_ok(try_create(f, actor, "new", NULL, &made));
    assert_int_equal(made.out.user.state, USER_ACTIVE);

    about = (struct about){.id = head};
    assert_ok(fixture_run(f, &actor, TX_READ, get, &about));
    assert_int_equal(about.out.roles.count, 0);
}

struct listing {
    struct page page;
    struct profile_page out;
};

static enum err list(struct ctx *ctx, void *with)
{
    struct listing *listing = with;

    return profile_list(ctx, listing->page, &listing->out);
}

static void a_page_has_everybody_with_their_roles(void **state)
{
    struct fixture *f = *state;
    struct listing listing = {
        .page = {1, 3}
    };
    char name[16];

    (void)fixture_admin(f, "root", ROLE_SUPER_ADMIN);
    for (int i = 0; i < 5; i++) {
        fixture_pass(f, 1); /* so that one comes after the other */
        (void)snprintf(name, sizeof name, "user%d", i);
        (void)fixture_admin(f, name, i % 2 ? ROLE_ADMIN : ROLE_MEMBER);
    }
    assert_ok(fixture_run(f, &actor_operator, TX_READ, list, &listing));
    assert_int_equal(listing.out.total, 6);
    assert_int_equal(listing.out.count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct role_entry *roles = listing.out.profiles[i].roles.items;
        assert_int_equal(listing.out.profiles[i].roles.count, 1);
        assert_str(roles[0].name, i % 2 ? "ADMIN" : "MEMBER");
        assert_int_equal(roles[0].permissions.count, i % 2 ? 5 : 0);
    }
    listing.page = (struct page){6, 3};
    assert_ok(fixture_run(f, &actor_operator, TX_READ, list, &listing));
    assert_int_equal(listing.out.count, 0);
    assert_int_equal(listing.out.total, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(who_registers_is_an_active_user),
        FIXTURE_TEST(where_addresses_are_to_be_verified_who_registers_waits_for_that),
        FIXTURE_TEST(who_may_write_users_says_in_which_state_they_begin),
        FIXTURE_TEST(no_role_but_user_is_given_by_who_may_give_none),
        FIXTURE_TEST(roles_are_given_by_who_holds_what_they_allow),
        FIXTURE_TEST(an_address_as_name_is_the_address_too),
        FIXTURE_TEST(one_reads_and_changes_oneself_and_nobody_else),
        FIXTURE_TEST(who_administers_does_so_to_those_who_hold_no_more),
        FIXTURE_TEST(what_is_not_named_stays_and_what_is_none_is_cleared),
        FIXTURE_TEST(nobody_gives_roles_to_themself_without_the_right),
        FIXTURE_TEST(who_administers_an_organization_sees_no_further),
        FIXTURE_TEST(a_page_has_everybody_with_their_roles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
