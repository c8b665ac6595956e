/* signet key list, rotate. */
#include "app/commands.h"
#include "app/table.h"
#include "base/buf.h"
#include "domain/keyring.h"
#include "domain/service.h"
#include "model/signing_key.h"

#include <unistd.h>

struct keys {
    struct signing_key *list; /* newest first */
    size_t count;
    struct moment now;
};

static enum err list(struct ctx *ctx, void *with)
{
    struct keys *keys = with;

    keys->now = ctx->now;
    return keyring_list(ctx, &keys->list, &keys->count);
}

/* `signing` is the newest that has begun to. */
static struct str state_of(const struct signing_key *key, const struct signing_key *signing,
                           struct moment now)
{
    if (key == signing) {
        return STR("signing");
    }
    if (moment_before(now, key->signs_from)) {
        return STR("next");
    }
    bool counts = !moment_is_set(key->verifies_to) || moment_before(now, key->verifies_to);
    return counts ? STR("verifying") : STR("expired");
}

static void show_list(struct buf *out, const void *with)
{
    static const char *const heads[] = {"ID", "STATE", "SIGNS FROM", "VERIFIES UNTIL"};
    const struct keys *keys = with;
    struct table table = table_in_arena(out->arena, heads, ARRAY_LEN(heads));
    const struct signing_key *signing = NULL;

    for (size_t i = 0; i < keys->count; i++) {
        const struct signing_key *key = &keys->list[i];
        if (!signing && !moment_before(keys->now, key->signs_from)) {
            signing = key;
        }
        table_put(&table, key->id);
        table_put(&table, state_of(key, signing, keys->now));
        table_put_moment(&table, key->signs_from);
        table_put_moment(&table, key->verifies_to);
    }
    table_print(out, &table, table_form_for(STDOUT_FILENO));
}

static int run_list(const struct command_line *line)
{
    struct keys keys = {0};

    return cli_run(line, &(struct cli_task){TX_READ, list, show_list, &keys});
}

struct rotation {
    bool now;   /* as was asked for */
    bool signs; /* the one that was made, already */
    struct signing_key made;
};

/* Made twice by mistake, the second announcement would only put the change off. */
static enum err nothing_announced(struct ctx *ctx, const struct signing_key *newest)
{
    char memory[32];
    struct buf when = buf_over(memory, sizeof memory);

    if (!moment_before(ctx->now, newest->signs_from)) {
        return ERR_OK;
    }
    moment_print(&when, newest->signs_from, MOMENT_SECONDS);
    return ctx_fail(
        ctx, ERR_CONFIG, STR(""),
        "a next key is announced and signs from %.*s; --now makes one that signs at once "
        "in its place",
        STR_ARG(buf_str(&when)));
}

static enum err rotate(struct ctx *ctx, void *with)
{
    int64_t announcement = ctx->service->settings->key_announcement;
    struct rotation *rotation = with;
    struct moment from = ctx->now;
    struct signing_key *keys;
    size_t count;

    TRY(keyring_list(ctx, &keys, &count));
    if (count > 0 && !rotation->now) { /* the very first has nobody to be announced to */
        TRY(nothing_announced(ctx, &keys[0]));
        from = moment_plus(ctx->now, announcement);
    }
    TRY(keyring_rotate(ctx, from));
    TRY(keyring_list(ctx, &keys, &count));
    rotation->made = keys[0];
    rotation->signs = !moment_before(ctx->now, from);
    return ERR_OK;
}

static void show_rotation(struct buf *out, const void *with)
{
    const struct rotation *rotation = with;

    buf_print(out, "key %.*s made; it signs ", STR_ARG(rotation->made.id));
    if (rotation->signs) {
        buf_put(out, STR("from now on\n"));
        return;
    }
    buf_put(out, STR("from "));
    moment_print(out, rotation->made.signs_from, MOMENT_SECONDS);
    buf_put(out, STR(" and is published until then\n"));
}

static int run_rotate(const struct command_line *line)
{
    struct rotation rotation = {.now = line->now};

    return cli_run(line, &(struct cli_task){TX_WRITE, rotate, show_rotation, &rotation});
}

const struct command command_key_list = {
    .chapter = "Keys and store",
    .name = "key list",
    .arguments = "",
    .help = "List the keys that tokens are signed with",
    .more =
        "One of them is signing, the next may be announced already, those before are verifying "
        "until the last token they signed has expired. On a terminal in columns; elsewhere one a "
        "line, with tabs between id, state, and the times from which it signs and until which it "
        "verifies.",
    .takes = TAKES_STORE,
    .run = run_list,
};

const struct command command_key_rotate = {
    .chapter = "Keys and store",
    .name = "key rotate",
    .arguments = "",
    .help = "Make the next signing key",
    .more =
        "It is published at once and signs when the time of key.announcement is over, so that "
        "everyone who remembers the key set knows it by then. With --now it signs at once: a "
        "verifier that remembers the old set refuses new tokens until it asks again.",
    .takes = TAKES_STORE | TAKES_NOW,
    .run = run_rotate,
};
