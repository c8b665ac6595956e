/* signet role list, create, delete, grant, revoke. */
#include "app/account.h"
#include "app/commands.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "domain/organization.h"
#include "domain/role.h"

#include <unistd.h>

enum {
    KEEP = 4096,
    LIMIT = 64 << 10,
    MOST_NAMES = 64 << 10 /* of a role's permissions, as they are listed */
};

static enum err list(struct ctx *ctx, void *ret)
{
    return role_list(ctx, (struct page){.limit = INT64_MAX}, ret);
}

static void put_permissions(struct table *table, const struct role_entry *role)
{
    const struct permission_entry *permissions = role->permissions.items;
    struct buf names = buf_in_arena(table->arena, MOST_NAMES);

    for (size_t i = 0; i < role->permissions.count; i++) {
        buf_put(&names, i ? STR(",") : STR(""));
        buf_put(&names, permissions[i].name);
    }
    table->failed = table->failed || names.failed;
    table_put(table, buf_str(&names));
}

static void show_list(struct buf *out, const void *with)
{
    static const char *const heads[] = {"ROLE", "KIND", "PERMISSIONS", "DESCRIPTION"};
    const struct role_page *page = with;
    struct table table = table_in_arena(out->arena, heads, ARRAY_LEN(heads));

    for (size_t i = 0; i < page->count; i++) {
        const struct role_entry *role = &page->roles[i];
        table_put(&table, role->name);
        table_put(&table, role->built_in ? STR("built-in") : STR("own"));
        put_permissions(&table, role);
        table_put_prose(&table, role->description);
    }
    table_print(out, &table, table_form_for(STDOUT_FILENO));
}

static int run_list(const struct command_line *line)
{
    struct role_page page = {0};

    return cli_run(line, &(struct cli_task){TX_READ, list, show_list, &page});
}

static enum err create(struct ctx *ctx, void *with)
{
    struct role_entry made;

    return role_create(ctx, with, &made);
}

static void show_created(struct buf *out, const void *with)
{
    buf_print(out, "role %.*s created\n", STR_ARG(((const struct new_role *)with)->name));
}

static int run_create(const struct command_line *line)
{
    CLEANUP(arena_destroy_at) struct arena *arena = arena_create(KEEP, LIMIT);
    struct new_role role = {.name = line->words[0], .description = line->description};

    enum err e = arena ? cli_names(arena, line->permissions, &role.permissions) : ERR_MEMORY;
    if (e != ERR_OK) {
        return cli_failed(e, &(struct reason){0});
    }
    return cli_run(line, &(struct cli_task){TX_WRITE, create, show_created, &role});
}

static enum err delete (struct ctx *ctx, void *with) {
    struct role_entry role;

        TRY(role_find(ctx, *(const struct str *)with, &role)); return role_delete(ctx, &role);
}

static void show_deleted(struct buf *out, const void *with)
{
    buf_print(out, "role %.*s is deleted; nobody holds it any more\n",
              STR_ARG(*(const struct str *)with));
}

static int run_delete(const struct command_line *line)
{
    struct str name = line->words[0];

    return cli_run(line, &(struct cli_task){TX_WRITE, delete, show_deleted, &name, "role"});
}

struct grant {
    struct str user, role, organization; /* no text: everywhere */
};

/* What the names of a grant stand for. */
struct granted {
    struct user user;
    struct role_entry role;
    struct organization organization; /* or none */
};

static enum err find(struct ctx *ctx, const struct grant *grant, struct granted *ret)
{
    *ret = (struct granted){0};
    TRY(cli_found(ctx, account_find(ctx, grant->user, &ret->user), "user", grant->user));
    TRY(cli_found(ctx, role_find(ctx, grant->role, &ret->role), "role", grant->role));
    if (!str_is_set(grant->organization)) {
        return ERR_OK;
    }
    return cli_found(ctx, organization_find(ctx, grant->organization, &ret->organization),
                     "organization", grant->organization);
}

static enum err give(struct ctx *ctx, void *with)
{
    struct granted found;

    TRY(find(ctx, with, &found));
    return role_grant(ctx, found.user.id, &found.role, found.organization.id);
}

static enum err take(struct ctx *ctx, void *with)
{
    const struct grant *grant = with;
    struct granted found;

    TRY(find(ctx, grant, &found));
    enum err e = role_revoke(ctx, found.user.id, &found.role, found.organization.id);
    if (e != ERR_MISSING) {
        return e;
    }
    bool in_one = str_is_set(grant->organization);
    return ctx_fail(ctx, e, grant->role, "%.*s was not granted %.*s%s%.*s", STR_ARG(grant->user),
                    STR_ARG(grant->role), in_one ? " in " : "", (int)grant->organization.len,
                    in_one ? grant->organization.ptr : "");
}

static void put_place(struct buf *out, const struct grant *grant)
{
    buf_put(out, str_is_set(grant->organization) ? STR(" in ") : STR(" everywhere"));
    buf_put(out, grant->organization);
    buf_put_char(out, '\n');
}

static void show_given(struct buf *out, const void *with)
{
    const struct grant *grant = with;

    buf_print(out, "%.*s holds %.*s", STR_ARG(grant->user), STR_ARG(grant->role));
    put_place(out, grant);
}

static void show_taken(struct buf *out, const void *with)
{
    const struct grant *grant = with;

    buf_print(out, "%.*s no longer holds %.*s", STR_ARG(grant->user), STR_ARG(grant->role));
    put_place(out, grant);
}

static struct grant grant_of(const struct command_line *line)
{
    return (struct grant){line->words[0], line->words[1], line->organization};
}

static int run_grant(const struct command_line *line)
{
    struct grant grant = grant_of(line);

    return cli_run(line, &(struct cli_task){TX_WRITE, give, show_given, &grant});
}

static int run_revoke(const struct command_line *line)
{
    struct grant grant = grant_of(line);

    return cli_run(line, &(struct cli_task){TX_WRITE, take, show_taken, &grant});
}

const struct command command_role_list = {
    .chapter = "Roles and permissions",
    .name = "role list",
    .arguments = "",
    .help = "List all roles, by name, with what they allow",
    .more =
        "On a terminal in columns; elsewhere one a line, with tabs between name, kind (built-in: "
        "it comes with the service and stays; own: made by you), permissions (with commas "
        "between) and description, and without heads.",
    .takes = TAKES_STORE,
    .run = run_list,
};

const struct command command_role_create = {
    .chapter = "Roles and permissions",
    .name = "role create",
    .arguments = "NAME",
    .help = "Make a role",
    .more =
        "It allows the permissions that are named, all of which have to be there, and nothing "
        "else. `signet permission list` tells of them.",
    .takes = TAKES_STORE | TAKES_PERMISSIONS | TAKES_DESCRIPTION,
    .least = 1,
    .most = 1,
    .run = run_create,
};

const struct command command_role_delete = {
    .chapter = "Roles and permissions",
    .name = "role delete",
    .arguments = "NAME",
    .help = "Delete a role, and take it from all who hold it",
    .more = "Those that come with the service stay.",
    .takes = TAKES_STORE,
    .least = 1,
    .most = 1,
    .run = run_delete,
};

const struct command command_role_grant = {
    .chapter = "Roles and permissions",
    .name = "role grant",
    .arguments = "USER ROLE",
    .help = "Give a user a role",
    .more =
        "USER is an id, username or address. Everywhere, or in one organization. A server that "
        "is running knows it within a second, also of those who are logged in.",
    .takes = TAKES_STORE | TAKES_ORGANIZATION,
    .least = 2,
    .most = 2,
    .run = run_grant,
};

const struct command command_role_revoke = {
    .chapter = "Roles and permissions",
    .name = "role revoke",
    .arguments = "USER ROLE",
    .help = "Take a role from a user",
    .more =
        "Where it was granted: everywhere, or in one organization. A server that is running "
        "knows it within a second. The last active super administrator stays one.",
    .takes = TAKES_STORE | TAKES_ORGANIZATION,
    .least = 2,
    .most = 2,
    .run = run_revoke,
};
