/* A token is "refresh_" and, in hexadecimal digits, its session, its place in the chain, and the
 * keyed digest of both and the seed. */
#include "domain/refresh.h"

#include "base/buf.h"
#include "base/hex.h"
#include "base/random.h"
#include "crypto/digest.h"
#include "domain/desk.h"
#include "domain/family.h"
#include "domain/service.h"
#include "domain/session.h"
#include "domain/standing.h"
#include "model/refresh.h"
#include "store/queries.h"

#include <string.h>

#define PREFIX STR("refresh_")

enum {
    PLACE = 4, /* bytes: a chain of four billion, in at most 400 days */
    BYTES = sizeof(struct id) + PLACE + sizeof(struct key32)
};

/* What a token says. */
struct shown {
    struct id session;
    int64_t number;
    struct key32 proof;
};

static void put_number(uint8_t bytes[PLACE], int64_t number)
{
    for (size_t i = 0; i < PLACE; i++) {
        bytes[i] = (uint8_t)((uint64_t)number >> (8 * (PLACE - 1 - i)));
    }
}

static int64_t number_of(const uint8_t bytes[PLACE])
{
    int64_t number = 0;

    for (size_t i = 0; i < PLACE; i++) {
        number = number << 8 | bytes[i];
    }
    return number;
}

static enum err prove(struct ctx *ctx, const struct refresh_row *row, int64_t number,
                      struct key32 *ret)
{
    uint8_t bytes[sizeof row->seed + sizeof row->session.id + PLACE];

    memcpy(bytes, &row->seed, sizeof row->seed);
    memcpy(bytes + sizeof row->seed, &row->session.id, sizeof row->session.id);
    put_number(bytes + sizeof bytes - PLACE, number);
    return digest_keyed(ctx->desk->digester, &ctx->service->refreshes,
                        (struct str){(const char *)bytes, sizeof bytes}, ret);
}

static enum err make(struct ctx *ctx, const struct refresh_row *row, int64_t number,
                     struct secret *ret)
{
    struct buf text = buf_in_arena(ctx->arena, PREFIX.len + (size_t)2 * BYTES);
    CLEANUP(key32_wipe) struct key32 proof;
    uint8_t place[PLACE];

    TRY(prove(ctx, row, number, &proof));
    put_number(place, number);
    buf_put(&text, PREFIX);
    buf_put_hex(&text, &row->session.id, sizeof row->session.id);
    buf_put_hex(&text, place, sizeof place);
    buf_put_hex(&text, &proof, sizeof proof);
    return buf_end(&text, &ret->hidden);
}

static enum err refuse(struct ctx *ctx, const char *why)
{
    return ctx_fail(ctx, ERR_TOKEN_INVALID, STR(""), "%s", why);
}

static enum err read_shown(struct ctx *ctx, struct str token, struct shown *ret)
{
    uint8_t bytes[BYTES];

    if (!str_starts(token, PREFIX) ||
        hex_parse_ours(str_skip(token, PREFIX.len), bytes, sizeof bytes) != ERR_OK) {
        return refuse(ctx, "no refresh token");
    }
    memcpy(&ret->session, bytes, sizeof ret->session);
    ret->number = number_of(bytes + sizeof ret->session);
    memcpy(&ret->proof, bytes + BYTES - sizeof ret->proof, sizeof ret->proof);
    return ERR_OK;
}

/* The chain that the token is of, when it is one that was given out: ERR_TOKEN_INVALID. */
static enum err find(struct ctx *ctx, struct str token, struct shown *ret_shown,
                     struct refresh_row *ret)
{
    CLEANUP(key32_wipe) struct key32 proof = {0};

    TRY(read_shown(ctx, token, ret_shown));
    enum err e = q_refresh_of(ctx->tx, ret_shown->session, ret);
    if (e == ERR_MISSING) {
        return refuse(ctx, "of no session");
    }
    TRY(e);
    TRY(prove(ctx, ret, ret_shown->number, &proof));
    if (!key32_eq(&proof, &ret_shown->proof) || ret_shown->number > ret->number) {
        return refuse(ctx, "not given by us");
    }
    return ERR_OK;
}

static bool administers(const struct ctx *ctx, struct id user)
{
    return standing_user(ctx->service->standing, user).somewhere.bits != 0;
}

static struct moment end_for_administrators(const struct ctx *ctx, const struct session *session)
{
    return moment_plus(session->created, ctx->service->settings->refresh_admin_seconds);
}

enum err refresh_issue(struct ctx *ctx, struct session *session, struct secret *ret)
{
    const struct domain_settings *settings = ctx->service->settings;
    struct refresh_row row = {.session = *session, .peer = ctx->source, .given = ctx->now};
    struct moment end = administers(ctx, session->user)
                            ? end_for_administrators(ctx, session)
                            : moment_plus(session->created, settings->refresh_seconds);

    TRY(random_fill(&row.seed, sizeof row.seed));
    TRY(q_session_set_end(ctx->tx, end, session->id));
    TRY(q_refresh_insert(ctx->tx, &row));
    TRY(make(ctx, &row, 0, ret));
    session->expires = end;
    return ERR_OK;
}

/* Only its immediate predecessor, soon, and where it was given: whoever has used the newest has had
 * the answer that may be lost otherwise. */
static bool may_be_repeated(const struct ctx *ctx, const struct shown *shown,
                            const struct refresh_row *row)
{
    int64_t age = ctx->now.ms - row->given.ms;

    return shown->number == row->number - 1 && str_eq(ctx->source, row->peer) &&
           age < ctx->service->settings->refresh_repeat * 1000 && age >= -CLOCKS_APART * 1000;
}

/* Rights that were given since the login shorten its life. */
static struct moment ends(const struct ctx *ctx, const struct session *session)
{
    struct moment sooner = end_for_administrators(ctx, session);
    bool is_sooner = moment_before(sooner, session->expires);

    return is_sooner && administers(ctx, session->user) ? sooner : session->expires;
}

static enum err is_in_time(struct ctx *ctx, const struct refresh_row *row)
{
    int64_t idle = ctx->service->settings->refresh_idle;

    if (!moment_before(ctx->now, moment_plus(row->given, idle))) {
        return refuse(ctx, "not used for too long");
    }
    if (!moment_before(ctx->now, ends(ctx, &row->session))) {
        return refuse(ctx, "an administrator has to log in again");
    }
    return ERR_OK;
}

/* Who comes second is looked at again. There is no event: where a chain has got to, when and from
 * where, is in its row, and a line for every quarter of an hour of every session would bury the
 * audit log. Logins and reuse are told there. */
static enum err take(struct ctx *ctx, const struct refresh_row *row)
{
    return q_refresh_take(ctx->tx, ctx->source, ctx->now, row->session.id, row->number);
}

enum err refresh_use(struct ctx *ctx, struct secret token, struct refreshed *ret)
{
    struct refresh_row row = {0};
    struct refreshed out;
    struct shown shown = {0};

    TRY(find(ctx, token.hidden, &shown, &row));
    TRY(family_goes_on(ctx, &row.session, moment_seconds(row.given), &row.user));
    bool used = shown.number < row.number;
    if (used && !may_be_repeated(ctx, &shown, &row)) {
        return family_reused(ctx, &row.session);
    }
    TRY(is_in_time(ctx, &row));
    ctx->actor = (struct actor){.kind = ACTOR_USER, .user = row.user.id};
    out.user = row.user;
    out.session = row.session;
    out.session.expires = ends(ctx, &row.session);
    /* Signed before the first write: nobody waits for that. */
    TRY(make(ctx, &row, shown.number + 1, &out.refresh));
    TRY(token_issue(ctx, &out.user, &out.session, &out.token));
    TRY(used ? ERR_OK : take(ctx, &row));
    *ret = out;
    return ERR_OK;
}

enum err refresh_end(struct ctx *ctx, struct secret token)
{
    struct shown shown = {0};
    struct refresh_row row = {0};

    enum err e = find(ctx, token.hidden, &shown, &row);
    if (e == ERR_TOKEN_INVALID || (e == ERR_OK && !id_eq(row.session.user, ctx->actor.user))) {
        ctx->reason = (struct reason){0}; /* it is no failure, and the log need not say so */
        return ERR_OK;
    }
    TRY(e);
    return session_end_family(ctx, row.session.family);
}
