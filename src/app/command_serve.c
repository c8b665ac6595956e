/* signet dev, signet serve. */
#include "app/commands.h"
#include "app/dev_account.h"
#include "app/server.h"

static int run(const struct command_line *line, bool dev)
{
    struct reason reason = {0};
    struct config *config = NULL;

    enum err e = cli_config(line, dev, &reason, &config);
    if (e == ERR_OK && dev) {
        e = dev_account_make(config, &reason);
    }
    if (e != ERR_OK) {
        config_free(config);
        return cli_failed(e, &reason);
    }
    return server_run(config);
}

static int run_dev(const struct command_line *line)
{
    return run(line, /* dev= */ true);
}

static int run_serve(const struct command_line *line)
{
    return run(line, /* dev= */ false);
}

const struct command command_dev = {
    .chapter = "Serving",
    .name = "dev",
    .arguments = "",
    .help = "Serve on this machine alone, with everything on and a known account",
    .more =
        "Listens on loopback addresses and on no other, as everyone knows the password of its "
        "account: admin, your_password. What it keeps is in ./var. Every example of the API's "
        "documents runs against it as printed.",
    .takes = TAKES_STORE | TAKES_LISTEN,
    .run = run_dev,
};

const struct command command_serve = {
    .chapter = "Serving",
    .name = "serve",
    .arguments = "",
    .help = "Serve",
    .more =
        "Strict by default and without any account: `signet admin create` makes the first, before "
        "or while this runs. SIGTERM finishes what is under way and ends it, SIGHUP reads the "
        "settings again.",
    .takes = TAKES_STORE | TAKES_LISTEN,
    .run = run_serve,
};
