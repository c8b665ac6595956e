/* Loading: defaults, presets, file, environment, command line; later wins. */
#include "ops/settings.h"

#include "base/arena.h"
#include "base/buf.h"
#include "ops/setting_value.h"
#include "ops/settings_file.h"
#include "ops/settings_rows.h"

enum {
    VARIABLE_MOST = 128
};

static const struct str no_field = {0};

/* Two rows that answer to one name in the environment would be a trap for whoever sets it. */
static enum err check_names(const struct settings_modules *modules, struct reason *reason)
{
    size_t count = settings_row_count(modules);

    for (size_t i = 0; i < count; i++) {
        char memory[VARIABLE_MOST];
        struct buf variable = buf_over(memory, sizeof memory);
        settings_print_variable(&variable, settings_row(modules, i, NULL));
        for (size_t j = 0; j < i; j++) {
            char other_memory[VARIABLE_MOST];
            struct buf other = buf_over(other_memory, sizeof other_memory);
            settings_print_variable(&other, settings_row(modules, j, NULL));
            if (str_eq(buf_str(&variable), buf_str(&other))) {
                return fail(reason, ERR_CONFIG, no_field, "two settings are called %.*s",
                            STR_ARG(buf_str(&variable)));
            }
        }
    }
    return ERR_OK;
}

static enum err take_defaults(struct settings *settings, struct reason *reason)
{
    size_t count = settings_row_count(settings->modules);

    for (size_t i = 0; i < count; i++) {
        const struct setting *row = settings_row(settings->modules, i, NULL);
        struct settings_input input = {.where = STR("default"),
                                       .section = str_of(row->section),
                                       .key = str_of(row->key),
                                       .text = str_of(row->initial ? row->initial : ""),
                                       .origin = {.kind = FROM_DEFAULT}};
        TRY(settings_take(settings, &input, reason));
    }
    return ERR_OK;
}

/* A section may have dots in its name, a key has none. */
static bool split_name(struct str name, struct str *ret_section, struct str *ret_key)
{
    for (size_t at = name.len; at > 0; at--) {
        if (name.ptr[at - 1] == '.') {
            *ret_section = str_sub(name, 0, at - 1);
            *ret_key = str_skip(name, at);
            return true;
        }
    }
    return false;
}

struct assignments {
    const char *option;
    const struct str *list;
    size_t count;
    enum settings_origin_kind kind;
};

static enum err take_assignments(struct settings *settings, const struct assignments *from,
                                 struct reason *reason)
{
    for (size_t i = 0; i < from->count; i++) {
        struct settings_input input = {.origin = {.kind = from->kind}};
        struct str name;
        if (!str_cut(from->list[i], '=', &name, &input.text) ||
            !split_name(str_trim(name), &input.section, &input.key)) {
            return fail(reason, ERR_CONFIG, no_field, "%s takes section.key=value, not '%.*s'",
                        from->option, STR_ARG(str_sub(name, 0, 60)));
        }
        TRY(arena_print(settings->arena, &input.where, "%s %.*s", from->option,
                        STR_ARG(str_sub(str_trim(name), 0, 60))));
        TRY(settings_take(settings, &input, reason));
    }
    return ERR_OK;
}

/* Kubernetes gives every pod beside a service called "signet" variables like these. Nobody set
 * them. */
static bool is_service_link(struct str name)
{
    return str_eq(name, STR("SIGNET_PORT")) || str_starts(name, STR("SIGNET_PORT_")) ||
           str_eq(name, STR("SIGNET_SERVICE_HOST")) || str_eq(name, STR("SIGNET_SERVICE_PORT")) ||
           str_starts(name, STR("SIGNET_SERVICE_PORT_"));
}

static enum err fail_variable(const struct settings *settings, struct str name,
                              struct reason *reason)
{
    size_t count = settings_row_count(settings->modules), least = SIZE_MAX;
    char nearest[VARIABLE_MOST] = "";

    for (size_t i = 0; i < count; i++) {
        char memory[VARIABLE_MOST] = "";
        struct buf variable = buf_over(memory, sizeof memory - 1);
        settings_print_variable(&variable, settings_row(settings->modules, i, NULL));
        size_t distance = settings_distance(name, buf_str(&variable));
        if (distance < least) {
            least = distance;
            memcpy(nearest, memory, sizeof nearest);
        }
    }
    return fail(reason, ERR_CONFIG, no_field,
                "%.*s in the environment is no setting; the nearest is %s",
                STR_ARG(str_sub(name, 0, 60)), nearest);
}

static enum err take_variable(struct settings *settings, struct str name, struct str text,
                              struct reason *reason)
{
    size_t count = settings_row_count(settings->modules);

    for (size_t i = 0; i < count; i++) {
        const struct setting *row = settings_row(settings->modules, i, NULL);
        char memory[VARIABLE_MOST];
        struct buf variable = buf_over(memory, sizeof memory);
        settings_print_variable(&variable, row);
        if (!str_eq(buf_str(&variable), name)) {
            continue;
        }
        struct settings_input input = {.where = name,
                                       .section = str_of(row->section),
                                       .key = str_of(row->key),
                                       .text = text,
                                       .origin = {.kind = FROM_ENVIRONMENT}};
        return settings_take(settings, &input, reason);
    }
    return is_service_link(name) ? ERR_OK : fail_variable(settings, name, reason);
}

static enum err take_environment(struct settings *settings, char *const *environment,
                                 struct reason *reason)
{
    for (; environment && *environment; environment++) {
        struct str name, text;
        if (!str_cut(str_of(*environment), '=', &name, &text) ||
            !str_starts(name, STR("SIGNET_"))) {
            continue;
        }
        TRY(take_variable(settings, name, text, reason));
    }
    return ERR_OK;
}

static enum err take_file(struct settings *settings, struct str file, struct reason *reason)
{
    if (!str_is_set(file)) {
        return ERR_OK;
    }
    TRY(arena_copy(settings->arena, file, &settings->file));
    return settings_read_file(settings, reason);
}

/* Weakest first. */
static enum err take_all(struct settings *settings, const struct settings_source *source,
                         struct reason *reason)
{
    struct assignments presets = {settings->preset_origin, source->presets, source->preset_count,
                                  FROM_PRESET};
    struct assignments overrides = {"--set", source->overrides, source->override_count,
                                    FROM_OVERRIDE};

    TRY(take_defaults(settings, reason));
    TRY(take_assignments(settings, &presets, reason));
    TRY(take_file(settings, source->file, reason));
    TRY(take_environment(settings, source->environment, reason));
    return take_assignments(settings, &overrides, reason);
}

enum err settings_load(struct arena *arena, const struct settings_modules *modules,
                       const struct settings_source *source, struct reason *reason,
                       struct settings **ret)
{
    struct settings *settings = arena_alloc(arena, sizeof *settings);
    struct settings_origin *origins =
        arena_array(arena, settings_row_count(modules), sizeof *origins);

    if (!settings || !origins) {
        return ERR_MEMORY;
    }
    *settings = (struct settings){
        .arena = arena,
        .modules = modules,
        .preset_origin = source->preset_origin ? source->preset_origin : "presets",
        .origins = origins,
    };
    TRY(check_names(modules, reason));
    TRY(take_all(settings, source, reason));
    *ret = settings;
    return ERR_OK;
}

enum err settings_keep(struct settings *fresh, const struct settings *current, struct buf *waiting)
{
    size_t count = settings_row_count(fresh->modules);

    for (size_t i = 0; i < count; i++) {
        void *value, *kept;
        const struct setting *row = settings_row(fresh->modules, i, &value);
        (void)settings_row(current->modules, i, &kept);
        if (row->reloadable || setting_same(row, value, kept)) {
            continue;
        }
        buf_print(waiting, "%s%s.%s", waiting->len > 0 ? ", " : "", row->section, row->key);
        TRY(setting_copy(fresh->arena, row, kept, value));
        fresh->origins[i] = current->origins[i];
    }
    return ERR_OK;
}
