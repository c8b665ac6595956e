/* signet version. */
#include "app/commands.h"
#include "app/libraries.h"
#include "base/arena.h"
#include "base/buf.h"

enum {
    KEEP = 4096,
    LIMIT = 256 << 10
};

static int run(const struct command_line *line)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, LIMIT);
    const struct reason reason = {0};

    if (line->json && !line->full) {
        return cli_misused(line, "--json is for --full");
    }
    if (!arena) {
        return cli_failed(ERR_MEMORY, &reason);
    }
    struct buf out = buf_in_arena(arena, LIMIT / 2);
    if (line->json) {
        libraries_print_json(&out);
        return cli_print(&out);
    }
    buf_put(&out, STR("signet " SIGNET_VERSION "\n"));
    if (line->full) {
        libraries_print(arena, &out);
    }
    return cli_print(&out);
}

const struct command command_version = {
    .chapter = "Looking after it",
    .name = "version",
    .arguments = "",
    .help = "Print the version",
    .more =
        "With --full each library, too: the version that it tells of itself now, the one at build "
        "time, whether it is linked, inside the program, or loaded on demand, the package it came "
        "in, its licence. --full --json is the same as a bill of materials in CycloneDX 1.5.",
    .takes = TAKES_FULL | TAKES_JSON,
    .run = run,
};
