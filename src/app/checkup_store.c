/* Looking at the store: opened as a command does, but nothing is made and nothing migrated. */
#include "app/checkup.h"
#include "app/instance.h"
#include "base/moment.h"
#include "domain/event.h"
#include "domain/keyring.h"
#include "model/signing_key.h"
#include "store/store.h"

enum {
    CLOCKS_DIFFER = 5 /* seconds, between machines that share a store */
};

/* What is read in one unit. */
struct sight {
    size_t keys;
    struct moment newest; /* event */
};

static enum err look(struct ctx *ctx, void *with)
{
    struct sight *sight = with;
    struct signing_key *keys;

    TRY(keyring_load(ctx));
    TRY(keyring_list(ctx, &keys, &sight->keys));
    enum err e = event_last(ctx, &sight->newest);
    return e == ERR_MISSING ? ERR_OK : e;
}

static void note_sight(struct checkup *checkup, const struct sight *sight)
{
    int64_t behind = checkup_clock_behind(moment_now(), sight->newest);

    checkup_note(checkup, FINDING_OK, "master key opens all signing keys, of which there are %zu",
                 sight->keys);
    if (behind > CLOCKS_DIFFER) {
        checkup_note(checkup, FINDING_FAIL,
                     "the clock is %lld s behind the newest event in the store: set it",
                     (long long)behind);
    }
}

static void look_inside(struct checkup *checkup)
{
    struct instance *instance = NULL;
    struct reason reason = {0};
    struct sight sight = {0};

    enum err e = instance_open(checkup->config, INSTANCE_LOOK, &reason, &instance);
    if (e == ERR_OK) {
        e = instance_run(instance, TX_READ, look, &sight, &reason);
    }
    instance_close(instance);
    if (e == ERR_OK) {
        note_sight(checkup, &sight);
    } else {
        checkup_note(checkup, FINDING_FAIL, "%s", reason.detail[0] ? reason.detail : err_name(e));
    }
}

static enum err read_version(const struct config *config, struct reason *reason,
                             struct store_version *ret)
{
    struct store *store;

    TRY(store_look(&config->store, config->options.data, reason));
    TRY(store_open(&config->store, config->options.data, reason, &store));
    enum err e = store_version(store, ret);
    store_close(store);
    return e == ERR_OK ? e : fail(reason, e, STR(""), "the schema of the store cannot be read");
}

void checkup_store(struct checkup *checkup)
{
    struct store_version version;
    struct reason reason = {0};

    enum err e = read_version(checkup->config, &reason, &version);
    if (e == ERR_MISSING) {
        checkup_note(checkup, FINDING_WARN, "there is no store yet; the first start makes it");
        return;
    }
    if (e != ERR_OK) {
        checkup_note(checkup, FINDING_FAIL, "store: %s",
                     reason.detail[0] ? reason.detail : err_name(e));
        return;
    }
    if (version.schema > version.newest) {
        checkup_note(checkup, FINDING_FAIL,
                     "store: of a newer signet, schema %lld; this one knows %lld",
                     (long long)version.schema, (long long)version.newest);
        return;
    }
    if (version.schema < version.newest) {
        checkup_note(checkup, FINDING_WARN,
                     "store: schema %lld; the next start migrates it to %lld",
                     (long long)version.schema, (long long)version.newest);
        return;
    }
    checkup_note(checkup, FINDING_OK, "store: schema %lld, up to date", (long long)version.schema);
    look_inside(checkup);
}
