/* Refresh tokens used up through the domain, as a request does it but for HTTP: many callers, each
 * with a session of a user of its own, and each token used as soon as it was given.
 *   rotations DIRECTORY CALLERS SECONDS    (what is there is empty) */
#include "base/arena.h"
#include "base/moment.h"
#include "base/number.h"
#include "base/random.h"
#include "base/rcu.h"
#include "crypto/digest.h"
#include "domain/desk.h"
#include "domain/feed.h"
#include "domain/keychain.h"
#include "domain/keyring.h"
#include "domain/refresh.h"
#include "domain/service.h"
#include "domain/session.h"
#include "domain/standing.h"
#include "domain/unit.h"
#include "domain/user.h"
#include "model/refresh.h"
#include "store/queries.h"
#include "store/store.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CALLERS_MOST = 64,
    TOKEN_MOST = 256,
    KEEP = 65536,
    ARENA_MOST = 1 << 24
};

static const struct domain_settings settings = {
    .issuer = {"signet", 6},
    .token_cache = 64,
    .session_seconds = 30 * 86400,
    .refresh_seconds = 90 * 86400,
    .refresh_admin_seconds = 12 * 3600,
    .refresh_idle = 14 * 86400,
    .refresh_repeat = 10,
    .key_rotation = 90 * 86400,
    .key_announcement = 86400,
};
static const struct face_settings face = {
    .token_seconds = 900, .token_algorithm = {"ES256", 5}
};

struct caller {
    struct service *service;
    struct desk *desk;
    struct arena *arena;
    pthread_barrier_t *start;
    const int64_t *until;
    int64_t number, rotations;
    struct id session;
    char token[TOKEN_MOST], next[TOKEN_MOST];
    enum err err;
};

static enum err keep_token(char text[TOKEN_MOST], struct secret token)
{
    if (token.hidden.len >= TOKEN_MOST) {
        return ERR_MEMORY;
    }
    memcpy(text, token.hidden.ptr, token.hidden.len);
    text[token.hidden.len] = '\0';
    return ERR_OK;
}

static enum err enter(struct ctx *ctx, void *with)
{
    struct caller *caller = with;
    struct new_user in = {0};
    struct session session;
    struct user user;
    struct secret token;
    struct str name;

    ctx->actor = actor_operator;
    TRY(arena_print(ctx->arena, &name, "user%lld", (long long)caller->number));
    TRY(username_parse(ctx->arena, name, &in.username));
    TRY(user_create(ctx, &in, &user));
    TRY(session_open(ctx, user.id, &session));
    TRY(refresh_issue(ctx, &session, &token));
    caller->session = session.id;
    return keep_token(caller->token, token);
}

static enum err turn(struct ctx *ctx, void *with)
{
    struct caller *caller = with;
    struct refreshed out;

    TRY(refresh_use(ctx, (struct secret){str_of(caller->token)}, &out));
    return keep_token(caller->next, out.refresh);
}

static enum err look(struct ctx *ctx, void *with)
{
    const struct caller *caller = with;
    struct refresh_row row = {0};

    TRY(q_refresh_of(ctx->tx, caller->session, &row));
    return row.number == caller->rotations ? ERR_OK : ERR_STORE;
}

static enum err run_unit(struct caller *caller, enum unit_kind kind,
                         enum err (*work)(struct ctx *ctx, void *with))
{
    struct ctx ctx = service_ctx(caller->service, caller->desk, caller->arena);

    ctx.face = STR("gateway");
    ctx.source = STR("192.0.2.1");
    rcu_enter(caller->desk->reader);
    enum err err = unit_run(&ctx, kind, work, caller);
    rcu_leave(caller->desk->reader);
    arena_reset(caller->arena);
    return err;
}

static void *caller_run(void *argument)
{
    struct caller *caller = argument;

    (void)pthread_barrier_wait(caller->start);
    while (caller->err == ERR_OK && monotonic_ns() < *caller->until) {
        caller->err = run_unit(caller, TX_LATE, turn);
        if (caller->err == ERR_OK) {
            memcpy(caller->token, caller->next, sizeof caller->token);
            caller->rotations++;
        }
    }
    return NULL;
}

static enum err caller_open(struct service *service, struct caller *caller)
{
    caller->service = service;
    caller->arena = arena_create(KEEP, ARENA_MOST);
    TRY(caller->arena ? desk_open(service, DESK_STORE, &caller->desk) : ERR_MEMORY);
    return run_unit(caller, TX_WRITE, enter);
}

static enum err run_callers(struct caller *callers, int64_t count, int64_t duration,
                            int64_t *ret_elapsed)
{
    pthread_t threads[CALLERS_MOST];
    pthread_barrier_t start;
    int64_t until;

    if (pthread_barrier_init(&start, NULL, (unsigned)count + 1) != 0) {
        return ERR_SYSTEM;
    }
    for (int64_t i = 0; i < count; i++) {
        callers[i].start = &start;
        callers[i].until = &until;
        if (pthread_create(&threads[i], NULL, caller_run, &callers[i]) != 0) {
            exit(1); /* those already made wait for this one for ever */
        }
    }
    int64_t begun = monotonic_ns();
    until = begun + duration;
    (void)pthread_barrier_wait(&start);
    for (int64_t i = 0; i < count; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    *ret_elapsed = monotonic_ns() - begun;
    return ERR_OK;
}

/* The service as the program has it, as far as this needs it. */
static enum err service_open(struct service *service, const char *folder, struct caller *first)
{
    const struct store_settings store = {.url = STR("sqlite:signet.db"),
                                         .busy_ms = 10000,
                                         .cache_bytes = 1048576,
                                         .log_bytes = INT64_MAX};
    struct reason reason = {0};

    service->settings = &settings;
    service->faces[0] = (struct face_entry){STR("gateway"), &face};
    TRY(random_fill(&service->master, sizeof service->master));
    TRY(rcu_create(&service->rcu));
    TRY(keyring_create(&service->keyring));
    TRY(keychain_create(&service->keychain));
    TRY(standing_create(&service->standing));
    TRY(store_open(&store, str_of(folder), &reason, &service->store));
    TRY(store_migrate(service->store, &reason));
    first->service = service;
    first->arena = arena_create(KEEP, ARENA_MOST);
    TRY(first->arena ? desk_open(service, DESK_STORE, &first->desk) : ERR_MEMORY);
    TRY(key_derive(first->desk->digester, &service->master, STR("refresh tokens"),
                   &service->refreshes));
    struct ctx ctx = service_ctx(service, first->desk, first->arena);
    rcu_enter(first->desk->reader);
    enum err err = feed_start(&ctx);
    rcu_leave(first->desk->reader);
    return err;
}

static enum err measure(struct service *service, struct caller *callers, int64_t count,
                        int64_t seconds)
{
    int64_t elapsed, rotations = 0;

    for (int64_t i = 0; i < count; i++) {
        callers[i].number = i;
        TRY(caller_open(service, &callers[i]));
    }
    TRY(run_callers(callers, count, seconds * 1000000000, &elapsed));
    for (int64_t i = 0; i < count; i++) {
        TRY(callers[i].err);
        TRY(run_unit(&callers[i], TX_READ, look)); /* it is where the caller was told it is */
        rotations += callers[i].rotations;
    }
    printf("{\"callers\": %lld, \"rotations\": %lld, \"seconds\": %.6f, \"rate\": %.2f}\n",
           (long long)count, (long long)rotations, (double)elapsed / 1e9,
           (double)rotations * 1e9 / (double)elapsed);
    return ERR_OK;
}

static void caller_close(struct service *service, struct caller *caller)
{
    if (caller->desk) {
        desk_close(service, caller->desk);
    }
    arena_destroy(caller->arena);
}

static void service_close(struct service *service, struct caller *callers, struct caller *first)
{
    for (size_t i = 0; i < CALLERS_MOST; i++) {
        caller_close(service, &callers[i]);
    }
    caller_close(service, first);
    store_close(service->store);
    standing_destroy(service->standing);
    keychain_destroy(service->keychain);
    keyring_destroy(service->keyring);
    rcu_destroy(service->rcu);
}

int main(int count, char **arguments)
{
    static struct caller callers[CALLERS_MOST], first;
    static struct service service;
    int64_t wanted, seconds;

    if (count != 4 || number_parse(str_of(arguments[2]), 1, CALLERS_MOST, &wanted) != ERR_OK ||
        number_parse(str_of(arguments[3]), 1, 600, &seconds) != ERR_OK) {
        (void)fputs("usage: rotations DIRECTORY CALLERS SECONDS\n", stderr);
        return 2;
    }
    enum err err = service_open(&service, arguments[1], &first);
    err = err == ERR_OK ? measure(&service, callers, wanted, seconds) : err;
    if (err == ERR_OK) {
        service_close(&service, callers, &first);
        return 0;
    }
    (void)fprintf(stderr, "rotations: %s\n", err_name(err));
    return 1;
}
