/* The options of the command line: one row each, from which the reading and the help come. */
#pragma once

#include "app/cli.h"

enum option_kind {
    OPTION_FLAG,    /* bool */
    OPTION_TEXT,    /* struct str */
    OPTION_TEXTS,   /* struct repeated: any number of times */
    OPTION_SETTING, /* SECTION.KEY=VALUE, any number of times */
    OPTION_LISTENER /* ADDRESS:PORT, any number of times */
};

struct option_row {
    const char *name;
    char letter;          /* 0: none */
    const char *argument; /* NULL for a flag */
    enum cli_option option;
    enum option_kind kind;
    size_t offset; /* of a flag or a text, in struct command_line */
    const char *help;
};

enum {
    MOST_OPTIONS = 36
};

extern const struct option_row option_rows[]; /* ends with a row without name */
