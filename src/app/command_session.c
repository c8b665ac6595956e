/* signet session list, end. */
#include "app/account.h"
#include "app/commands.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "domain/session.h"

#include <unistd.h>

struct sessions {
    struct str name;
    struct session *list;
    size_t count;
};

static enum err list(struct ctx *ctx, void *with)
{
    struct sessions *sessions = with;
    struct user user;

    TRY(account_find(ctx, sessions->name, &user));
    return session_list(ctx, user.id, &sessions->list, &sessions->count);
}

static void show_list(struct buf *out, const void *with)
{
    static const char *const heads[] = {"ID", "FACE", "FROM", "CREATED", "EXPIRES"};
    const struct sessions *sessions = with;
    struct table table = table_in_arena(out->arena, heads, ARRAY_LEN(heads));

    for (size_t i = 0; i < sessions->count; i++) {
        const struct session *session = &sessions->list[i];
        table_put_id(&table, session->id);
        table_put(&table, session->face);
        table_put(&table, session->peer);
        table_put_moment(&table, session->created);
        table_put_moment(&table, session->expires);
    }
    table_print(out, &table, table_form_for(STDOUT_FILENO));
}

static int run_list(const struct command_line *line)
{
    struct sessions sessions = {.name = line->words[0]};

    return cli_run(line, &(struct cli_task){TX_READ, list, show_list, &sessions, "user"});
}

static enum err end_one(struct ctx *ctx, void *with)
{
    const struct sessions *sessions = with;
    struct id id;

    if (id_parse(sessions->name, &id) != ERR_OK) {
        return ERR_MISSING;
    }
    return session_end(ctx, id);
}

static void show_ended(struct buf *out, const void *with)
{
    buf_print(out, "session %.*s is ended\n", STR_ARG(((const struct sessions *)with)->name));
}

static enum err end_all(struct ctx *ctx, void *with)
{
    struct sessions *sessions = with;
    struct user user;

    TRY(account_find(ctx, sessions->name, &user));
    TRY(session_list(ctx, user.id, &sessions->list, &sessions->count));
    return session_end_others(ctx, user.id, (struct id){0});
}

static void show_all_ended(struct buf *out, const void *with)
{
    const struct sessions *sessions = with;

    buf_print(out, "%zu session%s of %.*s ended\n", sessions->count,
              sessions->count == 1 ? "" : "s", STR_ARG(sessions->name));
}

static int run_end(const struct command_line *line)
{
    struct sessions sessions = {.name = line->words[0]};
    struct cli_task task = {TX_WRITE, end_one, show_ended, &sessions, "open session"};

    if (line->all) {
        task.work = end_all;
        task.show = show_all_ended;
        task.noun = "user";
    }
    return cli_run(line, &task);
}

const struct command command_session_list = {
    .chapter = "Administrators, users, sessions",
    .name = "session list",
    .arguments = "USER",
    .help = "List the open sessions of a user, newest first",
    .more =
        "On a terminal in columns; elsewhere one a line, with tabs between id, face, address, and "
        "the times it was opened and expires at, and without heads.",
    .takes = TAKES_STORE,
    .least = 1,
    .most = 1,
    .run = run_list,
};

const struct command command_session_end = {
    .chapter = "Administrators, users, sessions",
    .name = "session end",
    .arguments = "SESSION | --all USER",
    .help = "End a session",
    .more = "A server that is running refuses its tokens within a second.",
    .takes = TAKES_STORE | TAKES_ALL,
    .least = 1,
    .most = 1,
    .run = run_end,
};
