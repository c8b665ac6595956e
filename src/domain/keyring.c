/* Signing keys: an immutable ring of them, swapped when the store has others. */
#include "domain/keyring.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/rcu.h"
#include "crypto/digest.h"
#include "crypto/jose.h"
#include "domain/event.h"
#include "domain/service.h"
#include "model/signing_key.h"
#include "store/queries.h"

#include <stdatomic.h>
#include <stdlib.h>

struct entry {
    struct jose_key *key;
    struct moment signs_from, verifies_to;
};

/* Newest first. */
struct ring {
    size_t count;
    struct entry entries[];
};

struct keyring {
    struct ring *_Atomic ring;
    struct {
        struct str face;
        struct jose_key *key;
    } secrets[SERVICE_FACES]; /* complete before anything is answered */
};

static void ring_destroy(void *object)
{
    struct ring *ring = object;

    for (size_t i = 0; ring && i < ring->count; i++) {
        jose_key_destroy(ring->entries[i].key);
    }
    free(ring);
}

enum err keyring_create(struct keyring **ret)
{
    *ret = calloc(1, sizeof **ret);
    return *ret ? ERR_OK : ERR_MEMORY;
}

void keyring_destroy(struct keyring *keyring)
{
    if (!keyring) {
        return;
    }
    ring_destroy(atomic_load(&keyring->ring));
    for (size_t i = 0; i < SERVICE_FACES; i++) {
        jose_key_destroy(keyring->secrets[i].key);
    }
    free(keyring);
}

static enum err entry_open(struct ctx *ctx, const struct signing_key *stored, struct entry *ret)
{
    struct str jwk;

    enum err e = seal_open(ctx->arena, &ctx->service->master, stored->id, stored->sealed, &jwk);
    if (e == ERR_CRYPTO) {
        return ctx_fail(ctx, ERR_CRYPTO, STR(""),
                        "signing key %.*s was sealed under another master key: is master.key the "
                        "one that belongs to this store?",
                        STR_ARG(stored->id));
    }
    TRY(e);
    TRY(jose_key_from_jwk(jwk, &ret->key));
    ret->signs_from = stored->signs_from;
    ret->verifies_to = stored->verifies_to;
    return ERR_OK;
}

enum err keyring_load(struct ctx *ctx)
{
    struct keyring *keyring = ctx->service->keyring;
    struct signing_key *stored;
    size_t count;

    TRY(q_keys_all(ctx->tx, &stored, &count));
    struct ring *ring = calloc(1, sizeof *ring + count * sizeof ring->entries[0]);
    if (!ring) {
        return ERR_MEMORY;
    }
    for (; ring->count < count; ring->count++) {
        enum err e = entry_open(ctx, &stored[ring->count], &ring->entries[ring->count]);
        if (e != ERR_OK) {
            ring_destroy(ring);
            return e;
        }
    }
    struct ring *old = atomic_exchange(&keyring->ring, ring);
    if (old) {
        rcu_defer(ctx->service->rcu, ring_destroy, old);
    }
    return ERR_OK;
}

static void jose_key_destroy_at(struct jose_key **key)
{
    jose_key_destroy(*key);
}

enum err keyring_rotate(struct ctx *ctx, struct moment signs_from)
{
    CLEANUP(jose_key_destroy_at) struct jose_key *key = NULL;
    struct signing_key stored = {.created = ctx->now, .signs_from = signs_from};
    int64_t life = service_longest_token(ctx->service) + ctx->service->settings->renewal_seconds;
    struct str jwk;

    TRY(jose_key_make(&key));
    stored.id = jose_key_id(key);
    TRY(jose_key_private(ctx->arena, key, &jwk));
    TRY(seal_close(ctx->arena, &ctx->service->master, stored.id, jwk, &stored.sealed));
    TRY(q_keys_overtake(ctx->tx, signs_from)); /* or one of them would follow this one, retired */
    TRY(q_key_insert(ctx->tx, &stored));
    TRY(q_keys_retire(ctx->tx, moment_plus(signs_from, life), stored.id));
    return event(ctx, EVENT_KEY_CREATED, (struct id){0});
}

enum err keyring_keep(struct ctx *ctx, bool *ret_made)
{
    const struct domain_settings *settings = ctx->service->settings;
    struct signing_key *stored;
    size_t count;

    TRY(q_keys_all(ctx->tx, &stored, &count));
    *ret_made = count == 0;
    if (count == 0) {
        return keyring_rotate(ctx, ctx->now);
    }
    struct moment due = moment_plus(stored[0].signs_from, settings->key_rotation);
    struct moment announced = moment_plus(ctx->now, settings->key_announcement);
    if (moment_before(announced, due)) {
        return ERR_OK;
    }
    *ret_made = true;
    return keyring_rotate(ctx, announced);
}

enum err keyring_add_secret(struct keyring *keyring, struct str face, struct str secret)
{
    for (size_t i = 0; i < SERVICE_FACES; i++) {
        if (!keyring->secrets[i].key) {
            keyring->secrets[i].face = face;
            return jose_key_from_secret(secret, &keyring->secrets[i].key);
        }
    }
    return ERR_CONFIG;
}

const struct jose_key *keyring_signer(const struct keyring *keyring, struct str face,
                                      struct moment now)
{
    const struct ring *ring = atomic_load_explicit(&keyring->ring, memory_order_acquire);

    for (size_t i = 0; i < SERVICE_FACES && keyring->secrets[i].key; i++) {
        if (str_eq(keyring->secrets[i].face, face)) {
            return keyring->secrets[i].key;
        }
    }
    for (size_t i = 0; ring && i < ring->count; i++) {
        if (!moment_before(now, ring->entries[i].signs_from)) {
            return ring->entries[i].key;
        }
    }
    /* The clock has been set back to before the first one. */
    return ring && ring->count > 0 ? ring->entries[ring->count - 1].key : NULL;
}

static bool counts_at(const struct entry *entry, struct moment now)
{
    return !moment_is_set(entry->verifies_to) || moment_before(now, entry->verifies_to);
}

const struct jose_key *keyring_find(const struct keyring *keyring, struct str id, struct moment now)
{
    const struct ring *ring = atomic_load_explicit(&keyring->ring, memory_order_acquire);

    for (size_t i = 0; ring && i < ring->count; i++) {
        if (str_eq(jose_key_id(ring->entries[i].key), id) && counts_at(&ring->entries[i], now)) {
            return ring->entries[i].key;
        }
    }
    for (size_t i = 0; i < SERVICE_FACES && keyring->secrets[i].key; i++) {
        if (str_eq(jose_key_id(keyring->secrets[i].key), id)) {
            return keyring->secrets[i].key;
        }
    }
    return NULL;
}

void keyring_publish(const struct keyring *keyring, struct moment now, struct buf *out)
{
    const struct ring *ring = atomic_load_explicit(&keyring->ring, memory_order_acquire);
    bool first = true;

    buf_put(out, STR("{\"keys\":["));
    for (size_t i = 0; ring && i < ring->count; i++) {
        if (counts_at(&ring->entries[i], now)) {
            buf_put(out, first ? STR("") : STR(","));
            jose_key_public(out, ring->entries[i].key);
            first = false;
        }
    }
    buf_put(out, STR("]}"));
}

enum err keyring_list(struct ctx *ctx, struct signing_key **ret, size_t *ret_count)
{
    return q_keys_all(ctx->tx, ret, ret_count);
}
