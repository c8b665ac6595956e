/* All rows of all modules as one list, for the files of the settings' walker. */
#pragma once

#include "ops/settings.h"

enum settings_origin_kind {
    FROM_DEFAULT,
    FROM_PRESET,
    FROM_FILE,
    FROM_ENVIRONMENT,
    FROM_OVERRIDE
};

struct settings_origin {
    enum settings_origin_kind kind;
    int line; /* of the file */
};

struct settings {
    struct arena *arena;
    const struct settings_modules *modules;
    const char *preset_origin;
    struct str file;
    struct settings_origin *origins; /* one a row */
};

/* The rows of all modules together. */
size_t settings_row_count(const struct settings_modules *modules);

/* *ret_value points to where its value lives, or is NULL when the module has no struct. */
const struct setting *settings_row(const struct settings_modules *modules, size_t index,
                                   void **ret_value);

/* One value as it was found. `where` is how messages name the place: "signet.conf:12". */
struct settings_input {
    struct str where, section, key, text;
    struct settings_origin origin;
};

/* Finds the row, or tells the nearest name; parses the value, or tells what is wrong with it. */
enum err settings_take(struct settings *settings, const struct settings_input *input,
                       struct reason *reason);

/* How far two names are apart: letters to add, drop or change. */
size_t settings_distance(struct str a, struct str b);

/* SIGNET_SECTION_KEY. */
void settings_print_variable(struct buf *out, const struct setting *row);
