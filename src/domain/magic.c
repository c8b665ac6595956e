/* Links that let somebody in. */
#include "domain/magic.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/hex.h"
#include "crypto/digest.h"
#include "domain/asking.h"
#include "domain/desk.h"
#include "domain/event.h"
#include "domain/identity.h"
#include "domain/link.h"
#include "domain/policy.h"
#include "domain/service.h"
#include "domain/session.h"
#include "domain/user.h"
#include "domain/verification.h"
#include "store/queries.h"

enum {
    TIME = 16, /* hexadecimal digits */
    BROWSER = TIME + 64
};

enum err magic_ask(struct ctx *ctx, const struct email *to)
{
    return asking_put(
        ctx, &(struct asked_letter){.kind = LINK_MAGIC, .to = *to, .path = STR(MAGIC_PATH)});
}

/* Whom there is not takes the whole way too. */
static enum err use_code(struct ctx *ctx, const struct magic *in, struct user *ret)
{
    struct user user = {0};

    enum err e = q_user_by_login(ctx->tx, (struct str){0}, in->email.key, &user);
    if (e == ERR_MISSING) {
        user = (struct user){.email = in->email};
    } else if (e != ERR_OK) {
        return e;
    }
    TRY(link_use_code(ctx, LINK_MAGIC, &user, in->code.hidden));
    *ret = user;
    return ERR_OK;
}

/* Nobody could come in any more without that of the last super administrator: so it stays. */
static enum err forget_password(struct ctx *ctx, struct id user)
{
    enum err e = policy_keeps_an_admin(ctx, user);

    if (e == ERR_LAST_ADMIN) {
        ctx->reason = (struct reason){0};
        return ERR_OK;
    }
    return e == ERR_OK ? q_credential_delete(ctx->tx, user) : e;
}

/* Their password, what other services vouch for, and all that was begun by these. After the link
 * was used up. */
static enum err disown(struct ctx *ctx, struct id user)
{
    TRY(forget_password(ctx, user));
    TRY(identity_forget(ctx, user));
    TRY(session_end_others(ctx, user, (struct id){0}));
    return event(ctx, EVENT_PASSWORD_CHANGED, user);
}

static enum err use(struct ctx *ctx, const struct magic *in, struct user *ret)
{
    return str_is_set(in->token.hidden) ? link_use(ctx, LINK_MAGIC, in->token.hidden, ret)
                                        : use_code(ctx, in, ret);
}

enum err magic_enter(struct ctx *ctx, const struct magic *in, struct logged_in *ret)
{
    struct user user;

    TRY(use(ctx, in, &user));
    TRY(user.claimed ? disown(ctx, user.id) : ERR_OK);
    TRY(moment_is_set(user.verified) ? ERR_OK : verification_mark(ctx, &user));
    return login_enter(ctx, &user, ret);
}

/* Bound to the address and the time. */
static enum err seal_of(struct ctx *ctx, struct str address, struct str time, struct key32 *ret)
{
    CLEANUP(key32_wipe) struct key32 key;
    struct str text;

    TRY(arena_print(ctx->arena, &text, "%.*s:%.*s", STR_ARG(time), STR_ARG(address)));
    TRY(key_derive(ctx->desk->digester, &ctx->service->master, STR("magic browsers"), &key));
    return digest_keyed(ctx->desk->digester, &key, text, ret);
}

enum err magic_browser(struct ctx *ctx, const struct email *to, struct str *ret)
{
    struct buf text = buf_in_arena(ctx->arena, BROWSER);
    struct str time;
    struct key32 seal;

    TRY(arena_print(ctx->arena, &time, "%0*llx", TIME, (unsigned long long)ctx->now.ms));
    TRY(seal_of(ctx, to->key, time, &seal));
    buf_put(&text, time);
    buf_put_hex(&text, seal.bytes, sizeof seal.bytes);
    return buf_end(&text, ret);
}

static enum err is_same(struct ctx *ctx, struct str browser, struct str address, bool *ret)
{
    struct str time = str_sub(browser, 0, TIME);
    uint8_t bytes[TIME / 2] = {0};
    struct key32 seal, shown;
    int64_t asked = 0;

    *ret = false;
    if (browser.len != BROWSER || hex_parse_ours(time, bytes, sizeof bytes) != ERR_OK ||
        hex_parse_ours(str_skip(browser, TIME), shown.bytes, sizeof shown.bytes) != ERR_OK) {
        return ERR_OK;
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        asked = (int64_t)((uint64_t)asked << 8 | bytes[i]);
    }
    TRY(seal_of(ctx, address, time, &seal));
    *ret = key32_eq(&seal, &shown) &&
           moment_before(ctx->now, moment_plus((struct moment){asked}, MAGIC_LIFE));
    return ERR_OK;
}

enum err magic_look(struct ctx *ctx, struct str token, struct str browser, struct magic_seen *ret)
{
    struct magic_seen seen;

    TRY(link_find(ctx, LINK_MAGIC, token, &seen.user));
    TRY(is_same(ctx, browser, seen.user.email.key, &seen.same_browser));
    *ret = seen;
    return ERR_OK;
}

enum err magic_pass_on(struct ctx *ctx, const struct magic *in, struct link *ret)
{
    struct user user;

    TRY(use(ctx, in, &user));
    TRY(user_may_enter(ctx, &user));
    return link_make(ctx, LINK_MAGIC, &user, ret);
}
