#include "base/check.h"
#include "domain/fixture.h"
#include "domain/permission.h"
#include "domain/role.h"

struct making {
    struct str name;
    struct permission_entry entry;
};

static enum err make(struct ctx *ctx, void *with)
{
    struct making *making = with;

    return permission_create(ctx, making->name, STR("To read data"), &making->entry);
}

static enum err make_as_operator(struct fixture *f, struct making *making)
{
    return fixture_run(f, &actor_operator, TX_WRITE, make, making);
}

static void a_permission_is_found_as_it_was_made(void **state)
{
    struct fixture *f = *state;
    struct making making = {.name = STR("READ_DATA")};
    struct permission_entry found;

    assert_ok(make_as_operator(f, &making));
    assert_ok(permission_find(fixture_begin(f, TX_READ), STR("READ_DATA"), &found));
    fixture_keep(f);
    assert_true(id_eq(found.id, making.entry.id));
    assert_str(found.description, "To read data");
    assert_false(found.built_in);
    assert_ok(permission_get(fixture_begin(f, TX_READ), making.entry.id, &found));
    fixture_keep(f);
    assert_err(permission_find(fixture_begin(f, TX_READ), STR("read_data"), &found), ERR_MISSING);
    fixture_drop(f);
}

static void a_name_is_taken_once(void **state)
{
    struct fixture *f = *state;
    struct making making = {.name = STR("READ_DATA")}, built_in = {.name = STR("users:read")},
                  wrong = {.name = STR("read data")};

    assert_ok(make_as_operator(f, &making));
    assert_err(make_as_operator(f, &making), ERR_TAKEN);
    assert_err(make_as_operator(f, &built_in), ERR_TAKEN);
    assert_err(make_as_operator(f, &wrong), ERR_FIELD_VALUE);
    assert_str(f->ctx.reason.field, "name");
    assert_int_equal(fixture_count(f, EVENT_PERMISSION_CREATED), 1);
}

static void pages_hold_all_and_each_once(void **state)
{
    struct fixture *f = *state;
    struct permission_page page;
    struct str last = STR("");
    int64_t seen = 0, total;

    do {
        assert_ok(permission_list(fixture_begin(f, TX_READ), (struct page){seen, 4}, &page));
        fixture_keep(f);
        total = page.total;
        for (size_t i = 0; i < page.count; i++) {
            assert_true(str_compare(last, page.permissions[i].name) < 0);
            last = page.permissions[i].name;
        }
        seen += (int64_t)page.count;
    } while (page.count > 0);
    assert_int_equal(seen, total);
    assert_true(total > PERMISSIONS); /* and those with a star */
}

static enum err delete (struct ctx *ctx, void *with) {
    return permission_delete(ctx, with);
}

static enum err make_role(struct ctx *ctx, void *with)
{
    return role_create(ctx,
                       &(struct new_role){
                           .name = STR("READER"), .permissions = {with, 1}
    },
                       &(struct role_entry){0});
}

static void what_a_role_allows_cannot_be_deleted(void **state)
{
    struct fixture *f = *state;
    struct making used = {.name = STR("READ_DATA")}, unused = {.name = STR("WRITE_DATA")};
    struct permission_entry built_in;

    assert_ok(make_as_operator(f, &used));
    assert_ok(make_as_operator(f, &unused));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, make_role, &used.name));
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, delete, &used.entry), ERR_IN_USE);
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, delete, &unused.entry));
    assert_ok(permission_find(fixture_begin(f, TX_READ), STR("metrics:read"), &built_in));
    fixture_keep(f);
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, delete, &built_in), ERR_BUILT_IN);
    assert_int_equal(fixture_count(f, EVENT_PERMISSION_DELETED), 1);
}

static enum err change(struct ctx *ctx, void *with)
{
    return permission_change(ctx, with);
}

static void a_permission_is_changed_but_not_its_name_while_it_is_used(void **state)
{
    struct fixture *f = *state;
    struct making making = {.name = STR("READ_DATA")};
    struct permission_entry found;

    assert_ok(make_as_operator(f, &making));
    making.entry.name = STR("READ_ALL");
    making.entry.description = STR("Another");
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, change, &making.entry));
    assert_ok(permission_find(fixture_begin(f, TX_READ), STR("READ_ALL"), &found));
    assert_str(found.description, "Another");
    fixture_keep(f);

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, make_role, &making.entry.name));
    making.entry.description = STR("A third");
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, change, &making.entry));
    making.entry.name = STR("READ_NOTHING");
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, change, &making.entry), ERR_IN_USE);
}

static void what_comes_with_the_service_is_not_changed(void **state)
{
    struct fixture *f = *state;
    struct permission_entry found;

    assert_ok(permission_find(fixture_begin(f, TX_READ), STR("users:read"), &found));
    fixture_keep(f);
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, change, &found), ERR_BUILT_IN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_permission_is_found_as_it_was_made),
        FIXTURE_TEST(a_name_is_taken_once),
        FIXTURE_TEST(pages_hold_all_and_each_once),
        FIXTURE_TEST(what_a_role_allows_cannot_be_deleted),
        FIXTURE_TEST(a_permission_is_changed_but_not_its_name_while_it_is_used),
        FIXTURE_TEST(what_comes_with_the_service_is_not_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
