/* What the command line says of itself, made of the tables of commands and options. */
#pragma once

#include "app/cli.h"

struct buf;

/* What there is: every command, and the options. */
void help_all(struct buf *out);

/* The commands whose name begins with this word. */
void help_group(struct buf *out, struct str group);

/* One command and the options it takes. */
void help_command(struct buf *out, const struct command *command);

/* "usage: signet admin create NAME --email ADDRESS". */
void help_usage(struct buf *out, const struct command *command);
