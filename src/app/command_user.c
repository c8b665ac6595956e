/* signet user list, show, create, password, disable, enable, delete. */
#include "app/account.h"
#include "app/commands.h"
#include "app/prompt.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/number.h"
#include "domain/organization.h"
#include "domain/profile.h"
#include "domain/roster.h"
#include "domain/session.h"

#include <unistd.h>

#include <stdio.h>

enum {
    KEEP = 4096,
    LIMIT = 64 << 10,
    USUAL_PAGE = 100, /* rows */
    MOST_PAGE = 10000
};

struct listed {
    struct roster_query query;
    struct roster_page page;
    struct str *roles; /* of each */
};

static enum err list(struct ctx *ctx, void *with)
{
    struct listed *all = with;

    TRY(roster_page(ctx, &all->query, &all->page));
    all->roles = arena_array(ctx->arena, all->page.count + 1, sizeof *all->roles);
    for (size_t i = 0; i < all->page.count; i++) {
        if (!all->roles) {
            return ERR_MEMORY;
        }
        TRY(user_roles(ctx, all->page.users[i].id, &all->roles[i]));
    }
    return ERR_OK;
}

static bool is_everyone(const struct listed *all)
{
    return all->page.total == (int64_t)all->page.count && !all->page.bounded;
}

/* Which of how many these are. */
static void put_total(struct buf *out, const struct listed *all)
{
    const struct roster_page *page = &all->page;
    int64_t before = all->query.offset, end = before + (int64_t)page->count;

    if (page->count > 0 && !is_everyone(all)) {
        buf_print(out, "%lld to %lld of ", (long long)before + 1, (long long)end);
    } else if (page->count == 0 && before > 0) {
        buf_put(out, STR("nobody on this page of "));
    }
    buf_print(out, "%s%lld user%s", page->bounded ? "at least " : "", (long long)page->total,
              page->total == 1 ? "" : "s");
    if (page->count > 0 && end < page->total) {
        buf_print(out, "; --page %lld tells of the next", (long long)(end / all->query.limit) + 1);
    }
    buf_put_char(out, '\n');
}

/* A person is told behind the rows; a program only when it does not have them all, and not among
 * its rows. */
static void tell_total(struct buf *out, const struct listed *all, enum table_form form)
{
    char memory[160];
    struct buf aside = buf_over(memory, sizeof memory);

    if (form == TABLE_COLUMNS) {
        put_total(out, all);
    } else if (!is_everyone(all)) {
        put_total(&aside, all);
        (void)fprintf(stderr, "signet: %.*s", STR_ARG(buf_str(&aside)));
    }
}

static void show_list(struct buf *out, const void *with)
{
    static const char *const heads[] = {"ID",    "USERNAME", "ADDRESS",   "ROLES",
                                        "STATE", "CREATED",  "LAST LOGIN"};
    const struct listed *all = with;
    struct table table = table_in_arena(out->arena, heads, ARRAY_LEN(heads));
    enum table_form form = table_form_for(STDOUT_FILENO);

    for (size_t i = 0; i < all->page.count; i++) {
        const struct user *user = &all->page.users[i];
        table_put_id(&table, user->id);
        table_put(&table, user->username.shown);
        table_put(&table, user->email.shown);
        table_put(&table, all->roles[i]);
        table_put(&table, user_state_name(user->state));
        table_put_moment(&table, user->created);
        table_put_moment(&table, user->last_login);
    }
    table_print(out, &table, form);
    tell_total(out, all, form);
}

static int run_list(const struct command_line *line)
{
    struct listed all = {
        .query = {.beginning = line->begins, .limit = USUAL_PAGE}
    };
    int64_t page = 1;

    if (str_is_set(line->limit) &&
        number_parse(line->limit, 1, MOST_PAGE, &all.query.limit) != ERR_OK) {
        return cli_misused(line, "--limit is a number from 1 to %d", MOST_PAGE);
    }
    if (str_is_set(line->page) && number_parse(line->page, 1, INT32_MAX, &page) != ERR_OK) {
        return cli_misused(line, "--page is a number, from 1 on");
    }
    all.query.offset = (page - 1) * all.query.limit;
    return cli_run(line, &(struct cli_task){TX_READ, list, show_list, &all});
}

struct shown {
    struct str name;
    struct user user;
    struct str roles;
    struct organization organization; /* or none */
    size_t sessions;
};

static enum err look(struct ctx *ctx, void *with)
{
    struct shown *shown = with;
    struct session *sessions;

    TRY(account_find(ctx, shown->name, &shown->user));
    TRY(user_roles(ctx, shown->user.id, &shown->roles));
    if (id_is_set(shown->user.organization)) {
        TRY(organization_get(ctx, shown->user.organization, &shown->organization));
    }
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
    put_text(&table, "organization", shown->organization.slug);
    put_text(&table, "roles", shown->roles);
    put_moment(&table, "created", user->created);
    put_moment(&table, "updated", user->updated);
    put_moment(&table, "last login", user->last_login);
    table_put(&table, STR("open sessions"));
    table_put_int(&table, (int64_t)shown->sessions);
    table_print(out, &table, table_form_for(STDOUT_FILENO));
}

static int run_show(const struct command_line *line)
{
    struct shown shown = {.name = line->words[0]};

    return cli_run(line, &(struct cli_task){TX_READ, look, show, &shown, "user"});
}

struct created {
    struct new_user in;
    struct text_list roles; /* none were named: as anybody who registers */
};

static enum err create(struct ctx *ctx, void *with)
{
    const struct created *user = with;
    struct profile made;

    return profile_create(ctx, &user->in, user->roles.count > 0 ? &user->roles : NULL, &made);
}

static void show_created(struct buf *out, const void *with)
{
    const struct created *user = with;

    buf_print(out, "user %.*s created\n", STR_ARG(user->in.username.shown));
}

static int run_create(const struct command_line *line)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, LIMIT);
    struct created user = {0};
    struct reason reason = {0};

    enum err e = arena ? cli_names(arena, line->role, &user.roles) : ERR_MEMORY;
    if (e == ERR_OK) {
        e = account_read(line, arena, &reason, &user.in);
    }
    if (e != ERR_OK) {
        return cli_failed(e, &reason);
    }
    return cli_run(line, &(struct cli_task){TX_LATE, create, show_created, &user});
}

struct named {
    struct str name;
    struct secret password; /* of `user password` */
};

static enum err set_password(struct ctx *ctx, void *with)
{
    const struct named *named = with;
    struct user user;

    TRY(account_find(ctx, named->name, &user));
    return user_set_password(ctx, &user, named->password);
}

static void show_password(struct buf *out, const void *with)
{
    buf_print(out, "%.*s has a new password; all their sessions are ended\n",
              STR_ARG(((const struct named *)with)->name));
}

static int run_password(const struct command_line *line)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, LIMIT);
    struct named named = {.name = line->words[0]};
    struct reason reason = {0};

    enum err e = arena ? prompt_password(arena, &reason, &named.password) : ERR_MEMORY;
    if (e != ERR_OK) {
        return cli_failed(e, &reason);
    }
    return cli_run(line, &(struct cli_task){TX_LATE, set_password, show_password, &named, "user"});
}

static enum err disable(struct ctx *ctx, void *with)
{
    struct user user;

    TRY(account_find(ctx, ((const struct named *)with)->name, &user));
    return user_stop(ctx, &user);
}

static void show_disabled(struct buf *out, const void *with)
{
    buf_print(out, "%.*s is disabled; all their sessions are ended\n",
              STR_ARG(((const struct named *)with)->name));
}

static int run_disable(const struct command_line *line)
{
    struct named named = {.name = line->words[0]};

    return cli_run(line, &(struct cli_task){TX_WRITE, disable, show_disabled, &named, "user"});
}

static enum err enable(struct ctx *ctx, void *with)
{
    struct user user;

    TRY(account_find(ctx, ((const struct named *)with)->name, &user));
    return user_resume(ctx, &user);
}

static void show_enabled(struct buf *out, const void *with)
{
    buf_print(out, "%.*s is active and may log in again\n",
              STR_ARG(((const struct named *)with)->name));
}

static int run_enable(const struct command_line *line)
{
    struct named named = {.name = line->words[0]};

    return cli_run(line, &(struct cli_task){TX_WRITE, enable, show_enabled, &named, "user"});
}

static enum err delete (struct ctx *ctx, void *with) {
    struct user user;

        TRY(account_find(ctx, ((const struct named *)with)->name, &user));
        return user_delete(ctx, &user);
}

static void show_deleted(struct buf *out, const void *with)
{
    buf_print(out, "%.*s is deleted, with their sessions and roles\n",
              STR_ARG(((const struct named *)with)->name));
}

static int run_delete(const struct command_line *line)
{
    struct named named = {.name = line->words[0]};

    return cli_run(line, &(struct cli_task){TX_WRITE, delete, show_deleted, &named, "user"});
}

const struct command command_user_list = {
    .chapter = "Administrators, users, sessions",
    .name = "user list",
    .arguments = "",
    .help = "List users, a page at a time",
    .more =
        "On a terminal in columns, and how many there are; elsewhere one a line, with tabs between "
        "id, "
        "username, address, roles, state, created and last login, without heads, and standard "
        "error "
        "says so when these are not all. A search looks at no more than 1000 names.",
    .takes = TAKES_STORE | TAKES_BEGINS | TAKES_LIMIT | TAKES_PAGE,
    .run = run_list,
};

const struct command command_user_show = {
    .chapter = "Administrators, users, sessions",
    .name = "user show",
    .arguments = "USER",
    .help = "Show a user, by id, username or address",
    .takes = TAKES_STORE,
    .least = 1,
    .most = 1,
    .run = run_show,
};

const struct command command_user_create = {
    .chapter = "Administrators, users, sessions",
    .name = "user create",
    .arguments = "NAME",
    .help = "Make a user",
    .more =
        "NAME may be an address, which then is the account's own. The password is read as for "
        "`signet "
        "admin create`. A server that is running knows the new account at once.",
    .takes = TAKES_STORE | TAKES_EMAIL | TAKES_ROLE,
    .least = 1,
    .most = 1,
    .run = run_create,
};

const struct command command_user_password = {
    .chapter = "Administrators, users, sessions",
    .name = "user password",
    .arguments = "USER",
    .help = "Give a user a new password",
    .more =
        "Read as for `signet admin create`. Ends all sessions of the account and forgives its "
        "failed "
        "logins.",
    .takes = TAKES_STORE,
    .least = 1,
    .most = 1,
    .run = run_password,
};

const struct command command_user_disable = {
    .chapter = "Administrators, users, sessions",
    .name = "user disable",
    .arguments = "USER",
    .help = "Let a user in no more",
    .more =
        "Ends all sessions of the account; a server that is running refuses its tokens within a "
        "second. The last active super administrator stays.",
    .takes = TAKES_STORE,
    .least = 1,
    .most = 1,
    .run = run_disable,
};

const struct command command_user_enable = {
    .chapter = "Administrators, users, sessions",
    .name = "user enable",
    .arguments = "USER",
    .help = "Let a user in again",
    .takes = TAKES_STORE,
    .least = 1,
    .most = 1,
    .run = run_enable,
};

const struct command command_user_delete = {
    .chapter = "Administrators, users, sessions",
    .name = "user delete",
    .arguments = "USER",
    .help = "Delete a user, with their sessions and roles",
    .more =
        "For good. A server that is running refuses the tokens within a second. The last active "
        "super "
        "administrator stays.",
    .takes = TAKES_STORE,
    .least = 1,
    .most = 1,
    .run = run_delete,
};
