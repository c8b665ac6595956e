/* Asked for: written down in the request, looked at by who sends. */
#include "domain/asking.h"

#include "base/arena.h"
#include "base/buf.h"
#include "crypto/digest.h"
#include "domain/desk.h"
#include "domain/link.h"
#include "domain/organization.h"
#include "domain/outbox.h"
#include "domain/service.h"
#include "domain/user.h"
#include "store/queries.h"

enum {
    AT_ONCE = 20,
    SECOND = 1000
};

/* A digest: how often who was written to is nobody's business once it was done. */
static enum err subject_of(struct ctx *ctx, const struct asked_letter *in, struct key32 *ret)
{
    struct buf text = buf_in_arena(ctx->arena, EMAIL_MOST * 4 + 32);
    struct str subject;

    buf_print(&text, "asked:%d:", (int)in->kind);
    buf_put(&text, in->to.key);
    TRY(buf_end(&text, &subject));
    return digest_keyed(ctx->desk->digester, &ctx->service->attempts, subject, ret);
}

/* The unit is serializable: of those who ask at the same moment none is left out of the count. */
static enum err not_too_often(struct ctx *ctx, const struct key32 *subject)
{
    const struct domain_settings *settings = ctx->service->settings;
    int64_t count = settings->letters_per_address, period = settings->letters_period;
    struct asked_lately_row row;

    if (count == 0) {
        return ERR_OK;
    }
    enum err e = q_asked_lately(ctx->tx, subject, moment_plus(ctx->now, -period), count - 1, &row);
    if (e != ERR_OK) {
        return e == ERR_MISSING ? ERR_OK : e;
    }
    int64_t wait = (row.at.ms + period * SECOND - ctx->now.ms + SECOND - 1) / SECOND;
    e = ctx_fail(ctx, ERR_TOO_MANY, STR(""), "letters to this address");
    ctx->reason.retry_after = wait < period ? wait : period; /* a clock may have been set back */
    return e;
}

enum err asking_put(struct ctx *ctx, const struct asked_letter *in)
{
    struct key32 subject;
    struct id id;

    TRY(outbox_has_room(ctx));
    TRY(subject_of(ctx, in, &subject));
    TRY(not_too_often(ctx, &subject));
    TRY(id_make(ctx->now, &id));
    TRY(q_asked_insert(ctx->tx, id, &subject, in->kind, in->to.key, in->path, ctx->now));
    ctx->wrote_letter = true;
    return ERR_OK;
}

enum err asking_look(struct ctx *ctx, bool *ret_open)
{
    struct asked_open_row *rows;
    size_t count;

    TRY(q_asked_open(ctx->tx, 1, &rows, &count));
    *ret_open = count > 0;
    return ERR_OK;
}

static enum err send(struct ctx *ctx, const struct asked_open_row *row)
{
    struct link_letter letter = {.kind = (enum link_kind)row->kind, .path = row->path};
    struct user user;
    struct link link;

    enum err e = q_user_by_login(ctx->tx, (struct str){0}, row->address, &user);
    if (e != ERR_OK) {
        return e == ERR_MISSING ? ERR_OK : e;
    }
    e = user_may_enter(ctx, &user);
    if (e != ERR_OK) {
        ctx->reason = (struct reason){0}; /* nobody is refused anything */
        return e == ERR_ACCOUNT_STATE ? ERR_OK : e;
    }
    letter.user = &user;
    TRY(organization_brand(ctx, user.organization, &letter.brand));
    return link_mail(ctx, &letter, &link);
}

/* Of the nodes that look at the same one, the first sends it. */
static enum err settle(struct ctx *ctx, const struct asked_open_row *row)
{
    enum err e = q_asked_close(ctx->tx, row->id);

    if (e != ERR_OK) {
        return e == ERR_MISSING ? ERR_OK : e;
    }
    return send(ctx, row);
}

enum err asking_settle(struct ctx *ctx, bool *ret_more)
{
    struct asked_open_row *rows;
    size_t count, done = 0;

    TRY(q_asked_open(ctx->tx, AT_ONCE, &rows, &count));
    for (; done < count && outbox_has_room(ctx) == ERR_OK; done++) {
        TRY(settle(ctx, &rows[done]));
    }
    *ret_more = done == AT_ONCE;
    return ERR_OK;
}
