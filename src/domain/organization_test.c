/* Organizations, found by their slugs. */
#include "base/check.h"
#include "domain/fixture.h"
#include "domain/organization.h"
#include "store/queries.h"

static struct id make(struct fixture *f, const char *name, const char *slug)
{
    struct organization organization = {.name = str_of(name),
                                        .slug = str_of(slug),
                                        .state = ORGANIZATION_ACTIVE,
                                        .created = f->now,
                                        .updated = f->now};
    struct ctx *ctx = fixture_begin(f, TX_WRITE);

    assert_ok(id_make(f->now, &organization.id));
    assert_ok(q_organization_insert(ctx->tx, &organization));
    fixture_keep(f);
    return organization.id;
}

static enum err find(struct fixture *f, struct str slug, struct organization *ret)
{
    struct ctx *ctx = fixture_begin(f, TX_READ);

    enum err e = organization_find(ctx, slug, ret);
    fixture_drop(f);
    return e;
}

static void an_organization_is_found_by_its_slug(void **state)
{
    struct fixture *f = *state;
    struct organization found;

    struct id iron = make(f, "Iron Gym", "iron-gym");
    struct id other = make(f, "Iron Gym", "iron-gym-2");
    assert_ok(find(f, STR("iron-gym"), &found));
    assert_true(id_eq(found.id, iron));
    assert_str(found.name, "Iron Gym");
    assert_ok(find(f, STR("iron-gym-2"), &found));
    assert_true(id_eq(found.id, other));
}

static void what_is_no_slug_finds_nothing(void **state)
{
    struct fixture *f = *state;
    static const char *const others[] = {"", "iron", "iron-gym ", "Iron Gym", "IRON-GYM", "%"};
    struct organization found;

    (void)make(f, "Iron Gym", "iron-gym");
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        assert_err(find(f, str_of(others[i]), &found), ERR_MISSING);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(an_organization_is_found_by_its_slug),
        FIXTURE_TEST(what_is_no_slug_finds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
