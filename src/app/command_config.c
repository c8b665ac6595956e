/* signet config. */
#include "app/commands.h"
#include "base/arena.h"
#include "base/buf.h"
#include "confine/serving.h"

enum {
    MOST = 1 << 20
};

struct form {
    const char *name;
    void (*describe)(struct buf *out, enum settings_view view);
    enum settings_view view;
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

/* What a server keeps of the kernel's calls is no setting, but belongs to the reference. */
static void describe_confinement(struct buf *out, enum settings_view view)
{
    (void)view;
    serving_describe(out);
}

static int show(const struct form *form)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(MOST / 16, 8 * MOST);
    struct reason reason = {0};

    if (!arena) {
        return cli_failed(ERR_MEMORY, &reason);
    }
    struct buf out = buf_in_arena(arena, MOST);
    form->describe(&out, form->view);
    return cli_print(&out);
}

static const struct form forms[] = {
    {"example",     config_describe,      SETTINGS_EXAMPLE },
    {"markdown",    config_describe,      SETTINGS_MARKDOWN},
    {"man",         config_describe,      SETTINGS_MAN     },
    {"confinement", describe_confinement, SETTINGS_MARKDOWN},
};

static int run(const struct command_line *line)
{
    if (!str_is_set(line->form) || str_eq(line->form, STR("effective"))) {
        return show_effective(line);
    }
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        if (str_eq(line->form, str_of(forms[i].name))) {
            return show(&forms[i]);
        }
    }
    return cli_misused(line, "--form is effective, example, markdown, man or confinement");
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
