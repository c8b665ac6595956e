/* One row of the store. */
#include "domain/installation.h"

#include "domain/event.h"
#include "store/queries.h"

enum {
    ONLY = 1 /* the number of that row */
};

enum err installation_not_before(struct ctx *ctx, struct moment *ret)
{
    struct installation_get_row row;

    enum err e = q_installation_get(ctx->tx, ONLY, &row);
    if (e != ERR_OK && e != ERR_MISSING) {
        return e;
    }
    *ret = e == ERR_OK ? row.not_before : (struct moment){0};
    return ERR_OK;
}

static struct moment later(struct moment a, struct moment b)
{
    return moment_before(a, b) ? b : a;
}

enum err installation_begin_anew(struct ctx *ctx, struct moment newest, struct moment *ret)
{
    struct moment before;

    TRY(installation_not_before(ctx, &before));
    /* Tokens tell seconds: one that is not over yet may still have tokens of before in it. */
    struct moment last = later(ctx->now, newest);
    struct moment next = {(moment_seconds(last) + 1) * 1000};
    *ret = later(next, before);
    TRY(q_installation_put(ctx->tx, ONLY, *ret));
    return event(ctx, EVENT_INSTALLATION_RESTORED, (struct id){0});
}
