/* Finding rows by name, or the row somebody may have meant. */
#include "ops/settings_rows.h"

#include "base/arena.h"
#include "base/buf.h"
#include "ops/setting_value.h"

enum {
    NAME_MOST = 96,
    COMPLAINT_MOST = 400
};

size_t settings_row_count(const struct settings_modules *modules)
{
    size_t count = 0;

    for (size_t i = 0; i < modules->count; i++) {
        count += modules->list[i].table->count;
    }
    return count;
}

const struct setting *settings_row(const struct settings_modules *modules, size_t index,
                                   void **ret_value)
{
    const struct settings_module *module = modules->list;

    while (index >= module->table->count) {
        index -= module->table->count;
        module++;
    }
    const struct setting *row = &module->table->rows[index];
    if (ret_value) {
        *ret_value = module->values ? (char *)module->values + row->offset : NULL;
    }
    return row;
}

static char variable_char(char c)
{
    if (c >= 'a' && c <= 'z') {
        return (char)(c & ~0x20);
    }
    if (c == '.' || c == '-') {
        return '_';
    }
    return c;
}

void settings_print_variable(struct buf *out, const struct setting *row)
{
    const char *parts[] = {row->section, "_", row->key};

    buf_put(out, STR("SIGNET_"));
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        for (const char *at = parts[i]; *at; at++) {
            buf_put_char(out, variable_char(*at));
        }
    }
}

size_t settings_distance(struct str a, struct str b)
{
    size_t costs[NAME_MOST + 1];

    a = str_sub(a, 0, NAME_MOST);
    b = str_sub(b, 0, NAME_MOST);
    for (size_t j = 0; j <= b.len; j++) {
        costs[j] = j;
    }
    for (size_t i = 0; i < a.len; i++) {
        size_t diagonal = costs[0];
        costs[0] = i + 1;
        for (size_t j = 0; j < b.len; j++) {
            size_t changed = diagonal + (a.ptr[i] != b.ptr[j]);
            size_t added = (costs[j] < costs[j + 1] ? costs[j] : costs[j + 1]) + 1;
            diagonal = costs[j + 1];
            costs[j + 1] = changed < added ? changed : added;
        }
    }
    return costs[b.len];
}

static bool has_section(const struct settings_modules *modules, struct str section)
{
    size_t count = settings_row_count(modules);

    for (size_t i = 0; i < count; i++) {
        if (str_eq(str_of(settings_row(modules, i, NULL)->section), section)) {
            return true;
        }
    }
    return false;
}

static const char *nearest_section(const struct settings_modules *modules, struct str section)
{
    size_t count = settings_row_count(modules), least = SIZE_MAX;
    const char *nearest = "";

    for (size_t i = 0; i < count; i++) {
        const char *known = settings_row(modules, i, NULL)->section;
        size_t distance = settings_distance(section, str_of(known));
        if (distance < least) {
            least = distance;
            nearest = known;
        }
    }
    return nearest;
}

/* The key counts first: "level" under [http] is rather log.level than http.lines. */
static const struct setting *nearest_row(const struct settings_modules *modules, struct str section,
                                         struct str key)
{
    size_t count = settings_row_count(modules), least = SIZE_MAX, nearest = 0;

    for (size_t i = 0; i < count; i++) {
        const struct setting *row = settings_row(modules, i, NULL);
        size_t distance = 4 * settings_distance(key, str_of(row->key)) +
                          settings_distance(section, str_of(row->section));
        if (distance < least) {
            least = distance;
            nearest = i;
        }
    }
    return settings_row(modules, nearest, NULL);
}

static enum err fail_unknown(const struct settings *settings, const struct settings_input *input,
                             struct reason *reason)
{
    static const struct str no_field = {0};
    const struct settings_modules *modules = settings->modules;
    enum {
        SHOWN = 40
    };
    int section_shown = input->section.len < SHOWN ? (int)input->section.len : SHOWN;
    int key_shown = input->key.len < SHOWN ? (int)input->key.len : SHOWN;

    if (!has_section(modules, input->section)) {
        return fail(reason, ERR_CONFIG, no_field, "%.*s: no section [%.*s]; the nearest is [%s]",
                    STR_ARG(input->where), section_shown, input->section.ptr,
                    nearest_section(modules, input->section));
    }
    const struct setting *row = nearest_row(modules, input->section, input->key);
    return fail(reason, ERR_CONFIG, no_field, "%.*s: no key '%.*s' in [%.*s]; the nearest is %s.%s",
                STR_ARG(input->where), key_shown, input->key.ptr, section_shown, input->section.ptr,
                row->section, row->key);
}

static bool find(const struct settings_modules *modules, const struct settings_input *input,
                 size_t *ret_index)
{
    size_t count = settings_row_count(modules);

    for (size_t i = 0; i < count; i++) {
        const struct setting *row = settings_row(modules, i, NULL);
        if (str_eq(str_of(row->section), input->section) && str_eq(str_of(row->key), input->key)) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

enum err settings_take(struct settings *settings, const struct settings_input *input,
                       struct reason *reason)
{
    char memory[COMPLAINT_MOST];
    struct buf complaint = buf_over(memory, sizeof memory);
    size_t index;
    void *value;

    if (!find(settings->modules, input, &index)) {
        return fail_unknown(settings, input, reason);
    }
    const struct setting *row = settings_row(settings->modules, index, &value);
    struct settings_origin *origin = &settings->origins[index];
    if (origin->kind == FROM_FILE && input->origin.kind == FROM_FILE) {
        return fail(reason, ERR_CONFIG, (struct str){0},
                    "%.*s: %s.%s is set a second time, first on line %d", STR_ARG(input->where),
                    row->section, row->key, origin->line);
    }
    enum err e = setting_parse(settings->arena, row, str_trim(input->text), value, &complaint);
    if (e == ERR_CONFIG) {
        struct str text = buf_str(&complaint);
        return fail(reason, e, (struct str){0}, "%.*s: %s.%s: %.*s", STR_ARG(input->where),
                    row->section, row->key, STR_ARG(text));
    }
    TRY(e);
    *origin = input->origin;
    return ERR_OK;
}
