/* Furnishing and clearing a thread's desk. */
#include "domain/desk.h"

#include "base/rcu.h"
#include "crypto/digest.h"
#include "crypto/hasher.h"
#include "domain/service.h"
#include "domain/token.h"
#include "store/store.h"

#include <stdlib.h>

enum err desk_hasher_open(const struct service *service, unsigned at_once, struct hasher **ret)
{
    const struct domain_settings *settings = service->settings;
    struct password_cost cost = {settings->hash_memory_kib, settings->hash_passes};

    return hasher_create(at_once, cost, ret);
}

void desk_hasher_close(struct hasher *hasher)
{
    hasher_destroy(hasher);
}

static enum err desk_furnish(struct service *service, enum desk_kind kind, struct desk *desk)
{
    const struct domain_settings *settings = service->settings;

    TRY(digester_create(&desk->digester));
    TRY(rcu_join(service->rcu, &desk->reader));
    if (kind == DESK_MEMORY) {
        return token_cache_create(settings->token_cache, &desk->tokens);
    }
    TRY(seat_open(service->store, &desk->seat));
    if (kind == DESK_HASH_DIRECT) {
        TRY(desk_hasher_open(service, 0, &desk->own_hasher));
        desk->hasher = desk->own_hasher;
    }
    return ERR_OK;
}

enum err desk_open(struct service *service, enum desk_kind kind, struct desk **ret)
{
    struct desk *desk = calloc(1, sizeof *desk);

    if (!desk) {
        return ERR_MEMORY;
    }
    enum err e = desk_furnish(service, kind, desk);
    if (e != ERR_OK) {
        desk_close(service, desk);
        return e;
    }
    *ret = desk;
    return ERR_OK;
}

void desk_close(struct service *service, struct desk *desk)
{
    if (desk) {
        hasher_destroy(desk->own_hasher);
        seat_close(desk->seat);
        token_cache_destroy(desk->tokens);
        rcu_part(service->rcu, desk->reader);
        digester_destroy(desk->digester);
        free(desk);
    }
}
