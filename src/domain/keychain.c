/* One block of memory a chain: the keys, the names of what they allow, and the texts of both. */
#include "domain/keychain.h"

#include "base/arena.h"
#include "base/rcu.h"
#include "crypto/digest.h"
#include "domain/desk.h"
#include "domain/service.h"
#include "domain/standing.h"
#include "model/key_text.h"
#include "store/queries.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    MINUTE_MS = 60000
};

struct entry {
    struct id id;
    struct key32 digest;
    struct str name;
    struct moment expires;
    struct permission_set held; /* of those that come with the service */
    const struct str *names;    /* of all that it allows */
    size_t count;
    _Atomic int64_t used;  /* milliseconds since 1970 */
    int64_t noting, noted; /* housekeeping's: what a unit is writing, and what the store has */
};

struct chain {
    size_t count;
    struct entry *entries; /* by id */
    struct str *names;
    char *text;
};

struct keychain {
    struct chain *_Atomic chain;
};

enum err keychain_create(struct keychain **ret)
{
    *ret = calloc(1, sizeof **ret);
    return *ret ? ERR_OK : ERR_MEMORY;
}

static void chain_destroy(void *object)
{
    struct chain *chain = object;

    if (chain) {
        free(chain->entries);
        free(chain->names);
        free(chain->text);
        free(chain);
    }
}

void keychain_destroy(struct keychain *keychain)
{
    if (keychain) {
        chain_destroy(atomic_load(&keychain->chain));
        free(keychain);
    }
}

static struct chain *chain_of(const struct ctx *ctx)
{
    return atomic_load_explicit(&ctx->service->keychain->chain, memory_order_acquire);
}

static enum err chain_make(size_t rows, size_t bytes, struct chain **ret)
{
    struct chain *chain = calloc(1, sizeof *chain);

    if (!chain) {
        return ERR_MEMORY;
    }
    chain->entries = calloc(rows + 1, sizeof *chain->entries);
    chain->names = calloc(rows + 1, sizeof *chain->names);
    chain->text = malloc(bytes + 1);
    if (!chain->entries || !chain->names || !chain->text) {
        chain_destroy(chain);
        return ERR_MEMORY;
    }
    *ret = chain;
    return ERR_OK;
}

static int compare_ids(const void *a, const void *b)
{
    return memcmp(((const struct entry *)a)->id.bytes, ((const struct entry *)b)->id.bytes,
                  sizeof(struct id));
}

static struct entry *find(const struct chain *chain, struct id id)
{
    struct entry key = {.id = id};

    return chain ? bsearch(&key, chain->entries, chain->count, sizeof key, compare_ids) : NULL;
}

static struct str keep(char **at, struct str text)
{
    struct str kept = {*at, text.len};

    if (text.len > 0) {
        memcpy(*at, text.ptr, text.len);
    }
    *at += text.len;
    return kept;
}

static void begin_entry(struct entry *entry, const struct service_key_grants_row *row,
                        const struct chain *old)
{
    const struct entry *before = find(old, row->id);
    int64_t used = before ? atomic_load_explicit(&before->used, memory_order_relaxed) : 0;

    entry->id = row->id;
    entry->digest = row->digest;
    entry->expires = row->expires;
    atomic_init(&entry->used, used > row->used.ms ? used : row->used.ms);
    entry->noting = entry->noted = row->used.ms;
}

/* The rows of one key follow on one another. */
static void fill(struct chain *chain, const struct service_key_grants_row *rows, size_t count,
                 const struct chain *old)
{
    struct str *name = chain->names;
    char *text = chain->text;

    for (size_t i = 0; i < count; i++) {
        struct entry *entry = &chain->entries[chain->count > 0 ? chain->count - 1 : 0];
        if (i == 0 || !id_eq(rows[i].id, rows[i - 1].id)) {
            entry = &chain->entries[chain->count++];
            begin_entry(entry, &rows[i], old);
            entry->name = keep(&text, rows[i].name);
            entry->names = name;
        }
        permission_add(&entry->held, rows[i].permission);
        *name++ = keep(&text, rows[i].permission);
        entry->count++;
    }
}

enum err keychain_load(struct ctx *ctx)
{
    struct keychain *keychain = ctx->service->keychain;
    struct service_key_grants_row *rows;
    struct chain *chain;
    size_t count, bytes = 0;

    TRY(q_service_key_grants(ctx->tx, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        bytes += rows[i].name.len + rows[i].permission.len;
    }
    TRY(chain_make(count, bytes, &chain));
    fill(chain, rows, count, chain_of(ctx));
    struct chain *old = atomic_exchange(&keychain->chain, chain);
    if (old) {
        rcu_defer(ctx->service->rcu, chain_destroy, old);
    }
    return ERR_OK;
}

static bool counts_at(const struct entry *entry, struct moment now)
{
    return !moment_is_set(entry->expires) || moment_before(now, entry->expires);
}

/* The line of memory it stands in is every reader's, so it is not written for less than a minute.
 */
static void remember_use(struct entry *entry, struct moment now)
{
    if (now.ms - atomic_load_explicit(&entry->used, memory_order_relaxed) >= MINUTE_MS) {
        atomic_store_explicit(&entry->used, now.ms, memory_order_relaxed);
    }
}

enum err keychain_accept(struct ctx *ctx, struct str text, struct actor *ret)
{
    const struct service *service = ctx->service;
    struct key32 digest;
    struct id id;

    if (key_text_parse(text, &id) != ERR_OK) {
        return ctx_fail(ctx, ERR_TOKEN_INVALID, STR(""), "no service key, or one mistyped");
    }
    TRY(digest_sha256(ctx->desk->digester, text, &digest));
    struct entry *entry = find(chain_of(ctx), id);
    if (!entry || !key32_eq(&entry->digest, &digest)) {
        return ctx_fail(ctx, ERR_TOKEN_INVALID, STR(""), "an unknown or revoked service key");
    }
    if (!counts_at(entry, ctx->now)) {
        return ctx_fail(ctx, ERR_TOKEN_INVALID, STR(""), "the service key has expired");
    }
    if (!standing_is_fresh(service->standing, monotonic_ms())) {
        return ctx_fail(ctx, ERR_STORE_DOWN, STR(""), "the feed has not been read for too long");
    }
    remember_use(entry, ctx->now);
    *ret = (struct actor){.kind = ACTOR_SERVICE,
                          .service_key = id,
                          .permissions = entry->held,
                          .somewhere = entry->held};
    /* A copy: the request may go on when this chain is gone. */
    return arena_copy(ctx->arena, entry->name, &ret->username);
}

bool keychain_holds(const struct ctx *ctx, struct id key, struct str permission)
{
    const struct entry *entry = find(chain_of(ctx), key);

    for (size_t i = 0; entry && i < entry->count && counts_at(entry, ctx->now); i++) {
        if (permission_grants(entry->names[i], permission)) {
            return true;
        }
    }
    return false;
}

bool keychain_was_used(const struct ctx *ctx)
{
    const struct chain *chain = chain_of(ctx);

    for (size_t i = 0; chain && i < chain->count; i++) {
        const struct entry *entry = &chain->entries[i];
        if (atomic_load_explicit(&entry->used, memory_order_relaxed) > entry->noted) {
            return true;
        }
    }
    return false;
}

enum err keychain_note_uses(struct ctx *ctx)
{
    struct chain *chain = chain_of(ctx);

    for (size_t i = 0; i < chain->count; i++) {
        struct entry *entry = &chain->entries[i];
        entry->noting = atomic_load_explicit(&entry->used, memory_order_relaxed);
        if (entry->noting > entry->noted) {
            TRY(q_service_key_used(ctx->tx, (struct moment){entry->noting}, entry->id));
        }
    }
    return ERR_OK;
}

void keychain_uses_are_noted(struct ctx *ctx)
{
    struct chain *chain = chain_of(ctx);

    for (size_t i = 0; i < chain->count; i++) {
        chain->entries[i].noted = chain->entries[i].noting;
    }
}
