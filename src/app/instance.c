/* Opening an installation. */
#include "app/instance.h"

#include "app/data_directory.h"
#include "base/arena.h"
#include "base/rcu.h"
#include "crypto/digest.h"
#include "domain/desk.h"
#include "domain/gallery.h"
#include "domain/keychain.h"
#include "domain/keyring.h"
#include "domain/limit.h"
#include "domain/outbox.h"
#include "domain/providers.h"
#include "domain/unit.h"
#include "model/signing_key.h"
#include "picture/nursery.h"
#include "store/store.h"

#include <unistd.h>

#include <stdlib.h>

enum {
    KEEP = 64 << 10,
    LIMIT = 1 << 30
};

static enum err has_keys(struct ctx *ctx, void *ret)
{
    struct signing_key *keys;

    return keyring_list(ctx, &keys, ret);
}

/* A store whose keys were sealed under a master key that is gone must not get a new one: it would
 * only hide what has to be brought back from a backup. */
static enum err master_key(struct instance *instance, enum instance_use use, struct reason *reason)
{
    struct str data = instance->config->options.data;
    struct key32 *master = &instance->service.master;
    size_t keys = 0;

    enum err e = master_key_read(data, reason, master);
    if (e != ERR_MISSING) {
        return e;
    }
    TRY(instance_run(instance, TX_READ, has_keys, &keys, reason));
    if (keys > 0) {
        return fail(
            reason, ERR_CONFIG, STR(""),
            "%.*s/master.key is missing, and the store's keys are sealed under it: bring it "
            "back from your backup",
            STR_ARG(data));
    }
    if (use == INSTANCE_LOOK) {
        return fail(reason, ERR_CONFIG, STR(""), "there is no %.*s/master.key yet", STR_ARG(data));
    }
    return master_key_make(data, reason, master);
}

static enum err derive_keys(struct instance *instance)
{
    struct service *service = &instance->service;
    struct digester *digester = instance->desk->digester;

    TRY(key_derive(digester, &service->master, STR("failed logins"), &service->attempts));
    TRY(key_derive(digester, &service->master, STR("known devices"), &service->devices));
    TRY(key_derive(digester, &service->master, STR("refresh tokens"), &service->refreshes));
    return key_derive(digester, &service->master, STR("letters"), &service->letters);
}

static enum err open_store(struct instance *instance, enum instance_use use, struct reason *reason)
{
    const struct config *config = instance->config;
    struct str data = config->options.data;
    struct store **store = &instance->service.store;

    if (use != INSTANCE_LOOK) {
        TRY(store_open(&config->store, data, reason, store));
        return store_migrate(*store, reason);
    }
    if (store_look(&config->store, data, reason) == ERR_MISSING) {
        return fail(reason, ERR_CONFIG, STR(""), "there is no store in %.*s yet", STR_ARG(data));
    }
    return store_open(&config->store, data, reason, store);
}

static enum err open_gallery(struct instance *instance, struct reason *reason)
{
    struct str folder;

    TRY(arena_print(instance->arena, &folder, "%.*s/avatars",
                    STR_ARG(instance->config->options.data)));
    return gallery_open(folder, reason, &instance->service.gallery);
}

/* What draws pictures costs a process; only one face takes any. */
static enum err open_nursery(struct instance *instance, struct reason *reason)
{
    bool takes_pictures = instance->config->fitnexa.face.enabled;

    return takes_pictures ? nursery_open(reason, &instance->service.nursery) : ERR_OK;
}

static enum err furnish(struct instance *instance, enum instance_use use, struct reason *reason)
{
    const struct config *config = instance->config;
    struct service *service = &instance->service;

    if (use != INSTANCE_LOOK) {
        TRY(data_directory_make(config->options.data, reason));
    }
    if (use == INSTANCE_SERVE) {
        TRY(data_directory_lock(config->options.data, reason, &instance->lock));
    }
    instance->arena = arena_create(KEEP, LIMIT);
    if (!instance->arena) {
        return ERR_MEMORY;
    }
    TRY(rcu_create(&service->rcu));
    TRY(keyring_create(&service->keyring));
    TRY(keychain_create(&service->keychain));
    TRY(limits_create(&service->limits));
    TRY(providers_create(&config->federation, &service->providers));
    TRY(outbox_create(config->mail.queue, &service->outbox));
    TRY(open_store(instance, use, reason));
    TRY(desk_open(service, use == INSTANCE_SERVE ? DESK_STORE : DESK_HASH_DIRECT, &instance->desk));
    TRY(master_key(instance, use, reason));
    TRY(use == INSTANCE_SERVE ? open_gallery(instance, reason) : ERR_OK);
    TRY(use == INSTANCE_SERVE ? open_nursery(instance, reason) : ERR_OK);
    return derive_keys(instance);
}

static void name_faces(struct instance *instance)
{
    struct config_face faces[CONFIG_FACES];

    config_faces(instance->config, faces);
    for (size_t i = 0; i < CONFIG_FACES; i++) {
        const struct face *face = faces[i].face;
        instance->service.faces[i] =
            (struct face_entry){face->name, faces[i].settings, face->refreshes};
    }
}

enum err instance_open(const struct config *config, enum instance_use use, struct reason *reason,
                       struct instance **ret)
{
    struct instance *instance = calloc(1, sizeof *instance);

    if (!instance) {
        return ERR_MEMORY;
    }
    instance->config = config;
    instance->lock = -1;
    instance->service.settings = &config->domain;
    name_faces(instance);
    enum err e = furnish(instance, use, reason);
    if (e != ERR_OK) {
        instance_close(instance);
        return e;
    }
    *ret = instance;
    return ERR_OK;
}

void instance_close(struct instance *instance)
{
    if (!instance) {
        return;
    }
    struct service *service = &instance->service;
    if (service->rcu) {
        desk_close(service, instance->desk);
    }
    store_close(service->store);
    outbox_destroy(service->outbox);
    providers_destroy(service->providers);
    limits_destroy(service->limits);
    nursery_close(service->nursery);
    gallery_close(service->gallery);
    keychain_destroy(service->keychain);
    keyring_destroy(service->keyring);
    rcu_destroy(service->rcu);
    arena_destroy(instance->arena);
    key32_wipe(&service->master);
    if (instance->lock >= 0) {
        (void)close(instance->lock);
    }
    free(instance);
}

enum err instance_run(struct instance *instance, enum unit_kind kind,
                      enum err (*work)(struct ctx *ctx, void *with), void *with,
                      struct reason *reason)
{
    struct ctx ctx = service_ctx(&instance->service, instance->desk, instance->arena);

    ctx.actor = actor_operator;
    ctx.source = STR("cli");
    rcu_enter(instance->desk->reader);
    enum err e = unit_run(&ctx, kind, work, with);
    rcu_leave(instance->desk->reader);
    instance->warning = ctx.warning;
    if (e == ERR_OK || ctx.reason.detail[0]) {
        return e == ERR_OK ? e : fail(reason, e, ctx.reason.field, "%s", ctx.reason.detail);
    }
    return fail(reason, e, ctx.reason.field, "%s", seat_reason(instance->desk->seat)->detail);
}
