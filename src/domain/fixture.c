/* Services for tests, over stores in folders of their own. */
#include "domain/fixture.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/rcu.h"
#include "crypto/digest.h"
#include "domain/admin.h"
#include "domain/desk.h"
#include "domain/feed.h"
#include "domain/keychain.h"
#include "domain/keyring.h"
#include "domain/limit.h"
#include "domain/organization.h"
#include "domain/outbox.h"
#include "domain/role.h"
#include "domain/standing.h"
#include "domain/token.h"
#include "domain/unit.h"
#include "model/organization.h"
#include "store/queries.h"
#include "store/testdata/cluster.h"

#include <unistd.h>

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

enum {
    ARENA_KEEP = 1 << 16,
    ARENA_MOST = 1 << 28,
    EVENTS_MOST = 100000
};

/* The defaults, with the cheapest hash that the settings allow. */
static const struct domain_settings plain = {
    .issuer = {"signet", 6},
    .token_cache = 64,
    .session_seconds = 30 * 86400,
    .refresh_seconds = 90 * 86400,
    .refresh_admin_seconds = 12 * 3600,
    .refresh_idle = 14 * 86400,
    .refresh_repeat = 10,
    .key_rotation = 90 * 86400,
    .key_announcement = 86400,
    .hash_memory_kib = 8192,
    .hash_passes = 1,
    .refuse_common = true,
    .free_failures = 5,
    .most_delay = 900,
    .most_failures = 90,
};

static void derive_keys(struct fixture *f)
{
    struct service *service = &f->service;
    struct digester *digester = f->desk->digester;

    assert_ok(key_derive(digester, &service->master, STR("failed logins"), &service->attempts));
    assert_ok(key_derive(digester, &service->master, STR("known devices"), &service->devices));
    assert_ok(key_derive(digester, &service->master, STR("refresh tokens"), &service->refreshes));
    assert_ok(key_derive(digester, &service->master, STR("letters"), &service->letters));
}

static void load(struct fixture *f)
{
    struct ctx *ctx = fixture_ctx(f);

    rcu_enter(f->desk->reader);
    assert_ok(feed_start(ctx));
    rcu_leave(f->desk->reader);
}

static void open_service(struct fixture *f)
{
    struct store_settings store = {.url = str_of(f->url),
                                   .busy_ms = 20000,
                                   .log_bytes = 1 << 30,
                                   .cache_bytes = 1 << 20,
                                   .connect_s = 5,
                                   .statement_ms = 20000,
                                   .lock_ms = 20000,
                                   .prepare = true};
    struct service *service = &f->service;
    struct reason reason = {0};

    service->settings = &f->settings;
    service->faces[0] = (struct face_entry){STR(EDGE), &f->edge};
    service->faces[1] = (struct face_entry){STR(CORPORATE), &f->corporate};
    assert_ok(rcu_create(&service->rcu));
    assert_ok(keyring_create(&service->keyring));
    assert_ok(keychain_create(&service->keychain));
    assert_ok(limits_create(&service->limits));
    assert_ok(outbox_create(LETTERS_MOST, &service->outbox));
    assert_ok(store_open(&store, str_of(f->folder), &reason, &service->store));
    assert_ok(store_migrate(service->store, &reason));
    assert_ok(desk_open(service, DESK_HASH_DIRECT, &f->desk));
    assert_ok(desk_open(service, DESK_MEMORY, &f->memory));
    derive_keys(f);
    assert_ok(standing_create(&service->standing));
    load(f);
}

static void close_service(struct fixture *f)
{
    struct service *service = &f->service;

    desk_close(service, f->memory);
    desk_close(service, f->desk);
    store_close(service->store);
    standing_destroy(service->standing);
    outbox_destroy(service->outbox);
    limits_destroy(service->limits);
    keychain_destroy(service->keychain);
    keyring_destroy(service->keyring);
    rcu_destroy(service->rcu);
}

static struct fixture *fixture_make(void)
{
    struct arena *arena = arena_create(ARENA_KEEP, ARENA_MOST);

    assert_non_null(arena);
    struct fixture *f = arena_alloc(arena, sizeof *f);
    assert_non_null(f);
    f->arena = arena;
    return f;
}

int fixture_set_up(void **state)
{
    struct fixture *f = fixture_make();
    struct cluster *cluster = *state; /* NULL: SQLite */

    (void)snprintf(f->url, sizeof f->url, "sqlite:signet.db");
    if (cluster) {
        cluster_database(cluster, f->url);
    }
    (void)snprintf(f->folder, sizeof f->folder, "/tmp/signet-domain-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    f->now = (struct moment){INT64_C(1750000000123)};
    f->settings = plain;
    f->edge = (struct face_settings){.token_seconds = EDGE_LIFE, .token_algorithm = STR("ES256")};
    f->corporate = f->edge;
    f->corporate.token_seconds = CORPORATE_LIFE;
    memset(&f->service.master, 0x5a, sizeof f->service.master);
    open_service(f);
    *state = f;
    return 0;
}

static void remove_folder(const char *path)
{
    DIR *folder = opendir(path);

    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        (void)unlinkat(dirfd(folder), entry->d_name, 0);
    }
    (void)closedir(folder);
    assert_int_equal(rmdir(path), 0);
}

void fixture_leave(struct fixture *f)
{
    close_service(f);
    if (!f->joined) {
        remove_folder(f->folder);
    }
    arena_destroy(f->arena); /* and f with it */
}

int fixture_tear_down(void **state)
{
    fixture_free_disk(); /* a test that failed may have left it full */
    fixture_leave(*state);
    return 0;
}

struct fixture *fixture_join(const struct fixture *first)
{
    struct fixture *f = fixture_make();

    memcpy(f->folder, first->folder, sizeof f->folder);
    memcpy(f->url, first->url, sizeof f->url);
    f->now = first->now;
    f->settings = first->settings;
    f->edge = first->edge;
    f->corporate = first->corporate;
    f->service.master = first->service.master;
    f->joined = true;
    open_service(f);
    return f;
}

void fixture_restart(struct fixture *f)
{
    struct key32 master = f->service.master;

    close_service(f);
    f->service = (struct service){.master = master};
    open_service(f);
}

struct ctx *fixture_ctx(struct fixture *f)
{
    f->ctx = service_ctx(&f->service, f->desk, f->arena);
    f->ctx.now = f->now;
    f->ctx.face = STR(EDGE);
    f->ctx.source = STR("192.0.2.1");
    return &f->ctx;
}

struct ctx *fixture_begin(struct fixture *f, enum unit_kind kind)
{
    struct ctx *ctx = fixture_ctx(f);

    ctx->actor = actor_operator;
    assert_ok(tx_begin(f->desk->seat, kind, f->arena, &ctx->tx));
    return ctx;
}

void fixture_keep(struct fixture *f)
{
    assert_ok(tx_commit(f->ctx.tx));
    f->ctx.tx = NULL;
}

void fixture_drop(struct fixture *f)
{
    tx_rollback(f->ctx.tx);
    f->ctx.tx = NULL;
}

enum err fixture_run(struct fixture *f, const struct actor *actor, enum unit_kind kind,
                     enum err (*work)(struct ctx *ctx, void *with), void *with)
{
    struct ctx *ctx = fixture_ctx(f);

    ctx->actor = *actor;
    rcu_enter(f->desk->reader);
    enum err e = unit_run(ctx, kind, work, with);
    rcu_leave(f->desk->reader);
    return e;
}

struct seated {
    struct fixture *f;
    struct desk *desk;
    struct arena *arena;
    pthread_t thread;
    pthread_barrier_t *start;
    enum err (*work)(struct ctx *ctx, void *with);
    struct fixture_one *one;
};

static void *run_seated(void *with)
{
    struct seated *seated = with;
    struct fixture *f = seated->f;
    struct ctx ctx = service_ctx(&f->service, seated->desk, seated->arena);

    ctx.now = f->now;
    ctx.face = STR(EDGE);
    ctx.actor = actor_operator;
    (void)pthread_barrier_wait(seated->start);
    do {
        rcu_enter(seated->desk->reader);
        seated->one->answer = unit_run(&ctx, TX_WRITE, seated->work, seated->one->with);
        rcu_leave(seated->desk->reader);
    } while (err_class(seated->one->answer) == CLASS_UNAVAILABLE);
    return NULL;
}

void fixture_crowd(struct fixture *f, enum err (*work)(struct ctx *ctx, void *with),
                   struct fixture_one *ones, size_t count)
{
    struct seated *all = arena_array(f->arena, count, sizeof *all);
    pthread_barrier_t start;

    assert_non_null(all);
    assert_int_equal(pthread_barrier_init(&start, NULL, (unsigned)count), 0);
    for (size_t i = 0; i < count; i++) {
        all[i] = (struct seated){.f = f, .start = &start, .work = work, .one = &ones[i]};
        all[i].arena = arena_create(1 << 14, 1 << 22);
        assert_non_null(all[i].arena);
        assert_ok(desk_open(&f->service, DESK_STORE, &all[i].desk));
        assert_int_equal(pthread_create(&all[i].thread, NULL, run_seated, &all[i]), 0);
    }
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(pthread_join(all[i].thread, NULL), 0);
        desk_close(&f->service, all[i].desk);
        arena_destroy(all[i].arena);
    }
    (void)pthread_barrier_destroy(&start);
}

struct new_user fixture_new_user(struct fixture *f, const char *name)
{
    struct new_user in = {.password = {STR(PASSWORD)}};
    struct str address;

    assert_ok(arena_print(f->arena, &address, "%s@example.com", name));
    assert_ok(username_parse(f->arena, str_of(name), &in.username));
    assert_ok(email_parse(f->arena, address, &in.email));
    return in;
}

struct making {
    struct new_user in;
    enum role role; /* ROLES: none */
    struct user made;
};

static enum err make(struct ctx *ctx, void *with)
{
    struct making *making = with;

    return making->role == ROLES ? user_create(ctx, &making->in, &making->made)
                                 : admin_create(ctx, &making->in, making->role, &making->made);
}

struct user fixture_admin(struct fixture *f, const char *name, enum role role)
{
    struct making making = {.in = fixture_new_user(f, name), .role = role};

    assert_ok(fixture_run(f, &actor_operator, TX_LATE, make, &making));
    return making.made;
}

struct user fixture_user(struct fixture *f, const char *name)
{
    return fixture_admin(f, name, ROLES);
}

struct id fixture_organization(struct fixture *f, const char *slug)
{
    struct organization made = {.name = str_of(slug),
                                .slug = str_of(slug),
                                .state = ORGANIZATION_ACTIVE,
                                .created = f->now,
                                .updated = f->now};
    struct ctx *ctx = fixture_begin(f, TX_WRITE);

    assert_ok(id_make(f->now, &made.id));
    assert_ok(q_organization_insert(ctx->tx, &made));
    fixture_keep(f);
    return made.id;
}

struct user fixture_member(struct fixture *f, const char *name, struct id organization)
{
    struct making making = {.in = fixture_new_user(f, name), .role = ROLES};

    making.in.organization = organization;
    assert_ok(fixture_run(f, &actor_operator, TX_LATE, make, &making));
    return making.made;
}

struct actor fixture_actor(struct fixture *f, struct id user)
{
    struct user_standing standing;

    rcu_enter(f->desk->reader);
    standing = standing_user(f->service.standing, user);
    rcu_leave(f->desk->reader);
    return (struct actor){
        .kind = ACTOR_USER,
        .user = user,
        .roles = standing.roles,
        .permissions = standing.permissions,
        .somewhere = standing.somewhere,
    };
}

struct logging_in {
    struct login in;
    struct logged_in out;
};

static enum err log_in(struct ctx *ctx, void *with)
{
    struct logging_in *logging_in = with;

    return login(ctx, &logging_in->in, &logging_in->out);
}

static enum err grant_role(struct ctx *ctx, void *with)
{
    const struct grant *grant = with;
    struct role_entry role;

    TRY(role_find(ctx, role_name(grant->role), &role));
    return role_grant(ctx, grant->user, &role, grant->organization);
}

enum err fixture_grant(struct fixture *f, const struct actor *actor, struct grant grant)
{
    return fixture_run(f, actor, TX_WRITE, grant_role, &grant);
}

struct actor fixture_gym_admin(struct fixture *f, struct id user, struct id organization)
{
    assert_ok(
        fixture_grant(f, &actor_operator, (struct grant){user, ROLE_GYM_ADMIN, organization}));
    return fixture_actor(f, user);
}

struct organization_step {
    struct id id;
    enum organization_state state;
    bool force;
};

static enum err set_state(struct ctx *ctx, void *with)
{
    const struct organization_step *step = with;
    struct organization_change change = {.state = step->state};
    struct organization changed;

    return organization_change(ctx, step->id, &change, &changed);
}

enum err fixture_set_organization(struct fixture *f, const struct actor *actor, struct id id,
                                  enum organization_state state)
{
    return fixture_run(f, actor, TX_WRITE, set_state,
                       &(struct organization_step){id, state, false});
}

static enum err remove_organization(struct ctx *ctx, void *with)
{
    const struct organization_step *step = with;

    return organization_delete(ctx, step->id, step->force);
}

enum err fixture_delete_organization(struct fixture *f, const struct actor *actor, struct id id,
                                     bool force)
{
    struct organization_step step = {.id = id, .force = force};

    return fixture_run(f, actor, TX_WRITE, remove_organization, &step);
}

enum err fixture_set_state(struct ctx *ctx, struct id id, enum user_state to)
{
    struct user user;

    TRY(user_get(ctx, id, &user));
    return q_user_set_state(ctx->tx, to, ctx->now, id, user.state);
}

enum err fixture_try_login(struct fixture *f, const char *name, const char *password,
                           const char *device, struct logged_in *ret)
{
    struct logging_in logging_in = {
        .in = {str_of(name), {str_of(password)}, str_of(device)},
    };
    struct actor nobody = {.kind = ACTOR_NOBODY};
    enum err e = fixture_run(f, &nobody, TX_LATE, log_in, &logging_in);

    *ret = logging_in.out;
    if (e == ERR_OK) {
        assert_ok(arena_copy(f->arena, ret->device, &ret->device)); /* with a NUL behind it */
    }
    return e;
}

struct logged_in fixture_login(struct fixture *f, const char *name)
{
    struct logged_in in;

    assert_ok(fixture_try_login(f, name, PASSWORD, NULL, &in));
    return in;
}

enum err fixture_accept(struct fixture *f, struct str token, struct actor *ret_actor)
{
    struct ctx *ctx = fixture_ctx(f);

    ctx->desk = f->memory;
    rcu_enter(f->memory->reader);
    enum err e = token_accept(ctx, token);
    rcu_leave(f->memory->reader);
    if (ret_actor) {
        *ret_actor = ctx->actor;
    }
    return e;
}

void fixture_pass(struct fixture *f, int64_t seconds)
{
    f->now = moment_plus(f->now, seconds);
}

const struct event *fixture_events(struct fixture *f, size_t *ret_count)
{
    bool sqlite = str_starts(str_of(f->url), STR("sqlite:"));
    struct str beginning = sqlite ? STR("0") : STR("1:1:"); /* on PostgreSQL a snapshot */
    struct event *events;
    struct tx *tx;

    assert_ok(tx_begin(f->desk->seat, TX_READ, f->arena, &tx));
    assert_ok(q_events_since(tx, beginning, 0, EVENTS_MOST, &events, ret_count));
    assert_ok(tx_commit(tx));
    return events;
}

size_t fixture_count(struct fixture *f, enum event_verb verb)
{
    size_t count, found = 0;
    const struct event *events = fixture_events(f, &count);

    for (size_t i = 0; i < count; i++) {
        found += str_eq(events[i].verb, event_verb_name(verb));
    }
    return found;
}

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

void fixture_fill_disk(void)
{
    (void)signal(SIGXFSZ, SIG_IGN); /* the write is to fail, not the process */
    limit_files(0);
}

void fixture_free_disk(void)
{
    limit_files(RLIM_INFINITY);
}

int fixture_main(int count, struct CMUnitTest *tests, size_t test_count)
{
    struct cluster cluster;

    if (count == 1) {
        return _cmocka_run_group_tests("SQLite", tests, test_count, NULL, NULL);
    }
    if (!cluster_start(&cluster)) {
        return 77;
    }
    for (size_t i = 0; i < test_count; i++) {
        tests[i].initial_state = &cluster;
    }
    int failed = _cmocka_run_group_tests("PostgreSQL", tests, test_count, NULL, NULL);
    cluster_remove(&cluster);
    return failed;
}
