/* signet org list, create, suspend, resume, delete. */
#include "app/commands.h"
#include "app/table.h"
#include "base/buf.h"
#include "domain/organization.h"

#include <unistd.h>

static enum err list(struct ctx *ctx, void *ret)
{
    return organization_list(ctx, (struct page){.limit = INT64_MAX}, ret);
}

static void show_list(struct buf *out, const void *with)
{
    static const char *const heads[] = {"SLUG", "NAME", "STATE", "DOMAIN", "ID"};
    const struct organization_page *page = with;
    struct table table = table_in_arena(out->arena, heads, ARRAY_LEN(heads));

    for (size_t i = 0; i < page->count; i++) {
        const struct organization *organization = &page->organizations[i];
        table_put(&table, organization->slug);
        table_put_prose(&table, organization->name);
        table_put(&table, organization_state_name(organization->state));
        table_put(&table, organization->domain);
        table_put_id(&table, organization->id);
    }
    table_print(out, &table, table_form_for(STDOUT_FILENO));
}

static int run_list(const struct command_line *line)
{
    struct organization_page page = {0};

    return cli_run(line, &(struct cli_task){TX_READ, list, show_list, &page});
}

struct creation {
    struct new_organization in;
    struct organization out;
};

static enum err create(struct ctx *ctx, void *with)
{
    struct creation *creation = with;

    return organization_create(ctx, &creation->in, &creation->out);
}

static void show_created(struct buf *out, const void *with)
{
    const struct creation *creation = with;

    buf_print(out, "organization %.*s created\n", STR_ARG(creation->out.slug));
}

static int run_create(const struct command_line *line)
{
    struct creation creation = {
        .in = {.name = line->words[0], .slug = line->slug, .domain = line->domain}
    };

    return cli_run(line, &(struct cli_task){TX_WRITE, create, show_created, &creation});
}

/* Of which organization, and what of it. */
struct order {
    struct str name; /* its slug or its id */
    enum organization_state state;
    bool force;
};

static enum err change(struct ctx *ctx, void *with)
{
    const struct order *order = with;
    struct organization_change in = {.state = order->state};
    struct organization organization;

    TRY(organization_named(ctx, order->name, &organization));
    return organization_change(ctx, organization.id, &in, &organization);
}

static void show_suspended(struct buf *out, const void *with)
{
    buf_print(out, "%.*s is suspended; its members cannot come in\n",
              STR_ARG(((const struct order *)with)->name));
}

static void show_resumed(struct buf *out, const void *with)
{
    buf_print(out, "%.*s is active; its members can come in\n",
              STR_ARG(((const struct order *)with)->name));
}

static int run_suspend(const struct command_line *line)
{
    struct order order = {.name = line->words[0], .state = ORGANIZATION_SUSPENDED};

    return cli_run(line,
                   &(struct cli_task){TX_WRITE, change, show_suspended, &order, "organization"});
}

static int run_resume(const struct command_line *line)
{
    struct order order = {.name = line->words[0], .state = ORGANIZATION_ACTIVE};

    return cli_run(line,
                   &(struct cli_task){TX_WRITE, change, show_resumed, &order, "organization"});
}

static enum err drop(struct ctx *ctx, void *with)
{
    const struct order *order = with;
    struct organization organization;

    TRY(organization_named(ctx, order->name, &organization));
    return organization_delete(ctx, organization.id, order->force);
}

static void show_deleted(struct buf *out, const void *with)
{
    buf_print(out, "%.*s is deleted, with the roles that were held in it\n",
              STR_ARG(((const struct order *)with)->name));
}

static int run_delete(const struct command_line *line)
{
    struct order order = {.name = line->words[0], .force = line->force};

    return cli_run(line, &(struct cli_task){TX_WRITE, drop, show_deleted, &order, "organization"});
}

const struct command command_org_list = {
    .chapter = "Organizations",
    .name = "org list",
    .arguments = "",
    .help = "List all organizations, by slug",
    .more =
        "On a terminal in columns; elsewhere one a line, with tabs between slug, name, state "
        "(active or suspended), domain and id, and without heads.",
    .takes = TAKES_STORE,
    .run = run_list,
};

const struct command command_org_create = {
    .chapter = "Organizations",
    .name = "org create",
    .arguments = "NAME",
    .help = "Make an organization",
    .more =
        "Its slug is made from the name, unless one is named: lower-case letters, digits and "
        "hyphens. A domain is of one organization alone, and makes verified addresses there "
        "corporate.",
    .takes = TAKES_STORE | TAKES_SLUG | TAKES_DOMAIN,
    .least = 1,
    .most = 1,
    .run = run_create,
};

const struct command command_org_suspend = {
    .chapter = "Organizations",
    .name = "org suspend",
    .arguments = "ORGANIZATION",
    .help = "Keep the members of an organization out",
    .more =
        "ORGANIZATION is a slug or an id. They can neither log in nor refresh, and no token of "
        "theirs counts until it is resumed; then those do again. A server that is running knows "
        "it within a second. One with the last active super administrator among its members "
        "stays active.",
    .takes = TAKES_STORE,
    .least = 1,
    .most = 1,
    .run = run_suspend,
};

const struct command command_org_resume = {
    .chapter = "Organizations",
    .name = "org resume",
    .arguments = "ORGANIZATION",
    .help = "Let the members of a suspended organization in again",
    .takes = TAKES_STORE,
    .least = 1,
    .most = 1,
    .run = run_resume,
};

const struct command command_org_delete = {
    .chapter = "Organizations",
    .name = "org delete",
    .arguments = "ORGANIZATION",
    .help = "Delete an organization, with the roles that are held in it",
    .more =
        "Refused while it has members, unless --force is given: then they stay as users without "
        "an organization.",
    .takes = TAKES_STORE | TAKES_FORCE,
    .least = 1,
    .most = 1,
    .run = run_delete,
};
