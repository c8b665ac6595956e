/* Two maps, read on every request without a lock.
 *
 * sessions: the ended ones → when their last token is gone.
 * users: those who are stopped or hold something → a word of flags (whether they are stopped, and
 *        the roles they hold, from bit 1 on), and the permissions they hold. MEMBER and USER, which
 *        nearly all hold, are not kept: whoever is not here may hold them. */
#include "domain/standing.h"

#include "base/idmap.h"
#include "domain/installation.h"
#include "domain/service.h"
#include "model/user.h"
#include "store/queries.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    FRESH_MS = 10000,
    MARGIN = 90, /* seconds: how far clocks are apart, and how long a unit waits for its turn */
    STOPPED = 1,
    FIRST_ROLE = 1
};

struct standing {
    struct idmap *sessions, *users;
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
    if (standing) {
        idmap_destroy(standing->sessions);
        idmap_destroy(standing->users);
        (void)pthread_mutex_destroy(&standing->changing);
        free(standing);
    }
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

static int64_t flag_of(struct str role)
{
    enum role known = role_of(role);

    return known < ROLE_MEMBER ? (int64_t)1 << (FIRST_ROLE + known) : 0;
}

enum err standing_reread_user(struct ctx *ctx, struct id id)
{
    struct permissions_of_row *permissions;
    struct roles_of_row *roles;
    struct permission_set held = {0};
    struct user user = {0};
    size_t count;
    int64_t flags;

    enum err e = q_user_by_id(ctx->tx, id, &user);
    if (e != ERR_OK && e != ERR_MISSING) {
        return e;
    }
    flags = user_state_may_enter(user.state) ? 0 : STOPPED; /* one who is gone is stopped, too */
    TRY(q_roles_of(ctx->tx, id, &roles, &count));
    for (size_t i = 0; i < count; i++) {
        flags |= flag_of(roles[i].name);
    }
    TRY(q_permissions_of(ctx->tx, id, &permissions, &count));
    for (size_t i = 0; i < count; i++) {
        permission_add(&held, permissions[i].permission);
    }
    return idmap_put(ctx->service->standing->users, id,
                     (struct idmap_value){flags, (int64_t)held.bits});
}

static enum err load_stopped(struct ctx *ctx)
{
    struct users_stopped_row *rows;
    size_t count;

    TRY(q_users_stopped(ctx->tx, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(idmap_put(ctx->service->standing->users, rows[i].id,
                      (struct idmap_value){.first = STOPPED}));
    }
    return ERR_OK;
}

/* What a role adds to the entry of whoever holds it. The rows of one role follow on one another. */
static struct idmap_value grants_of(struct id role, const struct role_grants_row *rows,
                                    size_t count)
{
    struct permission_set held = {0};
    int64_t flag = 0;

    for (size_t i = 0; i < count; i++) {
        if (id_eq(rows[i].role, role)) {
            permission_add(&held, rows[i].permission);
            flag = flag_of(rows[i].name);
        }
    }
    return (struct idmap_value){flag, (int64_t)held.bits};
}

/* Set by set, not user by user: a hundred thousand may hold something. */
static enum err load_holders(struct ctx *ctx)
{
    struct idmap *users = ctx->service->standing->users;
    struct role_holders_row *rows;
    struct role_grants_row *grants;
    size_t count, grant_count;
    struct idmap_value adds = {0};

    TRY(q_role_grants(ctx->tx, &grants, &grant_count));
    TRY(q_role_holders(ctx->tx, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct idmap_value value = {0};
        if (i == 0 || !id_eq(rows[i].role, rows[i - 1].role)) {
            adds = grants_of(rows[i].role, grants, grant_count);
        }
        (void)idmap_get(users, rows[i].user, &value);
        value.first |= adds.first;
        value.second |= adds.second;
        TRY(idmap_put(users, rows[i].user, value));
    }
    return ERR_OK;
}

static bool none(struct idmap_value value, void *with)
{
    (void)value;
    (void)with;
    return false;
}

static enum err load_not_before(struct ctx *ctx)
{
    struct moment not_before;

    TRY(installation_not_before(ctx, &not_before));
    atomic_store_explicit(&ctx->service->standing->not_before, moment_seconds(not_before),
                          memory_order_release);
    return ERR_OK;
}

enum err standing_load(struct ctx *ctx)
{
    struct standing *standing = ctx->service->standing;

    if (!standing->sessions) { /* the unit may be run again */
        TRY(idmap_create(ctx->service->rcu, &standing->sessions));
    }
    if (!standing->users) {
        TRY(idmap_create(ctx->service->rcu, &standing->users));
    }
    /* Under a running service it is read anew when the installation was restored: first what
     * refuses all who came before, only then may those be forgotten who were stopped or held
     * something. */
    TRY(load_not_before(ctx));
    TRY(idmap_sweep(standing->users, none, NULL));
    TRY(load_sessions(ctx));
    TRY(load_stopped(ctx));
    return load_holders(ctx);
}

bool standing_session_ended(const struct standing *standing, struct id session, int64_t issued)
{
    struct idmap_value value;

    return issued < atomic_load_explicit(&standing->not_before, memory_order_acquire) ||
           idmap_get(standing->sessions, session, &value);
}

struct user_standing standing_user(const struct standing *standing, struct id user)
{
    struct idmap_value value = {0};

    (void)idmap_get(standing->users, user, &value);
    return (struct user_standing){
        .stopped = (value.first & STOPPED) != 0,
        .roles = {(unsigned)(value.first >> FIRST_ROLE)},
        .permissions = {(uint64_t)value.second},
    };
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

    return idmap_put_first(ctx->service->standing->sessions, session, gone.ms);
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
    return value.first > ((const struct moment *)now)->ms;
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
