/* What is known of providers: fetched by one thread at a time, shared by all. */
#include "domain/providers.h"

#include "base/arena.h"
#include "domain/desk.h"
#include "domain/outbound.h"
#include "domain/service.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum {
    SECOND = 1000,
    FRESH_MS = 3600 * SECOND,       /* then it is fetched again */
    USABLE_MS = 24 * 3600 * SECOND, /* it counts for so long while the provider does not answer */
    PATIENCE_MS = 6 * SECOND,       /* of who waits for another's fetching */
    LEFT_ALONE_MS = 5 * SECOND,     /* a provider that did not answer */
    ALLOWANCE_MS = 30 * SECOND,     /* fetching once more because a key was not there */
    ALLOWANCES = 5,                 /* that can be saved up */
    KEEP = 16 << 10,
    LIMIT = 4 << 20,
    OK = 200
};

/* One that is handed out: its texts lie in an arena of its own, and the last who holds it lets go.
 */
struct held {
    struct known known; /* first: it is what others see */
    struct arena *arena;
    struct openid_keys *keys;
    _Atomic unsigned holders;
};

struct shelf {
    pthread_mutex_t lock;
    pthread_cond_t news;
    bool fetching;
    struct held *held;
    int64_t fetched_ms, failed_ms; /* 0: never */
    int64_t allowance_ms;          /* saved up for keys that were not there */
    int64_t counted_ms;            /* up to when */
};

struct providers {
    const struct federation_settings *settings;
    struct shelf shelves[PROVIDERS];
};

enum err providers_create(const struct federation_settings *settings, struct providers **ret)
{
    struct providers *providers = calloc(1, sizeof *providers);
    pthread_condattr_t monotonic;

    if (!providers) {
        return ERR_MEMORY;
    }
    providers->settings = settings;
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    for (size_t i = 0; i < PROVIDERS; i++) {
        struct shelf *shelf = &providers->shelves[i];
        (void)pthread_mutex_init(&shelf->lock, NULL);
        (void)pthread_cond_init(&shelf->news, &monotonic);
        shelf->allowance_ms = ALLOWANCES * ALLOWANCE_MS;
        shelf->counted_ms = monotonic_ms();
    }
    (void)pthread_condattr_destroy(&monotonic);
    *ret = providers;
    return ERR_OK;
}

static void held_destroy(struct held *held)
{
    openid_keys_destroy(held->keys);
    arena_destroy(held->arena);
    free(held);
}

static void held_release(struct held *held)
{
    if (held && atomic_fetch_sub(&held->holders, 1) == 1) {
        held_destroy(held);
    }
}

void known_release(const struct known *known)
{
    held_release((struct held *)(uintptr_t)known);
}

void known_release_at(const struct known **known)
{
    known_release(*known);
}

void providers_destroy(struct providers *providers)
{
    for (size_t i = 0; providers && i < PROVIDERS; i++) {
        struct shelf *shelf = &providers->shelves[i];
        held_release(shelf->held);
        (void)pthread_cond_destroy(&shelf->news);
        (void)pthread_mutex_destroy(&shelf->lock);
    }
    free(providers);
}

enum err provider_settings_of(struct ctx *ctx, enum provider provider,
                              const struct provider_settings **ret)
{
    const struct providers *providers = ctx->service->providers;
    const struct provider_settings *settings = &providers->settings->of[provider];

    *ret = settings;
    return settings->client_id.len > 0
               ? ERR_OK
               : ctx_fail(ctx, ERR_MISSING, STR(""), "no client_id is set for this provider");
}

bool providers_may_return_to(const struct providers *providers, struct str redirect_uri)
{
    struct str rest = providers->settings->redirect_uris, word;

    while (str_next(&rest, ' ', &word)) {
        if (str_eq(word, redirect_uri)) {
            return true;
        }
    }
    return false;
}

static enum err get(struct ctx *ctx, struct arena *arena, struct str url, bool loopback,
                    struct str *ret)
{
    const struct outbound *outbound = ctx->desk->outbound;
    struct outbound_request request = {.url = url, .loopback = loopback};
    struct outbound_answer answer;

    /* Whoever speaks for a provider on this machine does not lead anywhere else, nor back here. */
    if (loopback ? !url_is_loopback(url) : !url_is_https(url)) {
        return ctx_fail(ctx, ERR_PROVIDER, STR(""),
                        "the provider names an address that is not https");
    }
    TRY(outbound->fetch(outbound->with, arena, &request, &ctx->reason, &answer));
    if (answer.status != OK) {
        return ctx_fail(ctx, ERR_PROVIDER, STR(""), "the provider answers %d", answer.status);
    }
    *ret = answer.body;
    return ERR_OK;
}

static enum err is_understood(struct ctx *ctx, enum err e, const char *what)
{
    return e == ERR_OK || e == ERR_MEMORY
               ? e
               : ctx_fail(ctx, ERR_PROVIDER, STR(""), "the provider's %s cannot be read", what);
}

/* The issuer is pinned: metadata speaks for nobody else (Discovery 1.0, 4.3). One of many tenants
 * names none of them. */
static bool speaks_for(const struct provider_settings *settings, struct str issuer)
{
    struct str head, tail, name;

    if (str_eq(issuer, settings->issuer)) {
        return true;
    }
    if (!str_cut(issuer, '{', &head, &tail) || !str_cut(tail, '}', &name, &tail) ||
        !str_eq(name, STR("tenantid")) || !str_starts(settings->issuer, head)) {
        return false;
    }
    struct str rest = str_skip(settings->issuer, head.len), word;
    return str_cut(rest, '/', &word, &rest) && word.len > 0 &&
           str_eq(str_skip(tail, tail.len > 0), rest) && str_starts(tail, STR("/"));
}

static enum err fetch_into(struct ctx *ctx, const struct provider_settings *settings,
                           struct held *held)
{
    bool loopback = url_is_loopback(settings->issuer);
    struct str url, json = {0};
    struct str base = settings->issuer;

    held->known.loopback = loopback;
    base.len -= str_ends(base, STR("/"));
    TRY(arena_print(held->arena, &url, "%.*s/.well-known/openid-configuration", STR_ARG(base)));
    TRY(get(ctx, held->arena, url, loopback, &json));
    struct openid_metadata *metadata = &held->known.metadata;
    TRY(is_understood(ctx, openid_metadata_parse(held->arena, json, metadata), "metadata"));
    if (!speaks_for(settings, metadata->issuer)) {
        return ctx_fail(ctx, ERR_PROVIDER, STR(""), "the metadata is of another issuer");
    }
    bool sound =
        loopback ? url_is_loopback(metadata->authorization) : url_is_https(metadata->authorization);
    if (!sound) {
        return ctx_fail(ctx, ERR_PROVIDER, STR(""), "browsers would be sent where it is not https");
    }
    TRY(get(ctx, held->arena, metadata->keys, loopback, &json));
    TRY(is_understood(ctx, openid_keys_parse(held->arena, json, &held->keys), "key set"));
    held->known.keys = held->keys;
    return ERR_OK;
}

static enum err fetch(struct ctx *ctx, const struct provider_settings *settings, struct held **ret)
{
    struct held *held = calloc(1, sizeof *held);

    if (!held) {
        return ERR_MEMORY;
    }
    atomic_store(&held->holders, 1);
    held->arena = arena_create(KEEP, LIMIT);
    enum err e = held->arena ? fetch_into(ctx, settings, held) : ERR_MEMORY;
    if (e != ERR_OK) {
        held_destroy(held);
        return e;
    }
    *ret = held;
    return ERR_OK;
}

/* From here on with the lock of the shelf held. */

static const struct known *hand_out(const struct shelf *shelf)
{
    atomic_fetch_add(&shelf->held->holders, 1);
    return &shelf->held->known;
}

static bool may_ask_again(struct shelf *shelf, int64_t now)
{
    int64_t saved = shelf->allowance_ms + now - shelf->counted_ms;

    shelf->allowance_ms = saved < ALLOWANCES * ALLOWANCE_MS ? saved : ALLOWANCES * ALLOWANCE_MS;
    shelf->counted_ms = now;
    if (shelf->allowance_ms < ALLOWANCE_MS) {
        return false;
    }
    shelf->allowance_ms -= ALLOWANCE_MS;
    return true;
}

static bool is_known(const struct shelf *shelf, const struct known *lacking, int64_t age_most,
                     int64_t now)
{
    return shelf->held && &shelf->held->known != lacking && now - shelf->fetched_ms < age_most;
}

static bool is_left_alone(const struct shelf *shelf, int64_t now)
{
    return shelf->failed_ms != 0 && now - shelf->failed_ms < LEFT_ALONE_MS;
}

/* Lets go of the lock while it waits for the one who fetches. False when that takes too long. */
static bool await_fetching(struct shelf *shelf, int64_t until_ms)
{
    struct timespec until = {.tv_sec = until_ms / SECOND, .tv_nsec = until_ms % SECOND * 1000000};

    while (shelf->fetching) {
        if (pthread_cond_timedwait(&shelf->news, &shelf->lock, &until) != 0 && shelf->fetching) {
            return false;
        }
    }
    return true;
}

/* Lets go of the lock while it fetches. */
static enum err fetch_onto(struct ctx *ctx, const struct provider_settings *settings,
                           struct shelf *shelf)
{
    struct held *fresh = NULL, *before = NULL;

    shelf->fetching = true;
    (void)pthread_mutex_unlock(&shelf->lock);
    enum err e = fetch(ctx, settings, &fresh);
    (void)pthread_mutex_lock(&shelf->lock);
    shelf->fetching = false;
    if (e == ERR_OK) {
        before = shelf->held;
        shelf->held = fresh;
        shelf->fetched_ms = monotonic_ms();
    }
    shelf->failed_ms = e == ERR_OK ? 0 : monotonic_ms();
    (void)pthread_cond_broadcast(&shelf->news);
    held_release(before);
    return e;
}

static enum err know(struct ctx *ctx, const struct provider_settings *settings, struct shelf *shelf,
                     const struct known *lacking)
{
    enum err e = ERR_OK;

    if (!await_fetching(shelf, monotonic_ms() + PATIENCE_MS)) {
        e = ctx_fail(ctx, ERR_PROVIDER, STR(""), "another waits for it already");
    }
    int64_t now = monotonic_ms();
    if (e != ERR_OK || is_known(shelf, lacking, FRESH_MS, now)) {
        return e;
    }
    bool lacks = lacking && shelf->held && &shelf->held->known == lacking;
    if (lacks && (is_left_alone(shelf, now) || !may_ask_again(shelf, now))) {
        return ctx_fail(ctx, ERR_MISSING, STR(""), "asked for keys too often");
    }
    e = is_left_alone(shelf, now)
            ? ctx_fail(ctx, ERR_PROVIDER, STR(""), "the provider did not answer a moment ago")
            : fetch_onto(ctx, settings, shelf);
    if (e != ERR_OK && is_known(shelf, lacking, USABLE_MS, monotonic_ms())) {
        ctx->reason = (struct reason){0};
        return ERR_OK;
    }
    return e;
}

enum err provider_know(struct ctx *ctx, enum provider provider, const struct known *lacking,
                       const struct known **ret)
{
    struct shelf *shelf = &ctx->service->providers->shelves[provider];
    const struct provider_settings *settings;

    TRY(provider_settings_of(ctx, provider, &settings));
    (void)pthread_mutex_lock(&shelf->lock);
    enum err e = know(ctx, settings, shelf, lacking);
    if (e == ERR_OK) {
        *ret = hand_out(shelf);
    }
    (void)pthread_mutex_unlock(&shelf->lock);
    return e;
}

enum err provider_ask(struct ctx *ctx, enum provider provider,
                      const struct outbound_request *request, struct outbound_answer *ret)
{
    struct shelf *shelf = &ctx->service->providers->shelves[provider];
    const struct outbound *outbound = ctx->desk->outbound;

    (void)pthread_mutex_lock(&shelf->lock);
    bool alone = is_left_alone(shelf, monotonic_ms());
    (void)pthread_mutex_unlock(&shelf->lock);
    if (alone) {
        return ctx_fail(ctx, ERR_PROVIDER, STR(""), "the provider did not answer a moment ago");
    }
    enum err e = outbound->fetch(outbound->with, ctx->arena, request, &ctx->reason, ret);
    if (e == ERR_PROVIDER) {
        (void)pthread_mutex_lock(&shelf->lock);
        shelf->failed_ms = monotonic_ms();
        (void)pthread_mutex_unlock(&shelf->lock);
    }
    return e;
}
