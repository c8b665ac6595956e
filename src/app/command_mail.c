/* signet mail list, retry, drop, test. */
#include "app/commands.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "domain/outbox.h"

#include <unistd.h>

enum {
    TEST_LIFE = 3600 /* seconds */
};

struct mails {
    struct str word; /* an id or an address */
    struct outbox_row *rows;
    size_t count;
    int64_t tried;
    struct id id;
};

static enum err list(struct ctx *ctx, void *with)
{
    struct mails *mails = with;

    return outbox_list(ctx, &mails->rows, &mails->count);
}

static void show_list(struct buf *out, const void *with)
{
    static const char *const heads[] = {"ID",    "KIND", "TO",    "STATE",
                                        "TRIED", "NEXT", "UNTIL", "ERROR"};
    const struct mails *mails = with;
    struct table table = table_in_arena(out->arena, heads, ARRAY_LEN(heads));

    for (size_t i = 0; i < mails->count; i++) {
        const struct outbox_row *row = &mails->rows[i];
        enum letter_state state = (enum letter_state)row->state;
        table_put_id(&table, row->id);
        table_put(&table, row->kind);
        table_put(&table, row->recipient);
        table_put(&table, letter_state_name(state));
        table_put_int(&table, row->attempts);
        table_put_moment(&table, state == LETTER_WAITING ? row->due : (struct moment){0});
        table_put_moment(&table, row->expires);
        table_put(&table, row->error);
    }
    table_print(out, &table, table_form_for(STDOUT_FILENO));
}

static int run_list(const struct command_line *line)
{
    struct mails mails = {0};

    return cli_run(line, &(struct cli_task){TX_READ, list, show_list, &mails, NULL});
}

static enum err retry(struct ctx *ctx, void *with)
{
    struct mails *mails = with;
    struct id id;

    if (!str_is_set(mails->word)) {
        return outbox_retry_all(ctx, &mails->tried);
    }
    mails->tried = 1;
    return id_parse(mails->word, &id) == ERR_OK ? outbox_retry(ctx, id) : ERR_MISSING;
}

static void show_retry(struct buf *out, const void *with)
{
    int64_t tried = ((const struct mails *)with)->tried;

    buf_print(out, "%lld letter%s will be tried again\n", (long long)tried, tried == 1 ? "" : "s");
}

static int run_retry(const struct command_line *line)
{
    struct mails mails = {.word = line->words[0]};

    return cli_run(
        line, &(struct cli_task){TX_WRITE, retry, show_retry, &mails, "dead or waiting letter"});
}

static enum err drop(struct ctx *ctx, void *with)
{
    struct id id;

    if (id_parse(((struct mails *)with)->word, &id) != ERR_OK) {
        return ERR_MISSING;
    }
    return outbox_drop(ctx, id);
}

static void show_drop(struct buf *out, const void *with)
{
    buf_print(out, "letter %.*s is dropped\n", STR_ARG(((const struct mails *)with)->word));
}

static int run_drop(const struct command_line *line)
{
    struct mails mails = {.word = line->words[0]};

    return cli_run(line,
                   &(struct cli_task){TX_WRITE, drop, show_drop, &mails, "dead or waiting letter"});
}

static enum err test(struct ctx *ctx, void *with)
{
    struct letter letter = {.kind = LETTER_TEST, .expires = moment_plus(ctx->now, TEST_LIFE)};
    struct mails *mails = with;

    if (email_parse(ctx->arena, mails->word, &letter.to) != ERR_OK) {
        return ctx_fail(ctx, ERR_FIELD_VALUE, STR("ADDRESS"), "is no address");
    }
    TRY(outbox_measure(ctx)); /* nobody else in this process counts */
    return outbox_put(ctx, &letter, &mails->id);
}

static void show_test(struct buf *out, const void *with)
{
    buf_put(out, STR("a test letter is in the outbox: "));
    id_print(out, ((const struct mails *)with)->id);
    buf_put_char(out, '\n');
}

static int run_test(const struct command_line *line)
{
    struct mails mails = {.word = line->words[0]};

    return cli_run(line, &(struct cli_task){TX_WRITE, test, show_test, &mails, NULL});
}

const struct command command_mail_list = {
    .chapter = "Mail",
    .name = "mail list",
    .arguments = "",
    .help = "List the letters of the outbox, newest first",
    .more =
        "Waiting, being sent, sent (as long as their tokens live) and dead ones (a week longer). "
        "On a terminal in columns; elsewhere one a line, with tabs between id, kind, recipient, "
        "state, attempts, the time of the next one, the time it expires at, and why the newest "
        "attempt failed, and without heads.",
    .takes = TAKES_STORE,
    .run = run_list,
};

const struct command command_mail_retry = {
    .chapter = "Mail",
    .name = "mail retry",
    .arguments = "[ID]",
    .help = "Try dead letters again that have not expired, or one of them",
    .more =
        "Without ID all, but for those of which nobody knows whether they arrived: each of them "
        "may arrive twice if it is named.",
    .takes = TAKES_STORE,
    .most = 1,
    .run = run_retry,
};

const struct command command_mail_drop = {
    .chapter = "Mail",
    .name = "mail drop",
    .arguments = "ID",
    .help = "Take a dead or waiting letter out of the outbox",
    .takes = TAKES_STORE,
    .least = 1,
    .most = 1,
    .run = run_drop,
};

const struct command command_mail_test = {
    .chapter = "Mail",
    .name = "mail test",
    .arguments = "ADDRESS",
    .help = "Put a test letter into the outbox",
    .more = "A running server sends it at once; `signet mail list` tells what became of it.",
    .takes = TAKES_STORE,
    .least = 1,
    .most = 1,
    .run = run_test,
};
