/* Links: made, mailed, used. */
#include "domain/link.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/random.h"
#include "crypto/digest.h"
#include "domain/desk.h"
#include "domain/event.h"
#include "domain/note.h"
#include "domain/outbox.h"
#include "domain/service.h"
#include "domain/user.h"
#include "store/queries.h"

enum {
    MINUTE = 60,
    HOUR = 60 * MINUTE,
    CODES = 100000000, /* ten to the power of LINK_CODE */
    CODE_TRIES = 5,
    DIGESTED_MOST = EMAIL_MOST * 4 + 128
};

static enum letter_kind letter_of(enum link_kind kind)
{
    switch (kind) {
    case LINK_VERIFY_EMAIL:
        return LETTER_VERIFY_EMAIL;
    case LINK_ACTIVATION:
        return LETTER_ACTIVATION;
    case LINK_RESET_PASSWORD:
        return LETTER_RESET_PASSWORD;
    case LINK_MAGIC:
        return LETTER_MAGIC_LINK;
    }
    return LETTER_KINDS;
}

/* The more a link opens, the shorter it lives. */
static int64_t life_of(enum link_kind kind)
{
    switch (kind) {
    case LINK_VERIFY_EMAIL:
    case LINK_ACTIVATION:
        return 24 * HOUR;
    case LINK_RESET_PASSWORD:
        return 30 * MINUTE;
    case LINK_MAGIC:
        return 10 * MINUTE;
    }
    return 0;
}

static enum err make_token(struct ctx *ctx, struct secret *ret)
{
    struct buf digits = buf_in_arena(ctx->arena, LINK_TOKEN);
    CLEANUP(key32_wipe) struct key32 random;

    TRY(random_fill(&random, sizeof random));
    buf_put_hex(&digits, random.bytes, sizeof random.bytes);
    return buf_end(&digits, &ret->hidden);
}

/* The remainder of so large a number favours no code to speak of. */
static enum err make_code(struct ctx *ctx, struct secret *ret)
{
    uint64_t random;

    TRY(random_fill(&random, sizeof random));
    return arena_print(ctx->arena, &ret->hidden, "%0*llu", LINK_CODE,
                       (unsigned long long)(random % CODES));
}

/* Under a key, as all codes are soon tried; and bound to the link, so that its failures are counted
 * apart from those of every other. */
static enum err digest_about(struct ctx *ctx, const struct key32 *token, const char *what,
                             struct str code, struct key32 *ret)
{
    struct buf text = buf_in_arena(ctx->arena, DIGESTED_MOST);
    struct str subject;

    buf_print(&text, "%s:", what);
    buf_put_hex(&text, token->bytes, sizeof token->bytes);
    buf_put_char(&text, ':');
    buf_put(&text, code);
    TRY(buf_end(&text, &subject));
    return digest_keyed(ctx->desk->digester, &ctx->service->attempts, subject, ret);
}

static enum err add_code(struct ctx *ctx, struct link *link, struct link_row *row)
{
    struct key32 digest;

    if (row->kind != LINK_MAGIC) {
        return ERR_OK;
    }
    TRY(make_code(ctx, &link->code));
    TRY(digest_about(ctx, &row->token, "code", link->code.hidden, &digest));
    return arena_copy(ctx->arena, (struct str){(const char *)digest.bytes, sizeof digest.bytes},
                      &row->code);
}

enum err link_make(struct ctx *ctx, enum link_kind kind, const struct user *user, struct link *ret)
{
    struct link link = {.expires = moment_plus(ctx->now, life_of(kind))};
    struct link_row row = {
        .user = user->id,
        .kind = kind,
        .address = user->email.key,
        .created = ctx->now,
        .expires = link.expires,
    };

    if (user->email.key.len == 0) {
        return ctx_fail(ctx, ERR_FIELD_VALUE, STR("email"), "the account has no address");
    }
    TRY(make_token(ctx, &link.token));
    TRY(digest_sha256(ctx->desk->digester, link.token.hidden, &row.token));
    TRY(add_code(ctx, &link, &row));
    TRY(q_link_withdraw(ctx->tx, user->id, kind));
    TRY(q_link_put(ctx->tx, &row));
    TRY(event(ctx, EVENT_LINK_MADE, user->id));
    *ret = link;
    return ERR_OK;
}

enum err link_mail(struct ctx *ctx, const struct link_letter *in, struct link *ret)
{
    struct letter letter = {
        .kind = letter_of(in->kind),
        .to = in->user->email,
        .account = in->user->id,
        .path = in->path,
        .brand = in->brand,
    };
    struct link link;

    TRY(link_make(ctx, in->kind, in->user, &link));
    letter.token = link.token;
    letter.code = link.code;
    letter.expires = link.expires;
    TRY(outbox_put(ctx, &letter, &letter.id));
    *ret = link;
    return ERR_OK;
}

static enum err refuse(struct ctx *ctx, const char *why)
{
    return ctx_fail(ctx, ERR_LINK, STR("token"), "%s", why);
}

static enum err read_token(struct ctx *ctx, struct str token, struct key32 *ret)
{
    if (token.len != LINK_TOKEN) {
        return refuse(ctx, "no token of a link");
    }
    return digest_sha256(ctx->desk->digester, token, ret);
}

/* What the store said of it, and whether the address is still theirs. */
static enum err owner_of(struct ctx *ctx, enum err e, const struct link_row *row, struct user *ret)
{
    struct user user;

    if (e == ERR_MISSING) {
        return refuse(ctx, "unknown, expired, or used already");
    }
    TRY(e);
    TRY(user_get(ctx, row->user, &user));
    if (!str_eq(user.email.key, row->address)) {
        return refuse(ctx, "mailed to an address that the account no longer has");
    }
    *ret = user;
    return ERR_OK;
}

enum err link_find(struct ctx *ctx, enum link_kind kind, struct str token, struct user *ret)
{
    struct link_row row = {0};
    struct key32 digest;

    TRY(read_token(ctx, token, &digest));
    return owner_of(ctx, q_link_find(ctx->tx, &digest, kind, ctx->now, &row), &row, ret);
}

enum err link_use(struct ctx *ctx, enum link_kind kind, struct str token, struct user *ret)
{
    struct link_row row = {0};
    struct key32 digest;
    struct user user;

    TRY(read_token(ctx, token, &digest));
    TRY(owner_of(ctx, q_link_take(ctx->tx, &digest, kind, ctx->now, &row), &row, &user));
    TRY(event(ctx, EVENT_LINK_USED, user.id));
    *ret = user;
    return ERR_OK;
}

static enum err code_is_open(struct ctx *ctx, const struct key32 *subject)
{
    struct attempt_of_row tried = {0};

    enum err e = q_attempt_of(ctx->tx, subject, &tried);
    if (e != ERR_OK && e != ERR_MISSING) {
        return e;
    }
    return tried.failures < CODE_TRIES ? ERR_OK : refuse(ctx, "too many wrong codes");
}

/* Whoever tries codes where none is does not learn that by the time it takes: a failure is written
 * down for them, too. */
static enum err refuse_code(struct ctx *ctx, const struct user *user)
{
    static const struct key32 none;
    struct key32 subject;

    TRY(digest_about(ctx, &none, "tries", user->email.key, &subject));
    TRY(code_is_open(ctx, &subject));
    TRY(note_failure(ctx, &subject));
    return refuse(ctx, "no link that has a code");
}

static enum err code_is_right(struct ctx *ctx, const struct link_row *row, struct str code)
{
    struct key32 subject, digest;

    TRY(digest_about(ctx, &row->token, "tries", STR(""), &subject));
    TRY(code_is_open(ctx, &subject));
    if (code.len == LINK_CODE) {
        TRY(digest_about(ctx, &row->token, "code", code, &digest));
        if (secret_eq((struct str){(const char *)digest.bytes, sizeof digest.bytes}, row->code)) {
            return ERR_OK;
        }
    }
    TRY(note_failure(ctx, &subject));
    return refuse(ctx, "a wrong code");
}

enum err link_use_code(struct ctx *ctx, enum link_kind kind, const struct user *user,
                       struct str code)
{
    struct link_row row = {0};
    struct user same;

    enum err e = owner_of(ctx, q_link_of(ctx->tx, user->id, kind, ctx->now, &row), &row, &same);
    if (e == ERR_LINK) {
        return refuse_code(ctx, user);
    }
    TRY(e);
    TRY(code_is_right(ctx, &row, code));
    TRY(owner_of(ctx, q_link_take(ctx->tx, &row.token, kind, ctx->now, &row), &row, &same));
    return event(ctx, EVENT_LINK_USED, user->id);
}

enum err link_void(struct ctx *ctx, struct id user)
{
    return q_links_void(ctx->tx, user, LINK_VERIFY_EMAIL);
}
