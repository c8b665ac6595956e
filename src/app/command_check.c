/* signet check. */
#include "app/checkup.h"
#include "app/commands.h"
#include "base/arena.h"
#include "base/buf.h"

enum {
    MOST = 64 << 10
};

static void check_settings(struct checkup *checkup)
{
    const struct config_options *options = &checkup->config->options;

    if (str_is_set(options->file)) {
        checkup_note(checkup, FINDING_OK, "settings of %.*s make sense", STR_ARG(options->file));
    } else {
        checkup_note(checkup, FINDING_OK, "settings make sense; no file was named");
    }
}

static int run(const struct command_line *line)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(MOST, 4 * MOST);
    struct reason reason = {0};
    struct config *config = NULL;

    if (!arena) {
        return cli_failed(ERR_MEMORY, &reason);
    }
    struct buf out = buf_in_arena(arena, MOST);
    struct checkup checkup = {.out = &out};
    if (cli_config(line, /* dev= */ false, &reason, &config) != ERR_OK) {
        checkup_note(&checkup, FINDING_FAIL, "settings: %s", reason.detail);
    } else {
        checkup.config = config;
        check_settings(&checkup);
        checkup_files(&checkup);
        checkup_store(&checkup);
        checkup_mail(&checkup);
        checkup_listeners(&checkup);
        checkup_machine(&checkup);
    }
    config_free(config);
    int status = cli_print(&out);
    return checkup.failures > 0 ? STATUS_FAILED : status;
}

const struct command command_check = {
    .chapter = "Looking after it",
    .name = "check",
    .arguments = "",
    .help = "Say whether it could serve: settings, files, store, keys, mail, ports, clock",
    .more =
        "One line each, which begins with ok, warn or FAIL; status 1 if anything failed. Makes and "
        "changes nothing.",
    .takes = TAKES_STORE | TAKES_LISTEN,
    .run = run,
};
