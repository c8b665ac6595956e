/* Two maps and a catalog, read on every request without a lock.
 *
 * sessions: the ended ones → when their last token is gone.
 * users: those who are stopped or hold something → whether they are stopped, and their roles.
 *        Who is a member of a suspended organization is stopped, too: each of them, once, when that
 *        changes, so that a request is as quick as ever and nobody's organization has to be known.
 *        MEMBER and USER, which nearly all hold, are not kept, for they allow nothing.
 * catalog: what each role allows. Whatever is held is looked up there when it is asked for, so
 *        that a role that changes does so for all who hold it, however many they are. */
#include "domain/standing.h"

#include "base/idmap.h"
#include "base/rcu.h"
#include "domain/catalog.h"
#include "domain/installation.h"
#include "domain/service.h"
#include "model/user.h"
#include "store/queries.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    FRESH_MS = 10000,
    MARGIN = 90, /* seconds: how far clocks are apart, and how long a unit waits for its turn */
    STOPPED = 1,
    BATCH = 1000 /* members read at once */
};

/* A role, everywhere (no organization) or in one. */
struct held {
    struct id role, organization;
};

/* What somebody holds; never changed once readers can see it. */
struct holding {
    size_t count;
    struct held roles[];
};

struct standing {
    struct idmap *sessions, *users;
    struct catalog *_Atomic catalog;
    _Atomic int64_t not_before; /* seconds since 1970; 0: never restored */
    pthread_mutex_t changing;
    _Atomic int64_t read_at; /* monotonic: when the feed was last read through */
};

enum err standing_create(struct standing **ret)
{
    struct standing *standing = calloc(1, sizeof *standing);

    if (!standing) {
        return ERR_MEMORY;
    }
    (void)pthread_mutex_init(&standing->changing, NULL);
    *ret = standing;
    return ERR_OK;
}

void standing_destroy(struct standing *standing)
{
    if (!standing) {
        return;
    }
    idmap_destroy(standing->sessions);
    idmap_destroy(standing->users);
    catalog_destroy(standing->catalog);
    (void)pthread_mutex_destroy(&standing->changing);
    free(standing);
}

/* How long an ended session is remembered: until the last token that names it has expired. */
static int64_t remembered(const struct service *service)
{
    return service_longest_token(service) + MARGIN;
}

static enum err load_sessions(struct ctx *ctx)
{
    struct moment since = moment_plus(ctx->now, -remembered(ctx->service));
    struct sessions_ended_row *rows;
    size_t count;

    TRY(q_sessions_ended(ctx->tx, since, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(standing_end_session(ctx, rows[i].id, rows[i].ended));
    }
    return ERR_OK;
}

/* A copy of `holding`, which may be NULL, with room for `more`. */
static struct holding *holding_copy(const struct holding *holding, size_t more)
{
    size_t count = holding ? holding->count : 0;
    struct holding *copy = malloc(sizeof *copy + (count + more) * sizeof(struct held));

    if (copy) {
        copy->count = count;
        if (count > 0) {
            memcpy(copy->roles, holding->roles, count * sizeof(struct held));
        }
    }
    return copy;
}

static bool allows_nothing(struct str role)
{
    return role_of(role) == ROLE_MEMBER || role_of(role) == ROLE_USER;
}

/* NULL for one who holds nothing. */
static enum err holding_of(struct ctx *ctx, struct id user, struct holding **ret)
{
    struct roles_of_row *rows;
    size_t count, kept = 0;

    TRY(q_roles_of(ctx->tx, user, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        if (!allows_nothing(rows[i].name)) {
            rows[kept++] = rows[i];
        }
    }
    if (kept == 0) {
        *ret = NULL;
        return ERR_OK;
    }
    struct holding *holding = holding_copy(NULL, kept);
    if (!holding) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < kept; i++) {
        holding->roles[holding->count++] = (struct held){rows[i].role, rows[i].organization};
    }
    *ret = holding;
    return ERR_OK;
}

static enum err is_suspended(struct ctx *ctx, struct id organization, bool *ret)
{
    struct organization_is_suspended_row row;

    enum err e = id_is_set(organization) ? q_organization_is_suspended(ctx->tx, organization, &row)
                                         : ERR_MISSING;
    *ret = e == ERR_OK;
    return e == ERR_MISSING ? ERR_OK : e;
}

enum err standing_reread_user(struct ctx *ctx, struct id id)
{
    struct holding *holding;
    struct user user = {0};
    bool suspended;

    enum err e = q_user_by_id(ctx->tx, id, &user);
    if (e != ERR_OK && e != ERR_MISSING) {
        return e;
    }
    TRY(is_suspended(ctx, user.organization, &suspended));
    TRY(holding_of(ctx, id, &holding));
    /* One who is gone is stopped, too. */
    int64_t flags = user_state_may_enter(user.state) && !suspended ? 0 : STOPPED;
    struct idmap_value known;
    if (flags == 0 && !holding && !idmap_get(ctx->service->standing->users, id, &known)) {
        return ERR_OK; /* like nearly everybody, who are not kept */
    }
    return idmap_put(ctx->service->standing->users, id, (struct idmap_value){flags, holding});
}

static enum err mark(struct idmap *users, struct id user, bool stopped)
{
    struct idmap_value known;

    if (!stopped && !idmap_get(users, user, &known)) {
        return ERR_OK;
    }
    return idmap_put_number(users, user, stopped ? STOPPED : 0);
}

enum err standing_reread_entry(struct ctx *ctx, struct id user)
{
    struct user_entry_row row;

    enum err e = q_user_entry(ctx->tx, user, &row);
    if (e != ERR_OK && e != ERR_MISSING) {
        return e;
    }
    bool enters = e == ERR_OK && !row.suspended && user_state_may_enter((enum user_state)row.state);
    return mark(ctx->service->standing->users, user, !enters);
}

static bool says_something(struct idmap_value value, void *with)
{
    (void)with;
    return value.number != 0 || value.object;
}

enum err standing_reread_members(struct ctx *ctx, struct id organization)
{
    struct idmap *users = ctx->service->standing->users;
    struct organization_members_row *members;
    struct id after = {0};
    bool suspended;
    size_t count;

    TRY(is_suspended(ctx, organization, &suspended));
    do {
        TRY(q_organization_members(ctx->tx, organization, after, BATCH, &members, &count));
        for (size_t i = 0; i < count; i++) {
            bool enters = user_state_may_enter((enum user_state)members[i].state);
            TRY(mark(users, members[i].id, suspended || !enters));
            after = members[i].id;
        }
    } while (count == BATCH);
    return suspended ? ERR_OK : idmap_sweep(users, says_something, NULL);
}

enum err standing_reread_roles(struct ctx *ctx)
{
    struct catalog *catalog;

    TRY(catalog_read(ctx, &catalog));
    struct catalog *old = atomic_exchange(&ctx->service->standing->catalog, catalog);
    if (old) {
        rcu_defer(ctx->service->rcu, catalog_destroy, old);
    }
    return ERR_OK;
}

static enum err load_stopped(struct ctx *ctx, struct idmap *users)
{
    struct users_stopped_row *rows;
    struct users_suspended_row *members;
    size_t count;

    TRY(q_users_stopped(ctx->tx, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(idmap_put_number(users, rows[i].id, STOPPED));
    }
    TRY(q_users_suspended(ctx->tx, &members, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(idmap_put_number(users, members[i].id, STOPPED));
    }
    return ERR_OK;
}

/* Set by set, not user by user: a hundred thousand may hold something. */
static enum err load_holders(struct ctx *ctx, struct idmap *users)
{
    struct role_holders_row *rows;
    size_t count;

    TRY(q_role_holders(ctx->tx, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct idmap_value value = {0};
        (void)idmap_get(users, rows[i].user, &value);
        struct holding *holding = holding_copy(value.object, 1);
        if (!holding) {
            return ERR_MEMORY;
        }
        holding->roles[holding->count++] = (struct held){rows[i].role, rows[i].organization};
        value.object = holding;
        TRY(idmap_put(users, rows[i].user, value));
    }
    return ERR_OK;
}

static enum err load_not_before(struct ctx *ctx)
{
    struct moment not_before;

    TRY(installation_not_before(ctx, &not_before));
    atomic_store_explicit(&ctx->service->standing->not_before, moment_seconds(not_before),
                          memory_order_release);
    return ERR_OK;
}

/* Beside the map that is being read, which gives way to it at once: whoever asks meanwhile is told
 * what was so before, and nobody is ever forgotten. */
static enum err load_users(struct ctx *ctx)
{
    struct idmap *users;

    TRY(idmap_create(ctx->service->rcu, free, &users));
    enum err e = load_stopped(ctx, users);
    if (e == ERR_OK) {
        e = load_holders(ctx, users);
    }
    if (e != ERR_OK) {
        idmap_destroy(users);
        return e;
    }
    idmap_replace(ctx->service->standing->users, users);
    return ERR_OK;
}

enum err standing_load(struct ctx *ctx)
{
    struct standing *standing = ctx->service->standing;

    if (!standing->sessions) { /* the unit may be run again */
        TRY(idmap_create(ctx->service->rcu, NULL, &standing->sessions));
    }
    if (!standing->users) {
        TRY(idmap_create(ctx->service->rcu, free, &standing->users));
    }
    /* First what refuses all who came before: under a running service it is read anew when the
     * installation was restored. */
    TRY(load_not_before(ctx));
    TRY(standing_reread_roles(ctx));
    TRY(load_sessions(ctx));
    return load_users(ctx);
}

bool standing_session_ended(const struct standing *standing, struct id session, int64_t issued)
{
    struct idmap_value value;

    return issued < atomic_load_explicit(&standing->not_before, memory_order_acquire) ||
           idmap_get(standing->sessions, session, &value);
}

struct user_standing standing_user(const struct standing *standing, struct id user)
{
    const struct catalog *catalog = atomic_load_explicit(&standing->catalog, memory_order_acquire);
    struct user_standing found = {0};
    struct idmap_value value = {0};

    (void)idmap_get(standing->users, user, &value);
    found.stopped = (value.number & STOPPED) != 0;
    const struct holding *holding = value.object;
    for (size_t i = 0; holding && i < holding->count; i++) {
        const struct catalog_role *role = catalog_by_id(catalog, holding->roles[i].role);
        if (!role) {
            continue; /* it has been deleted */
        }
        found.somewhere.bits |= role->held.bits;
        if (!id_is_set(holding->roles[i].organization)) {
            found.permissions.bits |= role->held.bits;
            found.roles.bits |= role->built_in < ROLES ? 1u << role->built_in : 0;
        }
    }
    return found;
}

bool standing_holds(const struct standing *standing, struct id user, struct str permission,
                    struct id organization)
{
    const struct catalog *catalog = atomic_load_explicit(&standing->catalog, memory_order_acquire);
    struct idmap_value value = {0};

    (void)idmap_get(standing->users, user, &value);
    if ((value.number & STOPPED) != 0) {
        return false;
    }
    const struct holding *holding = value.object;
    for (size_t i = 0; holding && i < holding->count; i++) {
        struct id where = holding->roles[i].organization;
        const struct catalog_role *role = catalog_by_id(catalog, holding->roles[i].role);
        if (role && (!id_is_set(where) || id_eq(where, organization)) &&
            catalog_allows(role, permission)) {
            return true;
        }
    }
    return false;
}

static const struct catalog_role *role_in(const struct standing *standing, enum role role)
{
    return catalog_by_name(atomic_load_explicit(&standing->catalog, memory_order_acquire),
                           role_name(role));
}

bool standing_role_allows(const struct standing *standing, enum role role, struct str permission)
{
    const struct catalog_role *found = role_in(standing, role);

    return found && catalog_allows(found, permission);
}

struct permission_set standing_role(const struct standing *standing, enum role role)
{
    const struct catalog_role *found = role_in(standing, role);

    return found ? found->held : (struct permission_set){0};
}

void standing_lock(struct standing *standing)
{
    (void)pthread_mutex_lock(&standing->changing);
}

void standing_unlock(struct standing *standing)
{
    (void)pthread_mutex_unlock(&standing->changing);
}

enum err standing_end_session(struct ctx *ctx, struct id session, struct moment ended)
{
    struct moment gone = moment_plus(ended, remembered(ctx->service));

    return idmap_put_number(ctx->service->standing->sessions, session, gone.ms);
}

void standing_read_through(struct standing *standing, int64_t monotonic_ms)
{
    atomic_store_explicit(&standing->read_at, monotonic_ms, memory_order_relaxed);
}

void standing_doubt(struct standing *standing)
{
    standing_read_through(standing, -FRESH_MS - 1); /* the monotonic clock began at zero */
}

int64_t standing_age_ms(const struct standing *standing, int64_t monotonic_ms)
{
    return monotonic_ms - atomic_load_explicit(&standing->read_at, memory_order_relaxed);
}

bool standing_is_fresh(const struct standing *standing, int64_t monotonic_ms)
{
    return standing_age_ms(standing, monotonic_ms) <= FRESH_MS;
}

static bool still_counts(struct idmap_value value, void *now)
{
    return value.number > ((const struct moment *)now)->ms;
}

enum err standing_forget(struct standing *standing, struct moment now)
{
    return idmap_sweep(standing->sessions, still_counts, &now);
}

struct standing_size standing_size(const struct standing *standing)
{
    return (struct standing_size){
        .sessions = idmap_count(standing->sessions),
        .users = idmap_count(standing->users),
    };
}
