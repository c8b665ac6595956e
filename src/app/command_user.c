/* signet user show. */
#include "app/account.h"
#include "app/commands.h"
#include "app/table.h"
#include "base/buf.h"
#include "domain/session.h"

#include <unistd.h>

struct shown {
    struct str name;
    struct user user;
    struct str roles;
    size_t sessions;
};

static enum err look(struct ctx *ctx, void *with)
{
    struct shown *shown = with;
    struct session *sessions;

    TRY(account_find(ctx, shown->name, &shown->user));
    TRY(user_roles(ctx, shown->user.id, &shown->roles));
    return session_list(ctx, shown->user.id, &sessions, &shown->sessions);
}

static void put_text(struct table *table, const char *name, struct str text)
{
    table_put(table, str_of(name));
    table_put(table, text);
}

static void put_moment(struct table *table, const char *name, struct moment at)
{
    table_put(table, str_of(name));
    table_put_moment(table, at);
}

static void show(struct buf *out, const void *with)
{
    const struct shown *shown = with;
    const struct user *user = &shown->user;
    struct table table = table_in_arena(out->arena, NULL, 2);

    table_put(&table, STR("id"));
    table_put_id(&table, user->id);
    put_text(&table, "username", user->username.shown);
    put_text(&table, "address", user->email.shown);
    put_text(&table, "state", user_state_name(user->state));
    put_text(&table, "roles", shown->roles);
    put_moment(&table, "created", user->created);
    put_moment(&table, "updated", user->updated);
    put_moment(&table, "last login", user->last_login);
    table_put(&table, STR("open sessions"));
    table_put_int(&table, (int64_t)shown->sessions);
    table_print(out, &table, table_form_for(STDOUT_FILENO));
}

static int run(const struct command_line *line)
{
    struct shown shown = {.name = line->words[0]};

    return cli_run(line, &(struct cli_task){TX_READ, look, show, &shown, "user"});
}

const struct command command_user_show = {
    .chapter = "Administrators, users, sessions",
    .name = "user show",
    .arguments = "USER",
    .help = "Show a user, by id, username or address",
    .takes = TAKES_STORE,
    .least = 1,
    .most = 1,
    .run = run,
};
