/* Users, looked after: whom one sees, makes and changes, and where. */
#include "base/arena.h"
#include "base/check.h"
#include "base/rcu.h"
#include "domain/assignment.h"
#include "domain/desk.h"
#include "domain/fixture.h"
#include "domain/organization.h"
#include "domain/person.h"
#include "domain/standing.h"
#include "store/queries.h"

struct creating {
    struct new_person in;
    struct person out;
};

static enum err create(struct ctx *ctx, void *with)
{
    struct creating *creating = with;

    return person_create(ctx, &creating->in, &creating->out);
}

/* `name`@example.com */
static struct email address(struct fixture *f, const char *name)
{
    struct str text;
    struct email email;

    assert_ok(arena_print(f->arena, &text, "%s@example.com", name));
    assert_ok(email_parse(f->arena, text, &email));
    return email;
}

static enum err try_create(struct fixture *f, const struct actor *actor, const char *name,
                           struct new_person in, struct person *ret)
{
    struct creating creating = {.in = in};

    creating.in.email = address(f, name);
    enum err e = fixture_run(f, actor, TX_LATE, create, &creating);
    *ret = creating.out;
    return e;
}

struct changing {
    struct id id;
    struct person_change in;
    struct person out;
};

static enum err change(struct ctx *ctx, void *with)
{
    struct changing *changing = with;

    return person_change(ctx, changing->id, &changing->in, &changing->out);
}

static enum err try_change(struct fixture *f, const struct actor *actor, struct id id,
                           struct person_change in, struct person *ret)
{
    struct changing changing = {.id = id, .in = in};
    enum err e = fixture_run(f, actor, TX_LATE, change, &changing);

    *ret = changing.out;
    return e;
}

struct listing {
    struct person_query query;
    struct person_page out;
};

static enum err list(struct ctx *ctx, void *with)
{
    struct listing *listing = with;

    return person_list(ctx, &listing->query, &listing->out);
}

static enum err try_list(struct fixture *f, const struct actor *actor, struct person_query query,
                         struct person_page *ret)
{
    struct listing listing = {.query = query};
    enum err e = fixture_run(f, actor, TX_READ, list, &listing);

    *ret = listing.out;
    return e;
}

static enum err get(struct ctx *ctx, void *with)
{
    struct changing *changing = with;

    return person_get(ctx, changing->id, &changing->out);
}

static enum err try_get(struct fixture *f, const struct actor *actor, struct id id,
                        struct person *ret)
{
    struct changing getting = {.id = id};
    enum err e = fixture_run(f, actor, TX_READ, get, &getting);

    *ret = getting.out;
    return e;
}

static void give(struct fixture *f, struct id user, enum role role, struct id organization)
{
    assert_ok(fixture_grant(f, &actor_operator, (struct grant){user, role, organization}));
}

static struct actor gym_admin(struct fixture *f, const char *name, struct id organization)
{
    struct user user = fixture_member(f, name, organization);

    return fixture_gym_admin(f, user.id, organization);
}

/* Whether this is all that they hold: one role, there. */
static bool holds_only(struct fixture *f, struct id user, const char *role, struct id organization)
{
    struct held_role *held;
    size_t count;

    assert_ok(role_held(fixture_begin(f, TX_READ), user, &held, &count));
    fixture_keep(f);
    return count == 1 && str_eq(held[0].role.name, str_of(role)) &&
           id_eq(held[0].organization, organization);
}

static bool is_stopped(struct fixture *f, struct id user)
{
    rcu_enter(f->desk->reader);
    struct user_standing standing = standing_user(f->service.standing, user);
    rcu_leave(f->desk->reader);
    return standing.stopped;
}

static const struct id nowhere = {{0}};

/* Making. */

static void one_is_made_with_the_role_that_everybody_has(void **state)
{
    struct fixture *f = *state;
    struct id iron = fixture_organization(f, "iron");
    struct person anna, paul;
    struct logged_in in;

    assert_ok(try_create(f, &actor_operator, "anna",
                         (struct new_person){.password = {STR(PASSWORD)}}, &anna));
    assert_int_equal(anna.user.state, USER_ACTIVE);
    assert_str(anna.role, "USER");
    assert_true(holds_only(f, anna.user.id, "USER", nowhere));
    assert_ok(fixture_try_login(f, "anna@example.com", PASSWORD, NULL, &in));
    assert_ok(
        try_create(f, &actor_operator, "paul", (struct new_person){.organization = iron}, &paul));
    assert_int_equal(paul.user.state, USER_PENDING_ACTIVATION);
    assert_str(paul.role, "MEMBER");
    assert_true(holds_only(f, paul.user.id, "MEMBER", iron));
    assert_true(is_stopped(f, paul.user.id));
    assert_int_equal(fixture_count(f, EVENT_LINK_MADE),
                     1); /* with the letter to the one who waits */
}

static void an_administrator_of_an_organization_is_one_there(void **state)
{
    struct fixture *f = *state;
    struct id iron = fixture_organization(f, "iron");
    struct person made;

    assert_ok(try_create(f, &actor_operator, "anna",
                         (struct new_person){.role = STR("GYM_ADMIN"), .organization = iron},
                         &made));
    assert_true(holds_only(f, made.user.id, "GYM_ADMIN", iron));
    assert_ok(try_create(f, &actor_operator, "paul",
                         (struct new_person){.role = STR("ADMIN"), .organization = iron}, &made));
    assert_true(holds_only(f, made.user.id, "ADMIN", nowhere));
    assert_err(try_create(f, &actor_operator, "eve",
                          (struct new_person){.role = STR("NO_SUCH_ROLE")}, &made),
               ERR_ROLE_UNKNOWN);
    assert_str(f->ctx.reason.field, "NO_SUCH_ROLE");
    assert_err(try_create(f, &actor_operator, "anna", (struct new_person){{{0}}}, &made),
               ERR_EMAIL_TAKEN);
}

static void who_administers_one_organization_makes_its_users_alone(void **state)
{
    struct fixture *f = *state;
    struct id iron = fixture_organization(f, "iron"), gold = fixture_organization(f, "gold");
    struct actor gym = gym_admin(f, "gym", iron), plain = fixture_actor(f, fixture_user(f, "p").id);
    struct person made;
    const struct {
        const char *role;
        struct id organization;
        enum err answer;
    } table[] = {
        {NULL,          iron,  ERR_OK       },
        {"MEMBER",      iron,  ERR_OK       },
        {"USER",        iron,  ERR_OK       },
        {"GYM_ADMIN",   iron,  ERR_OK       },
        {"ADMIN",       iron,  ERR_FORBIDDEN},
        {"SUPER_ADMIN", iron,  ERR_FORBIDDEN},
        {NULL,          gold,  ERR_MISSING  },
        {NULL,          {{9}}, ERR_MISSING  },
        {NULL,          {{0}}, ERR_FORBIDDEN},
        {"GYM_ADMIN",   {{0}}, ERR_FORBIDDEN},
    };

    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct str name;
        assert_ok(arena_print(f->arena, &name, "made%zu", i));
        struct new_person in = {.role = str_of(table[i].role),
                                .organization = table[i].organization};
        assert_int_equal(try_create(f, &gym, name.ptr, in, &made), table[i].answer);
        assert_err(try_create(f, &plain, name.ptr, in, &made), ERR_FORBIDDEN);
    }
    assert_err(
        try_create(f, &actor_operator, "late", (struct new_person){.organization = {{9}}}, &made),
        ERR_MISSING);
}

/* Seeing. */

static void one_sees_oneself_and_those_whom_one_may_read(void **state)
{
    struct fixture *f = *state;
    struct id iron = fixture_organization(f, "iron"), gold = fixture_organization(f, "gold");
    struct actor gym = gym_admin(f, "gym", iron);
    struct user mate = fixture_member(f, "mate", iron), other = fixture_member(f, "other", gold);
    struct user plain = fixture_user(f, "plain");
    struct actor self = fixture_actor(f, plain.id);
    struct person found;

    assert_ok(try_get(f, &self, plain.id, &found));
    assert_str(found.role, "USER");
    assert_err(try_get(f, &self, mate.id, &found), ERR_FORBIDDEN);
    assert_ok(try_get(f, &gym, mate.id, &found));
    assert_err(try_get(f, &gym, other.id, &found), ERR_MISSING);
    assert_err(try_get(f, &gym, plain.id, &found), ERR_MISSING);
    assert_err(try_get(f, &gym, (struct id){{9}}, &found), ERR_MISSING);
    assert_ok(try_get(f, &gym, gym.user, &found));
    assert_str(found.role, "GYM_ADMIN");
}

static void make_some(struct fixture *f, const char *prefix, size_t count, struct id organization,
                      enum user_state user_state)
{
    struct ctx *ctx = fixture_begin(f, TX_WRITE);

    for (size_t i = 0; i < count; i++) {
        struct new_user in = {.state = user_state, .organization = organization};
        struct str name;
        struct user made;
        assert_ok(arena_print(f->arena, &name, "%s%zu", prefix, i));
        assert_ok(username_parse(f->arena, name, &in.username));
        assert_ok(user_create(ctx, &in, &made));
    }
    fixture_keep(f);
}

/* The pages of a list, of every length, put together: each is what it has to be. */
static void assert_pages(struct fixture *f, const struct actor *actor, struct person_query query,
                         int64_t total)
{
    struct person_page all, page;

    query.page = (struct page){.limit = 100};
    assert_ok(try_list(f, actor, query, &all));
    assert_int_equal(all.total, total);
    assert_int_equal(all.count, total);
    for (int64_t limit = 1; limit <= total + 1; limit++) {
        for (int64_t offset = 0; offset <= total + 1; offset++) {
            query.page = (struct page){.offset = offset, .limit = limit};
            assert_ok(try_list(f, actor, query, &page));
            assert_int_equal(page.total, total);
            int64_t left = offset < total ? total - offset : 0;
            assert_int_equal(page.count, left < limit ? left : limit);
            for (size_t i = 0; i < page.count; i++) {
                assert_true(id_eq(page.people[i].user.id, all.people[(size_t)offset + i].user.id));
            }
        }
    }
    query.page = (struct page){.offset = INT64_MAX, .limit = 100};
    assert_ok(try_list(f, actor, query, &page));
    assert_int_equal(page.count, 0);
    assert_int_equal(page.total, total);
}

static void lists_are_narrowed_down_and_counted(void **state)
{
    struct fixture *f = *state;
    struct id iron = fixture_organization(f, "iron"), gold = fixture_organization(f, "gold");
    const unsigned active = 1U << USER_ACTIVE, suspended = 1U << USER_SUSPENDED;
    const unsigned inactive = 1U << USER_INACTIVE | 1U << USER_PENDING_ACTIVATION;

    make_some(f, "free", 3, nowhere, USER_ACTIVE);
    make_some(f, "iron", 4, iron, USER_ACTIVE);
    make_some(f, "waiting", 2, iron, USER_PENDING_ACTIVATION);
    make_some(f, "gold", 2, gold, USER_ACTIVE);
    make_some(f, "stopped", 1, gold, USER_INACTIVE);
    assert_pages(f, &actor_operator, (struct person_query){{0}}, 12);
    assert_pages(f, &actor_operator, (struct person_query){.organization = iron}, 6);
    assert_pages(f, &actor_operator, (struct person_query){.states = active}, 9);
    assert_pages(f, &actor_operator, (struct person_query){.states = inactive}, 3);
    assert_pages(f, &actor_operator, (struct person_query){.states = suspended}, 0);
    assert_pages(f, &actor_operator,
                 (struct person_query){.organization = iron, .states = inactive}, 2);
    assert_pages(f, &actor_operator, (struct person_query){.organization = {{9}}}, 0);
}

static void an_address_finds_its_account_if_it_is_among_them(void **state)
{
    struct fixture *f = *state;
    struct id iron = fixture_organization(f, "iron"), gold = fixture_organization(f, "gold");
    struct actor gym = gym_admin(f, "gym", iron);

    (void)fixture_member(f, "mate", iron);
    (void)fixture_member(f, "other", gold);
    struct person_query mate = {.email = address(f, "mate").key},
                        other = {.email = address(f, "other").key},
                        none = {.email = address(f, "nobody").key};
    assert_pages(f, &gym, mate, 1);
    assert_pages(f, &gym, other, 0);
    assert_pages(f, &actor_operator, other, 1);
    assert_pages(f, &actor_operator, none, 0);
    mate.organization = gold;
    assert_pages(f, &actor_operator, mate, 0);
    mate.organization = iron;
    mate.states = 1U << USER_INACTIVE;
    assert_pages(f, &actor_operator, mate, 0);
}

static void who_reads_in_some_organizations_lists_those(void **state)
{
    struct fixture *f = *state;
    struct id iron = fixture_organization(f, "iron"), gold = fixture_organization(f, "gold"),
              third = fixture_organization(f, "third");
    struct actor gym = gym_admin(f, "gym", iron);
    struct person_page page;

    make_some(f, "iron", 3, iron, USER_ACTIVE);
    make_some(f, "gold", 2, gold, USER_ACTIVE);
    make_some(f, "third", 2, third, USER_INACTIVE);
    make_some(f, "free", 2, nowhere, USER_ACTIVE);
    assert_pages(f, &gym, (struct person_query){{0}}, 4);
    assert_pages(f, &gym, (struct person_query){.organization = iron}, 4);
    assert_err(try_list(f, &gym, (struct person_query){.organization = gold}, &page), ERR_MISSING);
    assert_err(try_list(f, &gym, (struct person_query){.organization = {{9}}}, &page), ERR_MISSING);
    give(f, gym.user, ROLE_GYM_ADMIN, third);
    gym = fixture_actor(f, gym.user);
    assert_pages(f, &gym, (struct person_query){{0}}, 6);
    assert_pages(f, &gym, (struct person_query){.states = 1U << USER_ACTIVE}, 4);
    assert_pages(f, &gym, (struct person_query){.organization = third}, 2);
}

/* Changing. */

static void a_change_names_what_it_changes(void **state)
{
    struct fixture *f = *state;
    struct user anna = fixture_user(f, "anna");
    struct str first = STR("Anna"), last = STR("Lee"), none = {0};
    struct person now;

    assert_ok(try_change(f, &actor_operator, anna.id,
                         (struct person_change){.first_name = &first, .last_name = &last}, &now));
    assert_str(now.user.first_name, "Anna");
    assert_ok(
        try_change(f, &actor_operator, anna.id, (struct person_change){.first_name = &none}, &now));
    assert_false(str_is_set(now.user.first_name));
    assert_str(now.user.last_name, "Lee");
    assert_str(now.user.email.shown, "anna@example.com");
}

static void a_role_takes_the_place_of_the_others(void **state)
{
    struct fixture *f = *state;
    struct id iron = fixture_organization(f, "iron"), gold = fixture_organization(f, "gold");
    struct user anna = fixture_member(f, "anna", iron);
    struct str admin = STR("ADMIN"), gym = STR("GYM_ADMIN"), user = STR("USER"), no = STR("NO");
    struct person now;

    give(f, anna.id, ROLE_USER, nowhere);
    give(f, anna.id, ROLE_MEMBER, iron);
    assert_ok(try_change(f, &actor_operator, anna.id, (struct person_change){.role = &gym}, &now));
    assert_str(now.role, "GYM_ADMIN");
    assert_true(holds_only(f, anna.id, "GYM_ADMIN", iron));
    assert_ok(
        try_change(f, &actor_operator, anna.id, (struct person_change){.role = &admin}, &now));
    assert_true(holds_only(f, anna.id, "ADMIN", nowhere));
    assert_err(try_change(f, &actor_operator, anna.id, (struct person_change){.role = &no}, &now),
               ERR_ROLE_UNKNOWN);
    assert_ok(try_change(f, &actor_operator, anna.id, (struct person_change){.role = &user}, &now));
    give(f, anna.id, ROLE_GYM_ADMIN, gold); /* of another organization: that is for others to say */
    assert_ok(try_change(f, &actor_operator, anna.id, (struct person_change){.role = &user}, &now));
    assert_str(now.role, "GYM_ADMIN");
}

static void the_last_super_administrator_stays_one(void **state)
{
    struct fixture *f = *state;
    struct user root = fixture_admin(f, "root", ROLE_SUPER_ADMIN);
    struct id iron = fixture_organization(f, "iron");
    struct organization_change suspend = {.state = ORGANIZATION_SUSPENDED};
    struct organization organization;
    struct str user = STR("USER"), super = STR("SUPER_ADMIN");
    struct person now;

    assert_ok(organization_change(fixture_begin(f, TX_WRITE), iron, &suspend, &organization));
    fixture_keep(f);
    assert_err(try_change(f, &actor_operator, root.id, (struct person_change){.role = &user}, &now),
               ERR_LAST_ADMIN);
    assert_ok(
        try_change(f, &actor_operator, root.id, (struct person_change){.role = &super}, &now));
    assert_err(try_change(f, &actor_operator, root.id,
                          (struct person_change){.organization = &iron}, &now),
               ERR_LAST_ADMIN);
}

static void who_moves_gives_up_what_they_held_there(void **state)
{
    struct fixture *f = *state;
    struct id iron = fixture_organization(f, "iron"), gold = fixture_organization(f, "gold");
    struct user anna = fixture_member(f, "anna", iron);
    struct person now;

    give(f, anna.id, ROLE_GYM_ADMIN, iron);
    assert_ok(try_change(f, &actor_operator, anna.id, (struct person_change){.organization = &gold},
                         &now));
    assert_true(id_eq(now.user.organization, gold));
    assert_true(holds_only(f, anna.id, "MEMBER", gold));
    assert_int_equal(fixture_actor(f, anna.id).somewhere.bits, 0);
    assert_ok(try_change(f, &actor_operator, anna.id,
                         (struct person_change){.organization = &nowhere}, &now));
    assert_false(id_is_set(now.user.organization));
    assert_str(now.role, "USER");
}

static void who_moves_to_a_suspended_organization_is_kept_out(void **state)
{
    struct fixture *f = *state;
    struct id iron = fixture_organization(f, "iron");
    struct organization_change suspend = {.state = ORGANIZATION_SUSPENDED};
    struct organization organization;
    struct user anna = fixture_user(f, "anna");
    struct logged_in in = fixture_login(f, "anna");
    struct person now;

    assert_ok(organization_change(fixture_begin(f, TX_WRITE), iron, &suspend, &organization));
    fixture_keep(f);
    assert_ok(try_change(f, &actor_operator, anna.id, (struct person_change){.organization = &iron},
                         &now));
    assert_err(fixture_accept(f, in.token.text, NULL), ERR_TOKEN_INVALID);
    assert_ok(try_change(f, &actor_operator, anna.id,
                         (struct person_change){.organization = &nowhere}, &now));
    assert_ok(fixture_accept(f, in.token.text, NULL));
}

static void who_administers_one_organization_moves_nobody_out_of_its_reach(void **state)
{
    struct fixture *f = *state;
    struct id iron = fixture_organization(f, "iron"), gold = fixture_organization(f, "gold");
    struct actor gym = gym_admin(f, "gym", iron);
    struct user mate = fixture_member(f, "mate", iron), other = fixture_member(f, "other", gold);
    struct str name = STR("New"), role = STR("GYM_ADMIN"), strong = STR("ADMIN");
    struct person_change rename = {.first_name = &name}, promote = {.role = &role},
                         too_much = {.role = &strong};
    struct person now;

    assert_ok(try_change(f, &gym, mate.id, rename, &now));
    assert_ok(try_change(f, &gym, mate.id, promote, &now));
    assert_err(try_change(f, &gym, mate.id, too_much, &now), ERR_FORBIDDEN);
    assert_err(try_change(f, &gym, mate.id, (struct person_change){.organization = &gold}, &now),
               ERR_MISSING);
    assert_err(try_change(f, &gym, mate.id, (struct person_change){.organization = &nowhere}, &now),
               ERR_FORBIDDEN);
    assert_err(try_change(f, &gym, other.id, rename, &now), ERR_MISSING);
    give(f, mate.id, ROLE_ADMIN, nowhere);
    assert_err(try_change(f, &gym, mate.id, rename, &now), ERR_FORBIDDEN);
}

static void one_changes_of_oneself_what_is_ones_own(void **state)
{
    struct fixture *f = *state;
    struct id iron = fixture_organization(f, "iron");
    struct user anna = fixture_member(f, "anna", iron);
    struct actor self = fixture_actor(f, anna.id);
    struct str name = STR("Anna"), role = STR("USER");
    struct email email = address(f, "other");
    struct logged_in in;
    struct person now;

    assert_ok(try_change(
        f, &self, anna.id,
        (struct person_change){.first_name = &name, .password = {STR("quite another password")}},
        &now));
    assert_ok(fixture_try_login(f, "anna", "quite another password", NULL, &in));
    assert_err(try_change(f, &self, anna.id, (struct person_change){.email = &email}, &now),
               ERR_FORBIDDEN);
    assert_err(try_change(f, &self, anna.id, (struct person_change){.role = &role}, &now),
               ERR_FORBIDDEN);
    assert_err(
        try_change(f, &self, anna.id, (struct person_change){.organization = &nowhere}, &now),
        ERR_FORBIDDEN);
}

static void a_password_lets_in_who_waited_and_ends_sessions(void **state)
{
    struct fixture *f = *state;
    struct person made, now;
    struct logged_in in, again;
    struct person_change first = {.password = {STR(PASSWORD)}},
                         second = {.password = {STR("quite another password")}};

    assert_ok(try_create(f, &actor_operator, "anna", (struct new_person){{{0}}}, &made));
    assert_err(fixture_try_login(f, "anna@example.com", PASSWORD, NULL, &in), ERR_CREDENTIALS);
    assert_ok(try_change(f, &actor_operator, made.user.id, first, &now));
    assert_int_equal(now.user.state, USER_ACTIVE);
    assert_ok(fixture_try_login(f, "anna@example.com", PASSWORD, NULL, &in));
    assert_ok(fixture_accept(f, in.token.text, NULL));
    assert_ok(try_change(f, &actor_operator, made.user.id, second, &now));
    assert_err(fixture_accept(f, in.token.text, NULL), ERR_TOKEN_INVALID);
    assert_ok(fixture_try_login(f, "anna@example.com", "quite another password", NULL, &again));
    first.password.hidden = STR("short");
    assert_err(try_change(f, &actor_operator, made.user.id, first, &now), ERR_PASSWORD_SHORT);
}

static void another_address_is_not_verified_and_takes_the_username_along(void **state)
{
    struct fixture *f = *state;
    struct new_user in = {.email = address(f, "anna"), .password = {STR(PASSWORD)}};
    struct user made, other = fixture_user(f, "other");
    struct email next = address(f, "next"), taken = address(f, "other");
    struct logged_in logged_in;
    struct person now;

    assert_ok(username_parse(f->arena, STR("anna@example.com"), &in.username));
    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_ok(user_create(ctx, &in, &made));
    assert_ok(q_user_verified(ctx->tx, f->now, true, made.id));
    fixture_keep(f);
    assert_ok(
        try_change(f, &actor_operator, made.id, (struct person_change){.email = &next}, &now));
    assert_str(now.user.email.shown, "next@example.com");
    assert_str(now.user.username.shown, "next@example.com");
    assert_false(moment_is_set(now.user.verified));
    assert_false(now.user.corporate);
    assert_ok(fixture_try_login(f, "next@example.com", PASSWORD, NULL, &logged_in));
    assert_err(fixture_try_login(f, "anna@example.com", PASSWORD, NULL, &logged_in),
               ERR_CREDENTIALS);
    assert_err(
        try_change(f, &actor_operator, made.id, (struct person_change){.email = &taken}, &now),
        ERR_EMAIL_TAKEN);
    assert_ok(
        try_change(f, &actor_operator, other.id, (struct person_change){.email = &taken}, &now));
}

int main(int count, char **arguments)
{
    (void)arguments;
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(one_is_made_with_the_role_that_everybody_has),
        FIXTURE_TEST(an_administrator_of_an_organization_is_one_there),
        FIXTURE_TEST(who_administers_one_organization_makes_its_users_alone),
        FIXTURE_TEST(one_sees_oneself_and_those_whom_one_may_read),
        FIXTURE_TEST(lists_are_narrowed_down_and_counted),
        FIXTURE_TEST(an_address_finds_its_account_if_it_is_among_them),
        FIXTURE_TEST(who_reads_in_some_organizations_lists_those),
        FIXTURE_TEST(a_change_names_what_it_changes),
        FIXTURE_TEST(a_role_takes_the_place_of_the_others),
        FIXTURE_TEST(the_last_super_administrator_stays_one),
        FIXTURE_TEST(who_moves_gives_up_what_they_held_there),
        FIXTURE_TEST(who_moves_to_a_suspended_organization_is_kept_out),
        FIXTURE_TEST(who_administers_one_organization_moves_nobody_out_of_its_reach),
        FIXTURE_TEST(one_changes_of_oneself_what_is_ones_own),
        FIXTURE_TEST(a_password_lets_in_who_waited_and_ends_sessions),
        FIXTURE_TEST(another_address_is_not_verified_and_takes_the_username_along),
    };
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
