/* signet service-key create, list, revoke. */
#include "app/commands.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "domain/service_key.h"
#include "ops/setting_value.h"

#include <unistd.h>

static const struct page all_of_them = {.limit = INT64_MAX};

struct listed {
    struct service_key_page page;
    struct moment now;
};

static enum err list(struct ctx *ctx, void *with)
{
    struct listed *listed = with;

    listed->now = ctx->now;
    return service_key_list(ctx, all_of_them, &listed->page);
}

static void put_permissions(struct table *table, const struct text_list *permissions)
{
    struct buf names = buf_in_arena(table->arena, 1 << 20);

    for (size_t i = 0; i < permissions->count; i++) {
        buf_put(&names, i > 0 ? STR(",") : STR(""));
        buf_put(&names, permissions->items[i]);
    }
    table->failed = table->failed || names.failed;
    table_put(table, buf_str(&names));
}

static void show_list(struct buf *out, const void *with)
{
    static const char *const heads[] = {"NAME",    "STATE",     "PERMISSIONS", "CREATED",
                                        "EXPIRES", "LAST USED", "ID"};
    const struct listed *listed = with;
    struct table table = table_in_arena(out->arena, heads, ARRAY_LEN(heads));

    for (size_t i = 0; i < listed->page.count; i++) {
        const struct service_key *key = &listed->page.keys[i];
        bool over = moment_is_set(key->expires) && !moment_before(listed->now, key->expires);
        table_put(&table, key->name);
        table_put(&table, over ? STR("expired") : STR("good"));
        put_permissions(&table, &key->permissions);
        table_put_moment(&table, key->created);
        table_put_moment(&table, key->expires);
        table_put_moment(&table, key->used);
        table_put_id(&table, key->id);
    }
    table_print(out, &table, table_form_for(STDOUT_FILENO));
}

static int run_list(const struct command_line *line)
{
    struct listed listed = {0};

    return cli_run(line, &(struct cli_task){TX_READ, list, show_list, &listed});
}

struct making {
    struct new_service_key in;
    struct str expires; /* as it was said */
    struct service_key key;
    struct secret text;
};

/* A point in time, or how long from now. */
static enum err read_when(struct ctx *ctx, struct str text, struct moment *ret)
{
    static const struct setting row = {
        .kind = SETTING_SECONDS, .least = 1, .most = INT64_C(100) * 366 * 86400};
    char memory[256];
    struct buf complaint = buf_over(memory, sizeof memory);
    int64_t seconds;

    if (!str_is_set(text) || moment_parse(text, ret) == ERR_OK) {
        return ERR_OK;
    }
    if (setting_parse(ctx->arena, &row, text, &seconds, &complaint) != ERR_OK) {
        return ctx_fail(ctx, ERR_FIELD_VALUE, STR("--expires"),
                        "takes 90d, 12h or 2027-01-31T00:00:00Z");
    }
    *ret = moment_plus(ctx->now, seconds);
    return ERR_OK;
}

static enum err create(struct ctx *ctx, void *with)
{
    struct making *making = with;

    TRY(read_when(ctx, making->expires, &making->in.expires));
    return service_key_make(ctx, &making->in, &making->key, &making->text);
}

/* The key alone, so that a script can take it as it is. */
static void show_created(struct buf *out, const void *with)
{
    const struct making *making = with;

    buf_put(out, making->text.hidden);
    buf_put_char(out, '\n');
}

static int run_create(const struct command_line *line)
{
    struct making making = {
        .in = {.name = line->words[0],
               .permissions = {line->permission.texts, line->permission.count}},
        .expires = line->expires
    };

    return cli_run(line, &(struct cli_task){TX_WRITE, create, show_created, &making});
}

struct revocation {
    struct str name; /* or its id */
    struct service_key key;
};

static enum err take_back(struct ctx *ctx, void *with)
{
    struct revocation *revocation = with;
    struct id id;

    TRY(id_parse(revocation->name, &id) == ERR_OK
            ? service_key_get(ctx, id, &revocation->key)
            : service_key_find(ctx, revocation->name, &revocation->key));
    return service_key_revoke(ctx, revocation->key.id);
}

static void show_revoked(struct buf *out, const void *with)
{
    buf_print(out, "service key %.*s is revoked\n",
              STR_ARG(((const struct revocation *)with)->key.name));
}

static int run_revoke(const struct command_line *line)
{
    struct revocation revocation = {.name = line->words[0]};

    return cli_run(
        line, &(struct cli_task){TX_WRITE, take_back, show_revoked, &revocation, "service key"});
}

const struct command command_service_key_list = {
    .chapter = "Service keys",
    .name = "service-key list",
    .arguments = "",
    .help = "List the keys by which other programs say who they are",
    .more =
        "On a terminal in columns; elsewhere one a line, with tabs between name, state (good, "
        "expired), permissions, the times it was made, expires and was last used (to the minute), "
        "and id, and without heads. A key itself is not shown again.",
    .takes = TAKES_STORE,
    .run = run_list,
};

const struct command command_service_key_create = {
    .chapter = "Service keys",
    .name = "service-key create",
    .arguments = "NAME --permission NAME...",
    .help = "Make a key for another program, and print it",
    .more =
        "The key is printed on standard output, this once: the store has a digest of it alone. The "
        "program shows it in the header x-service-key, and then may what the permissions allow, "
        "and nothing else.",
    .takes = TAKES_STORE | TAKES_PERMISSION | TAKES_EXPIRES,
    .needs = TAKES_PERMISSION,
    .least = 1,
    .most = 1,
    .run = run_create,
};

const struct command command_service_key_revoke = {
    .chapter = "Service keys",
    .name = "service-key revoke",
    .arguments = "NAME",
    .help = "Refuse a key from now on",
    .more = "NAME may be its id. Every server that is running refuses it within a second.",
    .takes = TAKES_STORE,
    .least = 1,
    .most = 1,
    .run = run_revoke,
};
