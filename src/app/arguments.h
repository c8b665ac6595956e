/* From argv to a command line. */
#pragma once

#include "app/cli.h"

/* Reads into `line`, which is all zero before and keeps pointing into `arguments`. On ERR_OK either
 * line->help is set (with the command or the group that was asked about, or neither), or
 * line->command is and everything given fits it. Otherwise ERR_CONFIG, with a reason in plain
 * words; line->command is set as soon as it is known. */
enum err arguments_read(int count, char **arguments, struct command_line *line,
                        struct reason *reason);
