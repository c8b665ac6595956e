/* Reading the command line by the tables of options and commands. */
#include "app/arguments.h"

#include "app/options.h"
#include "base/buf.h"
#include "http/listener.h"
#include "ops/settings_rows.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum {
    FIRST_ROW = 256, /* what getopt gives for the first row; above every letter */
    MOST_SAID = 8,
    TEXT = 128
};

/* The words as they were said, before any is known to be a command's. */
struct said {
    struct str words[MOST_SAID];
    size_t count;
};

/* The rows as getopt wants them. */
struct getopt_tables {
    char letters[2 * MOST_OPTIONS + 2];
    struct option names[MOST_OPTIONS];
};

static struct getopt_tables tables_of_rows(void)
{
    struct getopt_tables tables = {0};
    struct buf letters = buf_over(tables.letters, sizeof tables.letters - 1);

    buf_put_char(&letters, ':'); /* a missing argument is told apart */
    for (int i = 0; option_rows[i].name; i++) {
        const struct option_row *row = &option_rows[i];
        tables.names[i] =
            (struct option){.name = row->name,
                            .has_arg = row->argument ? required_argument : no_argument,
                            .val = FIRST_ROW + i};
        if (row->letter) {
            buf_put_char(&letters, row->letter);
            buf_put(&letters, row->argument ? STR(":") : STR(""));
        }
    }
    return tables;
}

static const struct option_row *row_of(int found)
{
    if (found >= FIRST_ROW) {
        return &option_rows[found - FIRST_ROW];
    }
    for (const struct option_row *row = option_rows; row->name; row++) {
        if (row->letter && row->letter == found) {
            return row;
        }
    }
    return NULL;
}

static enum err add_setting(struct command_line *line, struct str text, struct reason *reason)
{
    struct str name, value;

    if (!str_cut(text, '=', &name, &value) || !str_contains(name, '.')) {
        return fail(reason, ERR_CONFIG, STR(""), "--set takes SECTION.KEY=VALUE");
    }
    if (line->options.set_count == MOST_SETTINGS) {
        return fail(reason, ERR_CONFIG, STR(""), "more than %d settings", MOST_SETTINGS);
    }
    line->set[line->options.set_count++] = text;
    line->options.set = line->set;
    return ERR_OK;
}

/* All listeners are one setting, which is where the first of them stands among the settings. */
static enum err add_listener(struct command_line *line, struct str word, struct reason *reason)
{
    size_t used = strlen(line->listen), at = 0;
    struct buf text = buf_over(line->listen + used, LISTEN_TEXT - used - 1);
    struct http_listener listener;
    struct str faces;

    TRY(http_listener_parse(word, reason, &listener, &faces));
    buf_put(&text, used ? STR(" ") : STR("http.listen="));
    buf_put(&text, word);
    if (text.failed) {
        return fail(reason, ERR_CONFIG, STR(""), "too many listeners");
    }
    if (used == 0) {
        return add_setting(line, str_of(line->listen), reason);
    }
    while (line->set[at].ptr != line->listen) {
        at++;
    }
    line->set[at] = str_of(line->listen);
    return ERR_OK;
}

static enum err add_text(struct repeated *texts, const struct option_row *row, struct str text,
                         struct reason *reason)
{
    if (texts->count == MOST_REPEATED) {
        return fail(reason, ERR_CONFIG, STR(""), "more than %d of --%s", MOST_REPEATED, row->name);
    }
    texts->texts[texts->count++] = text;
    return ERR_OK;
}

static enum err take(struct command_line *line, const struct option_row *row, char *text,
                     struct reason *reason)
{
    void *member = (char *)line + row->offset;

    line->given |= row->option;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)member = true;
        return ERR_OK;
    case OPTION_TEXT:
        *(struct str *)member = str_of(text);
        return ERR_OK;
    case OPTION_TEXTS:
        return add_text(member, row, str_of(text), reason);
    case OPTION_SETTING:
        return add_setting(line, str_of(text), reason);
    case OPTION_LISTENER:
        return add_listener(line, str_of(text), reason);
    }
    return ERR_CONFIG;
}

static enum err take_options(int count, char **arguments, struct command_line *line,
                             struct reason *reason)
{
    struct getopt_tables tables = tables_of_rows();
    int found;

    optind = 0; /* from the start, also when it ran before */
    opterr = 0;
    while ((found = getopt_long(count, arguments, tables.letters, tables.names, NULL)) != -1) {
        if (found == ':') {
            return fail(reason, ERR_CONFIG, STR(""), "%s needs something behind it",
                        arguments[optind - 1]);
        }
        const struct option_row *row = found == '?' ? NULL : row_of(found);
        if (!row) {
            return fail(reason, ERR_CONFIG, STR(""), "there is no option like that in %s",
                        arguments[optind - 1]);
        }
        TRY(take(line, row, optarg, reason));
    }
    return ERR_OK;
}

/* `signet help admin` is `signet admin --help`, and `signet --version` is `signet version`. */
static enum err take_words(int count, char **arguments, struct command_line *line,
                           struct said *said, struct reason *reason)
{
    int first = optind;

    if (first < count && str_eq(str_of(arguments[first]), STR("help"))) {
        line->help = true;
        first++;
    }
    if (count - first > MOST_SAID) {
        return fail(reason, ERR_CONFIG, STR(""), "too many words");
    }
    for (int i = first; i < count; i++) {
        said->words[said->count++] = str_of(arguments[i]);
    }
    if (line->version && said->count == 0 && !line->help) {
        said->words[said->count++] = STR("version");
        line->given &= ~(unsigned)TAKES_VERSION;
    }
    return ERR_OK;
}

/* How many of the words are the command's name; 0 if they are not. */
static size_t words_of_name(const struct command *command, const struct said *said)
{
    struct str rest = str_of(command->name), word;
    size_t count = 0;

    while (str_next(&rest, ' ', &word)) {
        if (count == said->count || !str_eq(said->words[count], word)) {
            return 0;
        }
        count++;
    }
    return count;
}

/* The command that was said, and how many words name it; NULL when there is none. */
static const struct command *find_command(const struct said *said, size_t *ret_words)
{
    for (size_t i = 0; commands[i]; i++) {
        *ret_words = words_of_name(commands[i], said);
        if (*ret_words > 0) {
            return commands[i];
        }
    }
    return NULL;
}

/* The verbs of a group, with commas between; false when no command has that first word. */
static bool list_verbs(struct str group, struct buf *out)
{
    struct str noun, verb;

    for (size_t i = 0; commands[i]; i++) {
        if (str_cut(str_of(commands[i]->name), ' ', &noun, &verb) && str_eq(noun, group)) {
            buf_put(out, out->len ? STR(", ") : STR(""));
            buf_put(out, verb);
        }
    }
    return out->len > 0;
}

/* The nearest name, if at least half of what was said is right. */
static const char *nearest_command(struct str text)
{
    size_t least = text.len / 2 + 1;
    const char *nearest = NULL;

    for (size_t i = 0; commands[i]; i++) {
        size_t distance = settings_distance(text, str_of(commands[i]->name));
        if (distance < least) {
            least = distance;
            nearest = commands[i]->name;
        }
    }
    return nearest;
}

static enum err no_command(const struct said *said, struct reason *reason)
{
    char verbs_memory[TEXT], text_memory[TEXT];
    struct buf verbs = buf_over(verbs_memory, TEXT), text = buf_over(text_memory, TEXT);

    if (said->count == 0) {
        return fail(reason, ERR_CONFIG, STR(""), "which command?");
    }
    if (list_verbs(said->words[0], &verbs)) {
        return fail(reason, ERR_CONFIG, STR(""), "%.*s is followed by one of: %.*s",
                    STR_ARG(said->words[0]), STR_ARG(buf_str(&verbs)));
    }
    buf_put(&text, str_sub(said->words[0], 0, TEXT / 4));
    if (said->count > 1) {
        buf_put_char(&text, ' ');
        buf_put(&text, str_sub(said->words[1], 0, TEXT / 4));
    }
    const char *nearest = nearest_command(buf_str(&text));
    if (!nearest) {
        nearest = nearest_command(said->words[0]); /* the second may be what it is done to */
    }
    return fail(reason, ERR_CONFIG, STR(""), "there is no command %.*s%s%s",
                STR_ARG(buf_str(&text)), nearest ? "; the nearest is " : "",
                nearest ? nearest : "");
}

static enum err settle_help(struct command_line *line, const struct said *said,
                            struct reason *reason)
{
    char memory[TEXT];
    struct buf verbs = buf_over(memory, TEXT);
    size_t words;

    line->command = find_command(said, &words);
    if (line->command || said->count == 0) {
        return ERR_OK;
    }
    if (said->count == 1 && list_verbs(said->words[0], &verbs)) {
        line->group = said->words[0];
        return ERR_OK;
    }
    return no_command(said, reason);
}

static enum err options_fit(const struct command_line *line, struct reason *reason)
{
    const struct command *command = line->command;

    for (const struct option_row *row = option_rows; row->name; row++) {
        bool given = (line->given & row->option) != 0;
        if (given && (command->takes & row->option) == 0) {
            return fail(reason, ERR_CONFIG, STR(""), "%s does not take --%s", command->name,
                        row->name);
        }
        if (!given && (command->needs & row->option) != 0) {
            return fail(reason, ERR_CONFIG, STR(""), "%s needs --%s %s", command->name, row->name,
                        row->argument);
        }
    }
    return ERR_OK;
}

static enum err words_fit(struct command_line *line, const struct said *said, size_t named,
                          struct reason *reason)
{
    const struct command *command = line->command;
    size_t count = said->count - named;

    if (count < command->least) {
        return fail(reason, ERR_CONFIG, STR(""), "%s needs %s", command->name, command->arguments);
    }
    if (count > command->most) {
        return fail(reason, ERR_CONFIG, STR(""), "one word too many: %.*s",
                    STR_ARG(str_sub(said->words[named + command->most], 0, TEXT / 2)));
    }
    for (; line->word_count < count; line->word_count++) {
        line->words[line->word_count] = said->words[named + line->word_count];
    }
    return ERR_OK;
}

enum err arguments_read(int count, char **arguments, struct command_line *line,
                        struct reason *reason)
{
    struct said said = {0};
    size_t named;

    TRY(take_options(count, arguments, line, reason));
    TRY(take_words(count, arguments, line, &said, reason));
    if (line->help) {
        return settle_help(line, &said, reason);
    }
    line->command = find_command(&said, &named);
    if (!line->command) {
        return no_command(&said, reason);
    }
    TRY(words_fit(line, &said, named, reason));
    return options_fit(line, reason);
}
