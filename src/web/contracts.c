/* A list under a lock: there are as many as faces, and whoever asks first keeps the others waiting
 * for as long as they would have written it themselves. */
#include "web/contracts.h"

#include "base/arena.h"
#include "web/openapi.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    MOST = 8 << 20
};

struct contract {
    struct contract *next;
    const struct router_face *face;
    struct str text;
};

struct contracts {
    pthread_mutex_t lock;
    struct arena *arena;
    struct contract *first;
};

enum err contracts_create(struct contracts **ret)
{
    struct contracts *contracts = calloc(1, sizeof *contracts);
    struct arena *arena = arena_create(0, MOST);

    if (!contracts || !arena) {
        free(contracts);
        arena_destroy(arena);
        return ERR_MEMORY;
    }
    contracts->arena = arena;
    (void)pthread_mutex_init(&contracts->lock, NULL);
    *ret = contracts;
    return ERR_OK;
}

void contracts_destroy(struct contracts *contracts)
{
    if (contracts) {
        (void)pthread_mutex_destroy(&contracts->lock);
        arena_destroy(contracts->arena);
        free(contracts);
    }
}

/* Only a whole one is put into the list. */
static enum err keep(struct contracts *contracts, const struct router_face *face, struct str text,
                     struct str *ret)
{
    struct contract *contract = arena_alloc(contracts->arena, sizeof *contract);

    if (!contract) {
        return ERR_MEMORY;
    }
    *contract = (struct contract){contracts->first, face, {0}};
    TRY(arena_copy(contracts->arena, text, &contract->text));
    contracts->first = contract;
    *ret = contract->text;
    return ERR_OK;
}

static enum err find_or_write(struct contracts *contracts, const struct router_face *face,
                              struct arena *arena, struct reason *reason, struct str *ret)
{
    struct str text = {0};

    for (const struct contract *one = contracts->first; one; one = one->next) {
        if (one->face == face) {
            *ret = one->text;
            return ERR_OK;
        }
    }
    TRY(openapi_write(arena, face, reason, &text));
    return keep(contracts, face, text, ret);
}

enum err contracts_get(struct contracts *contracts, const struct router_face *face,
                       struct arena *arena, struct reason *reason, struct str *ret)
{
    (void)pthread_mutex_lock(&contracts->lock);
    enum err e = find_or_write(contracts, face, arena, reason, ret);
    (void)pthread_mutex_unlock(&contracts->lock);
    return e;
}
