#include "base/buf.h"
#include "base/check.h"
#include "base/rcu.h"
#include "domain/desk.h"
#include "domain/feed.h"
#include "domain/fixture.h"
#include "domain/housekeeping.h"
#include "domain/keychain.h"
#include "domain/permission.h"
#include "domain/policy.h"
#include "domain/service_key.h"
#include "domain/standing.h"
#include "model/key_text.h"

/* One call of service_key.h, to be made in a unit. */
struct call {
    struct new_service_key in;
    struct service_key key;
    struct secret text;
    struct id id;
    struct str name;
    struct service_key_page page;
};

static enum err make(struct ctx *ctx, void *with)
{
    struct call *call = with;

    return service_key_make(ctx, &call->in, &call->key, &call->text);
}

static enum err get(struct ctx *ctx, void *with)
{
    struct call *call = with;

    return service_key_get(ctx, call->id, &call->key);
}

static enum err list(struct ctx *ctx, void *with)
{
    struct call *call = with;

    return service_key_list(ctx, (struct page){.limit = 100}, &call->page);
}

static enum err revoke(struct ctx *ctx, void *with)
{
    const struct call *call = with;

    return service_key_revoke(ctx, call->id);
}

static enum err add_permission(struct ctx *ctx, void *with)
{
    const struct str *name = with;
    struct permission_entry made;

    return permission_create(ctx, *name, (struct str){0}, &made);
}

static enum err remove_permission(struct ctx *ctx, void *with)
{
    const struct str *name = with;
    struct permission_entry permission;

    TRY(permission_find(ctx, *name, &permission));
    return permission_delete(ctx, &permission);
}

static const struct str reading[] = {
    {"users:read", 10},
    {"orgs:read",  9 },
    {"users:read", 10}
};

static struct call gateway(void)
{
    return (struct call){
        .in = {.name = STR("gateway"), .permissions = {reading, ARRAY_LEN(reading)}}
    };
}

static void made(struct fixture *f, struct call *call)
{
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, make, call));
    call->id = call->key.id;
}

/* Shows a text at the memory desk. */
static enum err show_to(struct fixture *f, struct str text, struct actor *ret)
{
    struct ctx *ctx = fixture_ctx(f);

    ctx->desk = f->memory;
    rcu_enter(f->memory->reader);
    enum err e = keychain_accept(ctx, text, ret);
    rcu_leave(f->memory->reader);
    return e;
}

static enum err show(struct fixture *f, struct str text)
{
    struct actor actor;

    standing_read_through(f->service.standing, monotonic_ms());
    return show_to(f, text, &actor);
}

static bool holds(struct fixture *f, struct id key, const char *permission)
{
    struct ctx *ctx = fixture_ctx(f);

    ctx->actor = (struct actor){.kind = ACTOR_SERVICE, .service_key = key};
    rcu_enter(f->desk->reader);
    bool allowed = policy_holds(ctx, str_of(permission), (struct id){0});
    rcu_leave(f->desk->reader);
    return allowed;
}

static void a_key_holds_its_permissions_and_nothing_else(void **state)
{
    struct fixture *f = *state;
    struct call call = gateway();
    struct actor actor;

    made(f, &call);
    assert_int_equal(call.key.permissions.count, 2); /* what comes again counts once */
    assert_str(call.key.permissions.items[0], "orgs:read");
    assert_ok(show_to(f, call.text.hidden, &actor));
    assert_int_equal(actor.kind, ACTOR_SERVICE);
    assert_true(id_eq(actor.service_key, call.id));
    assert_false(id_is_set(actor.user));
    assert_str(actor.username, "gateway");
    struct permission_set both = {(uint64_t)1 << PERMIT_USERS_READ | (uint64_t)1
                                                                         << PERMIT_ORGS_READ};
    assert_int_equal(actor.permissions.bits, both.bits);
    assert_int_equal(actor.somewhere.bits, both.bits);
    assert_true(holds(f, call.id, "users:read"));
    assert_false(holds(f, call.id, "users:write"));
    assert_false(holds(f, call.id, "*"));
    assert_false(holds(f, (struct id){{1}}, "users:read"));
}

static void policy_decides_of_a_service_as_of_anybody_but_that_it_is_no_user(void **state)
{
    struct fixture *f = *state;
    struct call call = gateway();
    struct actor actor;

    made(f, &call);
    assert_ok(show_to(f, call.text.hidden, &actor));
    assert_ok(policy_requires(&actor, MAY_ANYONE));
    assert_ok(policy_requires(&actor, MAY_ANYONE_KNOWN));
    assert_ok(policy_requires(&actor, MAY(PERMIT_USERS_READ)));
    assert_ok(policy_requires(&actor, MAY_SOMEWHERE(PERMIT_USERS_READ)));
    assert_ok(policy_requires(&actor, MAY_SELF_OR(PERMIT_USERS_READ)));
    assert_err(policy_requires(&actor, MAY(PERMIT_USERS_WRITE)), ERR_FORBIDDEN);
    assert_err(policy_requires(&actor, MAY_SELF_OR(PERMIT_USERS_WRITE)), ERR_FORBIDDEN);
    assert_err(policy_requires(&actor, MAY_SCRAPE), ERR_FORBIDDEN);
    assert_err(policy_requires(&actor, MAY_SIGNED_IN), ERR_TOKEN_MISSING);
}

static void what_is_shown_is_not_in_the_store(void **state)
{
    struct fixture *f = *state;
    struct call call = gateway(), again = {0};
    struct id id;

    made(f, &call);
    assert_ok(key_text_parse(call.text.hidden, &id));
    assert_true(id_eq(id, call.id));
    again.id = call.id;
    assert_ok(fixture_run(f, &actor_operator, TX_READ, get, &again));
    assert_str(again.key.name, "gateway");
    assert_int_equal(again.key.permissions.count, 2);
    assert_false(key32_eq(&again.key.digest, &call.key.digest)); /* not even the digest is read */
}

/* The id is right, and so is the checksum: it is the secret that decides. */
static void another_secret_is_refused(void **state)
{
    struct fixture *f = *state;
    struct call call = gateway();
    struct key32 secret = {{7}};
    char memory[KEY_TEXT];
    struct buf text = buf_over(memory, sizeof memory);

    made(f, &call);
    key_text_print(&text, call.id, &secret);
    assert_err(show(f, buf_str(&text)), ERR_TOKEN_INVALID);
    assert_err(show(f, STR("")), ERR_TOKEN_INVALID);
    assert_err(show(f, str_sub(call.text.hidden, 0, KEY_TEXT - 1)), ERR_TOKEN_INVALID);
    assert_ok(show(f, call.text.hidden));
}

static void a_key_counts_until_it_expires(void **state)
{
    struct fixture *f = *state;
    struct call call = gateway();

    call.in.expires = moment_plus(f->now, 60);
    made(f, &call);
    assert_ok(show(f, call.text.hidden));
    assert_true(holds(f, call.id, "users:read"));
    fixture_pass(f, 60);
    assert_err(show(f, call.text.hidden), ERR_TOKEN_INVALID);
    assert_false(holds(f, call.id, "users:read"));
}

static void a_revoked_key_is_refused_here_and_elsewhere(void **state)
{
    struct fixture *f = *state;
    struct fixture *other = fixture_join(f);
    struct call call = gateway();

    made(f, &call);
    assert_err(show(other, call.text.hidden), ERR_TOKEN_INVALID);
    assert_ok(feed_read(fixture_ctx(other)));
    assert_ok(show(other, call.text.hidden));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, revoke, &call));
    assert_err(show(f, call.text.hidden), ERR_TOKEN_INVALID);
    assert_false(holds(f, call.id, "users:read"));
    assert_ok(feed_read(fixture_ctx(other)));
    assert_err(show(other, call.text.hidden), ERR_TOKEN_INVALID);
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, revoke, &call), ERR_MISSING);
    assert_err(fixture_run(f, &actor_operator, TX_READ, get, &call), ERR_MISSING);
    assert_int_equal(fixture_count(f, EVENT_SERVICE_KEY_CREATED), 1);
    assert_int_equal(fixture_count(f, EVENT_SERVICE_KEY_REVOKED), 1);
    fixture_leave(other);
}

static void a_node_that_has_not_heard_for_too_long_says_no(void **state)
{
    struct fixture *f = *state;
    struct call call = gateway();
    struct actor actor;

    made(f, &call);
    standing_doubt(f->service.standing);
    assert_err(show_to(f, call.text.hidden, &actor), ERR_STORE_DOWN);
}

static void names_are_not_given_twice_at_a_time(void **state)
{
    struct fixture *f = *state;
    struct call first = gateway(), second = gateway();

    made(f, &first);
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, make, &second), ERR_TAKEN);
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, revoke, &first));
    made(f, &second);
    assert_err(show(f, first.text.hidden), ERR_TOKEN_INVALID);
    assert_ok(show(f, second.text.hidden));
    assert_ok(fixture_run(f, &actor_operator, TX_READ, list, &second));
    assert_int_equal(second.page.count, 1);
    assert_int_equal(second.page.total, 1);
}

static void what_cannot_be_is_refused_and_nothing_is_made(void **state)
{
    struct fixture *f = *state;
    static const struct str unknown[] = {
        {"no:such", 7}
    };
    struct call named = gateway(), empty = gateway(), over = gateway(), without = gateway();

    named.in.name = STR("a/b");
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, make, &named), ERR_FIELD_VALUE);
    empty.in.permissions.count = 0;
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, make, &empty), ERR_FIELD_MISSING);
    over.in.expires = f->now;
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, make, &over), ERR_FIELD_VALUE);
    assert_str(f->ctx.reason.field, "expiresAt");
    without.in.permissions = (struct text_list){unknown, 1};
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, make, &without), ERR_PERMISSION_UNKNOWN);
    assert_str(f->ctx.reason.field, "no:such");
    assert_ok(fixture_run(f, &actor_operator, TX_READ, list, &without));
    assert_int_equal(without.page.count, 0);
}

/* Of the service's own permissions and of others' alike. */
static void nobody_makes_a_key_that_holds_more_than_they_do(void **state)
{
    struct fixture *f = *state;
    struct str orders = STR("orders:read"), all = STR("*"), users = STR("users:*");
    struct actor admin = fixture_actor(f, fixture_admin(f, "ann", ROLE_ADMIN).id);
    struct actor super = fixture_actor(f, fixture_admin(f, "sue", ROLE_SUPER_ADMIN).id);
    struct call call = gateway();

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, add_permission, &orders));
    call.in.permissions = (struct text_list){&all, 1};
    assert_err(fixture_run(f, &admin, TX_WRITE, make, &call), ERR_FORBIDDEN);
    call.in.permissions.items = &orders;
    assert_err(fixture_run(f, &admin, TX_WRITE, make, &call), ERR_FORBIDDEN);
    call.in.permissions.items = &users;
    assert_ok(fixture_run(f, &admin, TX_WRITE, make, &call));
    assert_true(id_eq(call.key.maker, admin.user));
    struct actor service = {.kind = ACTOR_SERVICE, .service_key = call.key.id};
    call.in = (struct new_service_key){
        STR("second"), {&orders, 1},
         {0      }
    };
    assert_err(fixture_run(f, &service, TX_WRITE, make, &call), ERR_FORBIDDEN);
    assert_ok(fixture_run(f, &super, TX_WRITE, make, &call));
    assert_true(holds(f, call.key.id, "orders:read"));
    assert_false(holds(f, call.key.id, "orders:write"));
}

static void a_permission_that_a_key_holds_stays(void **state)
{
    struct fixture *f = *state;
    struct str orders = STR("orders:read");
    struct call call = gateway();

    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, add_permission, &orders));
    call.in.permissions = (struct text_list){&orders, 1};
    made(f, &call);
    assert_err(fixture_run(f, &actor_operator, TX_WRITE, remove_permission, &orders), ERR_IN_USE);
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, revoke, &call));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, remove_permission, &orders));
}

static enum err make_second(struct ctx *ctx, void *with)
{
    struct call *call = with;

    call->in.name = STR("second");
    return service_key_make(ctx, &call->in, &call->key, &call->text);
}

static void what_a_service_does_is_told_by_its_key(void **state)
{
    struct fixture *f = *state;
    struct call call = gateway();
    size_t count;

    made(f, &call);
    struct actor service = {.kind = ACTOR_SERVICE, .service_key = call.id};
    assert_ok(fixture_run(f, &service, TX_WRITE, make_second, &call));
    const struct event *events = fixture_events(f, &count);
    assert_true(id_eq(events[count - 1].actor, service.service_key));
    assert_true(id_eq(events[count - 1].subject, call.key.id));
    assert_true(id_eq(call.key.maker, service.service_key));
}

static struct moment last_use(struct fixture *f, struct call *call)
{
    assert_ok(fixture_run(f, &actor_operator, TX_READ, get, call));
    return call->key.used;
}

static void keep_house(struct fixture *f)
{
    bool more = true;

    while (more) {
        rcu_enter(f->desk->reader);
        assert_ok(housekeeping_step(fixture_ctx(f), &more));
        rcu_leave(f->desk->reader);
    }
}

static void the_last_use_is_written_down_once_a_minute(void **state)
{
    struct fixture *f = *state;
    struct call call = gateway();

    made(f, &call);
    keep_house(f);
    assert_false(moment_is_set(last_use(f, &call)));
    struct moment first = f->now;
    assert_ok(show(f, call.text.hidden));
    assert_false(moment_is_set(last_use(f, &call))); /* nobody waits for it */
    keep_house(f);
    assert_int_equal(last_use(f, &call).ms, first.ms);
    fixture_pass(f, 59);
    assert_ok(show(f, call.text.hidden));
    keep_house(f);
    assert_int_equal(last_use(f, &call).ms, first.ms);
    fixture_pass(f, 1);
    assert_ok(show(f, call.text.hidden));
    assert_ok(fixture_run(f, &actor_operator, TX_WRITE, make,
                          &(struct call){
                              .in = {STR("x"), {reading, 1}, {0}}
    })); /* read anew */
    keep_house(f);
    assert_int_equal(last_use(f, &call).ms, f->now.ms);
}

int main(int count, char **arguments)
{
    (void)arguments;
    struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_key_holds_its_permissions_and_nothing_else),
        FIXTURE_TEST(policy_decides_of_a_service_as_of_anybody_but_that_it_is_no_user),
        FIXTURE_TEST(what_is_shown_is_not_in_the_store),
        FIXTURE_TEST(another_secret_is_refused),
        FIXTURE_TEST(a_key_counts_until_it_expires),
        FIXTURE_TEST(a_revoked_key_is_refused_here_and_elsewhere),
        FIXTURE_TEST(a_node_that_has_not_heard_for_too_long_says_no),
        FIXTURE_TEST(names_are_not_given_twice_at_a_time),
        FIXTURE_TEST(what_cannot_be_is_refused_and_nothing_is_made),
        FIXTURE_TEST(nobody_makes_a_key_that_holds_more_than_they_do),
        FIXTURE_TEST(a_permission_that_a_key_holds_stays),
        FIXTURE_TEST(what_a_service_does_is_told_by_its_key),
        FIXTURE_TEST(the_last_use_is_written_down_once_a_minute),
    };

    return fixture_main(count, tests, ARRAY_LEN(tests));
}
