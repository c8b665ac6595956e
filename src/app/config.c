/* The list of all modules' tables: a new module's settings are one line here. */
#include "app/config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "ops/settings_rows.h"

#include <unistd.h>

#include <stdlib.h>

enum {
    MODULES = 12,
    KEEP = 16 << 10,
    LIMIT = 16 << 20
};

/* clang-format off */
static const struct setting rows[] = {
    {"metrics", "from", SETTING_WORDS, offsetof(struct app_settings, metrics_from), "", .help =
     "Addresses and networks that may read /metrics without a token; behind a proxy on this machine, leave out 127.0.0.1"},
    {"lanes", "store_workers", SETTING_NUMBER, offsetof(struct app_settings, store_workers), "0", 0, 256, .help =
     "Threads that work with the store; 0 is two a core"},
    {"lanes", "hash_workers", SETTING_NUMBER, offsetof(struct app_settings, hash_workers), "0", 0, 256, .help =
     "Passwords hashed at once; 0 is one a core. Each takes password.memory while it hashes"},
    {"process", "user", SETTING_TEXT, offsetof(struct app_settings, user), "", .help =
     "The user to become when root starts it, once it listens; none: it stays who it is. Capabilities go in any case", .expects = "NAME"},
    {"process", "confine", SETTING_CHOICE, offsetof(struct app_settings, confine), "yes", .choices = "yes required no", .help =
     "Give up, before the first request, every system call that a server does not make (docs/security.md); required: do not start where the kernel cannot"},
};
/* clang-format on */
static const struct setting_table app_table = {
    .rows = rows, .count = ARRAY_LEN(rows), .size = sizeof(struct app_settings)};

/* What `signet dev` brings with it, so that every example of the documents runs as printed. */
static const struct str dev_presets[] = {
    {"metrics.from=127.0.0.0/8 ::1",        28},
    {"password.refuse_common=no",           25},
    {"face.directory.open=yes",             23},
    {"register.network_hour=0",             23},
    {"links.network_hour=0",                20},
    {"mail.transport=file",                 19},
    {"mail.from=Signet <signet@localhost>", 35},
};

static void list_modules(struct config *config, struct settings_module modules[MODULES])
{
    struct settings_module all[MODULES] = {
        {&http_settings_table,       config ? &config->http : NULL      },
        {&store_settings_table,      config ? &config->store : NULL     },
        {&domain_settings_table,     config ? &config->domain : NULL    },
        {&federation_settings_table, config ? &config->federation : NULL},
        {edge_face.settings,         config ? &config->edge : NULL      },
        {directory_face.settings,    config ? &config->directory : NULL },
        {corporate_face.settings,    config ? &config->corporate : NULL },
        {gateway_face.settings,      config ? &config->gateway : NULL   },
        {fitnexa_face.settings,      config ? &config->fitnexa : NULL   },
        {&mail_settings_table,       config ? &config->mail : NULL      },
        {&log_settings_table,        config ? &config->log : NULL       },
        {&app_table,                 config ? &config->app : NULL       },
    };

    for (size_t i = 0; i < MODULES; i++) {
        modules[i] = all[i];
    }
}

void config_faces(const struct config *config, struct config_face ret[CONFIG_FACES])
{
    ret[0] = (struct config_face){&edge_face, &config->edge.face};
    ret[1] = (struct config_face){&directory_face, &config->directory.face};
    ret[2] = (struct config_face){&corporate_face, &config->corporate.face};
    ret[3] = (struct config_face){&gateway_face, &config->gateway.face};
    ret[4] = (struct config_face){&fitnexa_face, &config->fitnexa.face};
}

/* What no single row can know. */
static enum err settings_agree(const struct config *config, struct reason *reason)
{
    struct config_face faces[CONFIG_FACES];

    config_faces(config, faces);
    for (size_t i = 0; i < CONFIG_FACES; i++) {
        const struct face_settings *settings = faces[i].settings;
        if (str_eq(settings->token_algorithm, STR("HS256")) &&
            settings->token_secret.hidden.len == 0) {
            return fail(reason, ERR_CONFIG, STR(""),
                        "face.%.*s.token_algorithm is HS256, and face.%.*s.token_secret is not set",
                        STR_ARG(faces[i].face->name), STR_ARG(faces[i].face->name));
        }
    }
    TRY(federation_settings_agree(&config->federation, reason));
    return mail_settings_agree(&config->mail, reason);
}

static enum err load(struct config *config, struct reason *reason)
{
    const struct config_options *options = &config->options;
    struct settings_source source = {
        .presets = options->dev ? dev_presets : NULL,
        .preset_count = options->dev ? ARRAY_LEN(dev_presets) : 0,
        .preset_origin = "signet dev",
        .file = options->file,
        .environment = environ,
        .overrides = options->set,
        .override_count = options->set_count,
    };
    struct settings_modules *modules = arena_alloc(config->arena, sizeof *modules);
    struct settings_module *list = arena_array(config->arena, MODULES, sizeof *list);

    if (!modules || !list) {
        return ERR_MEMORY;
    }
    list_modules(config, list);
    *modules = (struct settings_modules){list, MODULES};
    TRY(arena_print(config->arena, &config->pages.folder, "%.*s/mail", STR_ARG(options->data)));
    TRY(settings_load(config->arena, modules, &source, reason, &config->loaded));
    return settings_agree(config, reason);
}

enum err config_load(const struct config_options *options, struct reason *reason,
                     struct config **ret)
{
    struct config *config = calloc(1, sizeof *config);

    if (!config) {
        return ERR_MEMORY;
    }
    config->options = *options;
    config->arena = arena_create(KEEP, LIMIT);
    enum err e = config->arena ? load(config, reason) : ERR_MEMORY;
    if (e != ERR_OK) {
        config_free(config);
        return e;
    }
    *ret = config;
    return ERR_OK;
}

void config_free(struct config *config)
{
    if (config) {
        arena_destroy(config->arena);
        free(config);
    }
}

enum err config_reload(const struct config *current, struct buf *waiting, struct reason *reason,
                       struct config **ret)
{
    struct config *fresh;

    TRY(config_load(&current->options, reason, &fresh));
    enum err e = settings_keep(fresh->loaded, current->loaded, waiting);
    if (e != ERR_OK) {
        config_free(fresh);
        return e;
    }
    *ret = fresh;
    return ERR_OK;
}

static bool is_named(const struct setting *row, struct str name)
{
    struct str section = str_of(row->section), key = str_of(row->key);

    return name.len == section.len + 1 + key.len && str_starts(name, section) &&
           name.ptr[section.len] == '.' && str_ends(name, key);
}

bool config_is_secret(struct str name)
{
    struct settings_module list[MODULES];

    list_modules(NULL, list);
    const struct settings_modules modules = {list, MODULES};
    for (size_t i = 0; i < settings_row_count(&modules); i++) {
        const struct setting *row = settings_row(&modules, i, NULL);
        if (row->kind == SETTING_SECRET && is_named(row, name)) {
            return true;
        }
    }
    return false;
}

void config_describe(struct buf *out, enum settings_view view)
{
    struct settings_module list[MODULES];

    list_modules(NULL, list);
    settings_print(out, &(struct settings_modules){list, MODULES}, view);
}
