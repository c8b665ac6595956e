/* What is in force, and the documents made of the rows. */
#include "base/buf.h"
#include "ops/setting_value.h"
#include "ops/settings.h"
#include "ops/settings_rows.h"

#include <stdint.h>
#include <string.h>

static void put(struct buf *out, const char *text)
{
    buf_put(out, str_of(text));
}

static void print_origin(struct buf *out, const struct settings *settings,
                         const struct settings_origin *origin)
{
    switch (origin->kind) {
    case FROM_DEFAULT:
        put(out, "default");
        return;
    case FROM_PRESET:
        put(out, "from ");
        put(out, settings->preset_origin);
        return;
    case FROM_FILE:
        put(out, "from ");
        buf_put(out, settings->file);
        buf_print(out, ":%d", origin->line);
        return;
    case FROM_ENVIRONMENT:
        put(out, "from the environment");
        return;
    case FROM_OVERRIDE:
        break;
    }
    put(out, "from --set");
}

void settings_print_effective(struct buf *out, const struct settings *settings)
{
    enum {
        ORIGIN_COLUMN = 48,
        ORIGIN_DISTANCE = 3
    };
    size_t count = settings_row_count(settings->modules);

    for (size_t i = 0; i < count; i++) {
        size_t start = out->len;
        void *value;
        const struct setting *row = settings_row(settings->modules, i, &value);
        buf_print(out, "%s.%s = ", row->section, row->key);
        setting_print(out, row, value);
        do {
            buf_put_char(out, ' ');
        } while (!out->failed && out->len - start < ORIGIN_COLUMN);
        for (int j = 1; j < ORIGIN_DISTANCE; j++) {
            buf_put_char(out, ' ');
        }
        put(out, "# ");
        print_origin(out, settings, &settings->origins[i]);
        buf_put_char(out, '\n');
    }
}

enum {
    ROW_TEXT_MOST = 2048
};

/* Two texts of a row that each view puts its own marks around. */
struct row_text {
    char initial_memory[ROW_TEXT_MOST], expected_memory[ROW_TEXT_MOST];
    struct str initial, expected;
};

/* A row with more text than that is refused by the failure of `out`. */
static void read_row(const struct setting *row, struct row_text *text, struct buf *out)
{
    struct buf initial = buf_over(text->initial_memory, sizeof text->initial_memory);
    struct buf expected = buf_over(text->expected_memory, sizeof text->expected_memory);

    setting_print_initial(&initial, row);
    setting_print_expected(&expected, row);
    text->initial = buf_str(&initial);
    text->expected = buf_str(&expected);
    out->failed = out->failed || initial.failed || expected.failed;
}

static void put_sentence(struct buf *out, const char *text)
{
    put(out, text);
    if (!str_ends(str_of(text), STR("."))) {
        buf_put_char(out, '.');
    }
}

/* What the row takes as the start of a sentence. */
static void capitalise(struct row_text *text)
{
    char *first = &text->expected_memory[0];

    if (*first >= 'a' && *first <= 'z') {
        *first = (char)(*first & ~0x20);
    }
}

/* What one view writes around and for each row. */
struct view {
    const char *head;
    void (*open)(struct buf *out, const char *section);
    void (*row)(struct buf *out, const struct setting *row);
    const char *close;
};

static void open_example(struct buf *out, const char *section)
{
    buf_print(out, "\n[%s]\n", section);
}

static void put_example(struct buf *out, const struct setting *row)
{
    struct row_text text;

    read_row(row, &text, out);
    put(out, "\n# ");
    put_sentence(out, row->help);
    put(out, "\n# ");
    capitalise(&text);
    buf_put(out, text.expected);
    put(out, row->reloadable ? ". Taken over at SIGHUP.\n" : ".\n");
    buf_print(out, "#%s =%s", row->key, text.initial.len > 0 ? " " : "");
    buf_put(out, text.initial);
    buf_put_char(out, '\n');
}

static void put_cell(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '|') {
            buf_put_char(out, '\\');
        }
        buf_put_char(out, text.ptr[i]);
    }
}

static void open_markdown(struct buf *out, const char *section)
{
    buf_print(out, "\n## `[%s]`\n\n", section);
    put(out, "| key | default | takes | reload | meaning |\n|---|---|---|---|---|\n");
}

static void put_markdown(struct buf *out, const struct setting *row)
{
    struct row_text text;

    read_row(row, &text, out);
    const char *quote = text.initial.len > 0 ? "`" : "";
    buf_print(out, "| `%s` | %s", row->key, quote);
    put_cell(out, text.initial.len > 0 ? text.initial : STR("none"));
    buf_print(out, "%s | ", quote);
    put_cell(out, text.expected);
    put(out, row->reloadable ? " | yes | " : " | no | ");
    put_cell(out, str_of(row->help));
    put(out, " |\n");
}

/* Text of a manual page: each sentence on a line of its own, no line long, none that looks like a
 * request. */
static void put_roff(struct buf *out, struct str text)
{
    enum {
        LONG_ENOUGH = 60
    };
    size_t column = 0;

    for (size_t i = 0; i < text.len; i++, column++) {
        char c = text.ptr[i];
        if (column == 0 && (c == '.' || c == '\'')) {
            put(out, "\\&");
        }
        if (c == ' ' && i > 0 && (text.ptr[i - 1] == '.' || column > LONG_ENOUGH)) {
            buf_put_char(out, '\n');
            column = SIZE_MAX; /* the next one is the first */
            continue;
        }
        buf_put(out, c == '\\' ? STR("\\e") : (struct str){&text.ptr[i], 1});
    }
}

static void put_roff_sentence(struct buf *out, struct str text)
{
    put_roff(out, text);
    put(out, str_ends(text, STR(".")) ? "\n" : ".\n");
}

static void open_man(struct buf *out, const char *section)
{
    buf_print(out, ".Ss %s\n.Bl -tag -width Ds\n", section);
}

/* As the argument of a macro: in quotes, so that no word of it is taken for a macro itself. */
static void put_roff_argument(struct buf *out, struct str text)
{
    buf_put_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '"') {
            buf_put_char(out, '"');
        }
        buf_put_char(out, c);
        if (c == '\\') {
            buf_put_char(out, 'e');
        }
    }
    buf_put_char(out, '"');
}

static void put_man(struct buf *out, const struct setting *row)
{
    struct row_text text;

    read_row(row, &text, out);
    buf_print(out, ".It Cm %s\n", row->key);
    put_roff_sentence(out, str_of(row->help));
    capitalise(&text);
    put_roff_sentence(out, text.expected);
    if (row->reloadable) {
        put(out, "Taken over at\n.Dv SIGHUP .\n");
    }
    if (text.initial.len > 0) {
        put(out, "The default is\n.Ql ");
        put_roff_argument(out, text.initial);
        put(out, " .\n");
    }
}

static const struct view views[] = {
    [SETTINGS_EXAMPLE] =
        {"# Every setting of Signet, with its default. Take the # off in front of one "
         "to change it.\n# A value goes to the end of its line; a comment has a line "
         "of its own.\n", open_example,  put_example,  ""     },
    [SETTINGS_MARKDOWN] = {"# Settings\n",           open_markdown, put_markdown, ""     },
    [SETTINGS_MAN] = {"",                       open_man,      put_man,      ".El\n"},
};

static bool is_first_of_section(const struct settings_modules *modules, size_t index)
{
    const char *section = settings_row(modules, index, NULL)->section;

    for (size_t i = 0; i < index; i++) {
        if (strcmp(settings_row(modules, i, NULL)->section, section) == 0) {
            return false;
        }
    }
    return true;
}

/* All rows of a section, whichever modules they are of. */
static void print_section(struct buf *out, const struct settings_modules *modules,
                          const struct view *view, const char *section)
{
    size_t count = settings_row_count(modules);

    view->open(out, section);
    for (size_t i = 0; i < count; i++) {
        const struct setting *row = settings_row(modules, i, NULL);
        if (strcmp(row->section, section) == 0) {
            view->row(out, row);
        }
    }
    put(out, view->close);
}

void settings_print(struct buf *out, const struct settings_modules *modules,
                    enum settings_view view)
{
    size_t count = settings_row_count(modules);

    put(out, views[view].head);
    for (size_t i = 0; i < count; i++) {
        if (is_first_of_section(modules, i)) {
            print_section(out, modules, &views[view], settings_row(modules, i, NULL)->section);
        }
    }
}
