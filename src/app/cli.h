/* The command line: what every command is given, and the table of commands. */
#pragma once

#include "app/config.h"
#include "domain/ctx.h"
#include "model/unit.h"

struct arena;
struct buf;
struct text_list;

enum {
    STATUS_OK = 0,
    STATUS_FAILED = 1,
    STATUS_USAGE = 2
};

/* The options that there are; a command names those it takes. */
enum cli_option {
    TAKES_HELP = 1,
    TAKES_VERSION = 2,
    TAKES_CONFIG = 4,
    TAKES_DATA = 8,
    TAKES_SET = 16,
    TAKES_LISTEN = 32,
    TAKES_EMAIL = 64,
    TAKES_ROLE = 128,
    TAKES_CHECK = 256,
    TAKES_NOW = 512,
    TAKES_FORM = 1024,
    TAKES_FULL = 2048,
    TAKES_ALL = 4096,
    TAKES_PASSPHRASE = 8192,
    TAKES_FORCE = 16384,
    TAKES_FROM = 32768,
    TAKES_TO = 65536,
    TAKES_ORGANIZATION = 131072,
    TAKES_PERMISSIONS = 262144,
    TAKES_DESCRIPTION = 524288,
    TAKES_BEGINS = 1048576,
    TAKES_LIMIT = 2097152,
    TAKES_PAGE = 4194304,
    TAKES_PERMISSION = 8388608,
    TAKES_EXPIRES = 16777216,
    TAKES_SLUG = 33554432,
    TAKES_DOMAIN = 67108864,
    TAKES_JSON = 134217728
};
#define TAKES_STORE (TAKES_CONFIG | TAKES_DATA | TAKES_SET)

enum {
    MOST_WORDS = 4,
    MOST_SETTINGS = 64,
    MOST_REPEATED = 64,
    LISTEN_TEXT = 1024
};

/* What one option said, each time it was given. */
struct repeated {
    struct str texts[MOST_REPEATED];
    size_t count;
};

/* A command line, read: the command's own words taken off. It points into itself and is not copied.
 */
struct command_line {
    const struct command *command;
    struct str group;             /* with `help`: "admin", when that is all that was said */
    struct str words[MOST_WORDS]; /* what stands behind the command's name */
    size_t word_count;
    struct config_options options;
    struct str email, role, form;
    struct str passphrase; /* the file that has it */
    struct str from, to;
    struct str organization, permissions, description;
    struct str begins, limit, page;
    struct str expires;
    struct str slug, domain;
    struct repeated permission;
    bool help, version, check, now, full, json, all, force;
    unsigned given; /* enum cli_option, or'ed */
    struct str set[MOST_SETTINGS];
    char listen[LISTEN_TEXT]; /* http.listen=…, gathered from all --listen */
};

struct command {
    const char *chapter;   /* under which --help lists it; those of one chapter stand together */
    const char *name;      /* the words that call it: "admin create" */
    const char *arguments; /* as the usage line has them: "NAME --email ADDRESS" */
    const char *help;      /* one line */
    const char *more;      /* a paragraph for its own help, or NULL */
    unsigned takes, needs; /* enum cli_option, or'ed */
    size_t least, most;    /* words behind the name */
    int (*run)(const struct command_line *line);
};

extern const struct command *const commands[]; /* ends with NULL */

/* Tells on standard error what went wrong, in words for a person: what a client would be told where
 * it was the caller's doing, the particulars where it was not. STATUS_FAILED. */
int cli_failed(enum err e, const struct reason *reason);

/* Tells what is wrong with the command line, and how it is meant. STATUS_USAGE. */
int cli_misused(const struct command_line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes to standard output; told when that takes nothing more. The exit status. */
int cli_print(const struct buf *out);

/* The settings of this command line, with the data directory that is the default of its command. */
enum err cli_config(const struct command_line *line, bool dev, struct reason *reason,
                    struct config **ret);

/* What a command does with an installation. */
struct cli_task {
    enum unit_kind kind;
    enum err (*work)(struct ctx *ctx, void *with);   /* one unit of work: may be run again */
    void (*show)(struct buf *out, const void *with); /* tells of it once it is durable */
    void *with;
    const char *noun; /* what the command's first word names, for when there is no such thing */
};

/* For work that looks for more than one thing: notes which of them is missing, if `e` says that it
 * is, and returns `e`. `name` stands on the command line. */
enum err cli_found(struct ctx *ctx, enum err e, const char *noun, struct str name);

/* "NAME,NAME" as a list, its names without the blanks around them; empty ones are left out. */
enum err cli_names(struct arena *arena, struct str text, struct text_list *ret);

/* Opens the installation of the command line's options, runs the task as an operator, closes it;
 * told on failure. The exit status. */
int cli_run(const struct command_line *line, const struct cli_task *task);
