/* signet backup, restore. */
#include "app/backup.h"
#include "app/commands.h"
#include "app/config.h"
#include "app/content.h"
#include "app/progress.h"
#include "app/prompt.h"
#include "app/restore.h"
#include "base/arena.h"
#include "base/buf.h"

#include <unistd.h>

#include <limits.h>
#include <stdio.h>
#include <string.h>

enum {
    KEEP = 4096,
    LIMIT = 64 << 10,
    SHORTEST = 12 /* of a passphrase: the file may lie anywhere, for years */
};

struct job {
    struct arena *arena;
    char path[PATH_MAX];
    struct backup_order order;
    struct buf out;
};

static enum err read_path(const struct command_line *line, struct job *job, struct reason *reason)
{
    struct buf path = buf_over(job->path, sizeof job->path - 1);

    buf_put(&path, line->words[0]);
    if (path.failed || path.len == 0) {
        return fail(reason, ERR_CONFIG, STR(""), "FILE is no name of a file");
    }
    job->path[path.len] = '\0';
    job->order.path = job->path;
    return ERR_OK;
}

static enum err prepare(const struct command_line *line, bool anew, struct job *job,
                        struct reason *reason)
{
    if (!job->arena) {
        return ERR_MEMORY;
    }
    job->out = buf_in_arena(job->arena, LIMIT / 2);
    job->order.force = line->force;
    TRY(read_path(line, job, reason));
    TRY(prompt_passphrase(job->arena, line->passphrase, anew, reason, &job->order.passphrase));
    if (anew && job->order.passphrase.hidden.len < SHORTEST) {
        return fail(reason, ERR_CONFIG, STR(""), "a passphrase has at least %d characters",
                    SHORTEST);
    }
    return ERR_OK;
}

static enum err backup(struct job *job, struct reason *reason)
{
    struct backup_told made;

    TRY(progress_start(STDERR_FILENO, "writing the backup", &job->order.progress));
    enum err e = backup_make(&job->order, reason, &made);
    progress_stop(job->order.progress);
    TRY(e);
    buf_print(&job->out, "%s: ", job->path);
    backup_tell(&job->out, &made);
    buf_put(&job->out, STR("; read back and the same\n"));
    return ERR_OK;
}

static enum err restore(struct job *job, struct reason *reason)
{
    struct restore_told made;

    TRY(progress_start(STDERR_FILENO, "restoring", &job->order.progress));
    enum err e = restore_make(&job->order, reason, &made);
    progress_stop(job->order.progress);
    TRY(e);
    buf_put(&job->out, STR("restored: "));
    backup_tell(&job->out, &made.backup);
    buf_put(&job->out, STR("\neverybody has to log in anew: no token issued before "));
    moment_print(&job->out, made.not_before, MOMENT_SECONDS);
    buf_put(&job->out, STR(" counts\n"));
    if (made.key_replaced) {
        buf_put(&job->out, STR("master.key is the backup's now; the one before lies beside it\n"));
    }
    return ERR_OK;
}

/* `anew`: the file is to be made. */
static int run(const struct command_line *line, bool anew,
               enum err (*work)(struct job *job, struct reason *reason))
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, LIMIT);
    struct job job = {.arena = arena};
    struct config *config = NULL;
    struct reason reason = {0};

    enum err e = cli_config(line, /* dev= */ false, &reason, &config);
    if (e == ERR_OK) {
        job.order.config = config;
        e = prepare(line, anew, &job, &reason);
    }
    if (e == ERR_OK) {
        e = work(&job, &reason);
    }
    config_free(config);
    return e == ERR_OK ? cli_print(&job.out) : cli_failed(e, &reason);
}

static int run_backup(const struct command_line *line)
{
    return run(line, true, backup);
}

static int run_restore(const struct command_line *line)
{
    return run(line, false, restore);
}

const struct command command_backup = {
    .chapter = "Keys and store",
    .name = "backup",
    .arguments = "FILE",
    .help = "Write everything but open sessions into one sealed file",
    .more =
        "May run beside the server. FILE holds one consistent view of the store and the master "
        "key, sealed under a passphrase, which is asked for on a terminal; elsewhere it is the "
        "first line of --passphrase-file or of standard input. What was written is read back "
        "before FILE gets its name.",
    .takes = TAKES_STORE | TAKES_PASSPHRASE | TAKES_FORCE,
    .least = 1,
    .most = 1,
    .run = run_backup,
};

const struct command command_restore = {
    .chapter = "Keys and store",
    .name = "restore",
    .arguments = "FILE",
    .help = "Bring everything back from such a file",
    .more =
        "Into an empty store and a data directory without a master key, or with --force in place "
        "of what they hold; the server has to be stopped. Nothing is touched before FILE has been "
        "read and found whole. No session and no token comes back: what was ended since the "
        "backup stays ended, and everybody logs in anew.",
    .takes = TAKES_STORE | TAKES_PASSPHRASE | TAKES_FORCE,
    .least = 1,
    .most = 1,
    .run = run_restore,
};
