/* Users on the command line: naming one, and making one. */
#pragma once

#include "app/cli.h"
#include "domain/ctx.h"
#include "domain/user.h"

/* By id, username or address, in this order. ERR_MISSING. */
enum err account_find(struct ctx *ctx, struct str name, struct user *ret);

/* A new one: username and address as the command line has them, if it has an address, and the
 * password as prompt_password has it. ERR_FIELD_VALUE with a reason. */
enum err account_read(const struct command_line *line, struct arena *arena, struct reason *reason,
                      struct new_user *ret);
