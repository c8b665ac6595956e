/* signet permission list, create, delete. */
#include "app/commands.h"
#include "app/table.h"
#include "base/buf.h"
#include "domain/permission.h"

#include <unistd.h>

static const struct page all_of_them = {.limit = INT64_MAX};

static enum err list(struct ctx *ctx, void *ret)
{
    return permission_list(ctx, all_of_them, ret);
}

static void show_list(struct buf *out, const void *with)
{
    static const char *const heads[] = {"PERMISSION", "KIND", "DESCRIPTION"};
    const struct permission_page *page = with;
    struct table table = table_in_arena(out->arena, heads, ARRAY_LEN(heads));

    for (size_t i = 0; i < page->count; i++) {
        const struct permission_entry *permission = &page->permissions[i];
        table_put(&table, permission->name);
        table_put(&table, permission->built_in ? STR("built-in") : STR("own"));
        table_put_prose(&table, permission->description);
    }
    table_print(out, &table, table_form_for(STDOUT_FILENO));
}

static int run_list(const struct command_line *line)
{
    struct permission_page page = {0};

    return cli_run(line, &(struct cli_task){TX_READ, list, show_list, &page});
}

struct named {
    struct str name, description;
};

static enum err create(struct ctx *ctx, void *with)
{
    const struct named *named = with;
    struct permission_entry made;

    return permission_create(ctx, named->name, named->description, &made);
}

static void show_created(struct buf *out, const void *with)
{
    buf_print(out, "permission %.*s created\n", STR_ARG(((const struct named *)with)->name));
}

static int run_create(const struct command_line *line)
{
    struct named named = {line->words[0], line->description};

    return cli_run(line, &(struct cli_task){TX_WRITE, create, show_created, &named});
}

static enum err delete (struct ctx *ctx, void *with) {
    const struct named *named = with; struct permission_entry permission;

        TRY(permission_find(ctx, named->name, &permission));
        return permission_delete(ctx, &permission);
}

static void show_deleted(struct buf *out, const void *with)
{
    buf_print(out, "permission %.*s is deleted\n", STR_ARG(((const struct named *)with)->name));
}

static int run_delete(const struct command_line *line)
{
    struct named named = {.name = line->words[0]};

    return cli_run(line, &(struct cli_task){TX_WRITE, delete, show_deleted, &named, "permission"});
}

const struct command command_permission_list = {
    .chapter = "Roles and permissions",
    .name = "permission list",
    .arguments = "",
    .help = "List all permissions, by name",
    .more =
        "On a terminal in columns; elsewhere one a line, with tabs between name, kind (built-in: "
        "the service itself asks for it; own: made by you, for others) and description, and "
        "without heads.",
    .takes = TAKES_STORE,
    .run = run_list,
};

const struct command command_permission_create = {
    .chapter = "Roles and permissions",
    .name = "permission create",
    .arguments = "NAME",
    .help = "Make a permission",
    .more =
        "A name is of letters, digits and _ - . : as in orders:read; orders:* allows all of a "
        "kind.",
    .takes = TAKES_STORE | TAKES_DESCRIPTION,
    .least = 1,
    .most = 1,
    .run = run_create,
};

const struct command command_permission_delete = {
    .chapter = "Roles and permissions",
    .name = "permission delete",
    .arguments = "NAME",
    .help = "Delete a permission",
    .more = "Refused while a role allows it, and for those that come with the service.",
    .takes = TAKES_STORE,
    .least = 1,
    .most = 1,
    .run = run_delete,
};
