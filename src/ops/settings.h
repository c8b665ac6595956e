/* The settings of all modules, read from the file, the environment and the command line; later
 * wins. Help, the example file, the reference page and `signet config` are written from the same
 * rows. */
#pragma once

#include "base/err.h"
#include "base/setting.h"
#include "base/str.h"

struct arena;
struct buf;

/* One module: its rows, and its struct to fill. For the static views `values` may be NULL. */
struct settings_module {
    const struct setting_table *table;
    void *values;
};

struct settings_modules {
    const struct settings_module *list;
    size_t count;
};

/* Where values come from, weakest first. The defaults of the rows come before all of them. */
struct settings_source {
    const struct str *presets; /* section.key=value: what a mode of the program brings with it */
    size_t preset_count;
    const char *preset_origin;   /* "signet dev" */
    struct str file;             /* no text: no file. A file that was named has to exist. */
    char *const *environment;    /* SIGNET_SECTION_KEY; dots and dashes of both are underscores */
    const struct str *overrides; /* section.key=value, of --set */
    size_t override_count;
};

/* What was loaded and where each value came from. Lives in the arena; the modules' list and their
 * structs have to outlive it. */
struct settings;

/* Fills the structs of all modules, or gives ERR_CONFIG with a reason in plain words that names
 * file and line, variable or option. What no row knows is refused with the nearest name that one
 * knows, a value out of its range with the range, a secret that is an example of one without being
 * shown. */
enum err settings_load(struct arena *arena, const struct settings_modules *modules,
                       const struct settings_source *source, struct reason *reason,
                       struct settings **ret);

/* At SIGHUP, with the settings in force and those just read into other structs: whatever only a
 * restart can change is put back as it was, and those of it that were changed are named in
 * `waiting` with commas between. Texts are copied, so that `current` and its arena can go. */
enum err settings_keep(struct settings *fresh, const struct settings *current, struct buf *waiting);

/* "section.key = value   # from FILE:12", one a line, secrets as (hidden). */
void settings_print_effective(struct buf *out, const struct settings *settings);

enum settings_view {
    SETTINGS_EXAMPLE,  /* etc/signet.conf.example: all of it, grouped and commented out */
    SETTINGS_MARKDOWN, /* docs/settings.md: a table a section */
    SETTINGS_MAN       /* the SETTINGS section of the man page, in mdoc(7) */
};
void settings_print(struct buf *out, const struct settings_modules *modules,
                    enum settings_view view);
