#include "base/check.h"
#include "domain/fixture.h"
#include "domain/permission.h"
#include "domain/role.h"
#include "domain/standing.h"

struct making {
    struct new_role in;
    struct role_entry role;
};

static enum err make(struct ctx *ctx, void *with)
{
    struct making *making = with;

    return role_create(ctx, &making->in, &making->role);
}

static void make_permission(struct fixture *f, struct str name)
{
    struct permission_entry entry;

    assert_ok(permission_create(fixture_begin(f, TX_WRITE), name, STR(""), &entry));
    fixture_keep(f);
}

static const struct str reading[] = {
    {"READ_DATA",  9 },
    {"users:read", 10}
};

/* MANAGER allows READ_DATA and users:read. */
static struct role_entry manager(struct fixture *f)
{
    struct making making = {
        .in = {STR("MANAGER"), STR("Manager role"), {reading, 2}}
    };

    make_permission(f, reading[0]);
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, make, &making));
    return making.role;
}

struct granting {
    struct id user;
    struct role_entry role;
    struct id organization;
    enum err (*how)(struct ctx *ctx, struct id user, const struct role_entry *role,
                    struct id organization);
};

static enum err grant_or_revoke(struct ctx *ctx, void *with)
{
    const struct granting *granting = with;

    return granting->how(ctx, granting->user, &granting->role, granting->organization);
}

static enum err grant(struct fixture *f, const struct actor *by, struct id user,
                      struct role_entry role)
{
    struct granting granting = {.user = user, .role = role, .how = role_grant};

    return fixture_run(f, by, TX_WRITE, grant_or_revoke, &granting);
}

static enum err revoke(struct fixture *f, const struct actor *by, struct id user,
                       struct role_entry role)
{
    struct granting granting = {.user = user, .role = role, .how = role_revoke};

    return fixture_run(f, by, TX_WRITE, grant_or_revoke, &granting);
}

static struct role_entry find(struct fixture *f, struct str name)
{
    struct role_entry role;

    assert_ok(role_find(fixture_begin(f, TX_READ), name, &role));
    fixture_keep(f);
    return role;
}

static bool holds(struct fixture *f, struct id user, const char *permission)
{
    return standing_holds(f->service.standing, user, str_of(permission), (struct id){0});
}

static void a_role_is_found_with_what_it_allows(void **state)
{
    struct fixture *f = *state;
    struct role_entry made = manager(f), role = find(f, STR("MANAGER"));
    const struct permission_entry *permissions = role.permissions.items;

    assert_true(id_eq(role.id, made.id));
    assert_str(role.description, "Manager role");
    assert_int_equal(role.permissions.count, 2);
    assert_str(permissions[0].name, "READ_DATA");
    assert_str(permissions[1].name, "users:read");
    assert_int_equal(find(f, STR("USER")).permissions.count, 0);
}

static void a_role_that_cannot_be_is_not_made(void **state)
{
    struct fixture *f = *state;
    static const struct str missing = {"FLY", 3};
    struct making unknown =
                      {
                          .in = {STR("BIRD"), STR(""), {&missing, 1}}
    },
                  taken = {.in = {.name = STR("USER")}}, wrong = {.in = {.name = STR("a,b")}};

    assert_err(fixture_run(f, &actor_operator, TX_WRITE, make, &unknown), ERR_PERMISSION_UNKNOWN);
    assert_str(f->ctx.reason.field, "FLY");
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, make, &taken), ERR_TAKEN);
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, make, &wrong), ERR_FIELD_VALUE);
    assert_err(role_find(fixture_begin(f, TX_READ), STR("BIRD"), &unknown.role), ERR_MISSING);
    fixture_drop(f);
}

static void a_permission_that_is_named_twice_is_allowed_once(void **state)
{
    struct fixture *f = *state;
    const struct str twice[] = {reading[1], reading[1]};
    struct making making = {
        .in = {STR("READER"), STR(""), {twice, 2}}
    };

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, make, &making));
    assert_int_equal(making.role.permissions.count, 1);
}

static void nobody_makes_a_role_that_could_do_more_than_they(void **state)
{
    struct fixture *f = *state;
    struct actor admin = fixture_actor(f, fixture_admin(f, "anna", ROLE_ADMIN).id);
    static const struct str all = {"*", 1}, orgs = {"orgs:read", 9};
    struct making everything =
                      {
                          .in = {STR("GOD"), STR(""), {&all, 1}}
    },
                  foreign = {.in = {STR("CLERK"), STR(""), {&orgs, 1}}},
                  within = {.in = {STR("MANAGER"), STR(""), {reading, 2}}};

    make_permission(f, reading[0]);
    assert_err(fixture_run(f, &admin, TX_WRITE, make, &everything), ERR_FORBIDDEN);
    assert_err(fixture_run(f, &admin, TX_WRITE, make, &foreign), ERR_FORBIDDEN);
    assert_ok(fixture_run(f, &admin, TX_WRITE, make, &within));
}

static void what_is_granted_is_held_at_once_until_it_is_revoked(void **state)
{
    struct fixture *f = *state;
    struct role_entry role = manager(f);
    struct user user = fixture_user(f, "paul");

    assert_false(holds(f, user.id, "READ_DATA"));
    assert_ok(grant(f, &actor_operator, user.id, role));
    assert_ok(grant(f, &actor_operator, user.id, role)); /* no harm twice */
    assert_int_equal(fixture_count(f, EVENT_ROLE_GRANTED), 1);
    assert_true(holds(f, user.id, "READ_DATA"));
    assert_true(permission_held(fixture_actor(f, user.id).permissions, PERMIT_USERS_READ));
    assert_ok(revoke(f, &actor_operator, user.id, role));
    assert_false(holds(f, user.id, "READ_DATA"));
    assert_err(revoke(f, &actor_operator, user.id, role), ERR_MISSING);
}

static void others_permissions_are_granted_only_by_who_holds_them(void **state)
{
    struct fixture *f = *state;
    struct role_entry role = manager(f);
    struct user user = fixture_user(f, "paul"), admin = fixture_admin(f, "anna", ROLE_ADMIN);
    struct actor by = fixture_actor(f, admin.id);

    assert_err(grant(f, &by, user.id, role), ERR_FORBIDDEN);
    assert_ok(grant(f, &actor_operator, admin.id, role));
    by = fixture_actor(f, admin.id);
    assert_ok(grant(f, &by, user.id, role));
}

static void the_last_super_administrator_keeps_the_role(void **state)
{
    struct fixture *f = *state;
    struct user root = fixture_admin(f, "root", ROLE_SUPER_ADMIN);
    struct role_entry super = find(f, STR("SUPER_ADMIN"));
    struct actor by = fixture_actor(f, root.id);

    assert_err(revoke(f, &by, root.id, super), ERR_LAST_ADMIN);
    (void)fixture_admin(f, "second", ROLE_SUPER_ADMIN);
    assert_ok(revoke(f, &by, root.id, super));
    assert_int_equal(fixture_actor(f, root.id).permissions.bits, 0);
}

static enum err delete (struct ctx *ctx, void *with) {
    return role_delete(ctx, with);
}

static void a_deleted_role_is_taken_from_all(void **state)
{
    struct fixture *f = *state;
    struct role_entry role = manager(f), user_role = find(f, STR("USER"));
    struct user user = fixture_user(f, "paul");

    assert_ok(grant(f, &actor_operator, user.id, role));
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, delete, &user_role), ERR_BUILT_IN);
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, delete, &role));
    assert_false(holds(f, user.id, "READ_DATA"));
    struct text_list names;
    assert_ok(role_names(fixture_begin(f, TX_READ), user.id, &names));
    fixture_keep(f);
    assert_int_equal(names.count, 0);
    fixture_restart(f);
    assert_false(holds(f, user.id, "READ_DATA"));
}

static void nobody_deletes_a_role_that_can_do_more_than_they(void **state)
{
    struct fixture *f = *state;
    struct actor gym = fixture_actor(f, fixture_admin(f, "gus", ROLE_GYM_ADMIN).id);
    static const struct str metrics = {"metrics:read", 12};
    struct making making = {
        .in = {STR("WATCHER"), STR(""), {&metrics, 1}}
    };

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, make, &making));
    assert_err(fixture_run(f, &gym, TX_WRITE, delete, &making.role), ERR_FORBIDDEN);
}

struct changing {
    struct role_entry role;
    struct text_list permissions;
};

static enum err change(struct ctx *ctx, void *with)
{
    struct changing *changing = with;

    return role_change(ctx, &changing->role, &changing->permissions);
}

static void what_a_role_allows_changes_for_all_who_hold_it(void **state)
{
    struct fixture *f = *state;
    struct changing changing = {
        manager(f), {reading + 1, 1}
    };
    struct user user = fixture_user(f, "paul");

    assert_ok(grant(f, &actor_operator, user.id, changing.role));
    changing.role.name = STR("READER");
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, change, &changing));
    assert_int_equal(changing.role.permissions.count, 1);
    assert_false(holds(f, user.id, "READ_DATA"));
    assert_true(holds(f, user.id, "users:read"));
    assert_true(id_eq(find(f, STR("READER")).id, changing.role.id));
}

static void a_role_that_is_held_gains_nothing_that_its_changer_lacks(void **state)
{
    struct fixture *f = *state;
    struct changing changing = {
        manager(f), {reading, 2}
    };
    struct actor admin = fixture_actor(f, fixture_admin(f, "anna", ROLE_ADMIN).id);
    struct user user = fixture_user(f, "paul");

    assert_ok(fixture_run(f, &admin, TX_WRITE, change, &changing)); /* nobody holds it yet */
    assert_ok(grant(f, &actor_operator, user.id, changing.role));
    assert_err(fixture_run(f, &admin, TX_WRITE, change, &changing), ERR_FORBIDDEN);
    struct changing built_in = {
        find(f, STR("ADMIN")), {reading, 1}
    };
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, change, &built_in), ERR_BUILT_IN);
}

struct setting_roles {
    struct id user;
    struct text_list names;
};

static enum err set(struct ctx *ctx, void *with)
{
    const struct setting_roles *setting = with;

    return role_set(ctx, setting->user, &setting->names);
}

static void the_roles_of_a_user_become_those_that_are_named(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_admin(f, "anna", ROLE_ADMIN);
    const struct str wanted[] = {STR("USER"), STR("MANAGER"), STR("USER")},
                     bad[] = {STR("USER"), STR("EMPEROR")};
    struct setting_roles setting =
                             {
                                 user.id, {wanted, 3}
    },
                         wrong = {user.id, {bad, 2}};
    struct text_list names;

    (void)manager(f);
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, set, &setting));
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, set, &wrong), ERR_ROLE_UNKNOWN);
    assert_str(f->ctx.reason.field, "EMPEROR");
    assert_ok(role_names(fixture_begin(f, TX_READ), user.id, &names));
    fixture_keep(f);
    assert_int_equal(names.count, 2);
    assert_str(names.items[0], "MANAGER");
    assert_str(names.items[1], "USER");
    assert_false(permission_held(fixture_actor(f, user.id).permissions, PERMIT_ADMINS_READ));
}

static void what_a_user_holds_is_told_with_what_it_allows(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");
    struct held_role *held;
    size_t count;

    assert_ok(grant(f, &actor_operator, user.id, manager(f)));
    assert_ok(role_held(fixture_begin(f, TX_READ), user.id, &held, &count));
    fixture_keep(f);
    assert_int_equal(count, 1);
    assert_str(held[0].role.name, "MANAGER");
    assert_int_equal(held[0].role.permissions.count, 2);
    assert_false(id_is_set(held[0].organization));
}

static void pages_hold_all_and_each_once(void **state)
{
    struct fixture *f = *state;
    struct role_page first, second, beyond;

    (void)manager(f);
    assert_ok(role_list(fixture_begin(f, TX_READ), (struct page){0, 4}, &first));
    fixture_keep(f);
    assert_ok(role_list(fixture_begin(f, TX_READ), (struct page){4, 4}, &second));
    fixture_keep(f);
    assert_ok(role_list(fixture_begin(f, TX_READ), (struct page){6, 4}, &beyond));
    fixture_keep(f);
    assert_int_equal(first.total, ROLES + 1);
    assert_int_equal(first.count, 4);
    assert_int_equal(second.count, 2);
    assert_int_equal(beyond.count, 0);
    assert_str(first.roles[0].name, "ADMIN");
    assert_str(second.roles[1].name, "USER");
}

static struct str first(struct fixture *f, struct id user)
{
    struct str name;

    assert_ok(role_first(fixture_begin(f, TX_READ), user, &name));
    fixture_keep(f);
    return name;
}

static void the_strongest_role_comes_first_wherever_it_is_held(void **state)
{
    struct fixture *f = *state;
    struct user user = fixture_user(f, "paul");

    assert_str(first(f, user.id), "USER");
    assert_ok(grant(f, &actor_operator, user.id, manager(f)));
    assert_str(first(f, user.id), "MANAGER");
    assert_ok(grant(f, &actor_operator, user.id, find(f, STR("ADMIN"))));
    assert_str(first(f, user.id), "ADMIN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_role_is_found_with_what_it_allows),
        FIXTURE_TEST(a_role_that_cannot_be_is_not_made),
        FIXTURE_TEST(a_permission_that_is_named_twice_is_allowed_once),
        FIXTURE_TEST(nobody_makes_a_role_that_could_do_more_than_they),
        FIXTURE_TEST(what_is_granted_is_held_at_once_until_it_is_revoked),
        FIXTURE_TEST(others_permissions_are_granted_only_by_who_holds_them),
        FIXTURE_TEST(the_last_super_administrator_keeps_the_role),
        FIXTURE_TEST(a_deleted_role_is_taken_from_all),
        FIXTURE_TEST(nobody_deletes_a_role_that_can_do_more_than_they),
        FIXTURE_TEST(what_a_role_allows_changes_for_all_who_hold_it),
        FIXTURE_TEST(a_role_that_is_held_gains_nothing_that_its_changer_lacks),
        FIXTURE_TEST(the_roles_of_a_user_become_those_that_are_named),
        FIXTURE_TEST(what_a_user_holds_is_told_with_what_it_allows),
        FIXTURE_TEST(pages_hold_all_and_each_once),
        FIXTURE_TEST(the_strongest_role_comes_first_wherever_it_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
