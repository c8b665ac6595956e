/* Organizations: what they are called, who may change them, and what they look like. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "domain/fixture.h"
#include "domain/organization.h"
#include "domain/role.h"
#include "store/queries.h"

enum {
    CROWD = 16
};

struct making {
    struct new_organization in;
    struct organization out;
};

static enum err create(struct ctx *ctx, void *with)
{
    struct making *making = with;

    return organization_create(ctx, &making->in, &making->out);
}

static enum err try_make(struct fixture *f, struct new_organization in, struct organization *ret)
{
    struct making making = {.in = in};
    enum err e = fixture_run(f, &actor_operator, TX_WRITE, create, &making);

    *ret = making.out;
    return e;
}

static struct organization make(struct fixture *f, const char *name)
{
    struct organization made;

    assert_ok(try_make(f, (struct new_organization){.name = str_of(name)}, &made));
    return made;
}

static struct organization get(struct fixture *f, struct id id)
{
    struct organization found;

    assert_ok(organization_get(fixture_begin(f, TX_READ), id, &found));
    fixture_keep(f);
    return found;
}

static enum err find(struct fixture *f, struct str slug, struct organization *ret)
{
    enum err e = organization_find(fixture_begin(f, TX_READ), slug, ret);

    fixture_drop(f);
    return e;
}

struct changing {
    struct id id;
    struct organization_change in;
    struct organization out;
};

static enum err change(struct ctx *ctx, void *with)
{
    struct changing *changing = with;

    return organization_change(ctx, changing->id, &changing->in, &changing->out);
}

static enum err try_change(struct fixture *f, const struct actor *actor, struct id id,
                           struct organization_change in)
{
    struct changing changing = {.id = id, .in = in};

    return fixture_run(f, actor, TX_WRITE, change, &changing);
}

/* Creating. */

static void a_slug_is_made_from_the_name(void **state)
{
    struct fixture *f = *state;

    struct organization made = make(f, "  Iron Temple ");
    assert_str(made.name, "Iron Temple");
    assert_str(made.slug, "iron-temple");
    assert_str(make(f, "Iron Temple").slug, "iron-temple-2");
    assert_str(make(f, "iron temple!").slug, "iron-temple-3");
    assert_str(make(f, "\u7530\u4e2d").slug, "organization");
    assert_str(make(f, "00000000-0000-7000-8000-000000000001").slug, "organization-2");
    assert_int_equal(fixture_count(f, EVENT_ORGANIZATION_CREATED), 5);
}

static void there_is_a_slug_however_many_have_the_name(void **state)
{
    struct fixture *f = *state;
    struct organization made;

    for (int i = 0; i < 14; i++) {
        made = make(f, "Gold's Gym");
    }
    assert_true(str_starts(made.slug, STR("gold-s-gym-")));
    assert_int_equal(made.slug.len, sizeof "gold-s-gym-" - 1 + 12);
    struct organization found;
    assert_ok(find(f, made.slug, &found));
    assert_true(id_eq(found.id, made.id));
}

static void a_slug_that_is_given_is_taken_or_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const wrong[] = {"Iron", "iron temple", "-iron", "",
                                        "00000000-0000-7000-8000-000000000001"};
    struct new_organization in = {.name = STR("Iron Temple"), .slug = STR("irontemple")};
    struct organization made, found;

    assert_ok(try_make(f, in, &made));
    assert_str(made.slug, "irontemple");
    assert_err(try_make(f, in, &made), ERR_TAKEN);
    assert_str(f->ctx.reason.field, "slug");
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        in.slug = str_of(wrong[i]);
        assert_err(try_make(f, in, &made), ERR_FIELD_VALUE);
        assert_str(f->ctx.reason.field, "slug");
    }
    assert_err(find(f, STR("Iron"), &found), ERR_MISSING);
}

static void what_it_says_of_itself_is_looked_at(void **state)
{
    struct fixture *f = *state;
    static char long_text[1000];
    memset(long_text, 'x', sizeof long_text);
    struct str much = {long_text, 101}, more = {long_text, 201};
    const struct {
        struct new_organization in;
        const char *member;
    } wrong[] = {
        {{.name = STR("")},                                  "name"    },
        {{.name = STR("   ")},                               "name"    },
        {{.name = STR("a\nb")},                              "name"    },
        {{.name = STR("\xff")},                              "name"    },
        {{.name = more},                                     "name"    },
        {{.name = STR("A"), .domain = STR("nothing")},       "domain"  },
        {{.name = STR("A"), .domain = STR("a@example.com")}, "domain"  },
        {{.name = STR("A"), .industry = much},               "industry"},
        {{.name = STR("A"), .size = STR("1\r\n2")},          "size"    },
    };
    struct organization made;

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_err(try_make(f, wrong[i].in, &made), ERR_FIELD_VALUE);
        assert_true(str_eq(f->ctx.reason.field, str_of(wrong[i].member)));
    }
    assert_int_equal(fixture_count(f, EVENT_ORGANIZATION_CREATED), 0);
}

static void a_domain_is_one_however_it_is_written(void **state)
{
    struct fixture *f = *state;
    struct new_organization in = {.name = STR("M"), .domain = STR("M\u00dcNCHEN.de")};
    struct organization made;

    assert_ok(try_make(f, in, &made));
    assert_str(made.domain, "xn--mnchen-3ya.de");
    in.domain = STR("mu\u0308nchen.DE");
    assert_err(try_make(f, in, &made), ERR_TAKEN);
    assert_str(f->ctx.reason.field, "domain");
}

static void however_many_make_one_at_once_each_has_a_slug(void **state)
{
    struct fixture *f = *state;
    struct making makings[CROWD];
    struct fixture_one ones[CROWD];

    for (size_t i = 0; i < CROWD; i++) {
        makings[i] = (struct making){.in = {.name = STR("Iron Temple")}};
        ones[i] = (struct fixture_one){.with = &makings[i]};
    }
    fixture_crowd(f, create, ones, CROWD);
    for (size_t i = 0; i < CROWD; i++) {
        assert_ok(ones[i].answer);
    }
    struct organization_page page;
    assert_ok(organization_list(fixture_begin(f, TX_READ), (struct page){.limit = 100}, &page));
    fixture_keep(f);
    assert_int_equal(page.total, CROWD);
    assert_int_equal(page.count, CROWD);
    assert_str(page.organizations[0].slug, "iron-temple");
    for (size_t i = 1; i < CROWD; i++) {
        assert_true(str_compare(page.organizations[i - 1].slug, page.organizations[i].slug) < 0);
    }
}

static void of_those_who_want_one_domain_at_once_one_has_it(void **state)
{
    struct fixture *f = *state;
    struct making makings[CROWD];
    struct fixture_one ones[CROWD];
    size_t made = 0;

    for (size_t i = 0; i < CROWD; i++) {
        makings[i] = (struct making){
            .in = {.name = STR("A"), .domain = STR("example.com")}
        };
        ones[i] = (struct fixture_one){.with = &makings[i]};
    }
    fixture_crowd(f, create, ones, CROWD);
    for (size_t i = 0; i < CROWD; i++) {
        made += ones[i].answer == ERR_OK;
        assert_true(ones[i].answer == ERR_OK || ones[i].answer == ERR_TAKEN);
    }
    assert_int_equal(made, 1);
}

/* Finding. */

static enum err named(struct fixture *f, struct str name, struct organization *ret)
{
    enum err e = organization_named(fixture_begin(f, TX_READ), name, ret);

    fixture_drop(f);
    return e;
}

static void one_is_found_by_its_slug_or_its_id(void **state)
{
    struct fixture *f = *state;
    static const char *const others[] = {"",
                                         "iron",
                                         "iron-gym ",
                                         "Iron Gym",
                                         "\u212airon-gym",
                                         "%",
                                         "00000000-0000-7000-8000-000000000001"};
    struct organization found, iron = make(f, "Iron Gym"), other = make(f, "Iron Gym");
    char text[ID_TEXT + 1];
    struct buf out = buf_over(text, sizeof text);

    assert_ok(find(f, STR("iron-gym"), &found));
    assert_true(id_eq(found.id, iron.id));
    assert_ok(named(f, STR("iron-gym-2"), &found));
    assert_true(id_eq(found.id, other.id));
    assert_ok(named(f, STR("Iron-GYM"), &found)); /* as people write it who log in there */
    assert_true(id_eq(found.id, iron.id));
    assert_err(find(f, STR("Iron-GYM"), &found), ERR_MISSING);
    id_print(&out, iron.id);
    assert_ok(named(f, buf_str(&out), &found));
    assert_str(found.slug, "iron-gym");
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        assert_err(named(f, str_of(others[i]), &found), ERR_MISSING);
    }
}

static enum err called(struct fixture *f, const char *name, struct organization *ret)
{
    enum err e = organization_called(fixture_begin(f, TX_READ), str_of(name), ret);

    fixture_drop(f);
    return e;
}

static void one_is_found_by_the_name_that_it_was_made_of(void **state)
{
    struct fixture *f = *state;
    struct new_organization bare = {.name = STR("The temple"), .slug = STR("irontemple")};
    struct organization found, temple, first = make(f, "Iron Gym"), second = make(f, "Iron-Gym!"),
                                       kanji = make(f, "\u7530\u4e2d");

    assert_ok(try_make(f, bare, &temple));
    assert_ok(called(f, " Iron Gym ", &found));
    assert_true(id_eq(found.id, first.id));
    assert_ok(called(f, "Iron-Gym!", &found));
    assert_true(id_eq(found.id, second.id));
    assert_ok(called(f, "IRON-gym", &found)); /* its slug, whatever it is called */
    assert_true(id_eq(found.id, first.id));
    assert_ok(called(f, "IronTemple", &found));
    assert_true(id_eq(found.id, temple.id));
    assert_ok(called(f, "\u7530\u4e2d", &found));
    assert_true(id_eq(found.id, kanji.id));
    static const char *const others[] = {"", "Iron", "iron gym?", "\u4e2d", "The temple", "\xff"};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        assert_err(called(f, others[i], &found), ERR_MISSING);
    }
}

/* As many as get a number; behind them nobody is looked for. */
static void of_many_who_are_called_alike_each_is_found_by_its_name(void **state)
{
    enum {
        NUMBERED = 9
    };
    struct fixture *f = *state;
    struct organization made[NUMBERED + 1], found;
    struct str names[NUMBERED + 1];

    for (size_t i = 0; i <= NUMBERED; i++) {
        assert_ok(arena_print(f->arena, &names[i], "Gold%.*s", (int)i, "!!!!!!!!!"));
        made[i] = make(f, names[i].ptr);
    }
    for (size_t i = 0; i < NUMBERED; i++) {
        assert_ok(called(f, names[i].ptr, &found));
        assert_true(id_eq(found.id, made[i].id));
    }
    assert_err(called(f, names[NUMBERED].ptr, &found), ERR_MISSING);
}

static void pages_are_by_slug(void **state)
{
    struct fixture *f = *state;
    struct organization_page page;

    (void)make(f, "Beta");
    (void)make(f, "Alpha");
    (void)make(f, "Gamma");
    struct ctx *ctx = fixture_begin(f, TX_READ);
    assert_ok(organization_list(ctx, (struct page){.offset = 1, .limit = 1}, &page));
    assert_int_equal(page.total, 3);
    assert_int_equal(page.count, 1);
    assert_str(page.organizations[0].slug, "beta");
    assert_ok(organization_list(ctx, (struct page){.offset = 3, .limit = 1}, &page));
    assert_int_equal(page.count, 0);
    fixture_keep(f);
}

/* Changing. */

static void a_change_names_what_it_changes(void **state)
{
    struct fixture *f = *state;
    struct new_organization in = {.name = STR("A"), .industry = STR("Sport"), .size = STR("1-10")};
    struct organization made;
    struct str name = STR("B"), domain = STR("Example.COM"), none = {0}, empty = STR("");

    assert_ok(try_make(f, in, &made));
    fixture_pass(f, 5);
    assert_ok(try_change(f, &actor_operator, made.id,
                         (struct organization_change){
                             .name = &name, .domain = &domain, .industry = &none, .size = &empty}));
    struct organization now = get(f, made.id);
    assert_str(now.name, "B");
    assert_str(now.slug, "a");
    assert_str(now.domain, "example.com");
    assert_false(str_is_set(now.industry));
    assert_false(str_is_set(now.size));
    assert_int_equal(now.created.ms, made.created.ms);
    assert_int_equal(now.updated.ms, f->now.ms);
    assert_int_equal(fixture_count(f, EVENT_ORGANIZATION_CHANGED), 1);
    assert_ok(try_change(f, &actor_operator, made.id, (struct organization_change){0}));
    assert_int_equal(fixture_count(f, EVENT_ORGANIZATION_CHANGED), 1);
    assert_err(try_change(f, &actor_operator, made.id, (struct organization_change){.name = &none}),
               ERR_FIELD_VALUE);
}

static void looks_have_to_be_looks(void **state)
{
    struct fixture *f = *state;
    struct organization made = make(f, "A");
    struct str logo = STR("https://example.com/logo.png"), first = STR("#0aF"),
               second = STR("#00aaFF"), none = {0}, wrong = STR("red"),
               script = STR("javascript:alert(1)");
    struct brand brand;

    assert_ok(try_change(f, &actor_operator, made.id,
                         (struct organization_change){.logo_url = &logo,
                                                      .primary_color = &first,
                                                      .secondary_color = &second}));
    struct organization now = get(f, made.id);
    assert_str(now.logo_url, "https://example.com/logo.png");
    assert_str(now.secondary_color, "#00aaFF");
    assert_ok(organization_brand(fixture_begin(f, TX_READ), made.id, &brand));
    assert_str(brand.name, "A");
    assert_str(brand.colour, "#0aF");
    fixture_keep(f);
    assert_err(try_change(f, &actor_operator, made.id,
                          (struct organization_change){.primary_color = &wrong}),
               ERR_FIELD_VALUE);
    assert_str(f->ctx.reason.field, "primary_color");
    assert_err(
        try_change(f, &actor_operator, made.id, (struct organization_change){.logo_url = &script}),
        ERR_FIELD_VALUE);
    assert_str(f->ctx.reason.field, "logo_url");
    assert_ok(try_change(f, &actor_operator, made.id,
                         (struct organization_change){.logo_url = &none, .primary_color = &none}));
    now = get(f, made.id);
    assert_false(str_is_set(now.logo_url));
    assert_false(str_is_set(now.primary_color));
    assert_true(str_is_set(now.secondary_color));
}

static void store_name(struct fixture *f, struct organization *organization, struct str name)
{
    organization->name = name;
    assert_ok(q_organization_update(fixture_begin(f, TX_WRITE)->tx, organization));
    fixture_keep(f);
}

/* As they could be until names were looked at as letters are. */
static void a_name_of_more_than_one_line_is_no_name_but_may_be_there(void **state)
{
    struct fixture *f = *state;
    struct organization made = make(f, "Gold"), none;
    struct new_organization in = {.name = STR("Gold\xc2\x85Gym")};
    struct str first = STR("#0aF");
    struct brand brand;

    assert_err(try_make(f, in, &none), ERR_FIELD_VALUE);
    assert_str(f->ctx.reason.field, "name");
    in.name = STR("Gold\xe2\x80\xa8");
    assert_err(try_make(f, in, &none), ERR_FIELD_VALUE);

    store_name(f, &made, STR("Gold\xc2\x85Gym\xe2\x80\xa8"));
    assert_ok(organization_brand(fixture_begin(f, TX_READ), made.id, &brand));
    assert_str(brand.name, "Gold Gym");
    fixture_keep(f);
    assert_ok(try_change(f, &actor_operator, made.id,
                         (struct organization_change){.primary_color = &first}));
    assert_str(get(f, made.id).name, "Gold Gym"); /* as soon as anything is written */

    store_name(f, &made, STR("\xc2\x85"));
    assert_ok(try_change(f, &actor_operator, made.id,
                         (struct organization_change){.state = ORGANIZATION_SUSPENDED}));
}

static void without_an_organization_the_looks_are_the_services_own(void **state)
{
    struct fixture *f = *state;
    struct brand brand = {.name = STR("x"), .colour = STR("y")};
    struct id gone = {{1}};

    assert_ok(organization_brand(fixture_begin(f, TX_READ), (struct id){0}, &brand));
    assert_false(str_is_set(brand.name));
    brand.name = STR("x");
    assert_ok(organization_brand(&f->ctx, gone, &brand));
    assert_false(str_is_set(brand.name));
    fixture_keep(f);
}

static enum err complete_setup(struct ctx *ctx, void *id)
{
    return organization_complete_setup(ctx, *(const struct id *)id);
}

static void setup_is_completed_once(void **state)
{
    struct fixture *f = *state;
    struct organization made = make(f, "A");

    assert_false(moment_is_set(made.setup));
    struct moment first = f->now;
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, complete_setup, &made.id));
    fixture_pass(f, 60);
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, complete_setup, &made.id));
    struct organization now = get(f, made.id);
    assert_int_equal(now.setup.ms, first.ms);
    assert_int_equal(now.updated.ms, first.ms);
    assert_int_equal(fixture_count(f, EVENT_ORGANIZATION_SET_UP), 1);
}

/* Who may. */

static void who_administers_one_changes_it_and_no_other(void **state)
{
    struct fixture *f = *state;
    struct organization own = make(f, "Own"), other = make(f, "Other");
    struct user paul = fixture_user(f, "paul");
    struct actor plain = fixture_actor(f, paul.id);
    struct actor admin = fixture_gym_admin(f, fixture_user(f, "gym").id, own.id);
    struct str name = STR("New");
    struct organization_change rename = {.name = &name}, stop = {.state = ORGANIZATION_SUSPENDED};

    assert_ok(try_change(f, &admin, own.id, rename));
    assert_err(try_change(f, &admin, other.id, rename), ERR_MISSING);
    assert_err(try_change(f, &admin, (struct id){{9}}, rename), ERR_MISSING);
    assert_err(try_change(f, &plain, own.id, rename), ERR_FORBIDDEN);
    assert_err(fixture_run(f, &admin, TX_WRITE, complete_setup, &other.id), ERR_MISSING);
    assert_ok(fixture_run(f, &admin, TX_WRITE, complete_setup, &own.id));
    assert_err(try_change(f, &admin, own.id, stop), ERR_FORBIDDEN);
    assert_err(fixture_delete_organization(f, &admin, other.id, true), ERR_MISSING);
    assert_ok(fixture_set_organization(f, &actor_operator, own.id, ORGANIZATION_SUSPENDED));
    assert_err(fixture_delete_organization(f, &admin, own.id, true), ERR_FORBIDDEN);
    assert_ok(fixture_set_organization(f, &actor_operator, own.id, ORGANIZATION_ACTIVE));
    assert_ok(fixture_delete_organization(f, &admin, own.id, false));
    assert_err(try_change(f, &actor_operator, own.id, rename), ERR_MISSING);
}

/* Whose address is there counts as one of the organization: so it is not its own to say. */
static void a_domain_is_given_by_who_writes_all_organizations(void **state)
{
    struct fixture *f = *state;
    struct new_organization in = {.name = STR("Own"), .domain = STR("own.example")};
    struct organization own;
    struct str same = STR("OWN.Example"), other = STR("gmail.com"), none = {0}, name = STR("New"),
               wrong = STR("no domain");
    struct organization_change resend = {.name = &name, .domain = &same},
                               claim = {.name = &name, .domain = &other}, clear = {.domain = &none},
                               nonsense = {.domain = &wrong};

    assert_ok(try_make(f, in, &own));
    struct actor gym = fixture_gym_admin(f, fixture_user(f, "gym").id, own.id);
    struct actor root = fixture_actor(f, fixture_admin(f, "root", ROLE_SUPER_ADMIN).id);
    assert_err(try_change(f, &gym, own.id, claim), ERR_FORBIDDEN);
    assert_str(f->ctx.reason.field, "domain");
    assert_err(try_change(f, &gym, own.id, clear), ERR_FORBIDDEN);
    assert_err(try_change(f, &gym, own.id, nonsense), ERR_FIELD_VALUE);
    assert_str(get(f, own.id).name, "Own");
    assert_ok(try_change(f, &gym, own.id, resend));
    assert_str(get(f, own.id).name, "New");
    assert_ok(try_change(f, &root, own.id, clear));
    assert_ok(try_change(f, &gym, own.id, clear)); /* it has none already */
    assert_ok(try_change(f, &root, own.id, claim));
    assert_str(get(f, own.id).domain, "gmail.com");
    assert_err(
        try_change(f, &gym, own.id, (struct organization_change){.state = ORGANIZATION_SUSPENDED}),
        ERR_FORBIDDEN);
    assert_str(f->ctx.reason.field, "status");
}

int main(int count, char **arguments)
{
    (void)arguments;
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_slug_is_made_from_the_name),
        FIXTURE_TEST(there_is_a_slug_however_many_have_the_name),
        FIXTURE_TEST(a_slug_that_is_given_is_taken_or_refused),
        FIXTURE_TEST(what_it_says_of_itself_is_looked_at),
        FIXTURE_TEST(a_domain_is_one_however_it_is_written),
        FIXTURE_TEST(however_many_make_one_at_once_each_has_a_slug),
        FIXTURE_TEST(of_those_who_want_one_domain_at_once_one_has_it),
        FIXTURE_TEST(one_is_found_by_its_slug_or_its_id),
        FIXTURE_TEST(one_is_found_by_the_name_that_it_was_made_of),
        FIXTURE_TEST(of_many_who_are_called_alike_each_is_found_by_its_name),
        FIXTURE_TEST(pages_are_by_slug),
        FIXTURE_TEST(a_change_names_what_it_changes),
        FIXTURE_TEST(looks_have_to_be_looks),
        FIXTURE_TEST(a_name_of_more_than_one_line_is_no_name_but_may_be_there),
        FIXTURE_TEST(without_an_organization_the_looks_are_the_services_own),
        FIXTURE_TEST(setup_is_completed_once),
        FIXTURE_TEST(who_administers_one_changes_it_and_no_other),
        FIXTURE_TEST(a_domain_is_given_by_who_writes_all_organizations),
    };
    return fixture_main(count, tests, ARRAY_LEN(tests));
}
