/* signet admin create, list, password, disable, enable. */
#include "app/account.h"
#include "app/commands.h"
#include "app/prompt.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "domain/admin.h"

#include <unistd.h>

enum {
    KEEP = 4096,
    LIMIT = 64 << 10
};

struct created {
    struct new_user in;
    enum role role;
};

static enum err create(struct ctx *ctx, void *with)
{
    const struct created *admin = with;
    struct user user;

    return admin_create(ctx, &admin->in, admin->role, &user);
}

static void show_created(struct buf *out, const void *with)
{
    const struct created *admin = with;

    buf_print(out, "administrator %.*s created: %.*s, %.*s\n", STR_ARG(admin->in.username.shown),
              STR_ARG(admin->in.email.shown), STR_ARG(role_name(admin->role)));
}

static int run_create(const struct command_line *line)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, LIMIT);
    struct created admin = {.role = ROLE_SUPER_ADMIN};
    struct reason reason = {0};

    if (str_is_set(line->role)) {
        admin.role = role_of(line->role);
    }
    if (admin.role != ROLE_SUPER_ADMIN && admin.role != ROLE_ADMIN) {
        return cli_misused(line, "--role is SUPER_ADMIN or ADMIN");
    }
    enum err e = arena ? account_read(line, arena, &reason, &admin.in) : ERR_MEMORY;
    if (e != ERR_OK) {
        return cli_failed(e, &reason);
    }
    return cli_run(line, &(struct cli_task){TX_LATE, create, show_created, &admin});
}

struct listed {
    struct admin *admins;
    struct str *roles; /* of each */
    size_t count;
};

static enum err list(struct ctx *ctx, void *with)
{
    struct listed *all = with;

    TRY(admin_list(ctx, &all->admins, &all->count));
    all->roles = arena_array(ctx->arena, all->count, sizeof *all->roles);
    for (size_t i = 0; i < all->count; i++) {
        if (!all->roles) {
            return ERR_MEMORY;
        }
        TRY(user_roles(ctx, all->admins[i].id, &all->roles[i]));
    }
    return ERR_OK;
}

static void show_list(struct buf *out, const void *with)
{
    static const char *const heads[] = {"NUMBER", "USERNAME", "ADDRESS",
                                        "ROLES",  "STATE",    "LAST LOGIN"};
    const struct listed *all = with;
    struct table table = table_in_arena(out->arena, heads, ARRAY_LEN(heads));

    for (size_t i = 0; i < all->count; i++) {
        const struct admin *admin = &all->admins[i];
        table_put_int(&table, admin->number);
        table_put(&table, admin->username);
        table_put(&table, admin->email);
        table_put(&table, all->roles[i]);
        table_put(&table, admin->active ? STR("active") : STR("disabled"));
        table_put_moment(&table, admin->last_login);
    }
    table_print(out, &table, table_form_for(STDOUT_FILENO));
}

static int run_list(const struct command_line *line)
{
    struct listed all = {0};

    return cli_run(line, &(struct cli_task){TX_READ, list, show_list, &all});
}

struct named {
    struct str name;
    struct secret password; /* of `admin password` */
};

static enum err set_password(struct ctx *ctx, void *with)
{
    const struct named *admin = with;

    return admin_reset_password(ctx, admin->name, admin->password);
}

static void show_password(struct buf *out, const void *with)
{
    buf_print(out, "%.*s has a new password; all their sessions are ended\n",
              STR_ARG(((const struct named *)with)->name));
}

static int run_password(const struct command_line *line)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, LIMIT);
    struct named admin = {.name = line->words[0]};
    struct reason reason = {0};

    enum err e = arena ? prompt_password(arena, &reason, &admin.password) : ERR_MEMORY;
    if (e != ERR_OK) {
        return cli_failed(e, &reason);
    }
    return cli_run(
        line, &(struct cli_task){TX_LATE, set_password, show_password, &admin, "administrator"});
}

static enum err disable(struct ctx *ctx, void *with)
{
    return admin_stop(ctx, ((const struct named *)with)->name);
}

static void show_disabled(struct buf *out, const void *with)
{
    buf_print(out, "%.*s is disabled; all their sessions are ended\n",
              STR_ARG(((const struct named *)with)->name));
}

static int run_disable(const struct command_line *line)
{
    struct named admin = {.name = line->words[0]};

    return cli_run(line,
                   &(struct cli_task){TX_WRITE, disable, show_disabled, &admin, "administrator"});
}

static enum err enable(struct ctx *ctx, void *with)
{
    return admin_resume(ctx, ((const struct named *)with)->name);
}

static void show_enabled(struct buf *out, const void *with)
{
    buf_print(out, "%.*s is active and may log in again\n",
              STR_ARG(((const struct named *)with)->name));
}

static int run_enable(const struct command_line *line)
{
    struct named admin = {.name = line->words[0]};

    return cli_run(line,
                   &(struct cli_task){TX_WRITE, enable, show_enabled, &admin, "administrator"});
}

const struct command command_admin_create = {
    .chapter = "Administrators, users, sessions",
    .name = "admin create",
    .arguments = "NAME --email ADDRESS",
    .help = "Make an administrator",
    .more =
        "The password is asked for on a terminal; elsewhere it is one line of standard input, as "
        "it "
        "stands. A server that is running knows the new account at once.",
    .takes = TAKES_STORE | TAKES_EMAIL | TAKES_ROLE,
    .needs = TAKES_EMAIL,
    .least = 1,
    .most = 1,
    .run = run_create,
};

const struct command command_admin_list = {
    .chapter = "Administrators, users, sessions",
    .name = "admin list",
    .arguments = "",
    .help = "List all administrators",
    .more =
        "On a terminal in columns; elsewhere one a line, with tabs between number, username, "
        "address, roles, state and last login, and without heads.",
    .takes = TAKES_STORE,
    .run = run_list,
};

const struct command command_admin_password = {
    .chapter = "Administrators, users, sessions",
    .name = "admin password",
    .arguments = "NAME",
    .help = "Give an administrator a new password",
    .more =
        "Read as for `signet admin create`. Ends all sessions of the account and forgives its "
        "failed logins.",
    .takes = TAKES_STORE,
    .least = 1,
    .most = 1,
    .run = run_password,
};

const struct command command_admin_disable = {
    .chapter = "Administrators, users, sessions",
    .name = "admin disable",
    .arguments = "NAME",
    .help = "Let an administrator in no more",
    .more =
        "Ends all sessions of the account; a server that is running refuses its tokens within a "
        "second. The last active super administrator stays.",
    .takes = TAKES_STORE,
    .least = 1,
    .most = 1,
    .run = run_disable,
};

const struct command command_admin_enable = {
    .chapter = "Administrators, users, sessions",
    .name = "admin enable",
    .arguments = "NAME",
    .help = "Let an administrator in again",
    .takes = TAKES_STORE,
    .least = 1,
    .most = 1,
    .run = run_enable,
};
