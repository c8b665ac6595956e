/* signet config. */
#include "app/commands.h"
#include "base/arena.h"
#include "base/buf.h"

enum {
    MOST = 1 << 20
};

struct form {
    const char *name;
    enum settings_view view;
};

static const struct form forms[] = {
    {"example",  SETTINGS_EXAMPLE },
    {"markdown", SETTINGS_MARKDOWN},
    {"man",      SETTINGS_MAN     },
};

static int show_effective(const struct command_line *line)
{
    struct reason reason = {0};
    struct config *config;

    enum err e = cli_config(line, /* dev= */ false, &reason, &config);
    if (e != ERR_OK) {
        return cli_failed(e, &reason);
    }
    struct buf out = buf_in_arena(config->arena, MOST);
    settings_print_effective(&out, config->loaded);
    int status = cli_print(&out);
    config_free(config);
    return status;
}

static int show_view(enum settings_view view)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(MOST / 16, 8 * MOST);
    struct reason reason = {0};

    if (!arena) {
        return cli_failed(ERR_MEMORY, &reason);
    }
    struct buf out = buf_in_arena(arena, MOST);
    config_describe(&out, view);
    return cli_print(&out);
}

static int run(const struct command_line *line)
{
    if (!str_is_set(line->form) || str_eq(line->form, STR("effective"))) {
        return show_effective(line);
    }
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        if (str_eq(line->form, str_of(forms[i].name))) {
            return show_view(forms[i].view);
        }
    }
    return cli_misused(line, "--form is effective, example, markdown or man");
}

const struct command command_config = {
    .chapter = "Looking after it",
    .name = "config",
    .arguments = "",
    .help = "Print every setting and where its value came from",
    .more =
        "Later ones win: the default, the file of --config, the environment "
        "(SIGNET_SECTION_KEY), --set. Secrets are not shown.",
    .takes = TAKES_STORE | TAKES_LISTEN | TAKES_FORM,
    .run = run,
};
