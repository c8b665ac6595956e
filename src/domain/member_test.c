#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "domain/fixture.h"
#include "domain/member.h"
#include "domain/role.h"

static struct user make_user(struct fixture *f, const char *name, struct id gym)
{
    fixture_pass(f, 1); /* the order of ids within one millisecond is nobody's */
    return fixture_member(f, name, gym);
}

static void grant(struct fixture *f, const struct user *user, enum role role, struct id gym)
{
    struct role_entry entry;

    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_ok(role_find(ctx, role_name(role), &entry));
    assert_ok(role_grant(ctx, user->id, &entry, gym));
    fixture_keep(f);
}

static struct member shown(struct fixture *f, const struct user *user)
{
    struct member member;

    struct ctx *ctx = fixture_begin(f, TX_READ);
    assert_ok(member_of(ctx, user, &member));
    fixture_drop(f);
    return member;
}

static void of_three_roles_the_strongest_is_shown(void **state)
{
    struct fixture *f = *state;
    const struct id nowhere = {0}, iron = fixture_organization(f, "iron"),
                    gold = fixture_organization(f, "gold");
    struct user user = make_user(f, "ann", iron);

    assert_int_equal(shown(f, &user).role, ROLE_MEMBER);
    assert_str(shown(f, &user).gym, "iron");
    grant(f, &user, ROLE_USER, nowhere);
    grant(f, &user, ROLE_ADMIN, nowhere);
    grant(f, &user, ROLE_GYM_ADMIN, gold); /* not where they belong */
    assert_int_equal(shown(f, &user).role, ROLE_MEMBER);
    grant(f, &user, ROLE_GYM_ADMIN, iron);
    assert_int_equal(shown(f, &user).role, ROLE_GYM_ADMIN);
    grant(f, &user, ROLE_SUPER_ADMIN, nowhere);
    assert_int_equal(shown(f, &user).role, ROLE_SUPER_ADMIN);
}

static enum err within(struct fixture *f, const struct user *user, const char *one,
                       const char *other)
{
    const struct str names[] = {str_of(one), str_of(other)};
    struct text_list list = {names, other ? 2 : 1};

    struct ctx *ctx = fixture_begin(f, TX_READ);
    enum err e = member_is_within(ctx, user, &list);
    fixture_drop(f);
    return e;
}

static void a_gym_is_named_by_slug_or_id_and_every_name_counts(void **state)
{
    struct fixture *f = *state;
    const struct id iron = fixture_organization(f, "iron");
    struct user ann = make_user(f, "ann", iron), bob = make_user(f, "bob", (struct id){0});
    struct buf text = buf_in_arena(f->arena, ID_TEXT + 1);

    (void)fixture_organization(f, "gold");
    id_print(&text, iron);
    buf_put_char(&text, '\0');
    assert_ok(within(f, &ann, "iron", NULL));
    assert_ok(within(f, &ann, "IRON", "iron"));
    assert_ok(within(f, &ann, text.data, NULL));
    assert_err(within(f, &ann, "gold", NULL), ERR_ELSEWHERE);
    assert_err(within(f, &ann, "iron", "gold"), ERR_ELSEWHERE);
    assert_err(within(f, &ann, "nowhere", NULL), ERR_ELSEWHERE);
    assert_err(within(f, &bob, "iron", NULL), ERR_ELSEWHERE);
    grant(f, &bob, ROLE_SUPER_ADMIN, (struct id){0});
    assert_ok(within(f, &bob, "iron", "gold"));
}

/* What they may there is for the roles to say; elsewhere they are nobody. */
static void a_super_administrator_of_one_gym_alone_is_its_administrator(void **state)
{
    struct fixture *f = *state;
    const struct id iron = fixture_organization(f, "iron");
    struct user ann = make_user(f, "ann", iron);

    (void)fixture_organization(f, "gold");
    grant(f, &ann, ROLE_SUPER_ADMIN, iron);
    assert_int_equal(shown(f, &ann).role, ROLE_GYM_ADMIN);
    assert_ok(within(f, &ann, "iron", NULL));
    assert_err(within(f, &ann, "gold", NULL), ERR_ELSEWHERE);
}

/* The usernames on a page, with blanks between; and how many there are on all. */
static const char *names_of(struct fixture *f, struct member_query query, int64_t total)
{
    struct buf names = buf_in_arena(f->arena, 4096);
    struct member_page page;

    query.page.limit = query.page.limit ? query.page.limit : 100;
    struct ctx *ctx = fixture_begin(f, TX_READ);
    assert_ok(member_list(ctx, &query, &page));
    assert_int_equal(page.total, total);
    for (size_t i = 0; i < page.count; i++) {
        buf_put(&names, i ? STR(" ") : STR(""));
        buf_put(&names, page.members[i].user.username.shown);
    }
    fixture_drop(f);
    buf_put_char(&names, '\0');
    return names.data;
}

static void fill_gyms(struct fixture *f)
{
    const struct id iron = fixture_organization(f, "iron"), gold = fixture_organization(f, "gold");
    struct user ann = make_user(f, "ann", iron), bob = make_user(f, "bob", gold);
    struct user root = make_user(f, "root", (struct id){0}), cid = make_user(f, "cid", iron);

    grant(f, &ann, ROLE_GYM_ADMIN, iron);
    grant(f, &bob, ROLE_GYM_ADMIN, gold);
    grant(f, &root, ROLE_SUPER_ADMIN, (struct id){0});
    struct user_edit edit = {.from = cid, .to = cid};
    edit.to.first_name = STR("Cidney");
    struct ctx *ctx = fixture_begin(f, TX_WRITE);
    assert_ok(user_change(ctx, &edit.from, &edit.to));
    assert_ok(user_stop(ctx, &cid));
    fixture_keep(f);
}

static void the_list_is_narrowed_down_by_each_and_by_all(void **state)
{
    struct fixture *f = *state;
    const enum role gym_admin = ROLE_GYM_ADMIN, member = ROLE_MEMBER, super = ROLE_SUPER_ADMIN;
    const unsigned all = MEMBER_ALL_STATES, active = 1U << USER_ACTIVE;

    fill_gyms(f);
    assert_string_equal(names_of(f, (struct member_query){.states = all}, 4), "ann bob root cid");
    assert_string_equal(names_of(f, (struct member_query){.states = ~active}, 1), "cid");
    assert_string_equal(names_of(f, (struct member_query){.states = all, .role = &gym_admin}, 2),
                        "ann bob");
    assert_string_equal(names_of(f, (struct member_query){.states = all, .role = &member}, 1),
                        "cid");
    assert_string_equal(names_of(f, (struct member_query){.states = all, .role = &super}, 1),
                        "root");
    assert_string_equal(names_of(f, (struct member_query){.states = all, .gym = STR("iron")}, 2),
                        "ann cid");
    assert_string_equal(names_of(f, (struct member_query){.states = all, .gym = STR("none")}, 0),
                        "");
    struct ctx *ctx = fixture_begin(f, TX_READ);
    struct user cid;
    assert_ok(user_find(ctx, STR("cid"), &cid));
    fixture_drop(f);
    grant(f, &cid, ROLE_SUPER_ADMIN, cid.organization);
    assert_string_equal(names_of(f, (struct member_query){.states = all, .role = &super}, 1),
                        "root");
    assert_string_equal(names_of(f, (struct member_query){.states = all, .role = &gym_admin}, 3),
                        "ann bob cid");
    assert_string_equal(
        names_of(f, (struct member_query){.states = active, .gym = STR("iron"), .role = &member},
                 0),
        "");
}

static void a_search_looks_into_addresses_and_names_in_any_case(void **state)
{
    struct fixture *f = *state;
    const unsigned all = MEMBER_ALL_STATES;

    fill_gyms(f);
    assert_string_equal(
        names_of(f, (struct member_query){.states = all, .search = STR("NN@ex")}, 1), "ann");
    assert_string_equal(names_of(f, (struct member_query){.states = all, .search = STR("IDNE")}, 1),
                        "cid");
    assert_string_equal(names_of(f, (struct member_query){.states = all, .search = STR("%")}, 0),
                        "");
    assert_string_equal(
        names_of(f,
                 (struct member_query){
                     .states = all, .search = STR("example"), .page = {.offset = 1, .limit = 2}
    },
                 4),
        "bob root");
}

int main(int count, char **arguments)
{
    (void)arguments;
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(of_three_roles_the_strongest_is_shown),
        FIXTURE_TEST(a_super_administrator_of_one_gym_alone_is_its_administrator),
        FIXTURE_TEST(a_gym_is_named_by_slug_or_id_and_every_name_counts),
        FIXTURE_TEST(the_list_is_narrowed_down_by_each_and_by_all),
        FIXTURE_TEST(a_search_looks_into_addresses_and_names_in_any_case),
    };
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
