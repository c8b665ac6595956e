/* signet copy. */
#include "app/commands.h"
#include "app/config.h"
#include "app/copy.h"
#include "app/data_directory.h"
#include "app/progress.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"

#include <unistd.h>

#include <stdio.h>

enum {
    KEEP = 4096,
    LIMIT = 256 << 10,
    DIGEST_SHOWN = 8 /* bytes */
};

static void show(struct buf *out, const struct copy_told *told, struct str data)
{
    static const char *const heads[] = {"TABLE", "ROWS", "DIGEST"};
    struct table table = table_in_arena(out->arena, heads, ARRAY_LEN(heads));
    char digests[ARRAY_LEN(told->tables)][2 * DIGEST_SHOWN];

    for (size_t i = 0; i < told->count; i++) {
        struct buf digest = buf_over(digests[i], sizeof digests[i]);
        buf_put_hex(&digest, told->tables[i].digest.bytes, DIGEST_SHOWN);
        table_put(&table, str_of(told->tables[i].name));
        table_put_int(&table, told->tables[i].rows);
        table_put(&table, buf_str(&digest));
    }
    table_print(out, &table, table_form_for(STDOUT_FILENO));
    buf_print(out, "copied, read back and the same: %s\n", told->summary);
    buf_print(out, "the keys in it are sealed under %.*s/master.key, which every node needs\n",
              STR_ARG(data));
}

/* Whoever goes on writing goes on writing to the old one. */
static void warn_of_server(struct str data)
{
    int64_t process = data_directory_holder(data);

    if (process != 0) {
        (void)fprintf(stderr,
                      "signet: a server (process %lld) runs on this data directory: what it writes "
                      "from now on is not in the copy\n",
                      (long long)process);
    }
}

static enum err copy(const struct config *config, const struct command_line *line,
                     struct reason *reason, struct buf *out)
{
    struct copy_order order = {.config = config, .from = line->from, .to = line->to};
    struct copy_told told;

    warn_of_server(config->options.data);
    TRY(data_directory_make(config->options.data, reason));
    TRY(progress_start(STDERR_FILENO, "copying", &order.progress));
    enum err e = copy_make(&order, reason, &told);
    progress_stop(order.progress);
    TRY(e);
    show(out, &told, config->options.data);
    return ERR_OK;
}

static int run(const struct command_line *line)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, LIMIT);
    struct config *config = NULL;
    struct reason reason = {0};
    struct buf out = {0};

    enum err e = arena ? cli_config(line, /* dev= */ false, &reason, &config) : ERR_MEMORY;
    if (e == ERR_OK) {
        out = buf_in_arena(arena, LIMIT / 2);
        e = copy(config, line, &reason, &out);
    }
    int status = e == ERR_OK ? cli_print(&out) : cli_failed(e, &reason);
    config_free(config);
    return status;
}

const struct command command_copy = {
    .chapter = "Keys and store",
    .name = "copy",
    .arguments = "--from URL --to URL",
    .help = "Copy the store into an empty one, also between SQLite and PostgreSQL",
    .more =
        "The addresses are written as store.url is. The copy is one consistent view, sessions "
        "included, kept only when what is read back is the same. Stop the server first: what is "
        "written later is not in it. Then set store.url; the data directory, with master.key in "
        "it, stays as it is.",
    .takes = TAKES_STORE | TAKES_FROM | TAKES_TO,
    .needs = TAKES_FROM | TAKES_TO,
    .run = run,
};
