/* Counting failures: free at first, then with a doubling delay, then not at all. */
#include "domain/attempt.h"

#include "base/buf.h"
#include "crypto/digest.h"
#include "domain/desk.h"
#include "domain/device.h"
#include "domain/note.h"
#include "domain/service.h"
#include "model/credential.h"
#include "store/queries.h"
#include "text/normal.h"

static enum err password_set_at(struct ctx *ctx, struct id user, struct moment *ret)
{
    struct credential credential = {0};
    enum err e = q_credential_of(ctx->tx, user, &credential);

    if (e != ERR_OK && e != ERR_MISSING) {
        return e;
    }
    *ret = credential.changed;
    return ERR_OK;
}

static enum err digest_of(struct ctx *ctx, const struct buf *text, struct key32 *ret)
{
    struct str subject;

    TRY(buf_end(text, &subject));
    return digest_keyed(ctx->desk->digester, &ctx->service->attempts, subject, ret);
}

static enum err name_subject(struct ctx *ctx, struct str name, struct key32 *ret)
{
    struct str folded;

    /* What cannot be folded is no UTF-8, and counted as it came. */
    folded = text_fold(ctx->arena, name, &folded) == ERR_OK ? folded : name;
    struct buf text = buf_in_arena(ctx->arena, folded.len + 8);
    buf_put(&text, STR("name:"));
    buf_put(&text, folded);
    return digest_of(ctx, &text, ret);
}

/* An account is one subject whatever it is called; a known device of it is another. The password
 * belongs to it, so that with a new one a new count begins. */
static enum err account_subject(struct ctx *ctx, struct device_bond bond, struct str device,
                                struct key32 *ret)
{
    struct buf text = buf_in_arena(ctx->arena, 512);

    buf_put(&text, STR("user:"));
    id_print(&text, bond.user);
    buf_put(&text, STR(" password:"));
    buf_put_int(&text, bond.password_set.ms);
    if (device_is_known(ctx, bond, device)) {
        buf_put(&text, STR(" device:"));
        buf_put(&text, device);
    }
    return digest_of(ctx, &text, ret);
}

static int64_t delay_after(const struct domain_settings *settings, int64_t failures)
{
    int64_t doublings = failures - settings->free_failures;

    if (doublings < 0) {
        return 0;
    }
    int64_t delay = doublings < 30 ? (int64_t)1 << doublings : settings->most_delay;
    return delay < settings->most_delay ? delay : settings->most_delay;
}

/* A clock that was set back keeps nobody waiting until it has caught up: the next failure is
 * counted at its new time. A little before the last failure are also those who waited in a queue
 * meanwhile, and those at a node whose clock is behind. */
static bool is_early(const struct ctx *ctx, const struct attempt_of_row *row)
{
    const struct domain_settings *settings = ctx->service->settings;
    struct moment open = moment_plus(row->last, delay_after(settings, row->failures));
    bool set_back = moment_before(ctx->now, moment_plus(row->last, -CLOCKS_APART));

    return !set_back && moment_before(ctx->now, open);
}

enum err attempt_look(struct ctx *ctx, struct id user, struct str name, struct str device,
                      struct attempt *ret)
{
    const struct domain_settings *settings = ctx->service->settings;
    struct attempt_of_row row = {0};
    struct attempt attempt = {0};

    TRY(password_set_at(ctx, user, &attempt.password_set));
    struct device_bond bond = {user, attempt.password_set};
    TRY(id_is_set(user) ? account_subject(ctx, bond, device, &attempt.subject)
                        : name_subject(ctx, name, &attempt.subject));
    enum err e = q_attempt_of(ctx->tx, &attempt.subject, &row);
    if (e != ERR_OK && e != ERR_MISSING) {
        return e;
    }
    attempt.failures = row.failures;
    attempt.last = row.last;
    attempt.delayed = row.failures >= settings->most_failures || is_early(ctx, &row);
    *ret = attempt;
    return ERR_OK;
}

/* The few that are free are looked at as they come: who logs in by many programs at once does so
 * with the right password. */
static bool has_to_be_claimed(const struct ctx *ctx, const struct attempt *attempt)
{
    const struct domain_settings *settings = ctx->service->settings;

    return attempt->failures > 0 && (attempt->failures >= settings->free_failures ||
                                     2 * attempt->failures >= settings->most_failures);
}

enum err attempt_claim(struct ctx *ctx, struct attempt *attempt)
{
    bool granted;

    if (note_is_claimed(ctx, &attempt->subject, &granted)) {
        attempt->delayed = !granted;
        attempt->counted = granted;
        return ERR_OK;
    }
    if (attempt->delayed || !has_to_be_claimed(ctx, attempt)) {
        return ERR_OK;
    }
    TRY(note_claim(ctx, &attempt->subject, attempt->failures, attempt->last));
    return ctx_fail(ctx, ERR_STORE_RETRY, STR(""), "to be counted before it is looked at");
}

enum err attempt_forgive(struct ctx *ctx, const struct attempt *attempt)
{
    return attempt->failures > 0 ? q_attempt_forget(ctx->tx, &attempt->subject) : ERR_OK;
}
