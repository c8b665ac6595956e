/* From the command line to its command. */
#include "app/arguments.h"
#include "app/conceal.h"
#include "app/help.h"
#include "base/arena.h"
#include "base/buf.h"
#include "picture/child.h"
#include "picture/nursery.h"

#include <stdlib.h>

enum {
    LIMIT = 64 << 10
};

static int show_help(const struct command_line *line)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(LIMIT, LIMIT);
    const struct reason reason = {0};

    if (!arena) {
        return cli_failed(ERR_MEMORY, &reason);
    }
    struct buf out = buf_in_arena(arena, LIMIT / 2);
    if (line->command) {
        help_command(&out, line->command);
    } else if (line->group.len > 0) {
        help_group(&out, line->group);
    } else {
        help_all(&out);
    }
    return cli_print(&out);
}

static void free_at(char ***words)
{
    free(*words);
}

int main(int count, char **arguments)
{
    struct command_line line = {0};
    struct reason reason = {0};

    if (count == 2 && str_eq(str_of(arguments[1]), STR(CHILD_ARGUMENT))) {
        return child_main();
    }
    if (count == 2 && str_eq(str_of(arguments[1]), STR(NURSERY_ARGUMENT))) {
        return nursery_main();
    }
    conceal_memory();
    CLEANUP(free_at) char **words = conceal_arguments(count, arguments);
    if (!words) {
        return cli_failed(ERR_MEMORY, &reason);
    }
    if (arguments_read(count, words, &line, &reason) != ERR_OK) {
        return cli_misused(&line, "%s", reason.detail);
    }
    return line.help ? show_help(&line) : line.command->run(&line);
}
