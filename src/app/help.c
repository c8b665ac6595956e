/* Help. */
#include "app/help.h"

#include "app/options.h"
#include "base/buf.h"

#include <string.h>

enum {
    WIDTH = 80,
    COMMAND_COLUMN = 38,
    OPTION_COLUMN = 31,
    FEW = 4 /* commands: an option that more than these take is everybody's */
};

/* Everything in lines of at most WIDTH, from `column` on; `used` is how far this line is written.
 */
static void put_text(struct buf *out, size_t used, size_t column, const char *text)
{
    struct str rest = str_of(text), word;
    size_t at = used;

    while (str_next(&rest, ' ', &word)) {
        if (at >= column && at + 1 + word.len > WIDTH) {
            buf_put_char(out, '\n');
            at = 0;
        } else if (at > column) {
            buf_put_char(out, ' ');
            at++;
        }
        for (; at < column; at++) {
            buf_put_char(out, ' ');
        }
        buf_put(out, word);
        at += word.len;
    }
    buf_put_char(out, '\n');
}

/* What is explained, and the explanation in a column beside it, or below when there is no room. */
static void put_entry(struct buf *out, size_t start, size_t column, const char *text)
{
    size_t used = out->len - start;

    if (used + 2 > column) {
        buf_put_char(out, '\n');
        used = 0;
    }
    put_text(out, used, column, text);
}

static void put_option(struct buf *out, const struct option_row *row, const char *text)
{
    size_t start = out->len;

    if (row->letter) {
        buf_print(out, "  -%c, --%s", row->letter, row->name);
    } else {
        buf_print(out, "      --%s", row->name);
    }
    buf_print(out, "%s%s", row->argument ? " " : "", row->argument ? row->argument : "");
    put_entry(out, start, OPTION_COLUMN, text);
}

static void put_command(struct buf *out, const struct command *command)
{
    size_t start = out->len;

    buf_print(out, "  %s%s%s", command->name, command->arguments[0] ? " " : "", command->arguments);
    put_entry(out, start, COMMAND_COLUMN, command->help);
}

/* "admin create: The address…": which commands take it, when they are few. */
static void put_option_of_commands(struct buf *out, const struct option_row *row)
{
    char memory[512];
    struct buf text = buf_over(memory, sizeof memory - 1);
    size_t takers = 0;

    for (size_t i = 0; commands[i]; i++) {
        if ((commands[i]->takes & row->option) != 0) {
            buf_print(&text, "%s%s", takers > 0 ? ", " : "", commands[i]->name);
            takers++;
        }
    }
    if (takers == 0 || takers > FEW) {
        text.len = 0;
    } else {
        buf_put(&text, STR(": "));
    }
    buf_put(&text, str_of(row->help));
    memory[text.len] = '\0';
    put_option(out, row, memory);
}

void help_all(struct buf *out)
{
    const char *chapter = "";

    buf_put(out,
            STR("Signet, an identity service: who is this, may they come in, what may they do.\n"
                "\nusage: signet COMMAND [OPTION]...\n"));
    for (size_t i = 0; commands[i]; i++) {
        if (strcmp(chapter, commands[i]->chapter) != 0) {
            chapter = commands[i]->chapter;
            buf_print(out, "\n%s\n", chapter);
        }
        put_command(out, commands[i]);
    }
    buf_put(out, STR("\nOptions\n"));
    for (const struct option_row *row = option_rows; row->name; row++) {
        put_option_of_commands(out, row);
    }
    buf_put_char(out, '\n');
    put_text(out, 0, 0,
             "`signet help COMMAND` tells more of one. Start with `signet dev`. The manual is "
             "signet(1).");
}

void help_group(struct buf *out, struct str group)
{
    struct str noun, verb;

    buf_print(out, "usage: signet %.*s COMMAND [OPTION]...\n\n", STR_ARG(group));
    for (size_t i = 0; commands[i]; i++) {
        if (str_cut(str_of(commands[i]->name), ' ', &noun, &verb) && str_eq(noun, group)) {
            put_command(out, commands[i]);
        }
    }
    buf_print(out, "\n`signet help %.*s COMMAND` tells more of one.\n", STR_ARG(group));
}

void help_usage(struct buf *out, const struct command *command)
{
    buf_print(out, "usage: signet %s%s%s", command->name, command->arguments[0] ? " " : "",
              command->arguments);
    buf_put(out, (command->takes & ~command->needs) != 0 ? STR(" [OPTION]...\n") : STR("\n"));
}

void help_command(struct buf *out, const struct command *command)
{
    help_usage(out, command);
    buf_put_char(out, '\n');
    put_text(out, 0, 0, command->help);
    if (command->more) {
        buf_put_char(out, '\n');
        put_text(out, 0, 0, command->more);
    }
    if (command->takes != 0) {
        buf_put(out, STR("\nOptions\n"));
    }
    for (const struct option_row *row = option_rows; row->name; row++) {
        if ((command->takes & row->option) != 0) {
            put_option(out, row, row->help);
        }
    }
}
