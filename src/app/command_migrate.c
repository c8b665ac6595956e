/* signet migrate. */
#include "app/commands.h"
#include "app/data_directory.h"
#include "app/progress.h"

#include <unistd.h>

#include <stdio.h>

static enum err tell_newer(const struct store_version *version, struct reason *reason)
{
    return fail(reason, ERR_STORE, STR(""),
                "the store is of a newer signet: schema %lld, and this one knows %lld",
                (long long)version->schema, (long long)version->newest);
}

static enum err migrate_open(struct store *store, struct reason *reason)
{
    struct store_version before, after;
    struct progress *progress;

    TRY(store_version(store, &before));
    TRY(progress_start(STDERR_FILENO, "migrating the store", &progress));
    enum err e = store_migrate(store, reason);
    progress_stop(progress);
    TRY(e);
    TRY(store_version(store, &after));
    if (before.schema == after.schema) {
        (void)printf("schema %lld, nothing to do\n", (long long)after.schema);
    } else {
        (void)printf("migrated %lld \xe2\x86\x92 %lld\n", (long long)before.schema,
                     (long long)after.schema);
    }
    return ERR_OK;
}

static enum err migrate(const struct config *config, struct reason *reason)
{
    struct store *store;

    TRY(data_directory_make(config->options.data, reason));
    TRY(store_open(&config->store, config->options.data, reason, &store));
    enum err e = migrate_open(store, reason);
    store_close(store);
    return e;
}

/* Runs what is to be done on a copy, and says how long each step took. */
static enum err rehearse(struct store *store, const struct store_version *version,
                         struct reason *reason)
{
    struct store_steps steps;
    struct progress *progress;

    (void)printf("schema %lld, this signet brings %lld: to be migrated\n",
                 (long long)version->schema, (long long)version->newest);
    TRY(progress_start(STDERR_FILENO, "rehearsing the migration", &progress));
    enum err e = store_rehearse(store, reason, &steps);
    progress_stop(progress);
    TRY(e);
    for (size_t i = 0; i < steps.count; i++) {
        int64_t step = version->newest - (int64_t)(steps.count - i) + 1;
        (void)printf("rehearsed %s: %lld ms\n", store_migration_name(step), (long long)steps.ms[i]);
    }
    (void)puts("nothing was changed");
    return ERR_OK;
}

static enum err look_inside(struct store *store, struct reason *reason, bool *ret_needed)
{
    struct store_version version;

    TRY(store_version(store, &version));
    if (version.schema > version.newest) {
        return tell_newer(&version, reason);
    }
    *ret_needed = version.schema < version.newest;
    if (*ret_needed) {
        return rehearse(store, &version, reason);
    }
    (void)printf("schema %lld, up to date\n", (long long)version.schema);
    return ERR_OK;
}

/* Whether the store has to be migrated; makes none where there is none. */
static enum err look(const struct config *config, struct reason *reason, bool *ret_needed)
{
    struct store *store;

    enum err e = store_look(&config->store, config->options.data, reason);
    if (e == ERR_MISSING) {
        (void)puts("there is no store yet: the first start or `signet migrate` makes it");
        *ret_needed = true;
        return ERR_OK;
    }
    TRY(e);
    TRY(store_open(&config->store, config->options.data, reason, &store));
    e = look_inside(store, reason, ret_needed);
    store_close(store);
    return e;
}

static int run(const struct command_line *line)
{
    struct reason reason = {0};
    struct config *config = NULL;
    bool needed = false;

    enum err e = cli_config(line, /* dev= */ false, &reason, &config);
    if (e == ERR_OK) {
        e = line->check ? look(config, &reason, &needed) : migrate(config, &reason);
    }
    config_free(config);
    if (e != ERR_OK) {
        return cli_failed(e, &reason);
    }
    return needed ? STATUS_FAILED : STATUS_OK;
}

const struct command command_migrate = {
    .chapter = "Keys and store",
    .name = "migrate",
    .arguments = "",
    .help = "Bring the store up to this version, as every start does",
    .more =
        "With --check nothing is changed: it says whether that is needed, and if so, runs it on a "
        "copy "
        "(SQLite) or in a transaction that is undone (PostgreSQL), and says how long each step "
        "took.",
    .takes = TAKES_STORE | TAKES_CHECK,
    .run = run,
};
